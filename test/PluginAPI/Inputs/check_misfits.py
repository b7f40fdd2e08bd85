"""check_misfits.py REPORT.json: of each target the check of its name failed and no other; of `honest` none did."""
import json
import sys

report = json.load(open(sys.argv[1]))
failed = {}
for row in report["checks"]:
    failed.setdefault(row["target"], [])
    if row["result"] == "failed":
        failed[row["target"]].append(row["check"])
        assert row["what"] and row["failures"] > 0, row
found = 0
for target, checks in failed.items():
    want = [] if target == "honest" else [target]
    if checks != want:
        sys.exit(f"target {target}: needs the failed checks {want}, has {checks}")
    found += len(want)
print(f"{len(failed)} targets, {found} faults found")
