#!/usr/bin/env python3
"""Computes delays by synapse, kernel element and source, and random weights, delays and initial states of both generators, anew.

usage: check_numbers.py WORK     prints a line for each case; exit 1 where one differs

All sources fire in step 0, so that what arrives in step t are the weights of the synapses whose delay is t.
"""
import math
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Inputs"))
import arrays  # noqa: E402

STEPS, MASK = 9, 2**64 - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & MASK
    return x ^ x >> 31


def draw(generator, low, high, seed, stream, k):
    if generator == "philox":
        u = (arrays.philox(seed, stream, k, 0, 0)[0] >> 8) * 2.0**-24
    else:
        u = (mix((mix(seed) + k) & MASK) >> 40) * 2.0**-24
    return (low + high) / 2 + (high - low) / 2 * (2 * u - 1)


def random(generator, low, high, seed, stream, clip=""):
    return f"#snn.random<uniform({low}, {high}){clip}, generator = {generator}, seed = {seed}, stream = {stream}>"


def dense(sources, targets):
    """Synapses (source, target, weight index)."""
    return [(s, t, t * sources + s) for s in range(sources) for t in range(targets)]


def conv(height, width, kernel):
    """One channel, stride 1, no padding."""
    out = (height - kernel + 1, width - kernel + 1)
    return [((y + i) * width + x + j, y * out[1] + x, i * kernel + j)
            for y in range(out[0]) for x in range(out[1]) for i in range(kernel) for j in range(kernel)]


CONV = "#snn.conv2d<kernel = [3, 3], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1>"
KERNEL = [3, 1, 2, 8, 5, 4, 1, 7, 6]
AXONS = [2, 1, 7, 3, 3, 8]


def cases():
    """(name, declarations, source, target, graph, weights, delay, synapses, weight by index, delay by (source, index))"""
    table = f"snn.parameter @d : tensor<1x1x3x3xi8> = dense<{[[[KERNEL[i * 3 : i * 3 + 3] for i in range(3)]]]}>\n"
    yield ("delay per kernel element", table, (1, 5, 6), (1, 3, 4), CONV, "0.5", "#snn.param<@d>", conv(5, 6, 3),
           lambda k: 0.5, lambda s, k: KERNEL[k])
    table = f"snn.parameter @d : tensor<6xi32> = dense<{AXONS}>\n"
    yield ("delay per axon", table, (6,), (4,), "#snn.dense", "0.25", "#snn.per_source<@d>", dense(6, 4),
           lambda k: 0.25, lambda s, k: AXONS[s])
    table = "snn.parameter @d : tensor<1x5xi16> = dense<[[1, 2, 3, 4, 5]]>\n"
    yield ("delay per row of axons", table, (1, 5, 6), (1, 3, 4), CONV, "0.5", "#snn.per_source<@d>", conv(5, 6, 3),
           lambda k: 0.5, lambda s, k: 1 + s // 6)
    table = "snn.parameter @d : tensor<?xi32> = " + random("philox", 1.0, 8.0, 5, 6, ", clip = (1.0, 8.0)") + "\n"
    yield ("delay per axon, random", table, (6,), (4,), "#snn.dense", "0.25", "#snn.per_source<@d>", dense(6, 4),
           lambda k: 0.25, lambda s, k: round(draw("philox", 1.0, 8.0, 5, 6, s)))
    for generator, stream in (("philox", 4), ("mix64", 0)):
        weights = random(generator, -1.0, 1.0, 21, stream)
        delay = random(generator, 1.0, 8.0, 22, stream, ", clip = (1.0, 8.0)")
        yield (f"weights and delays by {generator}", "", (6,), (5,), "#snn.dense", weights, delay, dense(6, 5),
               lambda k, g=generator, s=stream: arrays.to_f32(draw(g, -1.0, 1.0, 21, s, k)),
               lambda s, k, g=generator, t=stream: round(draw(g, 1.0, 8.0, 22, t, k)))


def make_module(declarations, source, target, graph, weights, delay, initial):
    extents, shape = "x".join(map(str, source)), "x".join(map(str, target))
    return f"""{declarations}snn.network @net(%x: !snn.signal<{extents}, binary>) -> !snn.signal<{shape}, analogue<f32>> attributes {{dt = "steps"}} {{
  %i = snn.project %x through {graph} weights {weights} delay ({delay}) : !snn.signal<{extents}, binary> -> !snn.current<{shape}>
  %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {{}} : !snn.signal<{shape}, analogue<f32>>
  %v = snn.population "q" (in: accumulate ordered<f32>) model #snn.if<state = f32, reset = none, fires = above, when = same_step>
    params {{r = 1.0, v_threshold = 9.0, v_init = {initial}}} : !snn.signal<{shape}, binary>
  snn.output %s : !snn.signal<{shape}, analogue<f32>>
}}
func.func @main(%x: tensor<?x{STEPS}x{extents}xi8>) -> tensor<?x{shape}xf32> {{
  %r = snn.simulate @net(%x) steps({STEPS}) reset(per_sample) readout(current_sum) : (tensor<?x{STEPS}x{extents}xi8>) -> tensor<?x{shape}xf32>
  return %r : tensor<?x{shape}xf32>
}}
"""


def check(work, name, declarations, source, target, graph, weights, delay, synapses, weight_of, delay_of):
    generator, stream = ("mix64", 0) if "mix64" in name else ("philox", 8)
    targets = math.prod(target)
    (work / "net.mlir").write_text(make_module(declarations, source, target, graph, weights, delay, random(generator, -2.0, 2.0, 9, stream)))
    elements = math.prod(source)
    arrays.write(work / "x.npy", "|i1", (1, STEPS, *source), [1] * elements + [0] * (STEPS - 1) * elements)
    arriving = [[0.0] * targets for _ in range(STEPS)]
    for s, t, k in sorted(synapses):
        row = arriving[delay_of(s, k)]
        row[t] = arrays.to_f32(row[t] + weight_of(k))
    want = {"p": sum(arriving, []), "q.v": [arrays.to_f32(draw(generator, -2.0, 2.0, 9, stream, k)) for k in range(targets)] * STEPS}
    states, axes = [], "ST" + {1: "N", 2: "CN", 3: "CHW"}[len(source)]
    for engine in ("jit", "reference"):
        out = work / "out.npz"
        subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", f"--engine={engine}", f"--axes={axes}", "--probe=p,q.v", f"--record={out}"],
                       check=True, stdout=subprocess.DEVNULL)
        got = {key: values for key, (_, values) in arrays.read(out).items()}
        states.append("equal" if got == want else "DIFFERENT")
    print(f"{name}: jit {states[0]}, reference {states[1]}")
    return states == ["equal", "equal"]


work = Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)
sys.exit(not all([check(work, *case) for case in cases()]))
