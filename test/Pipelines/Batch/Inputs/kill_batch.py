#!/usr/bin/env python3
"""Kills a batch while it works, and runs it again.

usage: kill_batch.py SF_COMPILE MODEL FOLDER     (FOLDER has x.npy)
"""
import subprocess
import sys
import time
from pathlib import Path

from batch import expect, make_command, read_tree, run, write_manifest

TOOL, MODEL, FOLDER = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
NUMBER, ENOUGH = 300, 20


def main():
    text = MODEL.read_text()
    models = []
    for index in range(NUMBER):
        (FOLDER / f"{index}.mlir").write_text(f"{text}// {index}\n")
        models.append({"input": f"{index}.mlir", "output": f"{index}.mlirbc"})
    manifest = write_manifest(FOLDER, models, calibrate="x.npy")
    out, cache = FOLDER / "out", FOLDER / "cache"
    with subprocess.Popen(make_command(TOOL, manifest, out, cache), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and len(list(out.glob("*.mlirbc"))) < ENOUGH:
            time.sleep(0.001)
        process.kill()
    expect(process.returncode == -9, f"killed in the middle: {process.returncode}")
    left = read_tree(out)
    report, errors = run(*make_command(TOOL, manifest, out, cache))
    hits = report["cache_hits"]
    expect("damaged" not in errors, errors)
    expect(report["failed"] == 0 and ENOUGH - 4 <= hits < NUMBER, f"{hits} of {NUMBER} from before")
    whole = read_tree(out)
    for name, contents in left.items():
        # What was being written has a hidden name.
        if not name.name.startswith("."):
            expect(contents == whole[name], f"{name} was not whole")
    fresh = FOLDER / "fresh"
    run(*make_command(TOOL, manifest, fresh, FOLDER / "fresh-cache"))
    for name, contents in read_tree(fresh).items():
        expect(contents == whole[name], f"{name} differs from that of a batch that was not killed")


main()
