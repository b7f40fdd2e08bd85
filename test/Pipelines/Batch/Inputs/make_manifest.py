#!/usr/bin/env python3
"""Writes a manifest of a batch.

usage: make_manifest.py FILE KEY=JSON...
"""
import json
import sys

document = {key: json.loads(text) for key, _, text in (word.partition("=") for word in sys.argv[2:])}
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump(document, file, indent=1)
