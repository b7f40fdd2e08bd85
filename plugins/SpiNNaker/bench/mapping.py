"""Machine graphs on SpiNNaker boards, beside what the vendor's mapper made of them (data/spinnaker-mapping)."""
import functools
import json
import os
from pathlib import Path

from harness import CannotMeasure, Row, Skipped, Target, call, repeat, report

DATA = "data/spinnaker-mapping"
STAGES = ("place", "route", "allocate", "compress")
# A tenth of the published CPU seconds is the goal. They are those of another machine: where PACMAN is at hand
# (SPIKEFORMER_JUDGES), one of its runs here says how the machines compare.
TIME_SHARE = 0.1
YARDSTICK, YARDSTICK_BOARDS = "random-1000", 3


def get_runs(context):
    """The published runs, by network and boards."""
    runs = {}
    for run in json.loads(context.get_shared(f"{DATA}/results.json").read_text()):
        runs.setdefault((run["input"].removesuffix(".network.json.gz"), run["boards"]), []).append(run)
    return runs


def get_seconds(run):
    """CPU seconds of placing, routing and the pair compressor."""
    pair = run.get("compressors", {}).get("pair", {})
    return run["cpu_seconds"]["place"] + run["cpu_seconds"]["route"] + pair.get("seconds", 0)


@functools.lru_cache(maxsize=1)
def get_machine_factor(context_key, python, script, network, published):
    """CPU seconds of PACMAN's placer and router on this machine over those that were published."""
    seconds = json.loads(call([python, script, network, "-o", context_key, "--compressor", "none"]))["cpu_seconds"]
    return (seconds["place"] + seconds["route"]) / published


def find_machine_factor(context):
    """1 where PACMAN is not at hand."""
    python = Path(os.environ.get("SPIKEFORMER_JUDGES", context.build / "judges")) / "spinnaker" / "bin" / "python"
    if not python.exists():
        return 1
    published = next(run for run in get_runs(context)[YARDSTICK, YARDSTICK_BOARDS] if run["pacman"] == "7.4.1")["cpu_seconds"]
    return get_machine_factor(str(context.folder / "yardstick"), str(python), str(context.get_shared(f"{DATA}/pacman_baseline.py")),
                              str(context.get_shared(f"{DATA}/{YARDSTICK}.network.json.gz")), published["place"] + published["route"])


def get_targets(runs, factor):
    """The best of every column; link load and seconds are those of the run with the fewest hops."""
    best = min(runs, key=lambda run: run["packet_hops"])
    sampled = any("sampled_tables" in run for run in runs)
    tables = [pair["entries_max"] for run in runs for pair in run.get("compressors", {}).values()
              if not sampled and pair.get("check") == "accepted"]
    return {"packet_hops": Target("<=", best["packet_hops"], f"{best['placer']}, {best['router']}"),
            "chips": Target("<=", min(run["chips_used"] for run in runs), "best of all runs"),
            "max_link_load": Target("<=", best["max_link_load"], f"{best['placer']}, {best['router']}"),
            "table": Target("<=", min(tables), "best of all runs") if tables else None,
            "seconds": Target("<=", factor * TIME_SHARE * get_seconds(best),
                              f"a tenth of {best['placer']}, {best['router']}, pair")}


def run_once(context, path, boards):
    """One mapping: its report, and the CPU seconds of its stages."""
    plugin = context.build / "lib" / "plugins" / "SpiNNaker.so"
    if not plugin.exists():
        raise Skipped("needs plugins/SpiNNaker")
    result = report(context.tool("sf-compile"), path, f"--load-plugin={plugin}", "--target=spinnaker",
                    f"--machine=spinn5:boards={boards}", "--compile-to=program", "--check-only")
    seconds = {phase["name"]: phase["cpu_seconds"] for phase in result["phases"]}
    return result, sum(seconds[stage] for stage in STAGES)


def measure_network(name, boards):
    def measure(context):
        path = context.get_shared(f"{DATA}/{name}.network.json.gz")
        factor = find_machine_factor(context)
        targets = get_targets(get_runs(context)[name, boards], factor)
        runs = repeat(context, lambda: run_once(context, path, boards))
        first = runs[0][0]
        if any(run["metrics"] != first["metrics"] for run, _ in runs):
            raise CannotMeasure("two runs gave different mappings")
        metrics = first["metrics"]
        row = f"mapping/spinnaker/{name}/{boards}"
        return [Row(f"{row}/packet_hops", "packets x links", [metrics["packet_hops"]], targets["packet_hops"]),
                Row(f"{row}/chips", "chips", [first["chips_used"]], targets["chips"]),
                Row(f"{row}/max_link_load", "packets", [metrics["max_link_load"]], targets["max_link_load"]),
                Row(f"{row}/table", "entries", [metrics["compressed_entries_max"]], targets["table"], "largest after compression"),
                Row(f"{row}/entries", "entries", [metrics["compressed_entries_total"]], None, "all tables after compression"),
                Row(f"{row}/seconds", "CPU s", [seconds for _, seconds in runs], targets["seconds"],
                    f"{' + '.join(STAGES)}; this machine takes {factor:.2f} of the published seconds")]
    return measure


def get_benchmarks():
    for name, boards in (("celegans", 1), ("cnn-485", 1), ("grid-32", 3), ("potjans-diesmann", 1), ("potjans-diesmann", 4),
                         ("random-100", 1), ("random-1000", 3), ("random-5000", 12)):
        yield f"mapping/spinnaker/{name}/{boards}", measure_network(name, boards)
