#!/usr/bin/env python3
"""Runs two batches of the same models with one cache at the same time.

usage: share_cache.py SF_COMPILE MODEL FOLDER     (FOLDER has x.npy)
"""
import json
import subprocess
import sys
from pathlib import Path

from batch import expect, make_command, read_tree, run, write_manifest

TOOL, MODEL, FOLDER = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
NUMBER = 60


def main():
    text = MODEL.read_text()
    models = []
    for index in range(NUMBER):
        (FOLDER / f"{index}.mlir").write_text(f"{text}// {index}\n")
        models.append({"input": f"{index}.mlir", "output": f"{index}.mlirbc"})
    manifest = write_manifest(FOLDER, models, calibrate="x.npy")
    commands = [make_command(TOOL, manifest, FOLDER / out, FOLDER / "cache", "--threads=2") for out in ("one", "two")]
    batches = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for command in commands]
    for batch in batches:
        output, errors = batch.communicate()
        expect(batch.returncode == 0 and json.loads(output)["failed"] == 0, errors)
        expect("damaged" not in errors, errors)
    expect(read_tree(FOLDER / "one") == read_tree(FOLDER / "two"), "the same results")
    entries = [path for path in (FOLDER / "cache").rglob("*") if path.is_file()]
    expect(len(entries) == 2 * NUMBER, f"an entry and its file for each model and nothing else, has {len(entries)}")
    report, _ = run(*commands[0])
    expect(report["cache_hits"] == NUMBER, f"all from the cache, has {report['cache_hits']}")


main()
