#!/usr/bin/env python3
"""Counts what imported networks are made of.

usage: count_topology.py DIRECTORY

Prints for each .mlir file of DIRECTORY: its operations by kind, the elements of the weights that convolutions and
products use, the largest result and the type of the output.
"""
import collections
import math
import re
import sys
from pathlib import Path

KINDS = ("conv2d", "depthwise_conv2d", "matmul", "max_pool2d", "avg_pool2d", "concat", "clamp", "add", "transpose")


def count(path):
    text = path.read_text()
    operations = collections.Counter(re.findall(r"tosa\.(\w+)", text))
    sizes = {}
    for name, shape in re.findall(r"^ *(%\w+) = .*-> tensor<([\dx]+)xf32>", text, re.M):
        sizes[name] = math.prod(int(extent) for extent in shape.split("x"))
    weights = 0
    for operands in re.findall(r"tosa\.(?:depthwise_)?(?:conv2d|matmul) (%[^{:]*)", text):
        weights += sizes.get(operands.split(",")[1].strip(), 0)
    constants = set(re.findall(r"^ *(%\w+) = \"tosa.const\"", text, re.M))
    largest = max(size for name, size in sizes.items() if name not in constants)
    output = re.search(r"return %\w+ : (tensor<\S+>)", text).group(1)
    kinds = " ".join(f"{kind} {operations[kind]}" for kind in KINDS if operations[kind])
    return f"{path.stem}: {kinds}; weights {weights}, largest {largest}, output {output}, bytes {len(text)}"


for module in sorted(Path(sys.argv[1]).glob("*.mlir")):
    print(count(module))
