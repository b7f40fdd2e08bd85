#!/usr/bin/env python3
"""Writes random spikes for the example network, u8 [3, 32, 16].

usage: make_spikes.py OUT.npy
"""
import random
import struct
import sys

random.seed(1)
header = "{'descr': '|u1', 'fortran_order': False, 'shape': (3, 32, 16), }"
header += " " * (63 - (10 + len(header)) % 64) + "\n"
spikes = bytes(random.randint(0, 1) for _ in range(3 * 32 * 16))
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + spikes)
