#!/usr/bin/env python3
"""Runs a network of fixed-point LIF layers that lava has run, with one step per synapse, and compares every u, v and s.

usage: lava_row.py TRACE.json TRACE.npz WORK      exit 1 where one differs

Row t of a trace: the state after step t and the message sent in step t. Weights are prepared as lava does for a mixed sign and 8 bits.
"""
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "Pipelines" / "Inputs"))
import arrays  # noqa: E402

LIMIT = 2**23 - 1
MODEL = """snn.model @{name} states(u = %u : i32, v = %v : i32) receptors(in = %in : i32) params(bias = %bias : i32) {{
  %du = arith.constant {du} : i64
  %dv = arith.constant {dv} : i64
  %c12 = arith.constant 12 : i64
  %c63 = arith.constant 63 : i64
  %round = arith.constant 4095 : i64
  %low = arith.constant -{limit} : i64
  %high = arith.constant {limit} : i64
  %theta = arith.constant {theta} : i32
  %zero = arith.constant 0 : i32
  %c6 = arith.constant 6 : i32
  // Toward zero: a negative product is lifted before the shift.
  %u64 = arith.extsi %u : i32 to i64
  %up = arith.muli %u64, %du : i64
  %us = arith.shrsi %up, %c63 : i64
  %ul = arith.andi %us, %round : i64
  %ua = arith.addi %up, %ul : i64
  %ut = arith.shrsi %ua, %c12 : i64
  %ui = arith.trunci %ut : i64 to i32
  %a = arith.shli %in, %c6 : i32
  %u1 = arith.addi %ui, %a : i32
  %v64 = arith.extsi %v : i32 to i64
  %vp = arith.muli %v64, %dv : i64
  %vs = arith.shrsi %vp, %c63 : i64
  %vl = arith.andi %vs, %round : i64
  %va = arith.addi %vp, %vl : i64
  %vt = arith.shrsi %va, %c12 : i64
  %u1w = arith.extsi %u1 : i32 to i64
  %bw = arith.extsi %bias : i32 to i64
  %v1 = arith.addi %vt, %u1w : i64
  %v2 = arith.addi %v1, %bw : i64
  %v3 = arith.maxsi %v2, %low : i64
  %v4 = arith.minsi %v3, %high : i64
  %v5 = arith.trunci %v4 : i64 to i32
  %fires = arith.cmpi sgt, %v5, %theta : i32
  %v6 = arith.select %fires, %zero, %v5 : i32
  snn.yield %fires states(%u1, %v6) : i1, i32, i32
}}
"""


def prepare(edge):
    """The integer weights that act."""
    weights, bits = edge["weights"], edge.get("num_weight_bits", 8)
    flat = [w for row in weights for w in row]
    assert min(flat) < 0 < max(flat), "a mixed matrix"
    drop, exponent = 8 - bits + 1, edge.get("weight_exp", 0)
    act = [[max(-256, min(255, w)) >> drop << drop for w in row] for row in weights]
    assert exponent >= 0 or all(w % (1 << -exponent) == 0 for row in act for w in row), "no rounding of sums"
    return [[w << exponent if exponent >= 0 else w >> -exponent for w in row] for row in act]


def shift(mantissa, exponent):
    mantissa = (mantissa + 32768) % 65536 - 32768
    return mantissa << exponent if exponent >= 0 else mantissa >> -exponent


def make_module(trace):
    shapes = {x["name"]: x["shape"][0] for x in trace["inputs"] + trace["nodes"]}
    head, body = "", ""
    for node in trace["nodes"]:
        name, n = node["name"], node["shape"][0]
        listed = lambda key: node[key] if isinstance(node[key], list) else [node[key]] * n
        biases = [shift(m, e) for m, e in zip(listed("bias_mant"), listed("bias_exp"))]
        head += MODEL.format(name=name, du=4096 - (node["du"] + 1), dv=4096 - node["dv"], theta=node["vth"] << 6, limit=LIMIT)
        head += f"snn.parameter @b_{name} : tensor<{n}xi32> = dense<{biases}>\n"
        currents = []
        for k, edge in enumerate(e for e in trace["edges"] if e["to"] == name):
            source, m = edge["from"], shapes[edge["from"]]
            head += f"snn.parameter @w_{name}{k} : tensor<{n}x{m}xi32> = dense<{prepare(edge)}>\n"
            body += (f"  %i_{name}{k} = snn.project %{source} through #snn.dense weights @w_{name}{k} delay 1"
                     f" : !snn.signal<{m}, binary> -> !snn.current<{n}>\n")
            currents.append(f"%i_{name}{k}")
        body += (f'  %{name} = snn.population "{name}" (in: {", ".join(currents)} accumulate exact<i32, fraction = 0>) model #snn.custom<@{name}>\n'
                 f"    params {{u_init = 0, v_init = 0, bias = #snn.param<@b_{name}>}} : !snn.signal<{n}, binary>\n")
    source, last, steps = trace["inputs"][0], trace["nodes"][-1], trace["steps"]
    m, n = source["shape"][0], last["shape"][0]
    return f"""{head}snn.network @net(%{source['name']}: !snn.signal<{m}, binary>) -> !snn.signal<{n}, binary> attributes {{dt = "steps"}} {{
{body}  snn.output %{last['name']} : !snn.signal<{n}, binary>
}}
func.func @main(%x: tensor<?x{steps}x{m}xi8>) -> tensor<?x{n}xi32> {{
  %r = snn.simulate @net(%x) steps({steps}) reset(per_sample) readout(count) : (tensor<?x{steps}x{m}xi8>) -> tensor<?x{n}xi32>
  return %r : tensor<?x{n}xi32>
}}
"""


trace, recorded, work = json.loads(Path(sys.argv[1]).read_text()), arrays.read(sys.argv[2]), Path(sys.argv[3])
work.mkdir(parents=True, exist_ok=True)
(work / "net.mlir").write_text(make_module(trace))
shape, values = recorded["input"]
arrays.write(work / "x.npy", "|i1", (1, *shape), values)
names = [node["name"] for node in trace["nodes"]]
probes = ",".join(f"{n},{n}.u,{n}.v" for n in names)
subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--axes=STN", f"--probe={probes}", f"--record={work / 'out.npz'}"],
               check=True, stdout=subprocess.DEVNULL)
got = arrays.read(work / "out.npz")
(steps, width), first, wrong = recorded["s"][0], 0, {"u": 0, "v": 0, "s": 0}
for node in trace["nodes"]:
    n = node["shape"][0]
    for key in wrong:
        have = got[node["name"] + ("" if key == "s" else "." + key)][1]
        wrong[key] += sum(have[t * n + k] != recorded[key][1][t * width + first + k] for t in range(steps) for k in range(n))
    first += n
spikes = sum(value != 0 for value in recorded["s"][1])
print(f"{steps} steps of {width} neurons, {spikes} spikes: differing u {wrong['u']}, v {wrong['v']}, s {wrong['s']}")
sys.exit(any(wrong.values()))
