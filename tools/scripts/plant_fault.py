#!/usr/bin/env python3
"""Writes a source file with one fault of a list in it.

usage: plant_fault.py FAULTS.json NAME SOURCE_DIR OUTPUT
exit codes: 0 done; 1 the fault does not fit the file exactly once; 2 cannot run

FAULTS.json is a list of {name, file, old, new, means}; `old` and `new` are lists of lines, `file` is below SOURCE_DIR.
"""
import json
import sys
from pathlib import Path


def main():
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    faults, name, source, output = sys.argv[1:]
    fault = next((f for f in json.loads(Path(faults).read_text()) if f["name"] == name), None)
    if fault is None:
        print(f"plant_fault.py: {faults} has no fault '{name}'", file=sys.stderr)
        return 2
    old, new = "\n".join(fault["old"]), "\n".join(fault["new"])
    text = (Path(source) / fault["file"]).read_text()
    found = text.count(old)
    if found != 1 or old == new:
        print(f"plant_fault.py: fault '{name}': its old text occurs {found} times in {fault['file']}, needs once, and has to "
              "differ from the new one; change the fault with the file", file=sys.stderr)
        return 1
    Path(output).parent.mkdir(parents=True, exist_ok=True)
    Path(output).write_text(text.replace(old, new))
    return 0


if __name__ == "__main__":
    sys.exit(main())
