#!/usr/bin/env python3
"""Writes the images of an IDX file (.gz) with a last axis of extent 1.

usage: add_channel.py IMAGES.gz IMAGES.npy
"""
import gzip
import struct
import sys

data = gzip.open(sys.argv[1]).read()
samples, rows, columns = struct.unpack(">III", data[4:16])
header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({samples}, {rows}, {columns}, 1), }}".ljust(117) + "\n"
with open(sys.argv[2], "wb") as out:
    out.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data[16:])
