"""Checks that the rows of `--pareto` are sorted and that none beats another.

usage: check_front.py REPORT.json
"""
import json
import sys

NAMES = ("packet_hops", "max_link_load", "longest_route", "chips_used")
rows = [[row[name] for name in NAMES] for row in json.load(open(sys.argv[1]))["pareto"]]
beaten = [b for b in rows for a in rows if a != b and all(x <= y for x, y in zip(a, b))]
print(f"{len(rows)} rows, sorted: {rows == sorted(rows)}, beaten: {len(beaten)}")
