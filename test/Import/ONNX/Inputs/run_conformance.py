#!/usr/bin/env python3
"""Imports ONNX conformance tests and compares what they compute with their stated outputs.

usage: run_conformance.py DIRECTORY WORK TRANSLATE TEST...

DIRECTORY holds `*/TEST/model.onnx` with test_data_set_0; `all` means every test. In these models weights are graph
inputs; all inputs but the first are made initializers, since that is what weights are to the importer. WORK is for
temporary files, TRANSLATE is sf-translate. Prints one line per test: ok, different, or refused with the importer's
message. Exit 0 if none is different. Needs the packages onnx and numpy.
"""
import subprocess
import sys
from pathlib import Path

import numpy
import onnx
from onnx import numpy_helper

RUNNER = Path(__file__).with_name("run_upstream.py")


def read_tensor(path):
    return onnx.TensorProto.FromString(path.read_bytes())


def make_weights(model, data):
    """Turns all inputs of `model` but the first into initializers; returns the first, or None without any data."""
    first = None
    for index, value in enumerate(model.graph.input):
        path = data / f"input_{index}.pb"
        if not path.exists():
            return None
        tensor = read_tensor(path)
        tensor.name = value.name
        if index == 0:
            first = tensor
        else:
            model.graph.initializer.append(tensor)
    return first


def run(test, work, translate):
    """Returns (verdict, message) of one test."""
    data = test / "test_data_set_0"
    model = onnx.load(test / "model.onnx")
    first = make_weights(model, data)
    if first is None:
        return "skipped", "it has no input"
    path = work / test.name
    path.with_suffix(".onnx").write_bytes(model.SerializeToString())
    # One sample, whatever the model's own first axis is.
    for name, tensor in (("x", first), ("y", read_tensor(data / "output_0.pb"))):
        values = numpy_helper.to_array(tensor).astype(numpy.float32)
        numpy.save(path.with_suffix(f".{name}.npy"), numpy.ascontiguousarray(values)[None])
    imported = subprocess.run(
        [translate, "--import-onnx", path.with_suffix(".onnx"), "-o", path.with_suffix(".mlir")],
        stderr=subprocess.PIPE,
        text=True,
    )
    if imported.returncode:
        return "refused" if imported.returncode == 1 else "different", imported.stderr.strip()
    compared = subprocess.run(
        [sys.executable, RUNNER, path.with_suffix(".mlir"), "--input", path.with_suffix(".x.npy")]
        + ["--expected", path.with_suffix(".y.npy")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return ("different" if compared.returncode else "ok"), compared.stdout.strip()


def main():
    directory, work, translate = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    names = sys.argv[4:]
    work.mkdir(parents=True, exist_ok=True)
    bad = 0
    for test in sorted(directory.glob("*/test_*")):
        if test.name not in names and names != ["all"]:
            continue
        verdict, message = run(test, work, translate)
        bad += verdict == "different"
        print(f"{test.name}: {verdict}: {message}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
