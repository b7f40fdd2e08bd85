"""Accuracy of conversion by trial (--method=auto) for every T, beside the best published row of each network."""
import json
import math

from harness import CannotMeasure, Row, Target, report

STEPS = (4, 8, 16, 32, 64, 128)
CALIBRATION = 1000
# (network, flags): every row of the baselines has one spike per neuron and step, reset by subtraction and a constant input.
NETWORKS = [("mnist_mlp_bn", []), ("mnist_cnn_avg", []), ("mnist_cnn_max", ["--max-pool=gate"]), ("mnist_res_relu6", []),
            ("mnist_qcfs_l4", []), ("mnist_qcfs_l8", [])]
# Networks without a row: (network, T, points that may be lost).
OTHERS = [("mnist_dwsep", 64, 0.3), ("mnist_cnn_avg_int8_qdq_per_channel", 64, 0.3), ("mnist_cnn_avg_int8_qdq_per_tensor", 64, 0.3)]
# What the spikes may exceed those of the row by, and where that is compared.
SPIKES, SPIKES_STEPS = 1.1, 32
# A row of at most this many images may be missed by two of them.
FEW_IMAGES, FEW_MISSED = 2000, 2
QUICK_LIMIT, QUICK_STEPS = 200, (8,)


class Images:
    """The MNIST images, in files."""

    def __init__(self, context):
        folder = "data/mnist/"
        self.training, self.training_labels, self.test, self.test_labels = (
            context.get_shared(folder + name) for name in ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                                                           "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"))


def convert(context, network, steps, images, flags):
    """The converted network and the report of its conversion."""
    module = context.folder / f"{network}-{steps}.mlirbc"
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    return module, report(context.tool("sf-compile"), model, "--target=cpu", f"--timesteps={steps}", "--input-scale=1/255",
                          f"--calibrate={images.training}", f"--calibrate-limit={CALIBRATION}", "--threads=2", "-o", module, *flags)


def run(context, module, images, count):
    found = report(context.tool("sf-run"), module, f"--data={images.test}", f"--labels={images.test_labels}", f"--limit={count}", "--threads=2")
    if found["samples"] != count:
        raise CannotMeasure(f"{module}: ran {found['samples']} samples instead of {count}")
    return found


def format_interval(found):
    """The accuracy with its 95 % interval (Wilson)."""
    n, p, z = found["samples"], found["accuracy"], 1.96
    middle, half = (p + z * z / (2 * n)) / (1 + z * z / n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{100 * p:.2f} % of {n} ({100 * (middle - half):.2f} .. {100 * (middle + half):.2f})"


def make_rows(context, network, steps, flags, baselines, images):
    """One row per number of images that the baselines of this T were measured on, and their spikes."""
    module, conversion = convert(context, network, steps, images, flags)
    full = run(context, module, images, QUICK_LIMIT if context.quick else 10000)
    name = f"conversion/{network}/T{steps}"
    note = f"{conversion['method']}; {format_interval(full)}; {full['spikes_per_sample']:.0f} spikes/image"
    if context.quick:
        return [Row(name, "%", [100 * full["accuracy"]], note=note)]
    rows, by_count = [], {}
    for title, row in baselines.items():
        by_count.setdefault(row["n"] if steps <= 32 else row["n_64_128"], []).append((row["acc"][str(steps)], title, row))
    for count, found in sorted(by_count.items()):
        best = max(accuracy for accuracy, _, _ in found)
        titles = [title for accuracy, title, _ in found if accuracy == best]
        measured = full if count == full["samples"] else run(context, module, images, count)
        allowed = FEW_MISSED / count if count <= FEW_IMAGES else 0
        rows.append(Row(f"{name}/{count}", "%", [round(100 * measured["accuracy"], 2)],
                        Target(">=", round(100 * (best - allowed), 2), f"{100 * best:.2f} by {', '.join(titles)}"), f"best row {100 * best:.2f}; {note}"))
        if steps == SPIKES_STEPS:
            spikes = max(row["spikes"][str(steps)] for accuracy, _, row in found if accuracy == best)
            rows.append(Row(f"{name}/{count}/spikes", "spikes/image", [measured["spikes_per_sample"]],
                            Target("<=", round(SPIKES * spikes, 1), f"{SPIKES} times {spikes:.0f}, {', '.join(titles)}")))
    return rows


def measure_network(context, network, flags):
    baselines = json.loads(context.get_shared("data/onnx-trained/baselines.json").read_text())["nets"][network]
    images = Images(context)
    return [row for steps in (QUICK_STEPS if context.quick else STEPS)
            for row in make_rows(context, network, steps, flags, baselines, images)]


def measure_other(context, network, steps, loss):
    images = Images(context)
    module, conversion = convert(context, network, steps, images, [])
    count = QUICK_LIMIT if context.quick else 10000
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    floats = report(context.tool("sf-run"), model, f"--data={images.test}", f"--labels={images.test_labels}", f"--limit={count}", "--input-scale=1/255")
    found = run(context, module, images, count)
    return [Row(f"conversion/{network}/T{steps}", "%", [round(100 * found["accuracy"], 2)],
                Target(">=", round(100 * floats["accuracy"] - loss, 2), f"float {100 * floats['accuracy']:.2f} less {loss}"),
                f"{conversion['method']}; {found['spikes_per_sample']:.0f} spikes/image")]


# Binary spikes, and messages that carry changes and are read as a potential.
NEURONS = [("T64", []), ("T64/sigma-delta", ["--neuron=sigma-delta", "--delta-bits=10", "--method=percentile"])]


def measure_arrays(context, network, arrays, quantity, limit):
    """A network whose data lie in an .npz: `limit` makes the target of the float result."""
    model, file = (context.get_shared(f"data/onnx-trained/{name}") for name in (f"{network}.onnx", arrays))
    module = context.folder / f"{network}.mlirbc"
    data = [f"--data={file}:x_test", f"--labels={file}:y_test"]
    floats = report(context.tool("sf-run"), model, *data)[quantity]
    rows = []
    for name, flags in NEURONS:
        conversion = report(context.tool("sf-compile"), model, "--target=cpu", "--timesteps=64", f"--calibrate={file}:x_calibration", "-o", module, *flags)
        found = report(context.tool("sf-run"), module, *data)
        rows.append(Row(f"conversion/{network}/{name}", quantity, [found[quantity]], limit(floats),
                        f"{conversion['method']}; float {floats:.4f}; {found['spikes_per_sample']:.0f} spikes/sample"))
    return rows


def get_benchmarks():
    for network, flags in NETWORKS:
        yield f"conversion/{network}", lambda context, network=network, flags=flags: measure_network(context, network, flags)
    for network, steps, loss in OTHERS:
        yield f"conversion/{network}", lambda context, network=network, steps=steps, loss=loss: measure_other(context, network, steps, loss)
    yield "conversion/fsdd_mlp", lambda context: measure_arrays(
        context, "fsdd_mlp", "fsdd_features.npz", "accuracy", lambda value: Target(">=", round(value - 0.003, 4), "float less 0.3 points"))
    for network in ("reg_sine", "reg_vowels"):
        yield f"conversion/{network}", lambda context, network=network: measure_arrays(
            context, network, f"{network}.data.npz", "rmse", lambda value: Target("<=", round(1.02 * value, 5), "float and 2 %"))
