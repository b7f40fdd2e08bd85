#!/usr/bin/env python3
"""Starts a target plugin: copies plugins/Template under a new id and renames everything in it.

usage: new_plugin.py ID [DIRECTORY]     DIRECTORY is plugins/ID if not given
exit codes: 0 done; 1 the id is taken or cannot be one; 2 cannot run

docs/Plugins/WritingATarget.md says what to change in the copy, file by file.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "plugins" / "Template"
# Tests of the example itself: its frozen files, and this script.
LEFT_OUT = {"compat.test", "new-plugin.test", "version-1.mlirbc", "version-1-attributes.mlirbc", "version-2.mlirbc"}
# The id in lower case becomes the dialect, a C++ namespace and the prefix of flags.
TAKEN = set("""alignas alignof and asm auto bool break case catch char class const continue default delete do double
else enum explicit export extern false float for friend goto if inline int long namespace new not nullptr operator or
private protected public register return short signed sizeof static struct switch this throw true try typedef typeid
union unsigned using virtual void volatile while xor affine arith bufferization builtin cf complex func gpu index
linalg llvm math memref mlir quant scf shape snn sparse_tensor std tensor tosa vector templ""".split())


def rename(text, plugin_id):
    """The four spellings of the example's name, in an order in which none is part of a later one."""
    lower = plugin_id.lower()
    for old, new in (("TEMPLATE", plugin_id.upper()), ("Template", plugin_id), ("template", lower)):
        text = text.replace(old, new)
    return re.sub(r"\btempl\b", lower, text)


def pad_banner(text):
    """Makes the first line of a source file 80 columns wide again."""
    match = re.match(r"(//===- .*?) -+((?:\*- \S+ -\*-)?===//)\n", text)
    if not match:
        return text
    head, tail = match.group(1) + " ", match.group(2)
    return head + "-" * max(1, 80 - len(head) - len(tail)) + tail + "\n" + text[match.end():]


def copy(plugin_id, target):
    for source in sorted(EXAMPLE.rglob("*")):
        path = source.relative_to(EXAMPLE)
        if source.is_dir() or LEFT_OUT & set(path.parts):
            continue
        destination = target / rename(str(path), plugin_id)
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_text(pad_banner(rename(source.read_text(), plugin_id)))


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    plugin_id = sys.argv[1]
    target = Path(sys.argv[2]) if len(sys.argv) == 3 else ROOT / "plugins" / plugin_id
    if not EXAMPLE.is_dir():
        print(f"new_plugin.py: there is no {EXAMPLE} to copy", file=sys.stderr)
        return 2
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]{0,30}", plugin_id) or plugin_id.lower() in TAKEN:
        print(f"new_plugin.py: '{plugin_id}' cannot be an id: it needs a capital letter, then letters and digits, at most "
              "31 in all, and in lower case it must not be a word of C++ or a dialect", file=sys.stderr)
        return 1
    if target.exists():
        print(f"new_plugin.py: {target} is there already", file=sys.stderr)
        return 1
    copy(plugin_id, target)
    sources = sorted(str(f) for pattern in ("*.cpp", "*.h") for f in target.rglob(pattern))
    if shutil.which("clang-format-22"):
        subprocess.run(["clang-format-22", "-i", "--style=file:" + str(ROOT / ".clang-format"), *sources], check=True)
    print(f"{target}: configure again and build SpikeFormerPlugin{plugin_id}; "
          "docs/Plugins/WritingATarget.md says what to change")
    return 0


if __name__ == "__main__":
    sys.exit(main())
