#!/usr/bin/env python3
"""Runs the lit suite and the unit tests of a build; the last line is `N passed, N failed`.

usage: run_tests.py BUILD_DIR [lit arguments]
"""
import re
import subprocess
import sys
from pathlib import Path


def plugin_files(build, pattern):
    """Files in the test folders of the plugins; what a removed plugin left in the build is none of them."""
    plugins = Path(__file__).resolve().parents[2] / "plugins"
    found = (build / "plugins").glob("*/test/" + pattern)
    return sorted(f for f in found if (plugins / f.relative_to(build / "plugins").parts[0]).is_dir())


def run_lit(build, arguments):
    """Returns (passed, failed, skipped) of core's lit suite and those of the plugins."""
    lit = "/usr/lib/llvm-22/bin/lit"
    suites = [build / "test", *(s.parent for s in plugin_files(build, "lit.site.cfg.py"))]
    command = [lit, "-sv", "--no-progress-bar", *map(str, suites), *arguments]
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    print(text, end="")

    def count(*names):
        return sum(int(n) for name in names for n in re.findall(rf"^\s*{name}\s*:\s*(\d+)", text, re.M))

    passed = count("Passed", "Expectedly Failed")
    failed = count("Failed", "Unresolved", "Timed Out", "Unexpectedly Passed")
    if passed + failed == 0:
        failed = 1
    return passed, failed, count("Unsupported", "Skipped")


def run_unit(program):
    """Returns (passed, failed) of one gtest program; a crash counts as one failure."""
    result = subprocess.run([str(program)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    passed = len(re.findall(r"^\[       OK \]", result.stdout, re.M))
    failed = len(set(re.findall(r"^\[  FAILED  \] (\S+?),? \(", result.stdout, re.M)))
    if result.returncode != 0:
        print(result.stdout, end="")
        failed = max(failed, 1)
    return passed, failed


def main():
    build = Path(sys.argv[1]).resolve()
    passed, failed, skipped = run_lit(build, sys.argv[2:])
    for program in [*sorted((build / "test" / "Unit").glob("*Tests")), *plugin_files(build, "*Tests")]:
        p, f = run_unit(program)
        passed, failed = passed + p, failed + f
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
