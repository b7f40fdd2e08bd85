"""How long a large file of another format takes from the disk to a verified module, and how much memory."""
import os
import re
import subprocess
import time

from harness import CannotMeasure, Row, Skipped, Target, repeat
from hdf5 import Library, write_layers

WIDTH, LAYERS = 2236, 5
SECONDS = Target("<", 1.0, "goal of this project")
MEMORY = Target("<", 3.0, "goal of this project")


def find_hdf5(context):
    """The HDF5 library of the build."""
    found = re.search(r"^HDF5_LIBRARY:\w+=(.+)$", (context.build / "CMakeCache.txt").read_text(), re.M)
    try:
        return Library(found.group(1))
    except (AttributeError, OSError):
        raise Skipped("needs the HDF5 library of the build, shared")


def run_process(command):
    """Seconds of the process on the clock, and its peak of resident bytes or that of a worker of its."""
    begin = time.monotonic()
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        text = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise CannotMeasure(f"{' '.join(str(word) for word in command)}: exit code {process.returncode}: {text.strip()}")
    return time.monotonic() - begin, 1024 * usage.ru_maxrss


def measure_nir(context):
    path = context.folder / "large.nir"
    write_layers(find_hdf5(context), path, WIDTH, LAYERS)
    size = path.stat().st_size
    command = (context.tool("sf-compile"), path, "--profile=nir", "--target=cpu", "--compile-to=import", "--check-only")
    runs = repeat(context, lambda: run_process(command))
    path.unlink()
    note = f"{1e-6 * size:.0f} MB, {LAYERS} layers of {WIDTH} LIF neurons, not compressed"
    return [Row("import/nir", "s", [seconds for seconds, _ in runs], SECONDS, f"the whole process; {note}"),
            Row("import/nir/memory", "of the file's size", [peak / size for _, peak in runs], MEMORY, "peak of resident memory")]


def get_benchmarks():
    yield "import/nir", measure_nir
