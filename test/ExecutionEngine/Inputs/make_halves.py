#!/usr/bin/env python3
"""Writes numbers that lie halfway between integers, float32 [1, 8], or prints such an array.

usage: make_halves.py OUT.npy      make_halves.py --show IN.npy
"""
import struct
import sys

HALVES = (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 2.4999997615814209)

if sys.argv[1] == "--show":
    data = open(sys.argv[2], "rb").read()[-4 * len(HALVES):]
    print(*struct.unpack(f"<{len(HALVES)}f", data))
else:
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': (1, {len(HALVES)}), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(sys.argv[1], "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(HALVES)}f", *HALVES))
