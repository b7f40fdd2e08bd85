#!/usr/bin/env python3
"""Writes a network that adds two constants of 80 elements, in protobuf's text format.

usage: make_sum.py NUMBER     (one of the constants is the same for any number)
"""
import sys

EXTENT = 80


def tensor(name, first):
    values = " ".join(f"float_data: {first + index}" for index in range(EXTENT))
    return f'initializer {{ name: "{name}" data_type: 1 dims: 1 dims: {EXTENT} {values} }}'


shape = f"shape {{ dim {{ dim_value: 1 }} dim {{ dim_value: {EXTENT} }} }}"
print(f"""ir_version: 8 opset_import {{ version: 17 }}
graph {{
  node {{ op_type: "Add" input: "x" input: "same" output: "s" }}
  node {{ op_type: "Mul" input: "s" input: "own" output: "y" }}
  {tensor("same", 0)}
  {tensor("own", 100 * int(sys.argv[1]))}
  input {{ name: "x" type {{ tensor_type {{ elem_type: 1 {shape} }} }} }}
  output {{ name: "y" }}
}}""")
