#!/usr/bin/env python3
"""Runs an exported network in Sinabs, by the judge's own code, and compares what it gives with what sf-run gives, in every step of every image.

usage: check_sinabs.py CHECKS MODULE FILE.nir IMAGES COUNT WORK BIN

CHECKS has nir_check.py; MODULE takes images of IDX file IMAGES, FILE.nir values of 0 to 1. Outputs are equal within 1e-4: one spike more or
less in the layer before changes them by a weight. Exit code 0: all equal, 1: not.
"""
import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np


def read_images(path, count):
    data = gzip.decompress(Path(path).read_bytes())
    return np.frombuffer(data, np.uint8, count * 784, 16).reshape(count, 1, 28, 28)


def main():
    checks, module, file, images, count, work, tools = sys.argv[1:]
    sys.path.insert(0, checks)
    import nir_check
    count, work = int(count), Path(work)
    subprocess.run([Path(tools) / "sf-run", module, f"--data={images}", f"--limit={count}", "--probe=output", f"--record={work / 'record.npz'}"],
                   check=True, stdout=subprocess.DEVNULL)
    expected = np.load(work / "record.npz")["output"]
    # As @main computes it: a product in float32.
    values = read_images(images, count).astype(np.float32) * np.float32(1.0 / 255)
    equal, worst = 0, 0.0
    for image, want in zip(values, expected):
        steps = np.broadcast_to(image, (len(want), *image.shape))
        error = float(np.abs(nir_check.run_in("sinabs", Path(file), steps, 1.0) - want).max())
        equal, worst = equal + (error <= 1e-4), max(worst, error)
    print(f"{equal} of {count} images give the same spikes; largest error of an output {worst:.1e}")
    return 0 if equal == count else 1


if __name__ == "__main__":
    sys.exit(main())
