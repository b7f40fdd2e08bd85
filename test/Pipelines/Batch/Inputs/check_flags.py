#!/usr/bin/env python3
"""Holds the flags of sf-compile --help against the keys of a model in the schema of batches.

usage: check_flags.py HELP SCHEMA
exit codes: 0 the same, 1 not
"""
import json
import re
import sys

# Of the whole batch, or of a single model.
OTHER = {"cache", "check-only", "help", "help-list", "list-machines", "list-methods", "list-profiles", "list-targets", "load-plugin",
         "manifest", "pareto", "report", "threads", "timing", "version"}

with open(sys.argv[1], encoding="utf-8") as file:
    flags = set(re.findall(r"^  --([\w-]+)", file.read(), re.M)) - OTHER
with open(sys.argv[2], encoding="utf-8") as file:
    keys = set(json.load(file)["properties"]["models"]["items"]["properties"]) - {"input", "output"}
for name in sorted(flags - keys):
    print(f"--{name} is no key of {sys.argv[2]}; add it there, or to OTHER here")
for name in sorted(keys - flags):
    print(f"'{name}' in {sys.argv[2]} is no flag of sf-compile")
sys.exit(flags != keys)
