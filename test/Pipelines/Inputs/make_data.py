#!/usr/bin/env python3
"""Writes the arrays of the tests of the tools, good and bad ones, into a directory.

usage: make_data.py DIR
"""
import os
import struct
import sys


def npy(kind, shape, values):
    """A .npy file; `kind` is a NumPy type such as <f4."""
    letters = {"<f4": "f", "<f8": "d", "|u1": "B", "|i1": "b", "<i4": "i", "<i8": "q"}
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape!r}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    data = struct.pack(f"<{len(values)}{letters[kind]}", *values)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def idx(shape, values):
    """An IDX file of bytes."""
    return struct.pack(f">HBB{len(shape)}I", 0, 8, len(shape), *shape) + bytes(values)


def main(directory):
    os.makedirs(directory, exist_ok=True)
    x = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, 0, 0, 0, 0]
    integers = [int(v * 200) for v in x]
    spikes = [1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] * 2
    images = list(range(12))
    files = {
        "x.npy": npy("<f4", (6, 4), x),
        "x64.npy": npy("<f8", (6, 4), x),
        "x-u8.npy": npy("|u1", (6, 4), integers),
        "x-wide.npy": npy("<f4", (6, 5), x + x[:6]),
        "x-rank1.npy": npy("<f4", (24,), x),
        "exit.npy": npy("<f4", (6, 2), [1, 0, 0.5, 0, 0.75, 0.5, 0, 0.5, 0, 0, 0.25, 0]),
        "exit-labels.npy": npy("<i8", (6,), [0, 0, 0, 1, 1, 0]),
        "two.npy": npy("<f4", (3, 1), [0, 1, 2]),
        "empty.npy": npy("<f4", (0, 4), []),
        "zeros.npy": npy("<f4", (6, 4), [0] * 24),
        "labels.npy": npy("<i8", (6,), [0, 1, 1, 0, 1, 0]),
        "labels-5.npy": npy("<i8", (5,), [0, 1, 1, 0, 1]),
        "labels-class.npy": npy("<i8", (6,), [0, 1, 2, 0, 1, 0]),
        "labels-negative.npy": npy("<i8", (6,), [0, -1, 1, 0, 1, 0]),
        "targets.npy": npy("<f4", (6, 2), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        "targets-3.npy": npy("<f4", (6, 3), list(range(18))),
        "spikes.npy": npy("|i1", (2, 5, 3), spikes),
        "silent.npy": npy("|i1", (2, 5, 3), [0] * 30),
        "classes.npy": npy("<i8", (2,), [1, 0]),
        "positions.npy": npy("<f4", (2,), [0.25, 0.5]),
        "spikes-big.npy": npy("<i4", (2, 5, 3), [300] + spikes[1:]),
        "square.npy": npy("<f4", (5, 5, 3), [0] * 75),
        "images.idx": idx((2, 2, 3), images),
        "images-hwc.npy": npy("|u1", (2, 2, 3, 1), images),
        "truncated.npy": npy("<f4", (6, 4), x)[:-3],
        "long.npy": npy("<f4", (6, 4), x) + b"x",
        "magic.npy": b"\x93NUMPZ" + npy("<f4", (6, 4), x)[6:],
        "huge.npy": npy("<f4", (1 << 40, 4), x),
        "half.npy": npy("<f4", (6, 4), x).replace(b"<f4", b"<f2"),
        "truncated.idx": idx((2, 2, 3), images)[:-1],
        "huge.idx": idx((0xFFFFFFFF, 2, 3), images),
        "magic.idx": b"\x01" + idx((2, 2, 3), images)[1:],
        "nothing.idx": b"",
        "nothing.npy": b"",
        "truncated.npz": b"PK\x03\x04",
        "unknown.dat": b"hello, world",
        "table.csv": b"1,0,0,0,0\n0,1,0,0,1\n",
        "table-bad.csv": b"1,0,0,0\n0,1,zero,0\n",
        "table-ragged.csv": b"1,0,0,0\n0,1,0\n",
    }
    for name, contents in files.items():
        with open(os.path.join(directory, name), "wb") as file:
            file.write(contents)


main(sys.argv[1])
