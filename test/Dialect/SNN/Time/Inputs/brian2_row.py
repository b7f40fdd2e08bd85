#!/usr/bin/env python3
"""Executes the documented schedule of Brian 2 slot by slot on a chain of neurons, and the same chain here.

usage: brian2_row.py WORK      prints both; exit 1 where the rules of docs/Semantics.md do not turn one into the other

The slots of a step (brian2.readthedocs.io, "Running a simulation", default schedule): start (monitors of states), groups (integration), thresholds,
synapses, resets, end. A spike at clock time k dt reaches its target, with a delay of d dt, in the synapses slot of step k + d.
"""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "Pipelines" / "Inputs"))
import arrays  # noqa: E402

STEPS, DECAY = 16, 0.5
GENERATOR = [1, 2, 6, 9]  # a SpikeGeneratorGroup, in steps
# generator -> a (delay 0), a -> b (delay 2), b -> c (delay 0)
WEIGHTS, DELAYS = [1.5, 3.0, 5.0], [0, 2, 0]


def brian():
    v, spikes, monitor, arriving = [0.0] * 3, [], [], {}
    for step in range(STEPS):
        monitor.append(list(v))  # start
        v = [x * DECAY for x in v]  # groups
        fired = [x > 1.0 for x in v]  # thresholds
        spikes += [(step, n) for n in range(3) if fired[n]]
        sources = [step in GENERATOR, fired[0], fired[1]]
        for n in range(3):
            if sources[n]:
                arriving.setdefault(step + DELAYS[n], []).append(n)
        for n in arriving.get(step, []):  # synapses
            v[n] += WEIGHTS[n]
        v = [0.0 if f else x for f, x in zip(fired, v)]  # resets
    return spikes, monitor


def project(n, source):
    return (f"  %i{n} = snn.project %{source} through #snn.one_to_one weights {WEIGHTS[n]} delay {DELAYS[n] + 1} : !snn.signal<1, binary> -> !snn.current<1>\n"
            f'  %s{n} = snn.population "{"abc"[n]}" (in: %i{n} accumulate ordered<f64>) model #snn.custom<@jump> params {{v_init = 0.0}} : !snn.signal<1, binary>\n')


MODULE = f"""snn.model @jump states(v = %v : f64) receptors(in = %in : f64) params() {{
  %decay = arith.constant {DECAY} : f64
  %one = arith.constant 1.0 : f64
  %zero = arith.constant 0.0 : f64
  %jumped = arith.addf %v, %in : f64
  %moved = arith.mulf %jumped, %decay : f64
  %fires = arith.cmpf ogt, %moved, %one : f64
  %after = arith.select %fires, %zero, %moved : f64
  snn.yield %fires states(%after) : i1, f64
}}
snn.network @net(%x: !snn.signal<1, binary>) -> !snn.signal<1, binary> attributes {{dt = "steps"}} {{
{project(0, "x")}{project(1, "s0")}{project(2, "s1")}  snn.output %s2 : !snn.signal<1, binary>
}}
func.func @main(%x: tensor<?x{STEPS}x1xi8>) -> tensor<?x1xi32> {{
  %r = snn.simulate @net(%x) steps({STEPS}) reset(per_sample) readout(count) : (tensor<?x{STEPS}x1xi8>) -> tensor<?x1xi32>
  return %r : tensor<?x1xi32>
}}
"""

work = Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)
(work / "net.mlir").write_text(MODULE)
arrays.write(work / "x.npy", "|i1", (1, STEPS, 1), [int(k in GENERATOR) for k in range(STEPS)])
subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--axes=STN", "--probe=a,b,c,a.v,b.v,c.v", f"--record={work / 'out.npz'}"],
               check=True, stdout=subprocess.DEVNULL)
got = {key: values for key, (_, values) in arrays.read(work / "out.npz").items()}
ours = sorted((step, n) for n, name in enumerate("abc") for step in range(STEPS) if got[name][step])
spikes, monitor = brian()
# Our state of step k has what has arrived up to step k - 1 by their count; their monitor of step k + 1 also the jumps of step k.
states = all(got["abc"[n] + ".v"][k] == monitor[k + 1][n] for n in range(3) for k in range(STEPS - 1)
             if not any(step + d == k for d, step in [(DELAYS[n], s) for s in (GENERATOR if n == 0 else [a for a, m in spikes if m == n - 1])]))
print(f"Brian 2, clock steps: {sorted(spikes)}")
print(f"here, steps:          {ours}")
print(f"states but for the jumps of the step: {'equal' if states else 'DIFFERENT'}")
sys.exit(ours != sorted(spikes) or not states)
