#!/usr/bin/env python3
"""Runs random tosa programs with the tensor evaluator and with upstream's lowering, and compares.

usage: compare_with_upstream.py WORK_DIR FIRST_SEED COUNT      (test-evaluate, mlir-opt, mlir-runner in PATH)
"""
import math
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

SAMPLES = 3
PIPELINE = (
    "builtin.module(func.func(tosa-to-linalg-named,tosa-to-linalg,tosa-to-arith,tosa-to-tensor),"
    "one-shot-bufferize{bufferize-function-boundaries=1},convert-linalg-to-loops,expand-strided-metadata,"
    "lower-affine,convert-scf-to-cf,convert-math-to-llvm,convert-math-to-libm,finalize-memref-to-llvm,"
    "convert-arith-to-llvm,convert-cf-to-llvm,convert-func-to-llvm,reconcile-unrealized-casts)")


def tensor(shape, element="f32"):
    return "tensor<" + "".join(f"{n}x" for n in shape) + element + ">"


class Program:
    """A function @net, grown op by op from its end."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.count = 0
        self.shape = self.random.choice([[1, 9, 8, 3], [1, 7, 7, 1], [1, 12, 5, 4], [1, 30], [1, 1, 6, 20]])
        self.argument = list(self.shape)
        self.value = "%x"
        self.zero = self.constant([1], [0.0])

    def name(self):
        self.count += 1
        return f"%v{self.count}"

    def constant(self, shape, values=None, element="f32"):
        size = math.prod(shape)
        if values is None:
            values = [self.random.randint(-6, 6) / 4 for _ in range(size)]
        text = "".join("[" * (len(shape)))
        rows = ", ".join(str(v) for v in values)
        if len(shape) == 1:
            text = f"[{rows}]"
        else:
            text = self.nested(shape, list(values))
        name = self.name()
        self.lines.append(f'{name} = "tosa.const"() {{values = dense<{text}> : {tensor(shape, element)}}} : () -> '
                          f"{tensor(shape, element)}")
        return name

    def nested(self, shape, values):
        if not shape:
            return str(values.pop(0))
        return "[" + ", ".join(self.nested(shape[1:], values) for _ in range(shape[0])) + "]"

    def shape_constant(self, values):
        name = self.name()
        self.lines.append(f"{name} = tosa.const_shape {{values = dense<{values}> : tensor<{len(values)}xindex>}} : () "
                          f"-> !tosa.shape<{len(values)}>")
        return name, f"!tosa.shape<{len(values)}>"

    def emit(self, op, operands, types, shape, attributes="", element="f32"):
        name = self.name()
        self.lines.append(f"{name} = {op} {', '.join(operands)} {attributes} : ({', '.join(types)}) -> "
                          f"{tensor(shape, element)}")
        return name

    def step(self, op, operands, types, shape, attributes=""):
        """Makes the new value the current one."""
        self.value = self.emit(op, [self.value] + operands, [tensor(self.shape)] + types, shape, attributes)
        self.shape = list(shape)

    # Each method adds one op and returns False where it does not apply.

    def window(self, extent, kernel, dilation):
        """A stride and paddings with which the window divides the axis; None if it does not fit."""
        stride = self.random.randint(1, 3)
        before, after = self.random.randint(0, kernel - 1), self.random.randint(0, kernel - 1)
        room = extent + before + after - 1 - (kernel - 1) * dilation
        if room < 0:
            return None
        cut = room % stride
        if cut > after:
            return None
        return stride, before, after - cut, room // stride + 1

    def windows(self, dilations):
        kernel = [self.random.randint(1, 3), self.random.randint(1, 3)]
        axes = [self.window(self.shape[1 + i], kernel[i], dilations[i]) for i in (0, 1)]
        if None in axes:
            return None
        (sy, top, bottom, height), (sx, left, right, width) = axes
        attributes = f"pad = array<i64: {top}, {bottom}, {left}, {right}>, stride = array<i64: {sy}, {sx}>"
        return kernel, attributes, [height, width]

    def convolution(self, depthwise):
        if len(self.shape) != 4 or self.shape[3] > 12:
            return False
        dilation = [self.random.randint(1, 2), self.random.randint(1, 2)]
        fit = self.windows(dilation)
        if not fit:
            return False
        kernel, attributes, out = fit
        channels = self.shape[3]
        if depthwise:
            multiplier = self.random.choice([1, 1, 2])
            weights, out_channels = kernel + [channels, multiplier], channels * multiplier
        else:
            out_channels = self.random.choice([1, 3, 5, 16, 17])
            weights = [out_channels] + kernel + [channels]
        bias = self.random.choice([1, out_channels])
        op = "tosa.depthwise_conv2d" if depthwise else "tosa.conv2d"
        attributes = f"{{acc_type = f32, dilation = array<i64: {dilation[0]}, {dilation[1]}>, {attributes}}}"
        self.step(op, [self.constant(weights), self.constant([bias]), self.zero, self.zero],
                  [tensor(weights), tensor([bias]), tensor([1]), tensor([1])], self.shape[:1] + out + [out_channels], attributes)

    def pool(self, average):
        if len(self.shape) != 4:
            return False
        fit = self.windows([1, 1])
        if not fit:
            return False
        kernel, attributes, out = fit
        attributes = f"kernel = array<i64: {kernel[0]}, {kernel[1]}>, {attributes}"
        shape = self.shape[:1] + out + [self.shape[3]]
        if average:
            self.step("tosa.avg_pool2d", [self.zero, self.zero], [tensor([1])] * 2, shape,
                      f"{{acc_type = f32, {attributes}}}")
        else:
            self.step("tosa.max_pool2d", [], [], shape, f"{{{attributes}}}")

    def matmul(self):
        columns = self.shape[-1]
        if columns > 100 or self.shape[0] != 1:
            return False
        rows = math.prod(self.shape) // columns
        self.reshape_to([1, rows, columns])
        out = self.random.choice([1, 5, 16, 40])
        weights = [1, columns, out]
        self.step("tosa.matmul", [self.constant(weights), self.zero, self.zero],
                  [tensor(weights), tensor([1]), tensor([1])], [1, rows, out])

    def reshape_to(self, shape):
        name, kind = self.shape_constant(shape)
        self.step("tosa.reshape", [name], [kind], shape)

    def reshape(self):
        size = math.prod(self.shape)
        divisors = [d for d in range(1, size + 1) if size % d == 0]
        a = self.random.choice(divisors)
        b = self.random.choice([d for d in divisors if (size // a) % d == 0])
        self.reshape_to(self.random.choice([[1, a, size // a], [1, b, size // a // b, a], [1, size]]))

    def transpose(self):
        axes = list(range(1, len(self.shape)))
        self.random.shuffle(axes)
        axes = [0] + axes
        if self.random.random() < 0.1:
            self.random.shuffle(axes)
        self.step("tosa.transpose", [], [], [self.shape[a] for a in axes],
                  "{perms = array<i32: " + ", ".join(map(str, axes)) + ">}")

    def slice(self):
        size = [self.random.randint(max(1, n // 2), n) for n in self.shape]
        start = [self.random.randint(0, n - s) for n, s in zip(self.shape, size)]
        (a, kind), (b, _) = self.shape_constant(start), self.shape_constant(size)
        self.step("tosa.slice", [a, b], [kind, kind], size)

    def pad(self):
        pads = [(0, 0)] + [(self.random.randint(0, 2), self.random.randint(0, 2)) for _ in self.shape[1:]]
        name, kind = self.shape_constant([n for pair in pads for n in pair])
        shape = [n + a + b for n, (a, b) in zip(self.shape, pads)]
        if math.prod(shape) > 4000:
            return False
        self.step("tosa.pad", [name, self.constant([1])], [kind, tensor([1])], shape)

    def concat(self):
        axis = self.random.randrange(0 if self.random.random() < 0.1 else 1, len(self.shape))
        other = list(self.shape)
        other[axis] = self.random.randint(1, 3)
        shape = list(self.shape)
        shape[axis] += other[axis]
        self.step("tosa.concat", [self.constant(other)], [tensor(other)], shape, f"{{axis = {axis} : i32}}")

    def tile(self):
        times = [1] + [self.random.randint(1, 2) for _ in self.shape[1:]]
        shape = [n * t for n, t in zip(self.shape, times)]
        if math.prod(shape) > 4000:
            return False
        name, kind = self.shape_constant(times)
        self.step("tosa.tile", [name], [kind], shape)

    def reduce(self):
        axis = self.random.randrange(0 if self.random.random() < 0.1 else 1, len(self.shape))
        shape = list(self.shape)
        shape[axis] = 1
        op = self.random.choice(["sum", "max", "min"])
        self.step(f"tosa.reduce_{op}", [], [], shape, f"{{axis = {axis} : i32}}")

    def clamp(self, low=None, high=None):
        low = self.random.randint(-8, 0) / 4 if low is None else low
        high = self.random.randint(4, 12) / 4 if high is None else high
        self.step("tosa.clamp", [], [], self.shape, f"{{min_val = {low:.2f} : f32, max_val = {high:.2f} : f32}}")

    def unary(self):
        op = self.random.choice(["exp", "tanh", "sigmoid", "floor", "ceil", "abs", "reciprocal", "rsqrt", "log", "erf",
                                 "sin", "cos", "negate", "identity"])
        if op in ("reciprocal", "rsqrt", "log"):
            self.clamp(0.5, 4)
        elif op in ("exp", "tanh", "sigmoid", "erf", "sin", "cos"):
            self.clamp(-3, 3)
        if op == "negate":
            return self.step("tosa.negate", [self.zero, self.zero], [tensor([1])] * 2, self.shape)
        self.step(f"tosa.{op}", [], [], self.shape)

    def broadcast(self):
        return [n if self.random.random() < 0.6 else 1 for n in [1] + self.shape[1:]]

    def binary(self):
        op = self.random.choice(["add", "sub", "mul", "maximum", "minimum"])
        other = self.broadcast()
        operands, types = [self.constant(other)], [tensor(other)]
        if op == "mul":
            operands.append(self.constant([1], [0], "i8"))
            types.append("tensor<1xi8>")
        self.step(f"tosa.{op}", operands, types, self.shape)

    def select(self):
        other = self.broadcast()
        bound = self.constant(other)
        op = self.random.choice(["greater", "greater_equal", "equal"])
        pick = self.emit(f"tosa.{op}", [self.value, bound], [tensor(self.shape), tensor(other)], self.shape,
                         element="i1")
        self.value = self.emit("tosa.select", [pick, self.value, bound],
                               [tensor(self.shape, "i1"), tensor(self.shape), tensor(other)], self.shape)

    def integers(self):
        self.clamp(-100, 100)
        kind = self.random.choice(["i8", "i16", "i32"])
        whole = self.emit("tosa.cast", [self.value], [tensor(self.shape)], self.shape, element=kind)
        op = self.random.choice(["add", "sub", "maximum"])
        twice = self.emit(f"tosa.{op}", [whole, whole], [tensor(self.shape, kind)] * 2, self.shape, element=kind)
        self.value = self.emit("tosa.cast", [twice], [tensor(self.shape, kind)], self.shape)

    def grow(self, length):
        steps = [lambda: self.convolution(False), lambda: self.convolution(True), lambda: self.pool(True),
                 lambda: self.pool(False), self.matmul, self.reshape, self.transpose, self.slice, self.pad, self.concat,
                 self.tile, self.reduce, self.clamp, self.unary, self.binary, self.select, self.integers]
        while length:
            if self.random.choice(steps)() is not False:
                length -= 1

    def text(self):
        axis = len(self.shape) - 1
        out = self.shape[:-1]
        best = self.emit("tosa.argmax", [self.value], [tensor(self.shape)], out, f"{{axis = {axis} : i32}}", "i32")
        body = "\n  ".join(self.lines)
        return (f"func.func @net(%x: {tensor(self.argument)}) -> ({tensor(self.shape)}, {tensor(out, 'i32')}) {{\n"
                f"  {body}\n  return {self.value}, {best} : {tensor(self.shape)}, {tensor(out, 'i32')}\n}}\n")


def numbers(text):
    return [float(n) for n in re.findall(r"-?(?:inf|nan|[0-9.]+(?:e[-+]?[0-9]+)?)", text)]


def run(*command):
    result = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stderr}")
    return result.stdout


def ours(path, *arguments):
    """The results by sample, and whether the samples ran one by one."""
    lines = run("test-evaluate", path, f"--samples={SAMPLES}", *arguments).splitlines()
    one_by_one = lines[0].startswith("one by one")
    results = []
    for line in lines[one_by_one:]:
        values = numbers(line[line.index("]") + 1:])
        each = len(values) // SAMPLES
        results.append([values[i * each:(i + 1) * each] for i in range(SAMPLES)])
    return [values for sample in range(SAMPLES) for values in (r[sample] for r in results)], one_by_one


def upstream(path, work):
    harness = work / "harness.mlir"
    harness.write_text(run("test-evaluate", path, f"--samples={SAMPLES}", "--harness"))
    lowered = work / "lowered.mlir"
    run("mlir-opt", harness, f"--pass-pipeline={PIPELINE}", "-o", lowered)
    libraries = Path(shutil.which("mlir-runner")).resolve().parent.parent / "lib"
    shared = ",".join(str(libraries / f"libmlir_{n}.so") for n in ("runner_utils", "c_runner_utils"))
    text = run("mlir-runner", lowered, "-e", "main", "-entry-point-result=void", f"-shared-libs={shared}")
    return [numbers(block.split("data =")[1]) for block in text.split("Unranked Memref")[1:]]


def differs(a, b):
    return len(a) != len(b) or any(not math.isclose(x, y, rel_tol=1e-4, abs_tol=1e-4) for x, y in zip(a, b))


def main():
    work, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    bad = singles = 0
    for seed in range(first, first + count):
        program = Program(seed)
        program.grow(12)
        path = work / f"seed{seed}.mlir"
        path.write_text(program.text())
        want = upstream(path, work)
        got, one_by_one = ours(path)
        singles += one_by_one
        if len(want) != len(got) or any(differs(a, b) for a, b in zip(want, got)):
            print(f"seed {seed}: results differ, see {path}")
            bad += 1
        if ours(path, "--workers=2")[0] != got:
            print(f"seed {seed}: two workers give other results, see {path}")
            bad += 1
    print(f"{count} programs, {singles} one by one, {bad} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
