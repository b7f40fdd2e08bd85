#!/usr/bin/env python3
"""Reads every .nir file below a directory and compares the shapes of its nodes with recorded arrays beside it.

usage: check_good.py TEST-READ-NIR DIRECTORY     exit 0: all files load, all recorded shapes are equal

NAME.npz beside NAME.nir holds arrays whose first axis is time: `out_spk` is of the one Output, `out_spk__NODE` of one of several, `v_NODE_spk`
of a neuron.
"""
import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path


def recorded_shapes(file):
    """Shapes of the arrays in an .npz file, from their headers."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                magic = member.read(8)
                size = int.from_bytes(member.read(2 if magic[6] == 1 else 4), "little")
                header = ast.literal_eval(member.read(size).decode("latin1"))
                yield name.removesuffix(".npy"), list(header["shape"])


def expected_shapes(file, outputs):
    """(node, shape) for every recorded array that is a node's."""
    for name, shape in recorded_shapes(file):
        if name == "out_spk":
            yield outputs[0], shape[1:]
        elif match := re.fullmatch(r"out_spk__(.*)|v_(.*)_spk", name):
            yield match[1] or match[2], shape[1:]


def check(tool, file, counts):
    run = subprocess.run([tool, str(file)], capture_output=True, text=True, timeout=120)
    if run.returncode != 0:
        yield f"exit code {run.returncode}: {run.stderr.strip()}"
        return
    nodes = dict(re.findall(r"^node (\S+) (\w+)", run.stdout, re.M))
    shapes = {name: ast.literal_eval(shape)
              for name, shape in re.findall(r"^node (\S+) .* -> (\[.*\])$", run.stdout, re.M)}
    for name in sorted(set(nodes) - set(shapes)):
        if nodes[name] != "NIRGraph":
            yield f"node {name} has no shape"
    recording = file.with_suffix(".npz")
    if not recording.exists():
        return
    outputs = [name for name, kind in nodes.items() if kind == "Output" and "/" not in name]
    for name, shape in expected_shapes(recording, outputs):
        if nodes.get(name) == "NIRGraph":
            continue
        # One exporter splits a recurrent layer NAME into NAME.lif and its weights.
        name = name if name in nodes else name + ".lif"
        counts["shapes"] += 1
        if shapes.get(name) != shape:
            yield f"node {name} has shape {shapes.get(name)}, recorded is {shape}"


def main():
    tool, directory = sys.argv[1:]
    files = sorted(Path(directory).rglob("*.nir"))
    counts = {"shapes": 0}
    failed = 0
    for file in files:
        found = list(check(tool, file, counts))
        for problem in found:
            print(f"{file.name}: {problem}")
        failed += bool(found)
    print(f"{len(files)} files, {counts['shapes']} recorded shapes, {failed} files failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
