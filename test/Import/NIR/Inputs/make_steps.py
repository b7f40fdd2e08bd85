#!/usr/bin/env python3
"""Writes two samples of 20 steps for lif.nir, float32 [2, 20, 2].

usage: make_steps.py OUT.npy
"""
import random
import struct
import sys

random.seed(1)
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 20, 2), }"
header += " " * (63 - (10 + len(header)) % 64) + "\n"
values = struct.pack("<80f", *(random.randint(0, 8) / 4 for _ in range(80)))
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values)
