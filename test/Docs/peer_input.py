#!/usr/bin/env python3
"""Writes the input of a peers' feed-forward workload: spikes by the portable hash of (seed 7, index), rate 0.1.

usage: peer_input.py STEPS SHAPE... > OUT.npy      one sample [1, STEPS, SHAPE...] of int8
"""
import struct
import sys

MASK = (1 << 64) - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def main():
    shape = [1, *map(int, sys.argv[1:])]
    count = 1
    for extent in shape:
        count *= extent
    limit, seed = int(0.1 * 2**24), mix(7)
    data = bytes((mix((seed + k) & MASK) >> 40) < limit for k in range(count))
    header = f"{{'descr': '|i1', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))},), }}"
    header += " " * ((64 - (10 + len(header) + 1) % 64) % 64) + "\n"
    sys.stdout.buffer.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)


if __name__ == "__main__":
    main()
