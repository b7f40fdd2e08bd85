#!/usr/bin/env python3
"""Runs an imported module through MLIR's own TOSA lowering and compares its results.

usage: run_upstream.py MODULE.mlir --input FILE[:KEY] --expected FILE[:KEY] [--scale S] [--limit N] [--tolerance E]

MODULE has one function, `main`, of one tensor whose first extent is 1. FILE is .npy, .npz (with KEY) or IDX (.gz too);
row i of the input, times S, gives row i of the expected values. Accepted (exit 0) if every element differs by at
most E * max(1, |expected|); the largest such error is printed. Needs nothing but Python: neither the importer nor
the evaluator of this project takes part in the comparison.
"""
import argparse
import ast
import gzip
import io
import math
import re
import struct
import subprocess
import sys
import zipfile

LOWERING = (
    "builtin.module(func.func(tosa-to-linalg-named,tosa-to-linalg,tosa-to-arith,tosa-to-tensor),"
    "one-shot-bufferize{bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map},"
    "buffer-deallocation-pipeline,convert-bufferization-to-memref,func.func(convert-linalg-to-loops),expand-strided-metadata,lower-affine,"
    "convert-scf-to-cf,convert-math-to-llvm,convert-arith-to-llvm,finalize-memref-to-llvm,convert-func-to-llvm,"
    "convert-cf-to-llvm,reconcile-unrealized-casts)"
)

DRIVER = """
  func.func @error() -> f32 {{
    %input = arith.constant dense<"0x{input_hex}"> : tensor<{rows}x{columns}xf32>
    %expected = arith.constant dense<"0x{expected_hex}"> : tensor<{rows}x{outputs}xf32>
    %first = arith.constant 0 : index
    %step = arith.constant 1 : index
    %rows = arith.constant {rows} : index
    %outputs = arith.constant {outputs} : index
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %result = scf.for %i = %first to %rows step %step iter_args(%worst = %zero) -> (f32) {{
      %row = tensor.extract_slice %input[%i, 0] [1, {columns}] [1, 1] : tensor<{rows}x{columns}xf32> to tensor<1x{columns}xf32>
      %sample_shape = arith.constant dense<[{sample_list}]> : tensor<{sample_rank}xindex>
      %sample = tensor.reshape %row(%sample_shape) : (tensor<1x{columns}xf32>, tensor<{sample_rank}xindex>) -> tensor<{sample}xf32>
      %y = func.call @main(%sample) : (tensor<{sample}xf32>) -> tensor<{result}xf32>
      %flat_shape = arith.constant dense<[{outputs}]> : tensor<1xindex>
      %flat = tensor.reshape %y(%flat_shape) : (tensor<{result}xf32>, tensor<1xindex>) -> tensor<{outputs}xf32>
      %next = scf.for %j = %first to %outputs step %step iter_args(%old = %worst) -> (f32) {{
        %a = tensor.extract %flat[%j] : tensor<{outputs}xf32>
        %b = tensor.extract %expected[%i, %j] : tensor<{rows}x{outputs}xf32>
        %difference = arith.subf %a, %b : f32
        %absolute = math.absf %difference : f32
        %size = math.absf %b : f32
        %scale = arith.maximumf %size, %one : f32
        %error = arith.divf %absolute, %scale : f32
        %new = arith.maximumf %old, %error : f32
        scf.yield %new : f32
      }}
      scf.yield %next : f32
    }}
    return %result : f32
  }}
"""

NPY_TYPES = {"<f4": "f", "<f8": "d", "|u1": "B", "<i8": "q", "<i4": "i"}
IDX_TYPES = {8: "B", 13: "f"}


def read_npy(data):
    """Returns (shape, values) of the bytes of a .npy file."""
    stream = io.BytesIO(data)
    if stream.read(6) != b"\x93NUMPY":
        sys.exit("run_upstream.py: not a .npy file")
    wide = stream.read(2)[0] > 1
    size = struct.unpack("<I", stream.read(4))[0] if wide else struct.unpack("<H", stream.read(2))[0]
    header = ast.literal_eval(stream.read(size).decode())
    if header["fortran_order"]:
        sys.exit("run_upstream.py: column-major arrays are not supported")
    count = math.prod(header["shape"])
    return header["shape"], struct.unpack(f"<{count}{NPY_TYPES[header['descr']]}", stream.read())


def read_idx(data):
    """Returns (shape, values) of the bytes of an IDX file."""
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return shape, struct.unpack(f">{math.prod(shape)}{IDX_TYPES[data[2]]}", data[4 + 4 * rank :])


def read(name):
    path, _, key = name.partition(":")
    if path.endswith(".npz"):
        with zipfile.ZipFile(path) as archive:
            return read_npy(archive.read(key + ".npy"))
    data = gzip.open(path).read() if path.endswith(".gz") else open(path, "rb").read()
    return read_npy(data) if path.endswith(".npy") else read_idx(data)


def to_hex(values):
    return struct.pack(f"<{len(values)}f", *values).hex().upper()


def add_driver(text, images, expected, rows, scale):
    """Returns the module `text` with a function that runs `main` on every row."""
    main = re.search(r"func\.func @main\(%\w+: tensor<([\dx]+)xf32>.*?-> \(?tensor<([\dx]+)xf32>", text)
    sample = main.group(1)
    columns = math.prod(images[0][1:])
    outputs = math.prod(expected[0][1:])
    driver = DRIVER.format(
        rows=rows,
        columns=columns,
        outputs=outputs,
        sample=sample,
        sample_list=", ".join(sample.split("x")),
        sample_rank=sample.count("x") + 1,
        result=main.group(2),
        input_hex=to_hex([value * scale for value in images[1][: rows * columns]]),
        expected_hex=to_hex(expected[1][: rows * outputs]),
    )
    head = re.search(r"^module .*\{$", text, re.M).end()
    return text[:head] + driver + text[head:]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("module")
    parser.add_argument("--input", required=True)
    parser.add_argument("--expected", required=True)
    parser.add_argument("--scale", default="1")
    parser.add_argument("--limit", type=int, default=64)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--tools", default="/usr/lib/llvm-22")
    args = parser.parse_args()
    numerator, _, denominator = args.scale.partition("/")
    images, expected = read(args.input), read(args.expected)
    rows = min(args.limit, images[0][0], expected[0][0])
    text = add_driver(
        open(args.module).read(), images, expected, rows, float(numerator) / float(denominator or 1)
    )
    lowered = subprocess.run(
        [f"{args.tools}/bin/mlir-opt", f"--pass-pipeline={LOWERING}"], input=text, stdout=subprocess.PIPE, text=True
    )
    if lowered.returncode:
        return 2
    result = subprocess.run(
        [f"{args.tools}/bin/mlir-runner", "-e", "error", "--entry-point-result=f32", "-O2",
         f"--shared-libs={args.tools}/lib/libmlir_c_runner_utils.so"],
        input=lowered.stdout,
        stdout=subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        return 2
    error = float(result.stdout)
    print(f"{rows} rows, largest error {error:g}, tolerance {args.tolerance:g}")
    return 0 if error <= args.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
