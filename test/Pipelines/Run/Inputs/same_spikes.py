#!/usr/bin/env python3
"""Compares the spikes of a population in the three forms of a recording.

usage: same_spikes.py DENSE.npz EVENTS.npz SONATA.h5 PROBE DT_MS     prints a line; exit 1 if they differ
"""
import sys

import h5py
import numpy as np


def main():
    dense, events, sonata, probe = sys.argv[1:5]
    dt = float(sys.argv[5])
    first = int(probe.partition("[")[2].partition(":")[0] or 0)
    array = np.load(dense)[probe]
    want = [(step, neuron) for _, step, neuron in np.argwhere(array.reshape(*array.shape[:2], -1))]
    listed = [(step, neuron) for _, step, neuron in np.load(events)[probe]]
    with h5py.File(sonata) as file:
        group = file["spikes"][probe]
        timed = [(round(time / dt) - 1, int(node) - first) for time, node in zip(group["timestamps"][()], group["node_ids"][()])]
    same = want == listed == timed
    print(f"{len(want)} spikes, the same in all forms: {same}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
