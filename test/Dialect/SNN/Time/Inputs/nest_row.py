#!/usr/bin/env python3
"""Runs the network of NEST's test of iaf_psc_alpha with a direct current and compares with the numbers of that test.

usage: nest_row.py REFERENCE.json WORK     exit 1 where a potential differs in its six digits or a spike lies in another step

The dc_generator starts at 0.1 ms, so it emits from step 1 on; the connection's delay of 0.1 ms is one step. A voltmeter's value at time x is
our state of step x / h - 1; spike step k of NEST is our step k - 1, stamped k h.
"""
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "Pipelines" / "Inputs"))
import arrays  # noqa: E402

STEPS = 85
MODULE = f"""#fire = #snn.lif<state = f64, integration = exact, reset = to_value, fires = at_or_above, when = same_step, refractory = clamp>
snn.network @net(%x: !snn.signal<1, analogue<f64>>) -> !snn.signal<1, binary> attributes {{dt = 1.0e-4 : f64}} {{
  %i = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<1, analogue<f64>> -> !snn.current<1>
  %s = snn.population "iaf" (in: %i accumulate ordered<f64>) model #fire
    params {{tau = 1.0e-2, r = 0.04, v_leak = -70.0, v_threshold = -55.0, v_reset = -70.0, v_init = -70.0, t_ref = 2.0e-3}} : !snn.signal<1, binary>
  snn.output %s : !snn.signal<1, binary>
}}
func.func @main(%x: tensor<?x{STEPS}x1xf64>) -> tensor<?x1xi32> {{
  %r = snn.simulate @net(%x) steps({STEPS}) reset(per_sample) readout(first_spike) : (tensor<?x{STEPS}x1xf64>) -> tensor<?x1xi32>
  return %r : tensor<?x1xi32>
}}
"""

reference, work = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
work.mkdir(parents=True, exist_ok=True)
(work / "net.mlir").write_text(MODULE)
arrays.write(work / "x.npy", "<f8", (1, STEPS, 1), [0.0] + [1000.0] * (STEPS - 1))
subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--axes=STN", "--probe=iaf,iaf.v", f"--record={work / 'out.npz'}"],
               check=True, stdout=subprocess.DEVNULL)
got = arrays.read(work / "out.npz")
potentials = got["iaf.v"][1]
errors = [abs(potentials[round(t / 0.1) - 1] - v) for t, v in reference["expected_t_V"]]
shifted = [abs(potentials[round(t / 0.1)] - v) for t, v in reference["expected_t_V"]]
spikes = [step + 1 for step, spike in enumerate(got["iaf"][1]) if spike]
equal = sum(e <= 5.1e-5 for e in errors)
print(f"{equal} of {len(errors)} potentials equal, {sum(e <= 5.1e-5 for e in shifted)} one step later; spike steps {spikes}, NEST {reference['spike_steps']}")
sys.exit(equal != len(errors) or spikes != reference["spike_steps"])
