"""What a table of measurements has to say about the machine and the build."""
import os
import platform
import re
import subprocess

from harness import ROOT

LEVELS = [("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX"), ("sse4_2", "SSE4.2"), ("asimd", "NEON")]


def read_cpuinfo():
    """(model, flags) of the first processor."""
    try:
        with open("/proc/cpuinfo") as file:
            text = file.read()
    except OSError:
        return platform.processor(), set()
    fields = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", text, re.M))
    flags = fields.get("flags", fields.get("Features", ""))
    return fields.get("model name", platform.machine()), set(flags.split())


def get_level(flags):
    return next((name for flag, name in LEVELS if flag in flags), platform.machine())


def first_line(*command):
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    except OSError:
        return ""
    return (result.stdout.splitlines() or [""])[0]


def get_compiler(build):
    """The C++ compiler of the build."""
    match = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)
    return match.group(1)


def describe(build):
    model, flags = read_cpuinfo()
    commit = first_line("git", "rev-parse", "--short=10", "HEAD")
    changed = bool(first_line("git", "status", "--porcelain", "--untracked-files=no"))
    return {"cpu": model, "cores": os.cpu_count(), "isa": get_level(flags), "system": f"{platform.system()} {platform.release()}",
            "compiler": first_line(get_compiler(build), "--version"), "commit": commit + (" with changes" if changed else ""),
            "load": list(os.getloadavg())}
