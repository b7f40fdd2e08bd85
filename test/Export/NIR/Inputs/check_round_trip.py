#!/usr/bin/env python3
"""Imports every file of a collection under its profile, exports it, imports that again without flags and compares the texts.

usage: check_round_trip.py COLLECTION WORK BIN [--judge=NIR_CHECK] [NAME...]

COLLECTION has MANIFEST.json and .nir files; WORK is a folder to write into; BIN has sf-translate and sf-opt. NAME limits it to files whose
path contains one of the names. With --judge the script NIR_CHECK reads every file that is written, in this interpreter. Texts are compared
without locations. Prints a line for each file. Exit code 0: all equal and accepted, 1: not.
"""
import json
import subprocess
import sys
from pathlib import Path


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, (done.stderr + done.stdout).strip()


def list_jobs(root, names):
    """(file, profile), with the profiles under which frameworks read files of others"""
    rows = [r for r in json.loads((root / "MANIFEST.json").read_text())["files"] if r.get("nir", "").endswith(".nir")]
    for row in rows:
        if names and not any(name in row["nir"] for name in names):
            continue
        known = row.get("profile") or Path(row["nir"]).parts[0]
        yield root / row["nir"], known
        for framework, state in row.get("importers", {}).items():
            if state.startswith("ran; reproduced"):
                yield root / row["nir"], framework + "-import"


def check(network, profile, work, tools, judge):
    first, again, text, other, out = (work / n for n in ("first.mlir", "again.mlir", "first.txt", "again.txt", "out.nir"))
    for command in ([tools / "sf-translate", "--import-nir", "--profile=" + profile, network, "-o", first],
                    [tools / "sf-translate", "--export-nir", first, "-o", out],
                    [tools / "sf-translate", "--import-nir", out, "-o", again],
                    [tools / "sf-opt", first, "-o", text], [tools / "sf-opt", again, "-o", other]):
        code, message = run(command)
        if code:
            return message
    if text.read_text() != other.read_text():
        return "the texts differ"
    code, message = run([sys.executable, judge, out]) if judge else (0, "")
    return message if code else ""


def main():
    root, work, tools, names = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:]
    judge = names.pop(0).partition("=")[2] if names and names[0].startswith("--judge=") else None
    work.mkdir(parents=True, exist_ok=True)
    equal = total = 0
    for network, profile in list_jobs(root, names):
        error = check(network, profile, work, tools, judge)
        print(f"{'differs' if error else 'equal'}: {network.parent.name}/{network.stem} [{profile}] {error}")
        equal, total = equal + (not error), total + 1
    print(f"{equal} of {total} files come back")
    return 0 if equal == total else 1


if __name__ == "__main__":
    sys.exit(main())
