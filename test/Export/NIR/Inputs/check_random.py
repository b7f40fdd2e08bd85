#!/usr/bin/env python3
"""Exports random networks, imports them again and compares all spikes.

usage: check_random.py BIN WORK FIRST COUNT

BIN has the tools; WORK is a folder to write into. Prints a line for each network that differs. Exit code 0: all equal, 1: not.
"""
import re
import subprocess
import sys
import zipfile
from pathlib import Path


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return "" if done.returncode == 0 else (done.stderr + done.stdout).strip() or f"exit code {done.returncode}"


def check(tools, work, seed):
    module, file, inputs = work / "net.mlir", work / "net.nir", work / "inputs.npz"
    error = run([tools / "sf-random", "--kind=nir", f"--seed={seed}", f"--inputs={inputs}", "-o", module])
    error = error or run([tools / "sf-translate", "--export-nir", module, "-o", file])
    if error:
        return error
    archive = zipfile.ZipFile(inputs)
    names = [Path(name).stem for name in archive.namelist()]
    header = archive.read(names[0] + ".npy")[:128].decode("latin1")
    rank = len(re.search(r"'shape': \(([^)]*)\)", header).group(1).split(","))
    data = [f"--data={name}={inputs}:{name}" for name in names] if len(names) > 1 else [f"--data={inputs}:{names[0]}"]
    return run([tools / "sf-diff", module, file, *data, "--axes=" + ("STCHW" if rank == 5 else "STN")])


def main():
    tools, work, first, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    work.mkdir(parents=True, exist_ok=True)
    equal = 0
    for seed in range(first, first + count):
        error = check(tools, work, seed)
        equal += not error
        if error:
            print(f"seed {seed}: {error}")
    print(f"{equal} of {count} networks give the same spikes")
    return 0 if equal == count else 1


if __name__ == "__main__":
    sys.exit(main())
