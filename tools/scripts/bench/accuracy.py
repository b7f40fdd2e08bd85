"""How well converted networks do on all MNIST test images, against the float network and the published conversion."""
import json

from harness import ROOT, CannotMeasure, Row, Target, report

# (network, [(T, points that may be lost)])
NETWORKS = [("mnist_mlp_bn", [(32, 0.1)]), ("mnist_cnn_avg", [(32, 0.1)]), ("mnist_res_relu6", [(32, 1.5), (64, 0.3)])]
CALIBRATION = 1000
# (method of ours, key and title of the row that does the same, name of our row)
METHODS = [("percentile", "p99.9+half", "99.9 percentile, theta/2 start", "baseline"),
           ("percentile-channel", "ch-p99.9+half", "channel-wise 99.9 percentile, theta/2 start", "channel")]
# What the spikes may exceed those of the baseline by.
SPIKES = 1.1
QUICK_LIMIT = 200


def compile_model(context, model, steps, images, limit, *flags):
    module = context.folder / f"{model.stem}-{steps}.mlirbc"
    report(context.tool("sf-compile"), model, "--target=cpu", f"--timesteps={steps}", "--input-scale=1/255", f"--calibrate={images}",
           f"--calibrate-limit={limit}", "-o", module, *flags)
    return module


def run_model(context, model, images, labels, limit, *flags):
    found = report(context.tool("sf-run"), model, f"--data={images}", f"--labels={labels}", f"--limit={limit}", *flags)
    if found["samples"] != limit:
        raise CannotMeasure(f"{model}: ran {found['samples']} samples instead of {limit}")
    return found


def get_percent(found):
    return round(100 * found["accuracy"], 4)


def compare_with_baselines(context, network, steps, images, labels):
    """Rows for each method of which there is a row in the baselines, on the images that it was measured on."""
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    training = context.get_shared("data/mnist/train-images-idx3-ubyte.gz")
    baselines = json.loads(context.get_shared("data/onnx-trained/baselines.json").read_text())["nets"][network]
    rows = []
    for method, key, title, label in METHODS:
        if key not in baselines:
            continue
        row = baselines[key]
        count = row["n"] if steps <= 32 else row["n_64_128"]
        module = compile_model(context, model, steps, training, CALIBRATION, f"--method={method}")
        found = run_model(context, module, images, labels, count)
        name, note = f"accuracy/{network}/T{steps}/{label}", f"--method={method}, first {count} images"
        source, spikes = f"row '{title}' of data/onnx-trained", row["spikes"][str(steps)]
        rows += [Row(name, "%", [get_percent(found)], Target(">=", round(100 * row["acc"][str(steps)], 2), source), note),
                 Row(f"{name}/spikes", "spikes/image", [found["spikes_per_sample"]],
                     Target("<=", round(SPIKES * spikes, 1), f"{SPIKES} times {spikes:.0f}, {source}"), note)]
    return rows


def measure_steps(context, network, steps, loss, floats, data):
    """The rows of one network with one T."""
    images, labels, count = data
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    module = compile_model(context, model, steps, context.get_shared("data/mnist/train-images-idx3-ubyte.gz"), CALIBRATION,
                           "--method=percentile")
    found = run_model(context, module, images, labels, count)
    name, note = f"accuracy/{network}/T{steps}", f"{count} images"
    target = Target(">=", round(floats - loss, 4), f"float {floats:.2f} % less {loss}")
    rows = [Row(name, "%", [get_percent(found)], None if context.quick else target, note),
            Row(f"{name}/spikes", "spikes/image", [found["spikes_per_sample"]], note=note),
            Row(f"{name}/speed", "images/s", [found["samples_per_second"]], note=f"{note}, {found['threads']} threads")]
    return rows if context.quick else rows + compare_with_baselines(context, network, steps, images, labels)


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
    module = compile_model(context, data / "mnist_cnn_avg.onnx", 32, data / "train-100-images.idx.gz", 100, "--method=percentile")
    found = run_model(context, module, *samples)
    target = Target(">=", round(get_percent(floats) - 0.1, 4), f"float {get_percent(floats):.2f} % less 0.1")
    note = f"{limit} images of the repository, T = 32, calibrated on 100"
    return [Row("demo/accuracy", "%", [get_percent(found)], target, note),
            Row("demo/spikes", "spikes/image", [found["spikes_per_sample"]], note=note)]


def get_benchmarks():
    yield "demo", measure_demo
    for network, cases in NETWORKS:
        yield f"accuracy/{network}", lambda context, network=network, cases=cases: measure_network(context, network, cases)
