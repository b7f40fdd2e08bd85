#!/usr/bin/env python3
"""Plants wrong rules one at a time and sees whether the tests catch them.

usage: plant_faults.py --check                  every fault of test/Faults/faults.json fits the tree exactly once
       plant_faults.py SCRATCH_DIR [NAME...]    copies the tree to SCRATCH_DIR and plants all faults, or the named ones

In the copy, which has its own build, each fault is planted and the library built again. The campaign of random networks
runs first; where it passes, all other tests run. The table says how many of the networks differed and which tests failed.
A second run with the same SCRATCH_DIR takes over what is built. Exit code 0: all caught; 1: one survived, or does not
fit the tree; 2: cannot run.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
CAMPAIGN = "RandomCampaign.EnginesAgree"
NETWORKS = 500
# Longer means that a network does not end, which is caught too.
TIME_LIMIT = 900


def cannot_run(message):
    print(f"plant_faults.py: {message}", file=sys.stderr)
    sys.exit(2)


def load_faults():
    faults = json.loads((SOURCE / "test" / "Faults" / "faults.json").read_text())
    for fault in faults:
        fault["old"], fault["new"] = "\n".join(fault["old"]), "\n".join(fault["new"])
    return faults


def check(faults):
    """Prints the faults that do not fit the tree; returns whether all do."""
    names, good = set(), True
    for fault in faults:
        path = SOURCE / fault["file"]
        found = path.read_text().count(fault["old"]) if path.is_file() else 0
        problems = [f"its old text occurs {found} times in {fault['file']}, needs once"] if found != 1 else []
        if fault["name"] in names:
            problems.append("there is another one of that name")
        if fault["old"] == fault["new"]:
            problems.append("it changes nothing")
        names.add(fault["name"])
        for problem in problems:
            print(f"fault '{fault['name']}': {problem}")
        good &= not problems
    return good


class Copy:
    """A copy of the tree with its own build."""

    def __init__(self, root):
        self.root = root
        self.build = root / "build"

    def update(self):
        """Makes the sources those of the tree; files that did not change keep their times."""
        listed = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z"], stdout=subprocess.PIPE, check=True).stdout
        names = [n for n in os.fsdecode(listed).split("\0") if n and (SOURCE / n).is_file()]
        for name in names:
            source, target = SOURCE / name, self.root / name
            if target.is_file() and target.read_bytes() == source.read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)

    def make(self, *targets):
        """Builds; returns what was printed if it fails."""
        command = [self.root / "tools" / "dev", "build", *targets]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return result.stdout if result.returncode != 0 else None

    def run(self, *command):
        """Returns (exit code, output); what does not end has code 1."""
        # Nothing that an earlier build has kept may answer for this one.
        cache = self.root / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
        try:
            result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                    errors="replace", timeout=TIME_LIMIT, env=environment)
        except subprocess.TimeoutExpired:
            return 1, "does not end"
        return result.returncode, result.stdout

    def campaign(self):
        """How many networks differ, as text; None if none does."""
        code, text = self.run(self.build / "test" / "Unit" / "ExecutionEngineTests", f"--gtest_filter={CAMPAIGN}")
        if code == 0:
            return None
        seeds = set(re.findall(r"^seed (\d+):", text, re.M))
        if f"[  FAILED  ] {CAMPAIGN} (" not in text:
            return "crash" if code != 1 else text.splitlines()[-1]
        return f"{len(seeds)} of {NETWORKS}"

    def unit_tests(self):
        """The names of unit tests that fail."""
        failing = []
        for program in sorted((self.build / "test" / "Unit").glob("*Tests")):
            code, text = self.run(program)
            if code != 0:
                failing += sorted(set(re.findall(r"^\[  FAILED  \] (\S+?),? \(", text, re.M))) or [program.name]
        return failing

    def other_tests(self):
        """The names of other tests that fail: the quick unit tests, else all."""
        if failing := self.unit_tests():
            return failing
        code, text = self.run(sys.executable, self.root / "tools" / "scripts" / "run_tests.py", self.build,
                              "--filter-out=Faults/")
        return (re.findall(r"^  \S+ :: (\S+)$", text, re.M) or ["a test"]) if code != 0 else []


def judge(copy, fault):
    """Returns (networks that differ, other tests that fail), as text; both are empty for one that survives."""
    path = copy.root / fault["file"]
    good = path.read_text()
    path.write_text(good.replace(fault["old"], fault["new"]))
    try:
        if output := copy.make("ExecutionEngineTests"):
            cannot_run(f"fault '{fault['name']}' does not compile:\n{output[-3000:]}")
        if differing := copy.campaign():
            return differing, ""
        if output := copy.make():
            cannot_run(f"fault '{fault['name']}' does not compile:\n{output[-3000:]}")
        failing = copy.other_tests()
        return "", failing[0] + (f" and {len(failing) - 1} more" if len(failing) > 1 else "") if failing else ""
    finally:
        path.write_text(good)


def main():
    faults = load_faults()
    if sys.argv[1:] == ["--check"]:
        good = check(faults)
        if good:
            print(f"{len(faults)} faults fit the tree")
        return 0 if good else 1
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    if not check(faults):
        return 1
    names = sys.argv[2:]
    if unknown := set(names) - {fault["name"] for fault in faults}:
        cannot_run(f"there is no fault '{sorted(unknown)[0]}'")
    copy = Copy(Path(sys.argv[1]).resolve())
    if copy.root == SOURCE or SOURCE in copy.root.parents:
        cannot_run("SCRATCH_DIR lies in the tree")
    os.environ["SPIKEFORMER_BUILD_DIR"] = str(copy.build)
    copy.update()
    if output := copy.make():
        cannot_run(f"the tree does not build:\n{output[-3000:]}")
    if failing := [CAMPAIGN] if copy.campaign() else copy.other_tests():
        cannot_run(f"tests fail without any fault: {', '.join(failing)}")
    survived = 0
    print(f"{'fault':34} {'in':12} {'networks':11} other tests", flush=True)
    for fault in faults:
        if names and fault["name"] not in names:
            continue
        begin = time.monotonic()
        networks, others = judge(copy, fault)
        verdict = others or ("" if networks else "SURVIVED")
        survived += verdict == "SURVIVED"
        print(f"{fault['name']:34} {fault['engine']:12} {networks:11} {verdict} ({time.monotonic() - begin:.0f} s)",
              flush=True)
    print(f"{survived} survived")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
