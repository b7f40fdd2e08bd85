#!/usr/bin/env python3
"""Input and weights of the peers' feed-forward workloads by their portable hash: u(seed, k) = bits(seed, k) / 2^24.

usage: workloads.py STEPS SHAPE... > OUT.npy      one sample [1, STEPS, SHAPE...] of int8, seed 7, rate 0.1
"""
import math
import struct
import sys
from array import array

from harness import ROOT

# What one sample of an example network is: steps, then the shape of the input.
EXAMPLES = {"conv": [16, 1, 28, 28], "mlp": [32, 784]}
MASK = (1 << 64) - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def draw_bits(seed, count):
    """24 bits each."""
    base = mix(seed)
    return (mix((base + k) & MASK) >> 40 for k in range(count))


def draw_weights(seed, count, amplitude):
    """amplitude (2 u - 1), the amplitude and the product rounded to f32."""
    amplitude = array("f", [amplitude])[0]
    return array("f", ((bits * 2.0**-23 - 1) * amplitude for bits in draw_bits(seed, count)))


def draw_input(seed, count, rate):
    """Bytes 0 and 1."""
    limit = int(rate * 2**24)
    return bytes(bits < limit for bits in draw_bits(seed, count))


def make_npy(shape, data):
    """The bytes of a .npy file of int8."""
    header = f"{{'descr': '|i1', 'fortran_order': False, 'shape': ({', '.join(map(str, shape))},), }}"
    header += " " * ((64 - (10 + len(header) + 1) % 64) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def read_npy_integers(path):
    """The elements of a .npy file of int32, in order."""
    data = path.read_bytes()
    begin = 10 + struct.unpack("<H", data[8:10])[0]
    if b"'<i4'" not in data[:begin]:
        raise ValueError(f"{path}: needs int32")
    return array("i", data[begin:])


def get_example(name):
    return ROOT / "docs" / "Examples" / f"{name}.mlir"


def write_example_input(folder, name, samples=1):
    """A file that has the same sample `samples` times."""
    shape = EXAMPLES[name]
    path = folder / f"example-{name}-{samples}.npy"
    path.write_bytes(make_npy([samples, *shape], draw_input(7, math.prod(shape), 0.1) * samples))
    return path


def main():
    shape = [1, *map(int, sys.argv[1:])]
    sys.stdout.buffer.write(make_npy(shape, draw_input(7, math.prod(shape), 0.1)))


if __name__ == "__main__":
    main()
