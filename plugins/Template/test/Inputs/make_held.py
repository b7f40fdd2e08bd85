#!/usr/bin/env python3
"""Writes step 0 of u8 spikes [S, 32, 16] as [S, 16], and the same repeated in each step.

usage: make_held.py IN.npy HELD.npy REPEATED.npy
"""
import struct
import sys

STEPS, WIDTH = 32, 16


def write(path, shape, data):
    header = "{'descr': '|u1', 'fortran_order': False, 'shape': (%s), }" % ", ".join(map(str, shape))
    # As NumPy does: the first extent can grow to 21 digits in place.
    header += " " * (21 - len(str(shape[0])))
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


source = open(sys.argv[1], "rb").read()
data = source[10 + struct.unpack("<H", source[8:10])[0]:]
size = STEPS * WIDTH
rows = [data[k:k + WIDTH] for k in range(0, len(data), size)]
write(sys.argv[2], (len(rows), WIDTH), b"".join(rows))
write(sys.argv[3], (len(rows), STEPS, WIDTH), b"".join(row * STEPS for row in rows))
