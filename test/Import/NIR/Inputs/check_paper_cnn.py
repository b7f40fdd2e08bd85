#!/usr/bin/env python3
"""Runs the convolutional network of the NIR paper on 100 recordings of N-MNIST and compares it with the paper.

usage: check_paper_cnn.py NIR_PAPER NMNIST WORK BIN

Events are added up in steps of 1 ms from the first one on, 300 steps. For a reset to zero and by subtraction: correct of 100, spikes of the first
layer on the ten samples that the chip was recorded on, and the cosine between both. Exit code 0: as derived/cnn_expected.json says, 1: not.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

# Profile: the variant in the expected results, and how many of 100 are right.
VARIANTS = {"nir": ("reset_zero_single_spike", 100), "nir-subtract": ("reset_subtract_single_spike", 97)}
# The samples of the recording, counted from 1.
RECORDED = [4, 3, 2, 19, 5, 9, 12, 1, 62, 8]


def run(profile, network, data, labels, work, tools):
    """(correct, first layer [sample, C, H, W], result [sample, class])"""
    command = [tools / "sf-run", network, f"--profile={profile}", "--dt=1", f"--data={data}", "--event-bin=0.001", "--event-origin=first",
               "--event-steps=300", f"--labels={labels}", "--probe=1", f"--record={work / 'record.npz'}", f"--output={work / 'output.npz'}",
               "--report=json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    layer = np.load(work / "record.npz")["1"][[k - 1 for k in RECORDED]].astype("f8").sum(1)
    outputs = np.load(work / "output.npz")
    return json.loads(done.stdout)["correct"], layer, outputs["output"][[k - 1 for k in RECORDED]]


def main():
    paper, nmnist, work, tools = (Path(argument) for argument in sys.argv[1:5])
    work.mkdir(parents=True, exist_ok=True)
    labels = [int(line.split()[1]) for line in (nmnist / "test100.txt").read_text().splitlines() if re.match(r"\d", line)]
    np.save(work / "labels.npy", np.array(labels))
    expected = json.loads((paper / "derived" / "cnn_expected.json").read_text())["variants"]
    chip = np.load(paper / "02_cnn" / "speck_activity.npy")[0].astype("f8")
    failures = 0
    for profile, (variant, right) in VARIANTS.items():
        correct, layer, results = run(profile, paper / "02_cnn" / "cnn_sinabs.nir", nmnist, work / "labels.npy", work, tools)
        cosine = float((layer * chip).sum() / np.sqrt((layer**2).sum() * (chip**2).sum()))
        want = expected[variant]
        good = (correct == right and layer.sum() == want["layer1_spikes"] and abs(cosine - want["cosine_to_speck_activity"]) < 5e-7
                and np.array_equal(results, want["out_counts"]))
        failures += not good
        print(f"{'equal' if good else 'differs'}: {profile}: {correct} of 100 right, {int(layer.sum())} spikes, cosine {cosine:.6f}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
