#!/usr/bin/env python3
"""Holds the keys of a part of a report against its schema, and their types.

usage: check_keys.py REPORT PART SCHEMA
exit codes: 0 the same, 1 not
"""
import json
import sys

TYPES = {"number": (int, float), "integer": int, "array": list}
with open(sys.argv[1], encoding="utf-8") as file:
    part = json.load(file)[sys.argv[2]]
with open(sys.argv[3], encoding="utf-8") as file:
    schema = json.load(file)
assert set(part) == set(schema["properties"]), (sorted(part), sorted(schema["properties"]))
assert set(schema["required"]) <= set(part)
for key, value in part.items():
    assert isinstance(value, TYPES[schema["properties"][key]["type"]]), key
