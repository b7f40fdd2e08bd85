#!/usr/bin/env python3
"""Runs every recorded network of a collection under its profile and compares what it gives with the recording.

usage: check_recordings.py COLLECTION WORK BIN [--profile=NAME] [NAME...]

COLLECTION has MANIFEST.json, .nir and .npz files; WORK is a folder to write into; BIN has sf-translate and sf-run. NAME limits it to
files whose path contains one of the names; --profile runs them under another one. Prints a line for each recording. Exit code 0: all equal, 1: not.
Spikes must be equal; analogue values may differ by 1e-4 of the largest, or of 1.
"""
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

AXES = {1: "STN", 2: "STCN", 3: "STCHW"}


def list_jobs(root, names):
    """(network, recording, profile, prefix of the arrays)"""
    rows = [r for r in json.loads((root / "MANIFEST.json").read_text())["files"] if r.get("profile")]
    for row in rows:
        if names and not any(name in row["nir"] for name in names):
            continue
        yield root / row["nir"], root / row["npz"], row["profile"], "out"
        for framework, state in row.get("importers", {}).items():
            if state.startswith("ran; reproduced"):
                yield root / row["nir"], root / row["npz"], framework + "-import", "import_" + framework


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr.strip()


def write_inputs(arrays, kind, work):
    """The flags that feed the arrays in_KIND or in_KIND__INPUT."""
    feeds = {k.partition("__")[2]: v for k, v in arrays.items() if k == f"in_{kind}" or k.startswith(f"in_{kind}__")}
    named = {k: v for k, v in feeds.items() if k} or feeds
    flags = ["--axes=" + AXES[next(iter(named.values())).ndim - 1]]
    for name, values in named.items():
        np.save(work / f"{name or 'input'}.npy", values[None].astype("f4"))
        flags.append(f"--data={name + '=' if name else ''}{work / (name or 'input')}.npy")
    return flags


def compare(got, want):
    """What differs; empty if nothing."""
    got = got[: len(want)].reshape(want.shape)
    if np.array_equal(want, np.rint(want)):
        wrong = int((got != want).sum())
        return f"{wrong} of {want.size} differ" if wrong else ""
    error = float(np.abs(got - want).max())
    return "" if error <= 1e-4 * max(1.0, float(np.abs(want).max())) else f"error {error:.1e}"


def check(network, recording, profile, prefix, work, tools):
    module = work / "module.mlirbc"
    error = run([tools / "sf-translate", "--import-nir", "--profile=" + profile, network, "-o", module])
    if error:
        return error
    arrays = dict(np.load(recording))
    for kind in ("spk", "f32"):
        wanted = [v for k, v in sorted(arrays.items()) if k == f"{prefix}_{kind}" or k.startswith(f"{prefix}_{kind}__")]
        if not wanted:
            continue
        flags = write_inputs(arrays, kind, work)
        error = run([tools / "sf-run", module, *flags, "--probe=output", f"--record={work / 'record.npz'}",
                     f"--output={work / 'output.npz'}"])
        error = error or compare(np.load(work / "record.npz")["output"][0], wanted[0])
        # Only the first output can be recorded by that name; of others the spikes are counted.
        for index, want in enumerate(wanted[1:], 1):
            error = error or compare(np.load(work / "output.npz")[f"output{index}"], want.sum(0, keepdims=True))
        if error:
            return f"{kind}: {error}"
    return ""


def main():
    root, work, tools, names = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    other = names.pop(0).partition("=")[2] if names and names[0].startswith("--profile=") else None
    work.mkdir(parents=True, exist_ok=True)
    equal = total = 0
    for network, recording, profile, prefix in list_jobs(root, names):
        error = check(network, recording, other or profile, prefix, work, tools)
        print(f"{'differs' if error else 'equal'}: {network.parent.name}/{network.stem} [{profile}] {error}")
        equal, total = equal + (not error), total + 1
    print(f"{equal} of {total} recordings are reproduced")
    return 0 if equal == total else 1


if __name__ == "__main__":
    sys.exit(main())
