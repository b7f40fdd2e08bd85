#!/usr/bin/env python3
"""Writes a quantised model whose convolutions and dense layers are between casts as one of operators on integers.

usage: to_qoperator.py < QDQ.txt > QOPERATOR.txt, both in protobuf's text format

Every Conv becomes a QLinearConv, and so does every Gemm with transposed weights: over images of one pixel, because
QLinearMatMul has no bias. Other operators stay between their casts.
"""
import re
import sys

UNSQUEEZE = """  node {{ op_type: "Unsqueeze" name: "{name}_image" input: "{input}" input: "pixel_axes" output: "{name}_image" }}
"""
FLATTEN = """  node {{ op_type: "Flatten" name: "{name}_flat" input: "{name}_pixel" output: "{output}" attribute {{ name: "axis" i: 1 type: INT }} }}
"""
AXES = """  initializer { name: "pixel_axes" data_type: 7 dims: 2 int64_data: [2, 3] }
"""


def split(text):
    """Returns the lines before the graph, its entries and the lines behind it."""
    head, graph = text.split("\ngraph {\n", 1)
    body, tail = graph.split("\n}\n", 1)
    return head, re.findall(r"^  \w+ \{\n.*?^  \}\n|^  [^\n]*\n", body + "\n", re.M | re.S), tail


def fields(entry, name):
    return re.findall(rf'^    {name}: "(.*)"$', entry, re.M)


def make_qlinear(node, casts, quantise, output, image):
    values, weights, bias = (casts[name] for name in fields(node, "input"))
    inputs = [image or values[0], *values[1:], *weights, *fields(quantise, "input")[1:], bias[0]]
    kept = [] if image else re.findall(r"^    attribute \{\n.*?^    \}\n", node, re.M | re.S)
    lines = [f'    input: "{name}"\n' for name in inputs]
    return "".join(["  node {\n", *lines, f'    output: "{output}"\n', f'    name: "{fields(node, "name")[0]}"\n',
                    '    op_type: "QLinearConv"\n', *kept, "  }\n"])


def convert(entries):
    nodes = [entry for entry in entries if entry.startswith("  node {")]
    operators = {entry: fields(entry, "op_type")[0] for entry in nodes}
    casts = {fields(n, "output")[0]: fields(n, "input") for n in nodes if operators[n] == "DequantizeLinear"}
    quantises = {fields(n, "input")[0]: n for n in nodes if operators[n] == "QuantizeLinear"}
    linear = [n for n in nodes if operators[n] in ("Conv", "Gemm")]
    replaced = {quantises[fields(n, "output")[0]] for n in linear}
    matrices = {casts[fields(n, "input")[1]][0] for n in linear if operators[n] == "Gemm"}
    for entry in entries:
        if entry in replaced:
            continue
        if entry not in linear:
            if entry.startswith("  initializer") and fields(entry, "name")[0] in matrices:
                entry = re.sub(r"((    dims: \d+\n)+)", r"\1    dims: 1\n    dims: 1\n", entry, count=1)
            yield entry
            continue
        quantise = quantises[fields(entry, "output")[0]]
        output = fields(quantise, "output")[0]
        if operators[entry] == "Conv":
            yield make_qlinear(entry, casts, quantise, output, None)
            continue
        name = fields(entry, "name")[0]
        yield UNSQUEEZE.format(name=name, input=casts[fields(entry, "input")[0]][0])
        yield make_qlinear(entry, casts, quantise, f"{name}_pixel", f"{name}_image")
        yield FLATTEN.format(name=name, output=output)
    yield AXES


head, entries, tail = split(sys.stdin.read())
sys.stdout.write("\n".join([head, "graph {", "".join(convert(entries)) + "}", tail]))
