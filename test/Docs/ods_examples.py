#!/usr/bin/env python3
"""Takes the example of every operation, attribute and type out of the ODS files, as one module for sf-opt.

usage: ods_examples.py SOURCE_DIR > OUT.mlir      exit 1 and a list on standard error where a definition has no example

The examples are separated by `// -----`. An example of an operation inside a network stands on values that PRELUDE gives it.
"""
import re
import sys
from pathlib import Path

PRELUDE = {
    "population": ("%x: !snn.signal<16x26x26, binary>",
                   "%a = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<16x26x26, binary> -> !snn.current<16x26x26>\n"
                   "%b = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<16x26x26, binary> -> !snn.current<16x26x26>"),
    "project": ("%x: !snn.signal<784, binary>", ""),
    "encode": ("%x: !snn.signal<784, analogue<f32>>", ""),
    "constant": ("", ""),
    "pool": ("%s: !snn.signal<16x24x24, binary>", ""),
    "reshape": ("%p: !snn.signal<32x5x5, binary>", ""),
    "concat": ("%a: !snn.signal<2x4, binary>, %b: !snn.signal<3x4, binary>", ""),
    "slice": ("%s: !snn.signal<4000, binary>", ""),
    "delay": ("%s: !snn.signal<16, binary>", ""),
}
# What a `pnr` example refers to: three slices, two messages.
COLUMNS = {"slices": 'pnr.slices resources ["neurons"] {"a" uses [64] at ? "b" uses [36] at ? "c" uses [4] at ?}',
           "messages": "pnr.messages {0 to [1] packets 1.0 keys 1 1 to [0] packets 1.0 keys 1}"}
SYMBOLS = ("snn.parameter @w : tensor<10x784xf32> = dense<1.0>\nsnn.parameter @b : tensor<16xf32> = dense<0.0>\n")


def definitions(text):
    """(kind, mnemonic, example or None) of each definition of a .td file."""
    for match in re.finditer(r"^def ((?:SNN|PnR)_\w+) : ((?:SNN|PnR)_\w+|TypeDef)<(.*?)^}", text, re.S | re.M):
        name, base, body = match.groups()
        if base.startswith("SNN_Enum") or base.endswith("_Pass"):
            continue
        kind = "op" if base in ("SNN_Op", "PnR_Op", "PnR_ColumnsOp") else "type" if base == "TypeDef" else "attribute"
        mnemonic = re.search(r'let mnemonic = "(\w+)"', body) if kind == "type" else re.search(r'"([a-z_0-9]+)"', body)
        block = re.search(r"Example:\s*```mlir\n(.*?)```", body, re.S) or re.search(r"Example: `([^`]*)`", body)
        yield kind, mnemonic.group(1), block.group(1) if block else None


def wrap(kind, mnemonic, example):
    if kind == "type":
        return f"module attributes {{test.type = {example}}} {{}}"
    if kind == "attribute":
        return f"module attributes {{test.attribute = {example}}} {{}}"
    if example.startswith("pnr.") and mnemonic != "mapping":
        before = "".join(text + "\n" for name, text in COLUMNS.items() if name != mnemonic and mnemonic != "slices")
        return f'pnr.mapping @example on "grid" {{\n{before}{example}\n}}'
    if mnemonic in PRELUDE:
        arguments, code = PRELUDE[mnemonic]
        return (SYMBOLS + f'snn.network @example({arguments}) attributes {{dt = "steps"}} {{\n{code}\n{example}\nsnn.output\n}}')
    if mnemonic == "simulate":
        return ("snn.network @classifier(%x: !snn.signal<1x28x28, analogue<f32>>) -> !snn.signal<10, binary> attributes {dt = \"steps\"} {\n"
                "%i = snn.project %x through #snn.dense weights 0.1 delay 0 : !snn.signal<1x28x28, analogue<f32>> -> !snn.current<10>\n"
                "%s = snn.population \"p\" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = above, when = same_step>"
                " params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<10, binary>\nsnn.output %s : !snn.signal<10, binary>\n}\n"
                f"func.func @main(%x: tensor<?x1x28x28xf32>) -> tensor<?x10xi32> {{\n{example}\nreturn %r : tensor<?x10xi32>\n}}")
    if mnemonic == "output":
        return ("snn.network @example(%s: !snn.signal<10, binary>) -> !snn.signal<10, binary> attributes {dt = \"steps\"} {\n" + example + "\n}")
    if mnemonic == "yield":
        return ("snn.model @example states(v = %v1 : f32) receptors(in = %in : f32) params(fires = %fires : i1) {\n" + example + "\n}")
    return example


def main():
    modules, missing = [], []
    for file in sorted((Path(sys.argv[1]) / "include" / "spikeformer" / "Dialect").rglob("*.td")):
        text = re.sub(r"(?m)^(def (?:SNN|PnR)_\w+ :[^{]*)\n\s+", r"\1 ", file.read_text())
        for kind, mnemonic, example in definitions(text):
            if example is None and mnemonic != "receptor":
                missing.append(f"{file.name}: {kind} {mnemonic} has no example")
            elif example:
                modules.append(f"// {kind} {mnemonic}\n" + wrap(kind, mnemonic, example.strip()))
    print("\n// -----\n".join(modules))
    print("\n".join(missing), file=sys.stderr, end="\n" if missing else "")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
