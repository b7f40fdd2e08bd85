#!/usr/bin/env python3
"""Replays neurons of the SONATA example from the recorded spikes of everything that projects to them.

usage: sonata_row.py EXAMPLE WORK NEURON...     (h5py)     prints a line; exit 1 where a spike is missing, too many or in another step

A time x in ms is step floor(x / dt + 1/2) - 1, the one that ends nearest to x; an edge of 2.0 ms is a delay of 20 steps of 0.1 ms.
"""
import csv
import math
import subprocess
import sys
from pathlib import Path

import h5py

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "Pipelines" / "Inputs"))
import arrays  # noqa: E402

DT, STEPS, DELAY = 0.1, 30000, 20
OFFSETS = {"v1": 0, "lgn": 300, "tw": 390}
SOURCES = 420


def read_spikes(path, population):
    group = h5py.File(path)["spikes"]
    group = group[population] if population in group else group
    ids = group["node_ids" if "node_ids" in group else "gids"][:]
    return [(int(n), float(x)) for n, x in zip(ids, group["timestamps"][:])]


def step_of(time):
    return math.floor(time / DT + 0.5 + 1e-6) - 1


def read_weights(root, neurons):
    """Weight of each source in each neuron."""
    weights = [[0.0] * SOURCES for _ in neurons]
    rows = {n: i for i, n in enumerate(neurons)}
    for population, offset in OFFSETS.items():
        types = {int(r["edge_type_id"]): r for r in csv.DictReader(open(root / "network" / f"{population}_v1_edge_types.csv"), delimiter=" ")}
        edges = h5py.File(root / "network" / f"{population}_v1_edges.h5")["edges"][f"{population}_to_v1"]
        columns = (edges[k][:] for k in ("source_node_id", "target_node_id", "edge_type_id", "0/nsyns"))
        for source, target, kind, count in zip(*columns):
            if int(target) not in rows:
                continue
            edge = types[int(kind)]
            assert float(edge["delay"]) == DELAY * DT
            sign = -1 if "Inh" in edge["dynamics_params"] else 1
            weights[rows[int(target)]][offset + int(source)] += sign * float(edge["syn_weight"]) * int(count)
    return weights


def make_module(weights, taus):
    n = len(taus)
    decays = [math.exp(-DT / tau) for tau in taus]
    return f"""snn.parameter @w : tensor<{n}x{SOURCES}xf64> = dense<{weights}>
snn.parameter @decay : tensor<{n}xf64> = dense<{decays}>
#fire = #snn.lif<state = f64, integration = discrete, reset = to_value, fires = above, when = same_step, refractory = clamp>
snn.network @net(%x: !snn.signal<{SOURCES}, binary>) -> !snn.signal<{n}, binary> attributes {{dt = 1.0e-4 : f64}} {{
  %i = snn.project %x through #snn.dense weights @w delay {DELAY} : !snn.signal<{SOURCES}, binary> -> !snn.current<{n}>
  %s = snn.population "v1" (in: %i accumulate ordered<f64>) model #fire
    params {{decay = #snn.param<@decay>, r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0, t_ref = 3.0e-3}} : !snn.signal<{n}, binary>
  snn.output %s : !snn.signal<{n}, binary>
}}
func.func @main(%x: tensor<?x{STEPS}x{SOURCES}xi8>) -> tensor<?x{n}xi32> {{
  %r = snn.simulate @net(%x) steps({STEPS}) reset(per_sample) readout(count) : (tensor<?x{STEPS}x{SOURCES}xi8>) -> tensor<?x{n}xi32>
  return %r : tensor<?x{n}xi32>
}}
"""


def main(root, work, neurons):
    work.mkdir(parents=True, exist_ok=True)
    fired = read_spikes(root / "output" / "spikes.h5", "v1")
    events = bytearray(STEPS * SOURCES)
    for population, offset in OFFSETS.items():
        recorded = fired if population == "v1" else read_spikes(root / "inputs" / f"{population}_spikes.h5", population)
        for node, time in recorded:
            if step_of(time) < STEPS:
                events[step_of(time) * SOURCES + offset + node] = 1
    arrays.write(work / "x.npy", "|i1", (1, STEPS, SOURCES), events)
    kinds = h5py.File(root / "network" / "v1_nodes.h5")["nodes/v1/node_type_id"][:]
    taus = [24.0 if kinds[n] == 100 else 7.0 for n in neurons]
    (work / "net.mlir").write_text(make_module(read_weights(root, neurons), taus))
    subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--axes=STN", "--probe=v1", f"--record={work / 'out.npz'}"],
                   check=True, stdout=subprocess.DEVNULL)
    _, spikes = arrays.read(work / "out.npz")["v1"]
    got = {(neurons[k % len(neurons)], k // len(neurons)) for k, value in enumerate(spikes) if value}
    want = {(n, step_of(x)) for n, x in fired if n in neurons}
    near = all(abs((step + 1) * DT - x) <= DT / 2 + 1e-6 for n, x in fired if n in neurons for step in [step_of(x)])
    print(f"{len(want)} spikes recorded, {len(want - got)} missing, {len(got - want)} too many, stamped at the end of the nearest step: {near}")
    return 0 if got == want and near else 1


sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), [int(n) for n in sys.argv[3:]]))
