#!/usr/bin/env python3
"""Checks that every example network has at most 80 lines.      usage: check_examples.py DIRECTORY"""
import sys
from pathlib import Path

LIMIT = 80


def main():
    files = sorted(Path(sys.argv[1]).glob("*.mlir"))
    long = [f"{f.name}: {n} lines" for f in files if (n := len(f.read_text().splitlines())) > LIMIT]
    print("\n".join(long) if long else f"{len(files)} examples of at most {LIMIT} lines")
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main())
