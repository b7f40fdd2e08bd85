#!/usr/bin/env python3
"""Writes samples and results of foreign-tosa.mlir, computed here from the numbers in that file.

usage: make_foreign_data.py X.npy Y.npy

X is float32, 32 x 4 x 4 x 1, with values in [0, 1]; Y is float32, 32 x 3.
"""
import struct
import sys

SAMPLES = 32
KERNELS = (((0.5, 0.25), (-0.5, 1.0)), ((1.0, 0.0), (0.0, -1.0)))
BIAS = (0.125, -0.25)
MATRIX = (
    (0.5, 0.0, -0.5),
    (0.25, 0.5, 0.0),
    (0.0, 0.25, 0.5),
    (1.0, 0.0, 0.0),
    (0.0, 1.0, 0.0),
    (0.0, 0.0, 1.0),
    (0.5, 0.5, 0.5),
    (-0.5, 0.25, 0.25),
)


def write(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(values)}f", *values))


def compute(image):
    hidden = []
    for row in (0, 2):
        for column in (0, 2):
            for kernel, bias in zip(KERNELS, BIAS):
                total = bias
                for i in (0, 1):
                    for j in (0, 1):
                        total += kernel[i][j] * image[4 * (row + i) + column + j]
                hidden.append(max(total, 0))
    return [sum(value * line[output] for value, line in zip(hidden, MATRIX)) for output in range(3)]


state = 1
inputs, outputs = [], []
for _ in range(SAMPLES):
    image = []
    for _ in range(16):
        state = (state * 1103515245 + 12345) % 2**31
        image.append((state >> 16) % 256 / 256)
    inputs += image
    outputs += compute(image)
write(sys.argv[1], (SAMPLES, 4, 4, 1), inputs)
write(sys.argv[2], (SAMPLES, 3), outputs)
