"""How well converted networks do on all MNIST test images, against the float network and the published conversion."""
import json

from harness import ROOT, CannotMeasure, Row, Target, report

# (network, [(T, points that may be lost)])
NETWORKS = [("mnist_mlp_bn", [(32, 0.1)]), ("mnist_cnn_avg", [(32, 0.1)]), ("mnist_res_relu6", [(32, 1.5), (64, 0.3)])]
CALIBRATION = 1000
# What the spikes may exceed those of the baseline by.
SPIKES = 1.1
QUICK_LIMIT = 200


def compile_model(context, model, steps, images, limit):
    module = context.folder / f"{model.stem}-{steps}.mlirbc"
    report(context.tool("sf-compile"), model, "--target=cpu", f"--timesteps={steps}", "--input-scale=1/255", f"--calibrate={images}",
           f"--calibrate-limit={limit}", "-o", module)
    return module


def run_model(context, model, images, labels, limit, *flags):
    found = report(context.tool("sf-run"), model, f"--data={images}", f"--labels={labels}", f"--limit={limit}", *flags)
    if found["samples"] != limit:
        raise CannotMeasure(f"{model}: ran {found['samples']} samples instead of {limit}")
    return found


def get_percent(found):
    return round(100 * found["accuracy"], 4)


def get_baseline(context, network, steps):
    """(images, accuracy in %, spikes per image) of the row `99.9 percentile, theta/2 start`."""
    path = context.get_shared("data/onnx-trained/baselines.json")
    row = json.loads(path.read_text())["nets"][network]["p99.9+half"]
    images = row["n"] if steps <= 32 else row["n_64_128"]
    return images, round(100 * row["acc"][str(steps)], 2), row["spikes"][str(steps)]


def compare_with_baseline(context, name, baseline, found):
    images, accuracy, spikes = baseline
    source = f"row '99.9 percentile, theta/2 start' of data/onnx-trained, {images} images"
    limit = Target("<=", round(SPIKES * spikes, 1), f"{SPIKES} times the {spikes:.0f} of the {source}")
    return [Row(f"{name}/baseline", "%", [get_percent(found)], Target(">=", accuracy, source), f"first {images} images"),
            Row(f"{name}/spikes", "spikes/image", [found["spikes_per_sample"]], limit, f"first {images} images")]


def measure_steps(context, network, steps, loss, floats, data):
    """The rows of one network with one T."""
    images, labels, count = data
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    module = compile_model(context, model, steps, context.get_shared("data/mnist/train-images-idx3-ubyte.gz"), CALIBRATION)
    found = run_model(context, module, images, labels, count)
    name = f"accuracy/{network}/T{steps}"
    target = Target(">=", round(floats - loss, 4), f"float {floats:.2f} % less {loss}")
    rows = [Row(name, "%", [get_percent(found)], None if context.quick else target, f"{count} images, {found['samples_per_second']:.0f} images/s")]
    if context.quick:
        return rows
    baseline = get_baseline(context, network, steps)
    if baseline[0] != count:
        found = run_model(context, module, images, labels, baseline[0])
    return rows + compare_with_baseline(context, name, baseline, found)


def measure_network(context, network, cases):
    data = (context.get_shared("data/mnist/t10k-images-idx3-ubyte.gz"), context.get_shared("data/mnist/t10k-labels-idx1-ubyte.gz"),
            QUICK_LIMIT if context.quick else 10000)
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    found = run_model(context, model, *data, "--input-scale=1/255")
    rows = [Row(f"accuracy/{network}/float", "%", [get_percent(found)], note=f"{data[2]} images")]
    for steps, loss in cases:
        rows += measure_steps(context, network, steps, loss, get_percent(found), data)
    return rows


def measure_demo(context):
    """The data that lie in the repository."""
    data = ROOT / "docs" / "Examples" / "mnist"
    limit = QUICK_LIMIT if context.quick else 1000
    samples = (data / "test-1000-images.idx.gz", data / "test-1000-labels.idx.gz", limit)
    floats = run_model(context, data / "mnist_cnn_avg.onnx", *samples, "--input-scale=1/255")
    module = compile_model(context, data / "mnist_cnn_avg.onnx", 32, data / "train-100-images.idx.gz", 100)
    found = run_model(context, module, *samples)
    target = Target(">=", round(get_percent(floats) - 0.1, 4), f"float {get_percent(floats):.2f} % less 0.1")
    note = f"{limit} images of the repository, T = 32, calibrated on 100"
    return [Row("demo/accuracy", "%", [get_percent(found)], target, note),
            Row("demo/spikes", "spikes/image", [found["spikes_per_sample"]], note=note)]


def get_benchmarks():
    yield "demo", measure_demo
    for network, cases in NETWORKS:
        yield f"accuracy/{network}", lambda context, network=network, cases=cases: measure_network(context, network, cases)
