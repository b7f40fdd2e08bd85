#!/usr/bin/env python3
"""Writes one sample of 3 steps for channels.nir, float32 [1, 3, 2, 1, 2], all 0.75, or prints the four counts at the end of an array.

usage: make_channels.py OUT.npy      make_channels.py --show IN.npy
"""
import struct
import sys

if sys.argv[1] == "--show":
    print(*struct.unpack("<4i", open(sys.argv[2], "rb").read()[-16:]))
else:
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 2, 1, 2), }"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(sys.argv[1], "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack("<12f", *[0.75] * 12))
