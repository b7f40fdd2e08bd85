#!/usr/bin/env python3
"""IntFire1 computed event by event from the files of a SONATA network without recurrence, as SONATA spikes.

usage: event_driven.py NETWORK_DIR SPIKES PRE POST EDGES WEIGHT DELAY_MS TAU_MS REFRACTORY_MS -o OUT
"""
import argparse
import math
from pathlib import Path

import h5py
import numpy as np


def fire(events, tau, refractory):
    """The times at which one neuron fires; `events` are (time, weight) in their order."""
    m, last, free, fired = 0.0, 0.0, 0.0, []
    for time, weight in events:
        if time < free:
            continue
        m = m * math.exp(-(time - last) / tau) + weight
        last = time
        if m > 1:
            fired.append(time)
            m, last, free = 0.0, time + refractory, time + refractory
    return fired


def main():
    parser = argparse.ArgumentParser()
    for name in ("folder", "spikes", "pre", "post", "edges"):
        parser.add_argument(name)
    for name in ("weight", "delay", "tau", "refractory"):
        parser.add_argument(name, type=float)
    parser.add_argument("-o", dest="out", required=True)
    a = parser.parse_args()
    with h5py.File(Path(a.folder) / f"{a.edges}_edges.h5") as file:
        group = file["edges"][next(iter(file["edges"]))]
        edges = list(zip(group["source_node_id"][()], group["target_node_id"][()], group["0/nsyns"][()]))
    with h5py.File(a.spikes) as file:
        spikes = list(zip(file["spikes/timestamps"][()], file["spikes/gids"][()]))
    out = []
    for target in sorted({edge[1] for edge in edges}):
        events = sorted((time + a.delay, a.weight * n) for time, node in spikes for s, t, n in edges if (s, t) == (node, target))
        out += [(time, target) for time in fire(events, a.tau, a.refractory)]
    with h5py.File(a.out, "w") as file:
        group = file.create_group(f"spikes/{a.post}")
        group["timestamps"] = np.array([time for time, _ in out])
        group["node_ids"] = np.array([node for _, node in out], dtype=np.uint64)


if __name__ == "__main__":
    main()
