#!/usr/bin/env python3
"""Compares a run of a recorded network with what was recorded of it.

usage: check_predictions.py DIRECTORY NETWORK REPORT.json OUTPUT.npz

DIRECTORY has expected.json with accuracies and NETWORK.ref.npz with the logits of the first 100 samples, and
predictions of all where there are more. Accepted (exit 0) if every prediction and the accuracy are as recorded.
"""
import json
import sys

from run_upstream import read


def predict(array):
    (rows, columns), values = array
    samples = [values[k * columns : (k + 1) * columns] for k in range(rows)]
    return [max(range(columns), key=sample.__getitem__) for sample in samples]


def main():
    directory, name, report, output = sys.argv[1:]
    nets = json.load(open(f"{directory}/expected.json"))
    accuracy = next(net for net in nets if net["net"] == name + ".onnx")["float_accuracy"]
    mnist = not isinstance(accuracy, dict)
    recorded = f"{directory}/{name}.ref.npz"
    want = list(read(f"{recorded}:pred_all")[1]) if mnist else predict(read(f"{recorded}:logits_eran100"))
    share = accuracy if mnist else accuracy["eran100"]
    got = list(read(f"{output}:prediction")[1])
    different = sum(a != b for a, b in zip(got, want))
    correct, count = json.load(open(report))["correct"], round(share * len(want))
    print(f"{name}: {different} of {len(want)} predictions differ, {correct} correct, recorded {count}")
    return 0 if len(got) == len(want) and different == 0 and correct == count else 1


if __name__ == "__main__":
    sys.exit(main())
