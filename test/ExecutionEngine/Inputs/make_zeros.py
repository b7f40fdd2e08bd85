#!/usr/bin/env python3
"""Writes pairs of zeros of different signs, float32 [1, 1, 1, 6], or prints the three numbers at the end of an array.

usage: make_zeros.py OUT.npy      make_zeros.py --show IN.npy
"""
import struct
import sys

ZEROS = (-0.0, 0.0, 0.0, -0.0, -1.0, 0.0)

if sys.argv[1] == "--show":
    print(*struct.unpack("<3f", open(sys.argv[2], "rb").read()[-12:]))
else:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 6), }"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(sys.argv[1], "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<6f", *ZEROS))
