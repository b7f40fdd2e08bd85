#!/usr/bin/env python3
"""Computes every kind of connectivity anew, from the formulas of docs/Semantics.md, and compares both engines with it.

usage: check_graphs.py WORK     prints a line for each graph; exit 1 where one differs

A sample makes one source fire. The weights are 1, 2, 3 ... in the order of docs/Semantics.md, so that the sums name the synapses.
"""
import math
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Inputs"))
import arrays  # noqa: E402


def size(shape):
    return math.prod(shape)


def word(seed, stream, element, step=0, sample=0):
    return arrays.philox(seed, stream, element, step, sample)[0]


def numbered(pairs):
    """Synapses (source, target, weight index) of pairs: by source, else in the order given."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    return [(s, t, k) for k, (s, t) in enumerate(ordered)], len(ordered)


# Convolutions: synapses from the definition by the target (forward) or the source (transposed).
def conv(source, target, kernel, stride, pad, dilation, groups, transposed):
    rank = len(kernel)
    inputs, outputs = source[0] // groups, target[0] // groups
    flat = lambda shape, at: sum(a * size(shape[i + 1 :]) for i, a in enumerate(at))
    weights = (target[0], inputs, *kernel)
    synapses = []
    moving, other = (source, target) if transposed else (target, source)
    for o in range(target[0]):
        for i in range(inputs):
            channel = o // outputs * inputs + i
            for place in range(size(moving[1:])):
                at = [place // size(moving[2 + a :]) % moving[1 + a] for a in range(rank)]
                for tap in range(size(kernel)):
                    k = [tap // size(kernel[1 + a :]) % kernel[a] for a in range(rank)]
                    to = [at[a] * stride[a] - pad[a] + k[a] * dilation[a] for a in range(rank)]
                    if all(0 <= to[a] < other[1 + a] for a in range(rank)):
                        s, t = (at, to) if transposed else (to, at)
                        synapses.append((flat(source, (channel, *s)), flat(target, (o, *t)), flat(weights, (o, i, *k))))
    return synapses, weights


def all_to_all(source, target, self):
    return numbered([(s, t) for s in range(size(source)) for t in range(size(target)) if self or s != t])


def below(bound, draw):
    """Unbiased, from 32-bit words: draw(0), draw(1), ..."""
    attempt = 0
    while True:
        product = draw(attempt) * bound
        if product % 2**32 >= 2**32 % bound:
            return product >> 32
        attempt += 1


def fixed_in_degree(source, target, count, self, multapses, seed, stream):
    pairs = []
    for t in range(size(target)):
        choice = size(source) - (not self)
        drawn = []
        for k in range(count):
            bound = choice if multapses else choice - count + k + 1
            r = below(bound, lambda attempt: word(seed, stream, t, k, attempt))
            drawn.append(bound - 1 if not multapses and r in drawn else r)
        pairs += [(r + (not self and r >= t), t) for r in drawn]
    assert self or all(s != t for s, t in pairs)
    assert multapses or len(set(pairs)) == len(pairs)
    return numbered(pairs)


def distance(source, target, falloff, p, scale, periodic, self, seed, stream):
    grid, onto = source[-2:], target[-2:]
    pairs = []
    for s in range(size(source)):
        for t in range(size(target)):
            square = 0.0
            for axis in range(len(grid)):
                i = s // size(grid[axis + 1 :]) % grid[axis]
                j = t // size(onto[axis + 1 :]) % onto[axis]
                d = abs((i + 0.5) * onto[axis] / grid[axis] - 0.5 - j)
                d = min(d, onto[axis] - d) if periodic else d
                square += d * d
            f = math.exp(-square / (2 * (scale * scale))) if falloff == "gaussian" else math.exp(-math.sqrt(square) / scale)
            if word(seed, stream, s * size(target) + t) >> 8 < math.floor(p * f * 2**24) and (self or s != t):
                pairs.append((s, t))
    return numbered(pairs)


def attribute(name, **fields):
    def show(value):
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(map(str, value)) + "]"
        if isinstance(value, bool):
            return str(value).lower()
        return f"{value} : f64" if isinstance(value, float) else str(value)

    return f"#snn.{name}<" + ", ".join(f"{key} = {show(value)}" for key, value in fields.items()) + ">"


def line(name, source, target, kernel, stride, pad, dilation, groups, output_pad=None):
    extra = {} if output_pad is None else {"output_pad": output_pad}
    return (name, source, target,
            attribute(name, kernel=kernel, stride=stride, pad=pad, **extra, dilation=dilation, groups=groups),
            conv(source, target, (kernel,), (stride,), pad, (dilation,), groups, output_pad is not None))


def image(name, source, target, kernel, stride, pad, dilation, groups, output_pad=None):
    extra = {} if output_pad is None else {"output_pad": output_pad}
    return (name, source, target,
            attribute(name, kernel=kernel, stride=stride, pad=pad, **extra, dilation=dilation, groups=groups),
            conv(source, target, kernel, stride, pad, dilation, groups, output_pad is not None))


def drawn(make, source, target, **fields):
    return (make.__name__, source, target, attribute(make.__name__, **fields), make(source, target, **fields))


CASES = [
    line("conv1d", (3, 11), (4, 6), 3, 2, (1, 2), 1, 1),
    line("conv1d", (4, 9), (6, 6), 3, 1, (0, 1), 2, 2),
    line("conv1d", (3, 7), (6, 7), 3, 1, (1, 1), 1, 3),
    line("conv_transpose1d", (2, 5), (3, 10), 4, 2, (1, 1), 1, 1, 0),
    line("conv_transpose1d", (4, 4), (2, 12), 3, 3, (1, 2), 2, 2, 1),
    image("conv2d", (3, 5, 6), (3, 5, 3), (3, 3), (1, 2), (1, 1, 1, 1), (1, 1), 3),  # depthwise
    image("conv2d", (2, 6, 5), (4, 3, 5), (2, 3), (2, 1), (0, 2, 1, 2), (1, 2), 2),  # depthwise, twice the channels
    image("conv_transpose2d", (2, 3, 4), (3, 6, 8), (3, 3), (2, 2), (1, 1, 1, 1), (1, 1), 1, (1, 1)),
    image("conv_transpose2d", (4, 4, 3), (4, 5, 7), (2, 3), (1, 2), (0, 0, 0, 2), (1, 2), 4, (0, 0)),
    image("conv_transpose2d", (2, 2, 3), (2, 7, 4), (3, 2), (3, 1), (0, 0, 0, 0), (1, 1), 2, (1, 0)),
    drawn(all_to_all, (7,), (7,), self=False),
    drawn(all_to_all, (2, 3), (5,), self=True),
    drawn(fixed_in_degree, (40,), (30,), count=9, self=True, multapses=True, seed=7, stream=2),
    drawn(fixed_in_degree, (40,), (40,), count=9, self=False, multapses=True, seed=7, stream=2),
    drawn(fixed_in_degree, (12,), (50,), count=11, self=True, multapses=False, seed=1, stream=0),
    drawn(fixed_in_degree, (4, 5), (20,), count=19, self=False, multapses=False, seed=4294967295, stream=9),
    drawn(distance, (30,), (30,), falloff="gaussian", p=0.9, scale=2.5, periodic=True, self=False, seed=3, stream=1),
    drawn(distance, (20,), (50,), falloff="exponential", p=1.0, scale=4.0, periodic=False, self=True, seed=4, stream=1),
    drawn(distance, (2, 6, 7), (3, 4, 5), falloff="gaussian", p=0.75, scale=1.5, periodic=False, self=True, seed=5, stream=2),
    drawn(distance, (6, 8), (6, 8), falloff="exponential", p=0.5, scale=2.0, periodic=True, self=False, seed=6, stream=0),
]


def make_module(source, target, graph, weights):
    extents, shape = "x".join(map(str, source)), "x".join(map(str, target))
    total = size(weights) if isinstance(weights, tuple) else weights
    kind = "x".join(map(str, weights)) if isinstance(weights, tuple) else str(weights)
    values = iter(range(1, total + 1))
    nest = lambda dims: next(values) if not dims else [nest(dims[1:]) for _ in range(dims[0])]
    numbers = str(nest(weights if isinstance(weights, tuple) else (weights,)))
    return f"""snn.parameter @w : tensor<{kind}xi32> = dense<{numbers}>
snn.network @net(%x: !snn.signal<{extents}, binary>) -> !snn.signal<{shape}, analogue<f32>> attributes {{dt = "steps"}} {{
  %i = snn.project %x through {graph} weights @w delay 0 : !snn.signal<{extents}, binary> -> !snn.current<{shape}>
  %s = snn.population "p" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {{}} : !snn.signal<{shape}, analogue<f32>>
  snn.output %s : !snn.signal<{shape}, analogue<f32>>
}}
func.func @main(%x: tensor<?x{extents}xi8>) -> tensor<?x{shape}xf32> {{
  %r = snn.simulate @net(%x) steps(1) reset(per_sample) readout(current_sum) : (tensor<?x{extents}xi8>) -> tensor<?x{shape}xf32>
  return %r : tensor<?x{shape}xf32>
}}
"""


def check(work, name, source, target, graph, expected):
    synapses, weights = expected
    sources, targets = size(source), size(target)
    want = [0] * (sources * targets)
    for s, t, k in synapses:
        want[s * targets + t] += k + 1
    (work / "net.mlir").write_text(make_module(source, target, graph, weights))
    hot = [int(s == e) for s in range(sources) for e in range(sources)]
    arrays.write(work / "x.npy", "|i1", (sources, *source), hot)
    states, axes = [], "S" + {1: "N", 2: "CN", 3: "CHW"}[len(source)]
    for engine in ("jit", "reference"):
        out = work / "out.npy"
        subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", f"--axes={axes}", f"--engine={engine}", f"--output={out}"],
                       check=True, stdout=subprocess.DEVNULL)
        got = arrays.read(out)["array"][1]
        states.append("equal" if got == want else f"DIFFERENT in {sum(g != w for g, w in zip(got, want))}")
    print(f"{name}: {len(synapses)} synapses, jit {states[0]}, reference {states[1]}")
    return states == ["equal", "equal"]


work = Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)
sys.exit(not all([check(work, *case) for case in CASES]))
