#!/usr/bin/env python3
"""Compares what a module and the file that was made of it give, in every step: spikes of the hidden layers and outputs.

usage: check_same.py MODULE FILE.nir IMAGES COUNT WORK BIN

MODULE takes images of IDX file IMAGES, FILE.nir values of 0 to 1. Exit code 0: all equal, 1: not.
"""
import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np

PROBES = ["/act1/Relu", "/act2/Relu", "output"]


def record(tools, model, data, count, path):
    subprocess.run([Path(tools) / "sf-run", model, *data, f"--limit={count}", "--probe=" + ",".join(PROBES), f"--record={path}"], check=True,
                   stdout=subprocess.DEVNULL)
    return np.load(path)


def main():
    module, file, images, count, work, tools = sys.argv[1:]
    count, work = int(count), Path(work)
    pixels = np.frombuffer(gzip.decompress(Path(images).read_bytes()), np.uint8, count * 784, 16).reshape(count, 1, 28, 28)
    np.save(work / "values.npy", pixels.astype(np.float32) * np.float32(1.0 / 255))
    a = record(tools, module, [f"--data={images}"], count, work / "a.npz")
    b = record(tools, file, [f"--data={work / 'values.npy'}"], count, work / "b.npz")
    differ = sum(int((a[name] != b[name]).sum()) for name in PROBES)
    print(f"{count} images, {differ} of {sum(a[name].size for name in PROBES)} recorded values differ")
    return int(differ != 0)


if __name__ == "__main__":
    sys.exit(main())
