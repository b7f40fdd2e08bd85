"""How many models a second one process converts, from files and from its cache."""
import json
import resource
import shutil
import statistics

from harness import ROOT, CannotMeasure, Row, Target, repeat, report

# The goals on two threads. SpikingJelly, without reading the model, on one: 157 and 27.
NETWORKS = {"mnist_mlp_bn": 165.0, "mnist_cnn_avg": 130.0}
THREADS = (1, 2)
CACHED = 2000.0


def write_models(context, network, folder, number):
    """Copies of a model that differ in their bytes and in nothing else; returns their manifest."""
    model = context.get_shared(f"data/onnx-trained/{network}.onnx").read_bytes()
    folder.mkdir()
    names = [f"{network}-{index}" for index in range(number)]
    for name in names:
        # A field that comes again at the end of a message goes before the first one: ModelProto.producer_version.
        (folder / f"{name}.onnx").write_bytes(model + b"\x1a" + bytes([len(name)]) + name.encode())
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"models": [{"input": f"{name}.onnx", "output": f"{name}.mlirbc"} for name in names]}))
    return manifest


def read_children_seconds():
    """Processor time of all processes that have been waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure_network(context, network):
    """Import, calibration on 100 images and conversion of each, with an empty cache; then all from the cache, into an empty directory and
    over the same results."""
    number = 20 if context.quick else 200
    folder = context.folder / f"batch-{network}"
    manifest = write_models(context, network, folder, number)
    cache, out = folder / "cache", folder / "out"
    images = ROOT / "docs" / "Examples" / "mnist" / "train-100-images.idx.gz"

    def run(threads, hits, *remove):
        for path in remove:
            shutil.rmtree(path, ignore_errors=True)
        before = read_children_seconds()
        found = report(context.tool("sf-compile"), f"--manifest={manifest}", "--target=cpu", "--timesteps=32", "--method=percentile", "--input-scale=1/255",
                       f"--calibrate={images}", f"--cache={cache}", "-o", out, f"--threads={threads}")
        if found["cache_hits"] != hits:
            raise CannotMeasure(f"{found['cache_hits']} of {number} models came from the cache, need {hits}")
        return found["models_per_second"], 1000 * (read_children_seconds() - before) / number

    rows = []
    for threads in THREADS:
        cold = repeat(context, lambda: run(threads, 0, cache, out))
        cached = repeat(context, lambda: run(threads, number, out))
        again = repeat(context, lambda: run(threads, number))
        for kind, runs, target in (("cold", cold, NETWORKS[network]), ("cached", cached, CACHED), ("again", again, None)):
            values, processor = [list(column) for column in zip(*runs)]
            goal = Target(">=", target, "goal of this project") if target and threads == 2 else None
            note = f"{1000 / statistics.median(values):.2f} ms per model, {statistics.median(processor):.2f} ms of processors with the start; {number} models, {threads} threads"
            rows.append(Row(f"batch/{network}/{kind}/{threads}", "models/s", values, goal, note))
    shutil.rmtree(folder)
    return rows


def get_benchmarks():
    for network in NETWORKS:
        yield f"batch/{network}", lambda context, network=network: measure_network(context, network)
