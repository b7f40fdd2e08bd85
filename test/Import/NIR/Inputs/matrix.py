#!/usr/bin/env python3
"""A graph with an Affine on two axes, and what it gives.

usage: matrix.py --make FILE.nir INPUT.npy        writes the graph and random inputs of 3 samples and 5 steps
       matrix.py --compare INPUT.npy RECORD.npz   compares what was recorded with numpy's result
"""
import sys

import nir
import numpy as np

# Multiples of 1/8: sums are exact in any order.
NUMBERS = np.random.default_rng(7)
WEIGHT = NUMBERS.integers(-8, 9, (2, 3, 4)).astype(np.float32) / 8
BIAS = NUMBERS.integers(-8, 9, (2, 3)).astype(np.float32) / 8


def make(file, inputs):
    nodes = {"input": nir.Input({"input": np.array([2, 4])}), "affine": nir.Affine(WEIGHT, BIAS),
             "output": nir.Output({"output": np.array([2, 3])})}
    nir.write(file, nir.NIRGraph(nodes, [("input", "affine"), ("affine", "output")], type_check=False))
    np.save(inputs, np.random.default_rng(8).integers(-8, 9, (3, 5, 2, 4)).astype(np.float32) / 8)


def compare(inputs, record):
    want = (WEIGHT @ np.load(inputs)[..., None])[..., 0] + BIAS
    print("largest error", float(np.abs(np.load(record)["output"] - want).max()))


if __name__ == "__main__":
    (make if sys.argv[1] == "--make" else compare)(*sys.argv[2:])
