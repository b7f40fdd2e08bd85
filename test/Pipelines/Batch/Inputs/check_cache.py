#!/usr/bin/env python3
"""What is taken from the cache, and what is not.

usage: check_cache.py SF_COMPILE MODEL FOLDER     (FOLDER has x.npy and x64.npy)
"""
import os
import shutil
import sys
from pathlib import Path

from batch import expect, make_command, read_tree, run, write_manifest

TOOL, MODEL, FOLDER = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
CACHE = FOLDER / "cache"
MODELS = [{"input": "a.mlir", "output": "a.mlirbc"}, {"input": "b.mlir", "output": "b.mlir"}]


def hits(out="out", code=0, models=MODELS, flags=(), **defaults):
    """Whether each model came from the cache; and what the batch said."""
    manifest = write_manifest(FOLDER, models, **{"calibrate": "x.npy", **defaults})
    report, errors = run(*make_command(TOOL, manifest, FOLDER / out, CACHE, *flags), code=code)
    cached = [row["cached"] for row in report["models"]]
    expect(report["cache_hits"] == sum(cached), "cache_hits")
    return cached, errors


def entries():
    return [path for path in CACHE.rglob("*") if path.is_file()]


def main():
    for name in ("a.mlir", "b.mlir"):
        shutil.copy(MODEL, FOLDER / name)
    expect(hits()[0] == [False, False], "an empty cache has nothing")
    expect(len(entries()) == 4, f"an entry and its file for each model, has {entries()}")
    first = read_tree(FOLDER / "out")
    expect(hits()[0] == [True, True], "the same again")
    expect(hits("other")[0] == [True, True], "into another directory")
    expect(read_tree(FOLDER / "other") == first, "the same bytes")

    # An edited result does not reach the cache, and is made right again.
    (FOLDER / "other" / "a.mlirbc").write_bytes(b"edited")
    expect(hits("other")[0] == [True, True] and read_tree(FOLDER / "other") == first, "an edited result")

    # Here the cache may hold the file itself, and finds that it was edited.
    (FOLDER / "out" / "a.mlirbc").write_bytes(b"edited")
    expect(hits("other")[0][1] and read_tree(FOLDER / "other") == first, "an edited first result")
    hits()
    expect(hits()[0] == [True, True] and read_tree(FOLDER / "out") == first, "as before the edit")

    # Any file may be deleted.
    for path in entries():
        kept = path.read_bytes()
        path.unlink()
        cached, errors = hits("other")
        expect(sorted(cached) == [False, True] and not errors, f"a deleted file: {errors}")
        expect(read_tree(FOLDER / "other") == first and (path.suffix == "" or path.read_bytes() == kept), "made again")

    # What a killed process left goes when it is old enough to be nobody's.
    old, new = CACHE / "unfinished" / "old", CACHE / "unfinished" / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    hits()
    expect(not old.exists() and new.exists(), "abandoned files")
    new.unlink()

    # Another name is in the locations; a directory is not.
    shutil.copy(MODEL, FOLDER / "c.mlir")
    expect(hits("elsewhere", models=[{"input": "c.mlir", "output": "c.mlirbc"}])[0] == [False], "another name")
    (FOLDER / "deep").mkdir()
    shutil.copy(MODEL, FOLDER / "deep" / "a.mlir")
    expect(hits("elsewhere", models=[{"input": "deep/a.mlir", "output": "c.mlirbc"}])[0] == [True], "another directory")

    # What changes the result changes the key, and coming back finds the first.
    expect(hits(timesteps=9)[0] == [False, False], "other options")
    expect(hits(calibrate="x64.npy")[0] == [False, False], "other samples")
    data = (FOLDER / "x.npy").read_bytes()
    (FOLDER / "x.npy").write_bytes(data[:-4] + b"\0\0\x80?")
    expect(hits()[0] == [False, False], "changed samples")
    (FOLDER / "x.npy").write_bytes(data)
    text = MODEL.read_text()
    (FOLDER / "a.mlir").write_text(text.replace("dense<[[[1.0,", "dense<[[[1.5,"))
    expect(hits()[0] == [False, True], "a changed model")
    (FOLDER / "a.mlir").write_text(text)
    expect(hits()[0] == [True, True], "everything as it was")
    expect(hits(flags=["--threads=1"])[0] == [True, True], "threads change no result")

    # Damage of any kind is found, said and mended.
    for damage in (lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b[:40], lambda b: b"", lambda b: b + b"x"):
        for path in entries():
            path.write_bytes(damage(path.read_bytes()))
        cached, errors = hits()
        expect(cached == [False, False] and errors.count("of the cache is damaged, or its result was edited in place; the model is compiled again") == 2, f"damage: {errors}")
        expect(read_tree(FOLDER / "out") == first and hits()[0] == [True, True], "mended")

    # A model that fails is not kept.
    bad = [{"input": "a.mlir", "output": "a.mlirbc", "method": "max", "calibrate": "zeros.npy"}]
    for _ in range(2):
        expect(hits(models=bad, code=1)[0] == [False], "a failed model")

    # Nor is what depends on the clock.
    for _ in range(2):
        expect(hits(**{"time-limit": 100})[0] == [False, False], "a limit of time")


main()
