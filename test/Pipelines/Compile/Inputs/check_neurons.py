"""Checks what sf-run says of a network of sigma-delta neurons.

usage: check_neurons.py REPORT.json
"""
import json
import sys

report = json.load(open(sys.argv[1]))
rates = report["rates"]
# Some neuron sends, and none more than once.
for name in ("input.delta", "hidden"):
    assert 0 < rates[name] <= 1 / report["timesteps"], rates
assert report["spikes_per_sample"] > 0
