"""Connectivity of partitions of a connectome, beside METIS with many seeds."""
import csv
import json
import shutil
import subprocess
from collections import defaultdict

from harness import CannotMeasure, Row, Skipped, Target, call

CONNECTOME = "data/celegans-white1986/aconnectome_white_1986_whole.csv"
PERCENT, SEEDS, EFFORT = 3, 100, 20
# At most so much of what METIS reaches.
SHARE = 0.95


def read_connectome(path):
    """Number of neurons, and for each source its targets; electrical synapses go both ways."""
    edges = defaultdict(set)
    names = set()
    with open(path, newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            names |= {row["pre"], row["post"]}
            edges[row["pre"]].add(row["post"])
            if row["type"] == "electrical":
                edges[row["post"]].add(row["pre"])
    index = {name: number for number, name in enumerate(sorted(names))}
    return len(index), [(index[source], sorted(index[target] for target in edges[source])) for source in sorted(edges)]


def get_connectivity(nets, part):
    return sum(len({part[source], *(part[target] for target in targets)}) - 1 for source, targets in nets)


def write_hypergraph(path, neurons, nets):
    lines = [f"{neurons} {len(nets)}", *(f"{source} {len(targets)} {' '.join(map(str, targets))}" for source, targets in nets)]
    path.write_text("\n".join(lines) + "\n")


def write_graph(path, neurons, nets):
    """The graph of METIS: an edge for each pair with synapses, as heavy as their directions."""
    weights = defaultdict(lambda: defaultdict(int))
    for source, targets in nets:
        for target in targets:
            if target != source:
                weights[source][target] += 1
                weights[target][source] += 1
    edges = sum(len(row) for row in weights.values()) // 2
    rows = (" ".join(f"{other + 1} {weight}" for other, weight in sorted(weights[neuron].items())) for neuron in range(neurons))
    path.write_text(f"{neurons} {edges} 001\n" + "\n".join(rows) + "\n")


def run_metis(context, neurons, nets, parts):
    """The least connectivity of all seeds, with and without communication volume as objective."""
    if not shutil.which("gpmetis"):
        raise Skipped("needs gpmetis (Debian package metis)")
    path = context.folder / "connectome.graph"
    write_graph(path, neurons, nets)
    best = None
    for seed in range(3 if context.quick else SEEDS):
        for objective in ("cut", "vol"):
            # It fails where it does not reach the balance.
            subprocess.run(["gpmetis", str(path), str(parts), f"-ufactor={10 * PERCENT}", f"-seed={seed}", f"-objtype={objective}"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            output = path.with_suffix(f".graph.part.{parts}")
            if output.exists():
                found = get_connectivity(nets, [int(line) for line in output.read_text().split()])
                best = found if best is None else min(best, found)
                output.unlink()
    if best is None:
        raise CannotMeasure("gpmetis found no partition")
    return best


def measure_parts(parts):
    def measure(context):
        neurons, nets = read_connectome(context.get_shared(CONNECTOME))
        call(["ninja", "-C", context.build, "mapping-shapes"])
        path = context.folder / "connectome.txt"
        write_hypergraph(path, neurons, nets)
        program = context.tool("mapping-shapes")
        ours = json.loads(call([program, "partition", path, parts, PERCENT, EFFORT]))
        metis = run_metis(context, neurons, nets, parts)
        return [Row(f"partition/celegans/{parts}", "parts touched beyond a source's", [ours["connectivity"]],
                    Target("<=", SHARE * metis, f"95 % of METIS, best of {SEEDS} seeds and 2 objectives"),
                    f"METIS {metis}; effort {EFFORT}, {ours['cpu_seconds']:.2f} CPU s; parts of at most {ours['limit']} neurons")]
    return measure


def get_benchmarks():
    for parts in (4, 8, 16, 20):
        yield f"partition/celegans/{parts}", measure_parts(parts)
