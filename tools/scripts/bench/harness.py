"""Rows, targets and the running of commands: what every benchmark uses."""
import dataclasses
import json
import operator
import os
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
COMPARE = {">=": operator.ge, "<=": operator.le, "<": operator.lt}


class Skipped(Exception):
    """What a benchmark needs is not here; the text says what."""


class CannotMeasure(Exception):
    """A command failed, or gave a wrong result."""


@dataclasses.dataclass
class Target:
    relation: str
    value: float
    source: str

    def to_json(self):
        return {"relation": self.relation, "value": self.value, "source": self.source}


@dataclasses.dataclass
class Row:
    """One quantity; `values` are the results of equal runs, and their median counts."""
    name: str
    unit: str = ""
    values: list = dataclasses.field(default_factory=list)
    target: Target = None
    note: str = ""
    skipped: str = None
    error: str = None
    load: float = dataclasses.field(default_factory=lambda: os.getloadavg()[0])

    @property
    def median(self):
        return statistics.median(self.values) if self.values else None

    @property
    def reached(self):
        if not self.target or not self.values:
            return None
        return COMPARE[self.target.relation](self.median, self.target.value)

    def to_json(self):
        return {"name": self.name, "unit": self.unit, "median": self.median, "min": min(self.values, default=None),
                "max": max(self.values, default=None), "runs": len(self.values), "target": self.target and self.target.to_json(),
                "reached": self.reached, "load": self.load, "note": self.note, "skipped": self.skipped, "error": self.error}


@dataclasses.dataclass
class Context:
    """Where things are, and how thorough to be."""
    build: Path
    shared: Path
    folder: Path
    quick: bool

    @property
    def runs(self):
        return 1 if self.quick else 7

    def tool(self, name):
        return self.build / "bin" / name

    def get_shared(self, path):
        """A file or folder of the shared material."""
        found = self.shared / path
        if not found.exists():
            raise Skipped(f"needs {path} in the folder of shared material (--shared)")
        return found


def call(command, folder=None):
    """Runs a command; returns its standard output."""
    result = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
    if result.returncode != 0:
        raise CannotMeasure(f"{' '.join(str(word) for word in command)}: exit code {result.returncode}: {result.stderr.strip()}")
    return result.stdout


def report(*command):
    """Runs one of our tools; returns its report, with the seconds of the whole process as `wall_seconds`."""
    begin = time.monotonic()
    text = call([*command, "--report=json"])
    return {**json.loads(text), "wall_seconds": time.monotonic() - begin}


def repeat(context, measure):
    """The results of equal runs; the first, which warms the caches of files, does not count."""
    if not context.quick:
        measure()
    return [measure() for _ in range(context.runs)]
