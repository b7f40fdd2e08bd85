#!/usr/bin/env python3
"""Ranks the profiles by how they reproduce the recorded first layer of the Braille networks of the NIR paper, platform by platform.

usage: check_paper_rnn.py NIR_PAPER WORK BIN [FLAG...]

FLAGs, such as --load-plugin, go to sf-diff. A platform is as good as its best profile, recorded in the same step or one later (a layer that
sends its spikes a step late, a probe that reads after them). Prints a line for each recording. Exit code 0: the platforms whose rule is known have no
mismatch, and no other one more than derived/braille_platform_match.json has, 1: not.
"""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

LAYER = "lif1.lif"
# Profiles that have to reproduce a recording.
KNOWN = {
    "snntorch_activity_noDelay_bias_zero": "snntorch-import",
    "snntorch_activity_noDelay_noBias_subtract": "snntorch-nodelay",
    "spyx_activity_noDelay_bias_zero": "spyx-import",
    "spyx_activity_noDelay_noBias_subtract": "spyx-import",
    "norse_activity_noDelay_noBias_subtract": "norse-import",
}


def load(path):
    """[step, neuron]"""
    spikes = np.load(path).astype("f4")
    return spikes if len(spikes) == 256 else spikes.T


def rank(folder, path, work, tools, flags):
    """(mismatches, shift, profiles) of the best."""
    network = folder / "03_rnn" / f"braille_{path.stem.partition('_activity_')[2]}.nir"
    np.savez(work / "recorded.npz", layer=load(path))
    found = []
    for shift in (0, 1):
        done = subprocess.run([tools / "sf-diff", network, work / "recorded.npz", f"--recorded={LAYER}=layer", f"--shift={shift}",
                               f"--data={work / 'input.npy'}", "--axes=STN", "--profile=all", "--dt=1e-4", "--report=json", *flags],
                              capture_output=True, text=True)
        if done.returncode == 2:
            sys.exit(done.stderr)
        report = json.loads(done.stdout)
        found.append((report["profiles"][0]["mismatches"], shift, report["best"]))
    return min(found)


def main():
    folder, work, tools, flags = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    work.mkdir(parents=True, exist_ok=True)
    np.save(work / "input.npy", np.loadtxt(folder / "derived" / "braille_test_sample0_256x12.csv", delimiter=",")[None].astype("f4"))
    bounds = json.loads((folder / "derived" / "braille_platform_match.json").read_text())
    failures = 0
    for path in sorted((folder / "03_rnn").glob("*_activity_*.npy")):
        mismatches, shift, best = rank(folder, path, work, tools, flags)
        known = KNOWN.get(path.stem)
        good = mismatches == 0 and known in best if known else mismatches <= bounds[path.name]["mismatches"]
        failures += not good
        print(f"{'good' if good else 'bad'}: {path.stem}: {mismatches} of {bounds[path.name]['mismatches']}, {shift} late, {', '.join(best)}")
    print(f"{failures} recordings are not reproduced as well as they could be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
