#!/usr/bin/env python3
"""Breaks a small SONATA network in many ways: each is refused with exactly the errors stated here, and leaves nothing behind.

usage: check_bad.py SF-TRANSLATE SF-RUN FOLDER      exit 0: all as expected
"""
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

CIRCUIT = {
    "manifest": {"$NET": "./network", "$PARTS": "./components"},
    "components": {"point_neuron_models_dir": "$PARTS", "synaptic_models_dir": "${PARTS}"},
    "networks": {
        "nodes": [{"nodes_file": "$NET/in_nodes.h5", "node_types_file": "$NET/in_types.csv"},
                  {"nodes_file": "$NET/v_nodes.h5", "node_types_file": "$NET/v_types.csv"}],
        "edges": [{"edges_file": "$NET/edges.h5", "edge_types_file": "$NET/edge_types.csv"}]}}
SIMULATION = {
    "run": {"tstop": 10.0, "dt": 1.0}, "network": "circuit_config.json",
    "inputs": {"stimulus": {"input_type": "spikes", "module": "h5", "input_file": "spikes.h5", "node_set": "in"}}}
FILES = {
    "network/in_types.csv": "node_type_id model_type\n1 virtual\n",
    "network/v_types.csv": "node_type_id model_type model_template dynamics_params pop_name\n"
                           "7 point_process nrn:IntFire1 cell.json 'a b'\n",
    "network/edge_types.csv": "edge_type_id delay syn_weight dynamics_params weight_function\n3 2.0 0.6 exc.json wmax\n",
    "components/cell.json": '{"tau": 0.01, "refrac": 0.003, "type": "NEURON_IntFire1"}',
    "components/exc.json": '{"level_of_detail": "instanteneous", "sign": 1}'}


def make(folder):
    """The network as it should be: two inputs, three neurons, four edges."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("network", "components"):
        (folder / name).mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    (folder / "circuit_config.json").write_text(json.dumps(CIRCUIT, indent=1))
    (folder / "simulation_config.json").write_text(json.dumps(SIMULATION, indent=1))
    for name, types in (("in", [1, 1]), ("v", [7, 7, 7])):
        with h5py.File(folder / f"network/{name}_nodes.h5", "w") as file:
            file[f"nodes/{name}/node_type_id"] = np.array(types, dtype=np.uint64)
            file[f"nodes/{name}/node_id"] = np.arange(len(types), dtype=np.uint64)
    with h5py.File(folder / "network/edges.h5", "w") as file:
        group = file.create_group("edges/in_to_v")
        group["source_node_id"] = np.array([0, 0, 1, 1], dtype=np.uint64)
        group["target_node_id"] = np.array([0, 1, 1, 2], dtype=np.uint64)
        group["source_node_id"].attrs["node_population"] = "in"
        group["target_node_id"].attrs["node_population"] = "v"
        group["edge_type_id"] = np.full(4, 3, dtype=np.uint32)
        group["edge_group_id"] = np.zeros(4, dtype=np.uint16)
        group["edge_group_index"] = np.arange(4, dtype=np.uint32)
        group["0/nsyns"] = np.array([1, 2, 2, 2], dtype=np.uint16)
    with h5py.File(folder / "spikes.h5", "w") as file:
        file["spikes/gids"] = np.array([0, 1], dtype=np.uint64)
        file["spikes/timestamps"] = np.array([1.0, 4.0])


def replace(path, old, new):
    def change(folder):
        text = (folder / path).read_text()
        assert old in text, (path, old)
        (folder / path).write_text(text.replace(old, new))
    return change


def write(path, text):
    return lambda folder: (folder / path).write_text(text)


def cut(path, size):
    return lambda folder: (folder / path).write_bytes((folder / path).read_bytes()[:size])


def change(path, function):
    def apply(folder):
        with h5py.File(folder / path, "r+") as file:
            function(file)
    return apply


def put(name, values):
    """Replaces a dataset and keeps its attributes."""
    def apply(file):
        attributes = dict(file[name].attrs)
        del file[name]
        file[name] = values
        file[name].attrs.update(attributes)
    return apply


def both(*changes):
    return lambda folder: [apply(folder) for apply in changes]


NODES, EDGES, E = "network/v_nodes.h5", "network/edges.h5", "edges/in_to_v/"
IMPORT = {
    "good": (lambda folder: None, []),
    "empty config": (write("simulation_config.json", ""), [r"simulation_config.json:1:1: error: "]),
    "config is a list": (write("simulation_config.json", "[]"), [r"simulation_config.json:1:1: error: needs an object, has an array"]),
    "broken json": (write("simulation_config.json", "{\n \"run\": {"), [r"simulation_config.json:2:\d+: error: "]),
    "no network": (write("simulation_config.json", '{"run": {"dt": 1, "tstop": 5}, "network": "other.json"}'), [r"other.json: error: no such file"]),
    "network missing": (both(write("simulation_config.json", '{"run": {"dt": 1}}'), lambda f: (f / "circuit_config.json").unlink()),
                        [r"simulation_config.json: error: there is no network"]),
    "config in a circle": (replace("circuit_config.json", '"manifest"', '"network": "simulation_config.json", "manifest"'),
                           [r"circuit_config.json:2:\d+: error: configurations refer to each other in a circle"]),
    "unknown variable": (replace("circuit_config.json", '"$NET/in_nodes.h5"', '"$NETWORK/in_nodes.h5"'),
                         [r"circuit_config.json:13:\d+: error: unknown variable '\$NETWORK'; the manifest has \$NET, \$PARTS"]),
    "variables in a circle": (replace("circuit_config.json", '"./network"', '"$PARTS/$NET"'),
                              [r"circuit_config.json:3:\d+: error: the variables .* in a circle: \$NET -> \$NET"]),
    "variable not closed": (replace("circuit_config.json", '"${PARTS}"', '"${PARTS"'), [r"circuit_config.json:8:\d+: error: '\$\{PARTS' is not closed"]),
    "tstop below 0": (replace("simulation_config.json", "10.0", "-1"), [r"simulation_config.json:3:\d+: error: tstop needs a time in ms above 0, has -1"]),
    "dt is text": (replace("simulation_config.json", '"dt": 1.0', '"dt": "1 ms"'),
                   [r"simulation_config.json:4:\d+: error: needs a number, has a string", r"simulation_config.json: error: nothing says how long a step is"]),
    "current clamp": (replace("simulation_config.json", '"spikes",', '"current_clamp",'),
                      [r"simulation_config.json:9:\d+: error: input 'stimulus' cannot be imported: needs input_type 'spikes', has 'current_clamp'"]),
    "spikes for neurons": (replace("simulation_config.json", '"in"', '"v"'), [r"simulation_config.json:12:\d+: error: spikes are for virtual nodes"]),
    "no nodes file": (lambda f: (f / NODES).unlink(), [r"v_nodes.h5: error: no such file"]),
    "truncated": (cut(NODES, 1000), [r"v_nodes.h5: error: the HDF5 file is truncated"]),
    "damaged": (lambda f: (f / NODES).write_bytes((f / NODES).read_bytes()[:96] + b"\xff" * 3000 + (f / NODES).read_bytes()[3096:]), [r"v_nodes.h5: .*error: the HDF5 file cannot be opened: (?!the HDF5 library gives)"]),
    "not hdf5": (write(NODES, "nodes"), [r"v_nodes.h5: error: not an HDF5 file .* need a SONATA file of nodes"]),
    "empty hdf5": (cut(NODES, 0), [r"v_nodes.h5: error: not an HDF5 file"]),
    "no group nodes": (change(NODES, lambda file: file.move("nodes", "cells")), [r"v_nodes.h5: /nodes: error: the group is missing"]),
    "no types": (change(NODES, lambda file: file.pop("nodes/v/node_type_id")), [r"v_nodes.h5: /nodes/v/node_type_id: error: node_type_id is missing"]),
    "float types": (change(NODES, put("nodes/v/node_type_id", np.ones(3))), [r"v_nodes.h5: /nodes/v/node_type_id: error: node_type_id is float64 \[3\], need integers \[n\]"]),
    "type not in table": (change(NODES, put("nodes/v/node_type_id", np.array([7, 8, 7]))),
                          [r"v_nodes.h5: /nodes/v/node_type_id: error: node_type_id\[1\] is 8, which is not in .*v_types.csv; there are 7$"]),
    "id twice": (change(NODES, put("nodes/v/node_id", np.array([0, 2, 2]))), [r"v_nodes.h5: /nodes/v/node_id: error: node_id 2 is there twice"]),
    "id out of range": (change(NODES, put("nodes/v/node_id", np.array([0, 1, 3]))),
                        [r"v_nodes.h5: /nodes/v/node_id: error: node_id\[2\] is out of range: need 0 to 2, have 3"]),
    "external link": (change(NODES, lambda file: (file.pop("nodes/v/node_id"), file.__setitem__("nodes/v/node_id", h5py.ExternalLink("x.h5", "/y")))),
                      [r"v_nodes.h5: /nodes/v/node_id: error: node_id is an external link"]),
    "parameters of nodes": (change(NODES, lambda file: file.create_group("nodes/v/0/dynamics_params")),
                            [r"v_nodes.h5: /nodes/v/0/dynamics_params: error: dynamics_params of single nodes"]),
    "biophysical": (replace("network/v_types.csv", "point_process", "biophysical"),
                    [r"v_types.csv:2:3: error: model_type cannot be imported: needs 'virtual', 'point_process' or 'point_neuron', has 'biophysical'"]),
    "other template": (replace("network/v_types.csv", "nrn:IntFire1", "nest:iaf_psc_alpha"),
                       [r"v_types.csv:2:17: error: model_template cannot be imported: needs 'nrn:IntFire1', has 'nest:iaf_psc_alpha'"]),
    "open quote": (replace("network/v_types.csv", "'a b'", "'a b"), [r"v_types.csv:2:\d+: error: a quote is opened", r"v_nodes.h5: /nodes/v/node_type_id: error: .*there are no types"]),
    "short row": (replace("network/v_types.csv", " 'a b'", ""), [r"v_types.csv:2:1: error: the row has another length .* needs 5 cells, has 4", r"v_nodes.h5: .*no types"]),
    "type twice": (replace("network/in_types.csv", "1 virtual\n", "1 virtual\n1 virtual\n"), [r"in_types.csv:3:1: error: type 1 is there twice"]),
    "no id column": (replace("network/in_types.csv", "node_type_id", "id"), [r"in_types.csv:1:1: error: there is no column 'node_type_id'", r"in_nodes.h5: .*no types"]),
    "empty table": (write("network/in_types.csv", "\n"), [r"in_types.csv:1:1: error: the table is empty", r"in_nodes.h5: .*no types"]),
    "no parameters": (lambda f: (f / "components/cell.json").unlink(), [r"cell.json: error: no such file"]),
    "tau missing": (replace("components/cell.json", '"tau"', '"tau_m"'), [r"cell.json:1:\d+: error: IntFire1 has no parameter 'tau_m'.*did you mean 'tau'\?", r"cell.json:1:1: error: needs 'tau'"]),
    "tau 0": (replace("components/cell.json", "0.01", "0"), [r"cell.json:1:9: error: tau needs a time in seconds above 0, has 0"]),
    "no group edges": (change(EDGES, lambda file: file.move("edges", "x")), [r"edges.h5: /edges: error: the group is missing"]),
    "source out of range": (change(EDGES, put(E + "source_node_id", np.array([0, 0, 1, 2]))),
                            [r"edges.h5: /edges/in_to_v/source_node_id: error: source_node_id\[3\] is out of range: need 0 to 1, have 2"]),
    "edge beyond its group": (change(EDGES, put(E + "edge_group_index", np.array([0, 1, 2, 4]))),
                              [r"edges.h5: /edges/in_to_v/edge_group_index: error: edge 3 points behind"]),
    "negative target": (change(EDGES, put(E + "target_node_id", np.array([0, -1, 1, 2]))),
                        [r"edges.h5: /edges/in_to_v/target_node_id: error: target_node_id\[1\] is out of range: need 0 to 2, have -1"]),
    "fewer targets": (change(EDGES, put(E + "target_node_id", np.array([0, 1, 1]))),
                      [r"edges.h5: /edges/in_to_v/target_node_id: error: target_node_id has another length .*need 4 elements, have 3"]),
    "no population": (change(EDGES, lambda file: file[E + "source_node_id"].attrs.pop("node_population")),
                      [r"edges.h5: /edges/in_to_v/source_node_id: error: the attribute node_population is missing"]),
    "other population": (change(EDGES, lambda file: file[E + "source_node_id"].attrs.modify("node_population", "inn")),
                         [r"edges.h5: /edges/in_to_v/source_node_id: error: there is no population 'inn' of nodes; did you mean 'in'\?"]),
    "edges to inputs": (change(EDGES, both(lambda file: file[E + "target_node_id"].attrs.modify("node_population", "in"), put(E + "target_node_id", np.zeros(4, dtype=int)))),
                        [r"edges.h5: /edges/in_to_v/target_node_id: error: edges lead to 'in', whose nodes are virtual"]),
    "delay off the grid": (replace("network/edge_types.csv", "2.0", "2.05"),
                           [r"edges.h5: /edges/in_to_v: error: a delay of 2.05 ms is no whole number of steps: needs a multiple of 0.1 ms, has 20.5 steps; choose another step with --dt=SECONDS"]),
    "no weight": (replace("network/edge_types.csv", "0.6", "NULL"), [r"edge_types.csv:2:1: error: syn_weight is neither in the table"]),
    "weight is text": (replace("network/edge_types.csv", "0.6", "strong"), [r"edge_types.csv:2:7: error: syn_weight needs a number, has 'strong'", r"edge_types.csv:2:1: error: syn_weight is neither"]),
    "weight function": (replace("network/edge_types.csv", "wmax", "gaussian"), [r"edge_types.csv:2:\d+: error: a weight function is a program"]),
    "slow synapse": (replace("components/exc.json", "instanteneous", "exp2syn"), [r"exc.json:1:21: error: a synapse of this kind cannot be imported"]),
    "sign": (replace("components/exc.json", ": 1", ": 2"), [r"exc.json:1:\d+: error: sign needs 1 or -1, has 2"]),
}
SPIKES = {
    "good": (lambda folder: None, []),
    "truncated": (cut("spikes.h5", 900), [r"spikes.h5: error: the HDF5 file is truncated"]),
    "no spikes": (change("spikes.h5", lambda file: file.move("spikes", "x")), [r"spikes.h5: /spikes: error: the group is missing"]),
    "no times": (change("spikes.h5", lambda file: file.pop("spikes/timestamps")), [r"spikes.h5: /spikes/timestamps: error: timestamps is missing"]),
    "times are text": (change("spikes.h5", put("spikes/timestamps", "now")), [r"spikes.h5: /spikes/timestamps: error: timestamps is a string, need an array of floats"]),
    "fewer times": (change("spikes.h5", put("spikes/timestamps", np.ones(1))), [r"spikes.h5: /spikes/timestamps: error: .*need 2 times, have 1"]),
    "time before 0": (change("spikes.h5", put("spikes/timestamps", np.array([1, -1.0]))), [r"spikes.h5: /spikes/timestamps: error: the time of spike 1 is -1; need finite times from 0"]),
    "not a number": (change("spikes.h5", put("spikes/timestamps", np.array([np.nan, 1]))), [r"spikes.h5: /spikes/timestamps: error: the time of spike 0 is"]),
    "unit": (change("spikes.h5", lambda file: file["spikes/timestamps"].attrs.__setitem__("units", "steps")), [r"spikes.h5: /spikes/timestamps: error: unknown units: needs ms or s, has 'steps'"]),
    "twice in a step": (change("spikes.h5", both(put("spikes/gids", np.array([1, 1])), put("spikes/timestamps", np.array([4.0, 4.01])))),
                        [r"spikes.h5: error: neuron 1 has two spikes in step 39 "]),
    "other population": (change("spikes.h5", lambda file: [file.move("spikes", "a"), file.create_group("spikes"), file.copy("a", "spikes/a"), file.move("a", "spikes/b")]),
                         [r"spikes.h5: /spikes: error: there is no population 'in'; there are 'a', 'b'"]),
}


def problems(command, folder, out, expected):
    """What is not as expected, as lines."""
    before = {path for path in folder.rglob("*")}
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    code = 1 if expected else 0
    if run.returncode != code:
        yield f"exit code {run.returncode} instead of {code}: {run.stderr}"
    lines = [line for line in run.stderr.splitlines() if "error: " in line]
    if len(lines) != len(expected) or not all(re.search(pattern, line) for pattern, line in zip(expected, lines)):
        yield "\n    ".join(["expected:", *expected, "found:", *lines])
    left = {path for path in folder.rglob("*")} - before - ({out} if not expected else set())
    if left:
        yield f"left behind: {left}"


def check_output(out):
    """The first spike makes neuron 1 fire after the delay; the second arrives as its refractory period ends, and counts."""
    with h5py.File(out) as file:
        group = file["spikes/v"]
        have = list(zip(np.round(group["timestamps"][()], 9).tolist(), group["node_ids"][()].tolist()))
    if have != [(3.0, 1), (6.0, 1), (6.0, 2)]:
        yield f"spikes {have}"


def main():
    translate, run, base = sys.argv[1:]
    base = Path(base).resolve()
    failed = count = 0
    for kind, cases in (("import", IMPORT), ("spikes", SPIKES)):
        for name, (apply, expected) in cases.items():
            folder = base / name.replace(" ", "-")
            make(folder)
            config, module = folder / "simulation_config.json", folder / "net.mlir"
            command, out = [translate, "--import-sonata", config, "-o", module], module
            if kind == "spikes":
                subprocess.run(command, check=True)
                out = folder / "out.h5"
                command = [run, module, f"--data={folder}/spikes.h5", "--probe=v", f"--record={out}", "--record-format=sonata"]
            apply(folder)
            found = list(problems([str(word) for word in command], folder, out, expected))
            if kind == "spikes" and not expected:
                found += check_output(out)
            for problem in found:
                print(f"{kind}: {name}: {problem}")
            failed += bool(found)
            count += 1
    print(f"{count} networks, {failed} not as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
