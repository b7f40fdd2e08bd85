"""Checks the table of methods in a report of sf-compile.

usage: check_methods.py REPORT.json
"""
import json
import sys

report = json.load(open(sys.argv[1]))
methods = {row["method"]: row for row in report["methods"]}
chosen = [row["method"] for row in report["methods"] if row["chosen"]]
assert chosen == [report["method"]], (chosen, report["method"])
for name, row in methods.items():
    assert row["error"] >= 0 and 0 <= row["agreement"] <= 1 and row["spikes_per_sample"] > 0, row
    if name.endswith("+bias"):
        assert row["error"] <= methods[name[:-len("+bias")]]["error"], name
assert any(name.endswith("+bias") for name in methods)
assert methods[chosen[0]]["error"] == min(row["error"] for row in methods.values()), methods
