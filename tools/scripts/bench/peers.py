"""Speed of the JIT against hand-written programs that do one workload each, in the same run on the same core.

The programs want AVX-512 intrinsics; where the CPU has none they are compiled through simde, which is slower than what could be
written for that CPU. They are compiled and run where they lie and are no part of this repository."""
import json
from array import array

from harness import CannotMeasure, Row, Skipped, Target, call, report
from machine import get_compiler, read_cpuinfo
from workloads import draw_input, draw_weights, get_example, make_npy, read_npy_integers

RATIO = 0.3
# Samples of one run of ours.
SAMPLES = {"conv": 256, "mlp": 512}
SIMDE = ["-DSIMDE_ENABLE_NATIVE_ALIASES", "-include", "simde/x86/avx512.h"]


def get_workload(context, name):
    return json.loads(context.get_shared("checks/peers/workloads.json").read_text())["workloads"][name]


def compile_prototype(context, kind):
    """The program, made by the compiler of our build."""
    source = context.get_shared(f"prototypes/{kind}.cpp")
    program = context.folder / f"prototype-{kind}"
    compiler = get_compiler(context.build)
    flags = []
    if "avx512f" not in read_cpuinfo()[1]:
        flags = SIMDE
        try:
            call([compiler, "-std=c++17", "-march=native", *flags, "-x", "c++", "-fsyntax-only", "/dev/null"])
        except CannotMeasure:
            raise Skipped("this CPU has no AVX-512, and the prototype needs simde (Debian package libsimde-dev)") from None
    if not program.exists():
        call([compiler, "-O3", "-march=native", "-std=c++17", "-w", *flags, source, "-o", program])
    return program, "through simde" if flags else ""


def reorder(weights, shape, axes):
    """Elements of a row-major array with its axes permuted."""
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    offsets = [0]
    for axis in axes:
        offsets = [offset + step * strides[axis] for offset in offsets for step in range(shape[axis])]
    return array("f", (weights[offset] for offset in offsets))


def make_conv_weights(workload):
    """Kernels (y, x, in, out) and biases; the last layer (y, x, channel, out)."""
    seed, c1, c2, k, out = (workload[key] for key in ("seed", "c1", "c2", "k", "out"))
    channels, size = workload["in"][0], workload["in"][1] // workload["pool"] ** 2
    shapes = [(c1, channels, k, k), (c2, c1, k, k), (out, c2, size, size)]
    parts = []
    for index, (o, i, y, x) in enumerate(shapes):
        weights = draw_weights(seed + index, o * i * y * x, workload["w_amp"][index])
        parts += [reorder(weights, (o, i, y, x), (2, 3, 1, 0)), draw_weights(seed + 50 + index, o, workload["b_amp"][index])]
    return parts


def make_mlp_weights(workload):
    sizes = workload["sizes"]
    return [draw_weights(workload["seed"] + index, sizes[index] * sizes[index + 1], std * 3**0.5) for index, std in enumerate(workload["w_std"])]


def draw_samples(workload, elements):
    """[step, sample, element], as the workload numbers them."""
    return draw_input(workload["input_seed"], workload["T"] * workload["B"] * elements, workload["input_rate"])


def swap_axes(data, steps, samples, elements):
    """[step, sample, element] to [sample, step, element]."""
    return b"".join(data[(t * samples + b) * elements:][:elements] for b in range(samples) for t in range(steps))


class Peer:
    """A workload, written for both programs."""

    def __init__(self, context, name):
        self.context, self.workload = context, get_workload(context, name)
        self.kind, steps, batch = (self.workload[key] for key in ("kind", "T", "B"))
        self.program, self.how = compile_prototype(context, self.kind)
        shape = self.workload["in"] if self.kind == "conv" else [self.workload["sizes"][0]]
        elements = 28 * 28
        data = draw_samples(self.workload, elements)
        rate = f"{self.workload['input_rate']:g}"
        self.arguments = [batch, rate] if self.kind == "conv" else [steps, batch, rate]
        (context.folder / f"{self.kind}_x_{'_'.join(map(str, self.arguments))}.bin").write_bytes(data)
        self.write_weights()
        copies = SAMPLES[self.kind] // batch
        self.data = context.folder / f"{name}.npy"
        self.data.write_bytes(make_npy([batch * copies, steps, *shape], swap_axes(data, steps, batch, elements) * copies))

    def write_weights(self):
        path = self.context.folder / f"{self.kind}_w.bin"
        if path.exists():
            return
        make = make_conv_weights if self.kind == "conv" else make_mlp_weights
        path.write_bytes(b"".join(part.tobytes() for part in make(self.workload)))

    def run_ours(self, *flags):
        return report(self.context.tool("sf-run"), get_example(self.kind), f"--data={self.data}", "--threads=1", *flags)

    def run_prototype(self):
        return json.loads(call([self.program, *self.arguments], self.context.folder))

    def check_equal(self):
        """Both give the same counts: of the classes of sample 0, or of all output spikes."""
        output = self.context.folder / "counts.npy"
        self.run_ours(f"--output={output}", f"--limit={self.workload['B']}")
        counts, prototype = read_npy_integers(output), self.run_prototype()
        ours, theirs = (list(counts[:10]), prototype["out0"]) if self.kind == "conv" else (sum(counts), prototype["outspk"])
        if ours != theirs:
            raise CannotMeasure(f"the prototype computes something else: {theirs}, ours {ours}")


def measure_peer(context, name):
    """Runs of both in turn; the ratio is taken of each pair."""
    peer = Peer(context, name)
    peer.check_equal()
    ours, theirs = [], []
    for _ in range(context.runs):
        ours.append(peer.run_ours()["samples_per_second"])
        theirs.append(1000 / peer.run_prototype()["per_sample_ms"])
    target = Target(">=", RATIO, f"goal: 30 % of prototypes/{peer.kind}.cpp in the same run")
    return [Row(f"speed/{name}/jit", "images/s", ours, note="1 thread"),
            Row(f"speed/{name}/prototype", "images/s", theirs, note="1 thread" + (", " + peer.how if peer.how else "")),
            Row(f"speed/{name}/ratio", "", [a / b for a, b in zip(ours, theirs)], target, "same counts")]


def get_benchmarks():
    for name in ("conv_t16_b1", "conv_t16_b64", "mlp_t32_b1", "mlp_t32_b64"):
        yield f"speed/{name}", lambda context, name=name: measure_peer(context, name)
