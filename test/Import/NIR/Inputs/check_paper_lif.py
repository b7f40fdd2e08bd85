#!/usr/bin/env python3
"""Runs the one neuron of the NIR paper under the profile of each simulator and compares it with what that simulator recorded.

usage: check_paper_lif.py 01_lif WORK BIN [FLAG...]

Columns of the recordings: input, potential, spike. Some simulators normalise the potential; the factor is in the table below. FLAGs, such as
--load-plugin, go to the tools. Prints a line for each recording. Exit code 0: no spike differs and no potential by more than 1e-6, 1: not.
"""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

NETWORK = "lif_norse.nir"
FIXED = Path(__file__).parent / "lif_fixed.mlir"
POTENTIAL_ERROR = 1e-6
SILICON = {"lava_loihi_fixed"}
# Recording: profile, steps by which spikes and potentials are recorded later, factor of the potential and of the input. Without a profile it is
# the module FIXED, and potentials are integers.
ROWS = {
    "norse": ("norse-import", 0, 0, 1, 1),
    # The gain dt / tau is in the threshold: 0.1 / 0.04.
    "snntorch": ("snntorch-import", 0, 0, 25, 1),
    # The threshold is 1.
    "nengo": ("nengo", 0, 0, 10, 1),
    "rockpool": ("exp-subtract", 0, 0, 1, 1),
    # The recorded input has been multiplied by the weight.
    "sinabs": ("exp-subtract", 0, 0, 1, 25),
    # Spikes leave a step after the potential that is tested.
    "spyx": ("spyx-import", 1, 0, 1, 1),
    # Weights are integers there: 5100 / 5101 of the gain is left.
    "spinnaker2": ("nir", 0, 0, 25 * 5100 / 5101, 1),
    # A weight takes a step.
    "lava_cpu_float": ("nir", 1, 1, 1, 1),
    "lava_cpu_fixed": (None, 0, 0, 1, 1),
    "lava_loihi_fixed": (None, 0, 0, 1, 1),
}


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 2:
        sys.exit(done.stderr)
    return done


def check(folder, name, row, work, tools, flags):
    profile, spike_shift, state_shift, scale, gain = row
    values = np.loadtxt(folder / f"lif_{name}.csv", delimiter=",")
    np.save(work / "input.npy", (values[:, :1] * gain)[None].astype("f4"))
    np.savez(work / "recorded.npz", spikes=(values[:, 2:] != 0).astype("u1"))
    common = [folder / NETWORK if profile else FIXED, f"--data={work / 'input.npy'}", "--axes=STN", *flags]
    if profile:
        common += [f"--profile={profile}", "--dt=1e-4"]
    report = json.loads(run([tools / "sf-diff", *common[:1], work / "recorded.npz", *common[1:], "--recorded=1=spikes",
                             f"--shift={spike_shift}", "--report=json"]).stdout)
    run([tools / "sf-run", *common, "--probe=1.v", f"--record={work / 'ours.npz'}"])
    ours = np.load(work / "ours.npz")["1.v"][0, :, 0].astype("f8") * scale
    theirs = values[:, 1]
    # The probe of silicon reads 128 in the steps of spikes, which nothing explains.
    compared = (values[:, 2] == 0)[state_shift:] | (name not in SILICON)
    error = np.abs(ours[: len(ours) - state_shift] - theirs[state_shift:])[compared].max() / scale
    good = report["equal"] and error <= (POTENTIAL_ERROR if profile else 0)
    print(f"{'equal' if good else 'differs'}: {name} [{profile or 'fixed point'}] {report['mismatches']} spikes differ, potential {error:.1e}")
    return good


def main():
    folder, work, tools, flags = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    work.mkdir(parents=True, exist_ok=True)
    good = [check(folder, name, row, work, tools, flags) for name, row in ROWS.items()]
    print(f"{sum(good)} of {len(good)} recordings are reproduced")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
