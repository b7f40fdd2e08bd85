"""How long it takes from a file to machine code."""
from harness import ROOT, Row, Target, repeat, report
from workloads import EXAMPLES, get_example, write_example_input

NETWORKS = ["mnist_mlp_bn", "mnist_cnn_avg", "mnist_res_relu6"]
CONVERT = Target("<", 60.0, "goal of this project")
CALLABLE = Target("<", 300.0, "goal of this project; the code generator of GeNN 5.4 needs 1300")


def sum_phases(found):
    return 1000 * sum(phase["seconds"] for phase in found["phases"])


def measure_import(context, model):
    command = (context.tool("sf-compile"), model, "--target=cpu", "--compile-to=import", "--check-only")
    return repeat(context, lambda: sum_phases(report(*command)))


def measure_network(context, network):
    """Import; import with calibration and conversion; the whole of sf-compile; the start of sf-run."""
    model = context.get_shared(f"data/onnx-trained/{network}.onnx")
    images = ROOT / "docs" / "Examples" / "mnist" / "train-100-images.idx.gz"
    module = context.folder / f"{network}.mlirbc"
    convert = (context.tool("sf-compile"), model, "--target=cpu", "--timesteps=32", "--method=percentile", "--input-scale=1/255", f"--calibrate={images}")
    converted = repeat(context, lambda: report(*convert, "--compile-to=convert", "-o", module))
    compiled = repeat(context, lambda: report(*convert, "-o", module))
    started = repeat(context, lambda: report(context.tool("sf-run"), module, f"--data={images}", "--limit=1"))
    name = f"compile/{network}"
    return [Row(f"{name}/import", "ms", measure_import(context, model)),
            Row(f"{name}/convert", "ms", [sum_phases(run) for run in converted], CONVERT if network == "mnist_mlp_bn" else None,
                "import, calibration on 100 images, conversion"),
            Row(f"{name}/sf-compile", "ms", [1000 * run["wall_seconds"] for run in compiled], note="the whole process"),
            Row(f"{name}/load", "ms", [1000 * run["load_seconds"] for run in started], note="converted module from bytecode"),
            Row(f"{name}/callable", "ms", [1000 * run["compile_seconds"] for run in started], CALLABLE, "parsed module to machine code")]


def measure_example(context, name):
    """The start of sf-run on an example in text."""
    data = write_example_input(context.folder, name)
    started = repeat(context, lambda: report(context.tool("sf-run"), get_example(name), f"--data={data}"))
    return [Row(f"compile/{name}/callable", "ms", [1000 * run["compile_seconds"] for run in started], CALLABLE,
                "parsed module to machine code, weights drawn")]


def get_benchmarks():
    for network in NETWORKS:
        yield f"compile/{network}", lambda context, network=network: measure_network(context, network)
    for name in EXAMPLES:
        yield f"compile/{name}", lambda context, name=name: measure_example(context, name)
