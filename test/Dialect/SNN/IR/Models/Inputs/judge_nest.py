#!/usr/bin/env python3
"""Compares models with numbers of NEST's test suite.

usage: judge_nest.py CASE DATA DIR [--engine=E] [--scale-c=F]      CASE: alpha, mat2 or aeif; exit 1 where they differ

alpha and mat2: potentials (and thresholds) to the 6 digits that are given. aeif: spike times, and the mean relative error of v and w at the
given times, v below the middle of v_th and v_peak; an independent solver's last spike is 5e-3 ms late. `--scale-c` multiplies the capacitance, so that the comparison can be seen to fail.
"""
import json
import sys
from pathlib import Path

from arrays import one_neuron, run

DT = 1e-4


def digits(value):
    return f"{value:.6g}"


def compare(rows):
    """Rows of (what, have, want), to 6 digits."""
    wrong = [row for row in rows if digits(row[1]) != digits(row[2])]
    for what, have, want in wrong[:3]:
        print(f"differs: {what}: {digits(have)} instead of {digits(want)}")
    print(f"{len(rows) - len(wrong)} of {len(rows)} values are equal to 6 digits")
    return not wrong


def delayed(amplitude, steps):
    """What a generator that starts after one step delivers one step later: seen from the third step on."""
    return [0.0, 0.0] + [amplitude] * (steps - 2)


def judge_alpha(data, stem, engine, scale):
    p = data["params"]
    values = dict(c_m=p["C_m"] * 1e-3 * scale, tau_m=p["tau_m"] * 1e-3, e_l=p["E_L"], v_th=p["V_th"], v_reset=p["V_reset"],
                  t_ref=p["t_ref"] * 1e-3, tau_syn_ex=p["tau_syn"] * 1e-3, tau_syn_in=p["tau_syn"] * 1e-3, v_init=p["E_L"])
    receptor = "accumulate ordered<f64>"
    module = one_neuron(f"exc: {receptor}, inh: {receptor}, current: %i {receptor}", "#snn.iaf_psc<state = f64, synapse = alpha>", values, 80, DT)
    seen = run(stem, module, ["n", "n.v"], delayed(1000.0, 80), engine)
    rows = [(f"v at {t} ms", seen["n.v"][round(t * 10) - 1], v) for t, v in data["expected_t_V"]]
    spikes = [step + 1 for step, spike in enumerate(seen["n"]) if spike]
    print(f"spikes in steps {spikes}")
    return compare(rows) and spikes == data["spike_steps"]


# Multi-timescale adaptive threshold (Kobayashi, Tsubo and Shinomoto 2009): no reset; two components of the threshold jump and decay.
MAT2 = """
snn.model @mat2 states(v = %v: f64, h1 = %h1: f64, h2 = %h2: f64, r = %r: i32) receptors(in = %in: f64)
    params(dt = %dt: f64, c_m = %c: f64, tau_m = %tau: f64, e_l = %el: f64, omega = %omega: f64, tau_1 = %tau1: f64, tau_2 = %tau2: f64,
           alpha_1 = %a1: f64, alpha_2 = %a2: f64, refractory = %steps: i32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %unit = arith.constant 1.0 : f64
  %down = arith.negf %dt : f64
  %k = arith.divf %down, %tau : f64
  %p = math.exp %k : f64
  %q = arith.subf %unit, %p : f64
  %gain = arith.divf %tau, %c : f64
  %i = arith.mulf %gain, %in : f64
  %push = arith.mulf %q, %i : f64
  %away = arith.subf %v, %el : f64
  %kept = arith.mulf %p, %away : f64
  %sum = arith.addf %kept, %push : f64
  %v1 = arith.addf %el, %sum : f64
  %k1 = arith.divf %down, %tau1 : f64
  %p1 = math.exp %k1 : f64
  %low1 = arith.mulf %p1, %h1 : f64
  %k2 = arith.divf %down, %tau2 : f64
  %p2 = math.exp %k2 : f64
  %low2 = arith.mulf %p2, %h2 : f64
  %raised = arith.addf %omega, %low1 : f64
  %theta = arith.addf %raised, %low2 : f64
  %over = arith.cmpf oge, %v1, %theta : f64
  %ready = arith.cmpi eq, %r, %zero : i32
  %fires = arith.andi %over, %ready : i1
  %high1 = arith.addf %low1, %a1 : f64
  %high2 = arith.addf %low2, %a2 : f64
  %n1 = arith.select %fires, %high1, %low1 : f64
  %n2 = arith.select %fires, %high2, %low2 : f64
  %less = arith.subi %r, %one : i32
  %waits = arith.select %ready, %zero, %less : i32
  %n3 = arith.select %fires, %steps, %waits : i32
  snn.yield %fires states(%v1, %n1, %n2, %n3) : i1, f64, f64, f64, i32
}
"""


def judge_mat2(data, stem, engine, scale):
    omega = data["params"]["omega"]
    values = dict(dt=DT, c_m=0.1 * scale, tau_m=5e-3, e_l=-70.0, omega=omega, tau_1=1e-2, tau_2=0.2, alpha_1=37.0, alpha_2=2.0,
                  refractory=20.0, v_init=-70.0, h1_init=0.0, h2_init=0.0, r_init=0.0)
    module = one_neuron("in: %i accumulate ordered<f64>", "#snn.custom<@mat2>", values, 60, DT, before=MAT2)
    seen = run(stem, module, ["n", "n.v", "n.h1", "n.h2"], delayed(data["params"]["I_dc_pA"], 60), engine)
    rows = []
    for step, v, theta in data["step_V_Vth"]:
        rows.append((f"v in step {step}", seen["n.v"][step - 1], v))
        rows.append((f"threshold in step {step}", omega + seen["n.h1"][step - 1] + seen["n.h2"][step - 1], theta))
    spikes = [step + 1 for step, spike in enumerate(seen["n"]) if spike]
    print(f"spikes in steps {spikes}")
    return compare(rows) and spikes == data["spike_steps"]


def judge_aeif(data, stem, engine, scale):
    p, dt, steps = data["params"], 1e-7, 1000000
    values = dict(c_m=p["C_m"] * 1e-3 * scale, g_l=p["g_L"], e_l=p["E_L"], delta_t=p["Delta_T"], v_t=p["V_th"], v_peak=p["V_peak"],
                  v_reset=p["V_reset"], tau_w=p["tau_w"] * 1e-3, a=p["a"], b=p["b"], t_ref=0.0, v_init=p["V_m0"], w_init=p["w0"])
    module = one_neuron(f"in: accumulate ordered<f64> bias {p['I_e']}", "#snn.adex<state = f64, integration = euler>", values, steps, dt,
                        has_input=False)
    seen = run(stem, module, ["n", "n.v", "n.w"], engine=engine)
    spikes = [(step + 1) * dt * 1e3 for step, spike in enumerate(seen["n"]) if spike]
    ends = data["approx_spike_times_ms"]
    late = [spikes[0] - ends["reference_first"], spikes[-1] - ends["reference_last"]] if spikes else [1e9]
    # A reference row that is a reset itself says when, which the spike times are compared for.
    rows = [row for row in data["lsodar_t_V_w"] if row[0] > 0 and row[1] not in (p["V_reset"],) and row[1] < (p["V_th"] + p["V_peak"]) / 2]

    def interpolate(name, time):
        position = time / (dt * 1e3) - 1
        step = int(position)
        return seen[name][step] + (position - step) * (seen[name][step + 1] - seen[name][step])

    error_v = sum(abs(interpolate("n.v", t) / v - 1) for t, v, _ in rows) / len(rows)
    error_w = sum(abs(interpolate("n.w", t) / w - 1) for t, _, w in rows) / len(rows)
    print(f"{len(spikes)} spikes, first and last late by {late[0]:.2g} and {late[-1]:.2g} ms; mean error of v {error_v:.2g}, of w {error_w:.2g}")
    return (len(spikes) == len(ends["independent_DOP853"]) and max(map(abs, late)) < 2e-2 and error_v <= 5e-4 and error_w <= 1e-4)


def main():
    case, directory, options = sys.argv[1], Path(sys.argv[3]), dict(argument[2:].split("=") for argument in sys.argv[4:])
    file, judge = {"alpha": ("iaf_psc_alpha_dc", judge_alpha), "mat2": ("mat2_psc_exp_dc", judge_mat2),
                   "aeif": ("aeif_lsodar", judge_aeif)}[case]
    directory.mkdir(parents=True, exist_ok=True)
    data = json.loads((Path(sys.argv[2]) / f"{file}.json").read_text())
    ok = judge(data, str(directory / case), options.get("engine", "jit"), float(options.get("scale-c", 1)))
    print("equal" if ok else "different")
    sys.exit(not ok)


main()
