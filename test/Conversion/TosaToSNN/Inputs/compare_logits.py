#!/usr/bin/env python3
"""Compares the logits of a quantised network with those of its float form.

usage: compare_logits.py QUANTISED.npy FLOAT.npy --step S --labels SHARE --mean STEPS

Both files are float32 arrays [samples, classes]. S is the quantisation step of the logits. Accepted (exit 0) if at
least SHARE of the labels are the same and the mean difference of a logit is at most STEPS steps.
"""
import argparse
import array
import ast
import sys


def read(path):
    """Returns the rows of a float32 .npy file."""
    data = open(path, "rb").read()
    size = int.from_bytes(data[8:10], "little")
    header = ast.literal_eval(data[10 : 10 + size].decode())
    rows, columns = header["shape"]
    values = array.array("f", data[10 + size :])
    return [values[k * columns : (k + 1) * columns] for k in range(rows)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quantised")
    parser.add_argument("float")
    parser.add_argument("--step", type=float, required=True)
    parser.add_argument("--labels", type=float, required=True)
    parser.add_argument("--mean", type=float, required=True)
    args = parser.parse_args()
    a, b = read(args.quantised), read(args.float)
    same = sum(max(range(len(x)), key=x.__getitem__) == max(range(len(y)), key=y.__getitem__) for x, y in zip(a, b))
    differences = [abs(p - q) / args.step for x, y in zip(a, b) for p, q in zip(x, y)]
    mean = sum(differences) / len(differences)
    share = same / len(a)
    print(f"{len(a)} samples, labels {share:.4f}, mean {mean:.3f} steps, largest {max(differences):.1f} steps")
    return 0 if len(a) == len(b) and share >= args.labels and mean <= args.mean else 1


if __name__ == "__main__":
    sys.exit(main())
