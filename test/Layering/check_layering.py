#!/usr/bin/env python3
"""Checks that `#include` lines follow the directions of docs/Overview.md, that core names no chip, and banners.

usage: check_layering.py SOURCE_DIR      exit 0: all hold; 1: each violation on a line
"""
import re
import sys
from pathlib import Path

# A directory of core may include from those named here, and from itself. The order is that of the layers.
ALLOWED = {
    "Support": [],
    "TargetModel": ["Support"],
    "Mapping": ["TargetModel", "Support"],
    "Dialect/SNN/IR": ["Support"],
    "Dialect/SNN/Analysis": ["Dialect/SNN/IR", "Support"],
    "Dialect/SNN/Transforms": ["Dialect/SNN/IR", "Dialect/SNN/Analysis", "Support"],
    "Dialect/PnR/IR": ["Support"],
    "Dialect/PnR/Transforms": ["Dialect/PnR/IR", "Dialect/SNN/IR", "Dialect/SNN/Analysis", "PluginAPI", "Mapping", "TargetModel", "Support"],
    "PluginAPI": ["TargetModel", "Support"],
    "Reference": ["Dialect/SNN/IR", "Dialect/SNN/Analysis", "Support"],
    "ExecutionEngine": ["Dialect/SNN/IR", "Dialect/SNN/Analysis", "Support"],
    "Import": ["Dialect/SNN/IR", "Support"],
    "Export": ["Dialect/SNN/IR", "Import", "Support"],
    "Conversion": ["Dialect/SNN/IR", "Dialect/SNN/Analysis", "ExecutionEngine", "Support"],
    "Pipelines": ["Conversion", "Import", "Export", "Reference", "ExecutionEngine", "PluginAPI", "Mapping", "TargetModel",
                  "Dialect/SNN/IR", "Dialect/SNN/Analysis", "Dialect/SNN/Transforms", "Dialect/PnR/IR",
                  "Dialect/PnR/Transforms", "Support"],
}
PLUGIN = [d for d in ALLOWED if d not in ("Pipelines", "Import", "Export")]
CHIPS = re.compile(r"loihi|spinnaker|akida|truenorth|tianjic|brainscales|dynap|speck|xylo|darwin", re.I)
CORE = ("include", "lib", "runtime", "tools")
SOURCES = ("*.h", "*.cpp", "*.c", "*.td", "*.cmake", "CMakeLists.txt", "*.py", "*.in")


def layer_of(path):
    """The longest layer that `path` (relative to include/spikeformer or lib) lies in."""
    text = str(path)
    fits = [layer for layer in ALLOWED if text.startswith(layer + "/")]
    return max(fits, key=len) if fits else None


def includes(file):
    for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
        match = re.match(r'\s*(?:#\s*)?include\s+"([^"]+)"', line)
        if match:
            yield number, match.group(1)


def check_file(file, source, allowed, name):
    for number, path in includes(file):
        if not path.startswith("spikeformer/"):
            continue
        layer = layer_of(Path(path[len("spikeformer/"):]))
        if layer is None or layer in allowed:
            continue
        yield f"{file.relative_to(source)}:{number}: {name} may not include {path} ({layer})"


def check_includes(source):
    for root in (source / "include" / "spikeformer", source / "lib"):
        for file in sorted(p for s in ("*.h", "*.cpp", "*.td") for p in root.rglob(s)):
            layer = layer_of(file.relative_to(root))
            if layer is None:
                yield f"{file.relative_to(source)}: lies in no layer"
            else:
                yield from check_file(file, source, ALLOWED[layer] + [layer], layer)
    for file in sorted(p for s in ("*.h", "*.cpp", "*.td") for p in (source / "plugins").rglob(s)):
        if "test" not in file.relative_to(source / "plugins").parts:
            yield from check_file(file, source, PLUGIN, "a plugin")
    for file in sorted(p for s in ("*.h", "*.cpp") for p in (source / "runtime").rglob(s)):
        for number, path in includes(file):
            if path.startswith(("spikeformer/", "mlir/", "llvm/")):
                yield f"{file.relative_to(source)}:{number}: the runtime may not include {path}"


def check_chips(source):
    for root in CORE:
        for file in sorted(p for s in SOURCES for p in (source / root).rglob(s)):
            for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1):
                match = CHIPS.search(line)
                if match:
                    yield f"{file.relative_to(source)}:{number}: core names a chip: {match.group(0)}"


def check_mirror(source):
    """Each directory of lib has its include directory and the other way round."""
    def folders(root):
        return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_dir()}
    public, private = folders(source / "include" / "spikeformer"), folders(source / "lib")
    for folder in sorted(public - private):
        yield f"include/spikeformer/{folder}: has no lib/{folder}"


def check_banners(source):
    """The first line of a source names the file and is 80 columns wide."""
    for root in (*CORE, "plugins", "test"):
        for file in sorted(p for s in ("*.h", "*.cpp", "*.c", "*.td") for p in (source / root).rglob(s)):
            line = file.read_text(errors="replace").partition("\n")[0]
            if not (line.startswith(f"//===- {file.name} - ") and line.endswith("===//") and len(line) == 80):
                yield f"{file.relative_to(source)}:1: needs a banner of 80 columns that names the file"


def main():
    source = Path(sys.argv[1]).resolve()
    violations = [*check_includes(source), *check_chips(source), *check_mirror(source), *check_banners(source)]
    print("\n".join(violations) if violations else "layering: all rules hold")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
