"""Measures accuracy, latency and speed; docs/Benchmarks.md says what each row means.

usage: bench BUILD_DIR [NAME...] [--json FILE] [--quick] [--list] [--shared DIR]

NAME is a row or what rows begin with, such as `accuracy` or `speed/conv_t16_b1`; without one everything is measured.
exit codes: 0 measured, whether or not targets are reached; 1 a measurement could not be made; 2 bad usage
"""
import argparse
import importlib.util
import json
import os
import sys
import tempfile
import textwrap
from pathlib import Path

import accuracy
import batch
import conversion
import engines
import formats
import latency
import machine
import partition
import peers
import shapes
from harness import ROOT, CannotMeasure, Context, Row, Skipped


def load_plugin_groups():
    """The benchmarks that plugins bring: plugins/ID/bench/NAME.py."""
    for path in sorted((ROOT / "plugins").glob("*/bench/*.py")):
        spec = importlib.util.spec_from_file_location(f"{path.parts[-3]}_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


def get_all():
    groups = (accuracy, conversion, latency, batch, formats, engines, shapes, partition, *load_plugin_groups(), peers)
    return [pair for group in groups for pair in group.get_benchmarks()]


def select(benchmarks, names):
    """Benchmarks of which a row can have one of the names."""
    def is_part(outer, inner):
        return (inner + "/").startswith(outer + "/")
    chosen = [pair for pair in benchmarks if not names or any(is_part(name, pair[0]) or is_part(pair[0], name) for name in names)]
    for name in names:
        if not any(is_part(name, known) or is_part(known, name) for known, _ in benchmarks):
            print(f"bench: there is no '{name}'; there are " + ", ".join(known for known, _ in benchmarks), file=sys.stderr)
            sys.exit(2)
    return chosen


def measure(name, function, context):
    try:
        return function(context)
    except Skipped as reason:
        return [Row(name, skipped=str(reason))]
    except CannotMeasure as reason:
        return [Row(name, error=str(reason))]


def format_number(value):
    if abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) >= 10 else f"{value:.3g}"


def format_row(row):
    """Cells of the table."""
    if not row.values:
        return [row.name, "", "", "", "", "", "skipped: " + row.skipped if row.skipped else "error: " + row.error]
    spread = f"{format_number(min(row.values))} .. {format_number(max(row.values))}" if len(row.values) > 1 else ""
    target = f"{row.target.relation} {row.target.value:g}" if row.target else ""
    return [row.name, format_number(row.median), spread, row.unit, target, {True: "yes", False: "NO", None: ""}[row.reached], row.note]


def print_header(about):
    print(f"{about['cpu']}, {about['cores']} cores, {about['isa']}; {about['compiler']}; commit {about['commit']}; "
          f"load {about['load'][0]:.2f}")


def print_table(rows):
    lines = [["name", "median", "min .. max", "unit", "target", "reached", "note"], *map(format_row, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench", description=textwrap.dedent(__doc__), formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows and the machine")
    parser.add_argument("--quick", action="store_true", help="one run of each, fewer images; accuracies are not compared")
    parser.add_argument("--list", action="store_true", help="print the names")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="data sets, prototypes and workloads (default: beside the checkout)")
    return parser.parse_intermixed_args()


def main():
    arguments = parse_arguments()
    chosen = select(get_all(), arguments.names)
    if arguments.list:
        print("\n".join(name for name, _ in chosen))
        return 0
    build = arguments.build.resolve()
    about = machine.describe(build)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        context = Context(build, arguments.shared.resolve(), Path(folder), arguments.quick)
        for name, function in chosen:
            print(f"{name} ...", file=sys.stderr)
            rows += measure(name, function, context)
    about["load_after"] = list(os.getloadavg())
    print_header(about)
    print_table(rows)
    if arguments.json:
        document = {"format": 1, "quick": arguments.quick, "machine": about, "rows": [row.to_json() for row in rows]}
        arguments.json.write_text(json.dumps(document, indent=2) + "\n")
    return 1 if any(row.error for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
