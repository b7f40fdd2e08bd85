#!/usr/bin/env python3
"""Reads every broken file and compares exit code, errors and warnings with bad.json.

usage: check_bad.py TEST-READ-NIR DIRECTORY EXPECTATIONS     exit 0: all as expected

An entry without errors is a file that must be accepted. Every line of output must match one pattern, in order: an error more than
expected is a failure, too.
"""
import json
import re
import subprocess
import sys
from pathlib import Path


def problems(tool, file, expected):
    """What is not as expected, as lines."""
    run = subprocess.run([tool, "--quiet", file.name], cwd=file.parent, capture_output=True, text=True, timeout=120)
    code = 1 if expected.get("errors") else 0
    if run.returncode != code:
        yield f"exit code {run.returncode} instead of {code}"
    for kind in ("error", "warning"):
        have = []
        for line in run.stderr.splitlines():
            if not re.search(r"(^|: )(error|warning): ", line) or not line.startswith(file.name + ": "):
                yield f"a line without place or kind: {line}"
            elif re.match(r"(?:(?!error: |warning: ).)*" + kind + ": ", line):
                have.append(line[len(file.name) + 2:].replace(kind + ": ", "", 1))
        want = expected.get(kind + "s", [])
        if len(have) != len(want) or not all(map(re.match, want, have)):
            yield "\n    ".join([f"{kind}s expected:"] + want + [f"{kind}s found:"] + have)


def main():
    tool, directory, expectations = (str(Path(argument).resolve()) for argument in sys.argv[1:])
    expected = json.loads(Path(expectations).read_text())
    files = sorted(Path(directory).glob("*.nir"))
    failed = 0
    for name in sorted(set(expected) - {file.stem for file in files}):
        print(f"{name}: no such file")
        failed += 1
    for file in files:
        found = list(problems(tool, file, expected[file.stem])) if file.stem in expected else ["no expectation"]
        for problem in found:
            print(f"{file.name}: {problem}")
        failed += bool(found)
    print(f"{len(files)} files, {failed} not as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
