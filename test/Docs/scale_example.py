#!/usr/bin/env python3
"""Makes an example network smaller: extents and counts of the large sizes are divided, the run is shortened.

usage: scale_example.py FILE DIVISOR STEPS > OUT.mlir
"""
import re
import sys
from pathlib import Path


def main():
    text, divisor, steps = Path(sys.argv[1]).read_text(), int(sys.argv[2]), int(sys.argv[3])
    def shrink(match):
        return match.group(1) + str(max(1, int(match.group(2)) // divisor)) + match.group(3)
    text = re.sub(r"(signal<|current<|tensor<1x)(\d{3,})([,>x])", shrink, text)
    text = re.sub(r"(first = |from )(\d{3,})()", shrink, text)
    text = re.sub(r"count = (\d+)", lambda m: f"count = {max(1, int(m.group(1)) // divisor ** 2)}", text)
    print(re.sub(r"steps\(\d+\)", f"steps({steps})", text), end="")


if __name__ == "__main__":
    main()
