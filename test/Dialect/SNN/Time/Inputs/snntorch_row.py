#!/usr/bin/env python3
"""Compares a recording of snnTorch, by its row of time, with what its NIR file gives here under the profile of snnTorch.

usage: snntorch_row.py NETWORK.nir RECORDING.npz WORK      exit 1 where spikes or potentials differ

Row t of the recordings `out` and `v` is (spikes, membrane) as `Leaky` returned them in step t; rows shifted by one step are compared too.
"""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "Pipelines" / "Inputs"))
import arrays  # noqa: E402

network, recording, work = sys.argv[1], arrays.read(sys.argv[2]), Path(sys.argv[3])
work.mkdir(parents=True, exist_ok=True)
shape, spikes = recording["in_spk"]
arrays.write(work / "x.npy", "<f4", (1, *shape), spikes)
subprocess.run(["sf-translate", "--import-nir", "--profile=snntorch", network, "-o", work / "net.mlir"], check=True)
subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--axes=STN", "--probe=1,1.v,3", f"--record={work / 'out.npz'}"],
               check=True, stdout=subprocess.DEVNULL)
got = arrays.read(work / "out.npz")


def count(name, key, shift):
    """Elements that differ when row t here is row t - shift there."""
    (rows, width), want = recording[name]
    have = got[key][1]
    return sum(have[(t + shift) * width + k] != want[t * width + k] for t in range(rows - 1) for k in range(width))


for name, key in (("out_spk", "3"), ("v_1_spk", "1.v")):
    print(f"{name}: {count(name, key, 0)} differ in the same step, {'some' if count(name, key, 1) else 'none'} one step later")
sys.exit(any(count(*pair, 0) for pair in (("out_spk", "3"), ("v_1_spk", "1.v"))))
