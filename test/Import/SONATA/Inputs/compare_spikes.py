#!/usr/bin/env python3
"""Compares the spikes of two SONATA files, per neuron in their order.

usage: compare_spikes.py OURS EXPECTED POPULATION [TOLERANCE_MS]      exit 0: all equal; 1: not
"""
import sys

import h5py
import numpy as np


def read(path, population):
    with h5py.File(path) as file:
        group = file["spikes"][population]
        times, nodes = group["timestamps"][()], group["node_ids"][()]
    return {node: np.sort(times[nodes == node]) for node in np.unique(nodes)}, len(times)


def check_schema(path, population):
    """What the schema of SONATA 0.1 asks of a file of spikes."""
    with h5py.File(path) as file:
        assert file.attrs["magic"] == 0x0A7A and file.attrs["version"].tolist() == [0, 1]
        group = file["spikes"][population]
        assert group["node_ids"].dtype == np.uint64 and group["timestamps"].dtype == np.float64
        units = group["timestamps"].attrs["units"]
        assert (units.decode() if isinstance(units, bytes) else units) == "ms"
        names = h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)
        assert names == {"none": 0, "by_id": 1, "by_time": 2} and group.attrs["sorting"] == 2
        assert np.all(np.diff(group["timestamps"][()]) >= 0)


def main():
    ours, expected, population = sys.argv[1:4]
    tolerance = float(sys.argv[4]) if len(sys.argv) > 4 else 0.06
    check_schema(ours, population)
    (have, have_count), (want, want_count) = read(ours, population), read(expected, population)
    equal, largest = 0, 0.0
    for node, times in want.items():
        found = have.get(node, np.empty(0))[:len(times)]
        difference = np.abs(found - times[:len(found)])
        equal += int((difference < tolerance).sum())
        largest = max(largest, difference.max(initial=0))
    print(f"{equal} of {want_count} spikes equal, {have_count} are there, largest difference {largest:.3f} ms")
    return 0 if equal == want_count == have_count else 1


if __name__ == "__main__":
    sys.exit(main())
