#!/usr/bin/env python3
"""Computes every encoder anew, from the formulas of docs/Semantics.md, and compares both engines with it.

usage: check_encoders.py WORK     prints a line for each encoder; exit 1 where one differs

Each case: samples of 6 values, held or one per step; values at the ends of the range, on ties, and spread between. Engines, threads,
batches and limits have to give the same bytes.
"""
import math
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Inputs"))
import arrays  # noqa: E402

SAMPLES, WIDTH, STEPS = 64, 6, 20


def rint(x):
    return round(x)  # Python rounds ties to even.


def poisson(mode, gain, dt, seed, stream):
    def encode(x, before, e, t, s):
        p = x * (gain * dt)
        p = 1 - math.exp(-p) if mode == "one_minus_exp" else p
        return int((arrays.philox(seed, stream, e, t, s)[0] >> 8) / 2**24 < p)

    return encode


def rate(gain, dt):
    def encode(x, before, e, t, s):
        p = x * (gain * dt)
        return int(math.floor((t + 1) * p) > math.floor(t * p))

    return encode


def latency(window, threshold):
    return lambda x, before, e, t, s: int(x >= threshold and t == rint((1 - x) * (window - 1)))


def latency_rc(window, threshold, tau, dt):
    def encode(x, before, e, t, s):
        if x <= threshold or t >= window:
            return 0
        return int(t == rint(tau / dt * math.log(x / (x - threshold))))

    return encode


def delta(threshold, off, from_zero):
    def encode(x, before, e, t, s):
        change = x - ((0 if from_zero else x) if before is None else before)
        return int(change >= threshold) - int(off and change <= -threshold)

    return encode


def phase(period):
    def encode(x, before, e, t, s):
        weight = 1 << (period - 1 - t % period)
        return rint(x * (2**period - 1)) & weight

    return encode


def burst(spikes, shortest, longest):
    def encode(x, before, e, t, s):
        n = math.ceil(spikes * x)
        interval = math.ceil(longest - (longest - shortest) * x) if n > 1 else longest
        return int(t in [k * interval for k in range(n)])

    return encode


def population(neurons, low, high, width):
    def encode(x, before, e, t, s):
        centres = [low + k * (high - low) / (neurons - 1) for k in range(neurons)]
        return [math.exp(-((x - c) * (x - c) / (2 * (width * width)))) for c in centres]

    return encode


# name, attribute, result, formula, dt, type of the values, values per step, from lowest to highest value
CASES = [
    ("rate", "#snn.rate<gain = 1.0 : f64>", "6, binary", rate(1.0, 1.0), None, "f32", False, 0, 1),
    ("rate-seconds", "#snn.rate<gain = 250.0 : f64>", "6, binary", rate(250.0, 1e-3), 1e-3, "f64", True, 0, 4),
    ("poisson", "#snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 42, stream = 7>", "6, binary",
     poisson("rate_dt", 1.0, 1.0, 42, 7), None, "f32", False, 0, 1),
    ("poisson-exp", "#snn.poisson<probability = one_minus_exp, gain = 500.0 : f64, seed = 3, stream = 1>", "6, binary",
     poisson("one_minus_exp", 500.0, 1e-3, 3, 1), 1e-3, "f64", True, 0, 5),
    ("latency", "#snn.latency<window = 16, threshold = 0.01 : f64>", "6, binary", latency(16, 0.01), None, "f32", False, 0, 1),
    ("latency-all", "#snn.latency<window = 20, threshold = 0.0 : f64>", "6, binary", latency(20, 0.0), None, "f64", True, 0, 1),
    ("latency-rc", "#snn.latency_rc<window = 18, threshold = 0.01 : f64, tau = 5.0 : f64>", "6, binary",
     latency_rc(18, 0.01, 5.0, 1.0), None, "f32", False, 0, 1),
    ("latency-rc-seconds", "#snn.latency_rc<window = 12, threshold = 0.25 : f64, tau = 0.004 : f64>", "6, binary",
     latency_rc(12, 0.25, 4e-3, 1e-3), 1e-3, "f64", True, 0, 3),
    ("delta", "#snn.delta<threshold = 0.25 : f64, off = false, from_zero = true>", "6, binary", delta(0.25, False, True), None, "f32", True, -1, 1),
    ("delta-off", "#snn.delta<threshold = 0.1 : f64, off = true, from_zero = false>", "6, ternary", delta(0.1, True, False), None, "f64", True, -1, 1),
    ("delta-held", "#snn.delta<threshold = 0.5 : f64, off = true, from_zero = true>", "6, ternary", delta(0.5, True, True), None, "f32", False, -1, 1),
    ("phase", "#snn.phase<period = 8>", "6, graded<ui8>", phase(8), None, "f32", False, 0, 1),
    ("phase-24", "#snn.phase<period = 24>", "6, graded<ui32>", phase(24), None, "f64", True, 0, 1),
    ("burst", "#snn.burst<spikes = 5, shortest = 2, longest = 8>", "6, binary", burst(5, 2, 8), None, "f32", False, 0, 1),
    ("burst-dense", "#snn.burst<spikes = 12, shortest = 1, longest = 3>", "6, binary", burst(12, 1, 3), None, "f64", True, 0, 1),
    ("population", "#snn.population_code<neurons = 5, low = 0.0 : f64, high = 1.0 : f64, width = 0.2 : f64>", "6x5, analogue<f32>",
     population(5, 0.0, 1.0, 0.2), None, "f32", False, -1, 2),
    ("population-f64", "#snn.population_code<neurons = 2, low = -1.0 : f64, high = 3.0 : f64, width = 0.75 : f64>", "6x2, analogue<f64>",
     population(2, -1.0, 3.0, 0.75), None, "f64", True, -1, 3),
]


def make_values(count, low, high, is_f32):
    """The ends, halves and other ties, neighbours of them, the numbers of 8-bit images, and a fixed spread."""
    units = [0.0, 1.0, 0.5, 0.25, 0.75, 1 / 3, 2 / 3, 0.1, 0.9, 2.0**-30, 1 - 2.0**-24, 0.01, 0.5 - 2.0**-24, 0.03125, 0.125]
    units += [k / 255 for k in range(256)] + [(2 * k + 1) / 30 for k in range(15)]
    units += [(k * 0.6180339887498949) % 1 for k in range(count)]
    values = [low + (high - low) * units[k % len(units)] for k in range(count)]
    values = [arrays.to_f32(v) if is_f32 else v for v in values]
    return [min(max(v, low), high) for v in values]


def make_module(attribute, result, dt, kind, per_step, extents):
    step = f"{STEPS}x" if per_step else ""
    seconds = f"{dt} : f64" if dt else '"steps"'
    analogue = "analogue" in result
    readout, element = ("membrane_last", kind if result.endswith("<f64>") else "f32") if analogue else ("count", "i32")
    return f"""snn.network @net(%x: !snn.signal<{WIDTH}, analogue<{kind}>>) -> !snn.signal<{result}> attributes {{dt = {seconds}}} {{
  %s = snn.encode "code" by {attribute} of %x : !snn.signal<{WIDTH}, analogue<{kind}>> -> !snn.signal<{result}>
  snn.output %s : !snn.signal<{result}>
}}
func.func @main(%x: tensor<?x{step}{WIDTH}x{kind}>) -> tensor<?x{extents}x{element}> {{
  %r = snn.simulate @net(%x) steps({STEPS}) reset(per_sample) readout({readout}) : (tensor<?x{step}{WIDTH}x{kind}>) -> tensor<?x{extents}x{element}>
  return %r : tensor<?x{extents}x{element}>
}}
"""


def run(work, name, flags):
    out = work / f"{name}.npz"
    subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--probe=code", f"--record={out}", *flags],
                   check=True, stdout=subprocess.DEVNULL)
    return out.read_bytes(), arrays.read(out)["code"][1]


def compute(formula, values, per_step):
    """What the formula gives, in the order of a recording."""
    want = []
    for s in range(SAMPLES):
        for t in range(STEPS):
            for e in range(WIDTH):
                at = lambda step: values[((s * STEPS + step) if per_step else s) * WIDTH + e]
                emitted = formula(at(t), at(t - 1) if t else None, e, t, s)
                want += emitted if isinstance(emitted, list) else [emitted]
    return want


def is_equal(got, want, is_f32):
    if isinstance(want, int):
        return got == want
    # Python's exp may differ from ours in the last places.
    return abs(got - want) <= (2.0**-24 if is_f32 else 2.0**-50) * max(want, 2.0**-100)


def check(work, name, attribute, result, formula, dt, kind, per_step, low, high):
    is_f32 = kind == "f32"
    shape = (SAMPLES, STEPS, WIDTH) if per_step else (SAMPLES, WIDTH)
    values = make_values(math.prod(shape), low, high, is_f32)
    arrays.write(work / "x.npy", "<f4" if is_f32 else "<f8", shape, values)
    (work / "net.mlir").write_text(make_module(attribute, result, dt, kind, per_step, result.split(",")[0]))
    first, got = run(work, "jit", ["--engine=jit"])
    want = compute(formula, values, per_step)
    wrong = sum(not is_equal(g, w, is_f32) for g, w in zip(got, want, strict=True))
    same = all(run(work, "other", flags)[0] == first for flags in (["--engine=reference"], ["--threads=3", "--batch=7"], ["--threads=2", "--batch=1"]))
    for engine in ("jit", "reference"):
        part = run(work, "part", [f"--engine={engine}", "--limit=17", "--batch=5"])[1]
        same = same and part == got[: len(part)]
    print(f"{name}: {len(want)} values, {sum(w != 0 for w in want)} not 0, {wrong} wrong, {'same bytes' if same else 'DIFFERENT BYTES'}")
    return wrong == 0 and same


work = Path(sys.argv[1])
work.mkdir(parents=True, exist_ok=True)
sys.exit(not all([check(work, *case) for case in CASES]))
