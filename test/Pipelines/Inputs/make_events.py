"""Writes recordings of events, and what they are in steps, by NumPy alone.

usage: make_events.py DIR

DIR/rec has three .bs2 files, DIR/first.npy the first of them as [event, 4]; DIR/{count,binary}.npy are [sample, step, p, y, x] in 5 steps of 2 ms from
the first event on, DIR/sum.npy the counts of all steps, DIR/zero.npy those of counts from time 0 on.
"""
import sys
from pathlib import Path

import numpy as np

STEPS, BIN, SHAPE = 5, 2000, (2, 3, 4)


def pack(events):
    x, y, t, p = events.T
    return np.stack([x, y, p << 7 | t >> 16, t >> 8 & 255, t & 255], 1).astype("u1").tobytes()


def add_up(events, origin):
    steps = np.zeros((STEPS, *SHAPE), "f4")
    for x, y, t, p in events:
        step = (t - origin) // BIN
        if step < STEPS:
            steps[step, p, y, x] += 1
    return steps


def main():
    folder = Path(sys.argv[1])
    (folder / "rec").mkdir(parents=True)
    random = np.random.default_rng(5)
    recordings = []
    for sample in range(3):
        times = np.sort(random.integers(900, 13000, 200))
        times[:3] = [1000, 2000, 3000]
        columns = [random.integers(0, 4, 200), random.integers(0, 3, 200), np.sort(times), random.integers(0, 2, 200)]
        recordings.append(np.stack(columns, 1))
        (folder / "rec" / f"{sample}.bs2").write_bytes(pack(recordings[-1]))
    (folder / "rec" / "README").write_text("not a recording\n")
    np.save(folder / "first.npy", recordings[0])
    counts = np.stack([add_up(r, r[0, 2]) for r in recordings])
    np.save(folder / "count.npy", counts)
    np.save(folder / "sum.npy", counts.sum(1))
    np.save(folder / "binary.npy", np.minimum(counts, 1))
    np.save(folder / "zero.npy", np.stack([add_up(r, 0) for r in recordings]))
    (folder / "cut.bs2").write_bytes(pack(recordings[0])[:-2])
    (folder / "empty").mkdir()
    outside = recordings[0].copy()
    outside[7, 0] = 4
    (folder / "outside.bs2").write_bytes(pack(outside))


main()
