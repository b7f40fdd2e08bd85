#!/usr/bin/env python3
"""Compares #snn.izhikevich with the 28 behaviours of the published model.

usage: judge_izhikevich.py CASES.json DIR [--engine=E] [--scale-a=F]      exit 1 where a spike train differs

A case has `expected_spike_times_in_repo_mep` where the publishers state its train: upward crossings of 0 mV, a spike counting as the peak.
All cases have the train of the script that came with them. `--scale-a` multiplies the param a, so that the comparison can be seen to fail.
"""
import json
import sys
from pathlib import Path

from arrays import one_neuron, run


def make_params(case, scale):
    quadratic = (0.04, 4.1, 108.0) if "4.1*V" in case["update"][0] else (0.04, 5.0, 140.0)
    values = dict(zip(("k2", "k1", "k0"), quadratic))
    values.update({name: case[name] for name in "abcd"})
    values["a"] *= scale
    values.update(v_peak=case["v_peak"], v_init=case["V0"], u_init=case["u0"], time_unit=1e-3)
    accumulates = "-u)" not in case["update"][1]
    if accumulates:
        assert "b*(V+65)" in case["update"][1]
        values["v_r"] = -65.0
    return ", recovery = accumulating" if accumulates else "", values


def simulate(case, stem, engine, scale):
    """Times of the spikes, and of the upward crossings of 0 mV."""
    current = [value for steps, value in case["current_runs_steps_value"] for _ in range(steps)]
    option, values = make_params(case, scale)
    module = one_neuron("in: %i accumulate ordered<f64>", f"#snn.izhikevich<state = f64{option}>", values, len(current),
                        case["dt_ms"] / 1000)
    seen = run(stem, module, ["n", "n.v"], current, engine)
    potential = [case["v_peak"] if spike else v for spike, v in zip(seen["n"], seen["n.v"])]

    def times(steps):
        return [round(step * case["dt_ms"], 6) for step in steps]

    spikes = [step for step, spike in enumerate(seen["n"]) if spike]
    crossings = [k for k in range(1, len(potential)) if potential[k - 1] < 0 <= potential[k]]
    return times(spikes), times(crossings)


def main():
    options = dict(argument[2:].split("=") for argument in sys.argv[3:])
    cases = json.loads(Path(sys.argv[1]).read_text())["cases"]
    directory = Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    equal = {"published": 0, "derived": 0}
    count = dict(equal)
    for index, case in enumerate(cases):
        spikes, crossings = simulate(case, str(directory / f"case{index}"), options.get("engine", "jit"), float(options.get("scale-a", 1)))
        published = case["expected_spike_times_in_repo_mep"]
        kind = "derived" if published is None else "published"
        same = spikes == case["spike_times_ms"] and crossings == case["threshold_crossing_0mV_ms"]
        if published is not None:
            same = same and crossings == published
        count[kind] += 1
        equal[kind] += same
        if not same:
            print(f"differs: {case['name']}: {spikes} instead of {case['spike_times_ms']}")
    for kind in count:
        print(f"{kind}: {equal[kind]} of {count[kind]} trains are equal")
    sys.exit(equal != count)


main()
