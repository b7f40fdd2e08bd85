#!/usr/bin/env python3
"""Asks sf-diff for every recorded network of a collection which profile it was computed under.

usage: rank_recordings.py COLLECTION WORK BIN [NAME...]

Arguments as for check_recordings.py. Both inputs of a file are the two samples of one comparison. Prints a line for each recording;
exit code 0: the right profile is first, or tied and named, for all of them, 1: not.
"""
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from check_recordings import AXES, list_jobs

KINDS = ("spk", "f32")


def stack(arrays, prefix):
    """[sample, step, ...] of each array PREFIX_KIND or PREFIX_KIND__NAME, by name."""
    names = sorted({k[len(prefix) + 4:].lstrip("_") for k in arrays for kind in KINDS
                    if k == f"{prefix}_{kind}" or k.startswith(f"{prefix}_{kind}__")})
    result = {}
    for name in names:
        found = [arrays.get(f"{prefix}_{kind}" + (f"__{name}" if name else "")) for kind in KINDS]
        result[name] = np.stack([array for array in found if array is not None])
    return result


def rank(job, work, tools):
    network, recording, profile, prefix = job
    work = work / f"{network.parent.name}-{network.stem}-{prefix}"
    work.mkdir(parents=True, exist_ok=True)
    arrays = dict(np.load(recording))
    inputs, outputs = stack(arrays, "in"), stack(arrays, prefix)
    samples = len(next(iter(outputs.values())))
    if any(name for name in inputs):
        inputs.pop("", None)
    flags = ["--axes=" + AXES[next(iter(inputs.values())).ndim - 2]]
    for name, values in inputs.items():
        np.save(work / f"{name or 'input'}.npy", values[:samples].astype("f4"))
        flags.append(f"--data={name + '=' if name else ''}{work / (name or 'input')}.npy")
    outputs = {f"output{index or ''}": values for index, (name, values) in enumerate(outputs.items())}
    np.savez(work / "recording.npz", **outputs)
    command = [tools / "sf-diff", network, work / "recording.npz", *flags, "--profile=all", "--report=json"]
    done = subprocess.run(command, capture_output=True, text=True)
    report = json.loads(done.stdout)
    if "errors" in report:
        return False, done.stderr.strip()
    best = report["best"]
    right = profile in best and report["equal"]
    return right, f"first: {', '.join(best)} ({report['profiles'][0]['mismatches']} differ)"


def main():
    root, work, tools, names = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    jobs = list(list_jobs(root, names))
    with ThreadPoolExecutor(2) as pool:
        ranked = list(pool.map(lambda job: rank(job, work, tools), jobs))
    for (network, _, profile, _), (right, text) in zip(jobs, ranked):
        print(f"{'right' if right else 'wrong'}: {network.parent.name}/{network.stem} [{profile}] {text}")
    alone = sum(right and "," not in text for right, text in ranked)
    right = sum(right for right, _ in ranked)
    print(f"{right} of {len(jobs)} recordings rank their profile first, {alone} of them alone")
    return 0 if right == len(jobs) else 1


if __name__ == "__main__":
    sys.exit(main())
