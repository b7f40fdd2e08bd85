"""Runs batches, for the tests of batches."""
import json
import subprocess
import sys
from pathlib import Path


def write_manifest(folder, models, **defaults):
    """A manifest in `folder`; returns its path."""
    path = Path(folder) / "manifest.json"
    path.write_text(json.dumps({"defaults": {"target": "cpu", "timesteps": 8, "method": "max", **defaults}, "models": models}))
    return path


def make_command(tool, manifest, out, cache, *more):
    return [tool, f"--manifest={manifest}", f"--cache={cache}", "-o", str(out), "--report=json", *more]


def run(*command, code=0):
    """Runs a batch; returns its report and what it said on standard error."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    expect(result.returncode == code, f"exit code {result.returncode}: {result.stderr}")
    return json.loads(result.stdout), result.stderr


def expect(condition, message):
    if not condition:
        sys.exit(f"wrong: {message}")


def read_tree(folder):
    """The files below a folder, by name."""
    return {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
