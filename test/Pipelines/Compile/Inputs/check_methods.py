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
    plain, _, correction = name.partition("+")
    if correction:
        assert row["error"] <= methods[plain]["error"], name
assert any(name.endswith("+bias") for name in methods)
assert sum(name.endswith("+start") for name in methods) == 1
# The least error, or the fewest spikes, up to a hundredth, of those whose error does not matter and that agree as often.
closest = min(methods.values(), key=lambda row: row["error"])
accurate = [row["spikes_per_sample"] for row in methods.values()
            if row["error"] <= 0.005 and row["agreement"] >= closest["agreement"]]
taken = methods[chosen[0]]
assert taken["error"] <= max(0.005, closest["error"]) and taken["agreement"] >= closest["agreement"], methods
assert taken is closest or 0.99 * taken["spikes_per_sample"] <= min(accurate), methods
