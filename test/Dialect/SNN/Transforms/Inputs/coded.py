"""Samples of 3 numbers, or of an image of NUMBERS, and whether results differ by no more than they may.

usage: coded.py make SAMPLES.npy [NUMBERS]
       coded.py compare PLAIN.npy CODED.npy MAXIMUM MEAN
"""
import random
import struct
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "Pipelines" / "Inputs"))
from make_data import npy

SAMPLES = 64


def read(path):
    """The float32 elements of a .npy file."""
    data = Path(path).read_bytes()
    (header,) = struct.unpack_from("<H", data, 8)
    assert b"'<f4'" in data[: 10 + header], path
    return struct.unpack(f"<{(len(data) - 10 - header) // 4}f", data[10 + header :])


if sys.argv[1] == "make":
    numbers = random.Random(1)
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    shape = (SAMPLES, 1, 4, count // 4) if count > 3 else (SAMPLES, 1, count)
    values = [numbers.randrange(-4, 9) / 32 for _ in range(SAMPLES * count)]
    Path(sys.argv[2]).write_bytes(npy("<f4", shape, values))
else:
    plain, coded = read(sys.argv[2]), read(sys.argv[3])
    errors = [abs(x - y) for x, y in zip(plain, coded, strict=True)]
    assert max(plain) - min(plain) >= 1, plain
    found = max(errors), sum(errors) / len(errors)
    assert found[0] <= float(sys.argv[4]) and found[1] <= float(sys.argv[5]), found
