"""How long networks without a file take to map: a program on the library makes and maps them."""
import json

from harness import Row, Target, call, repeat

TABLE = Target("<=", 1023, "entries of a router of the program's machine")


def measure_populations(slices, populations, fan_out, target):
    def measure(context):
        call(["ninja", "-C", context.build, "mapping-shapes"])
        command = [context.tool("mapping-shapes"), "populations", slices, populations, fan_out]
        runs = repeat(context, lambda: json.loads(call(command)))
        row, last = f"mapping/populations/{slices}", runs[-1]
        note = f"{populations} populations, {last['targets']} targets; " + ", ".join(f"{k} {v:.3f}" for k, v in last["cpu_seconds"].items())
        return [Row(f"{row}/seconds", "CPU s", [run["total_cpu_seconds"] for run in runs], target, note),
                Row(f"{row}/table", "entries", [last["compressed_entries_max"]], TABLE, "largest after compression")]
    return measure


def get_benchmarks():
    yield "mapping/populations/40000", measure_populations(40000, 200, 4, Target("<=", 1.0, "goal of this project"))
