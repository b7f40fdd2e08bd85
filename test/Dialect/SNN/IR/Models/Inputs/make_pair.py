#!/usr/bin/env python3
"""Writes DIR/builtin.mlir and DIR/custom.mlir: one network with a built-in model and with the same model as snn.model.

usage: make_pair.py lif|izhikevich|adex DIR [--wrong]      --wrong: the custom model leaves the leak, the recovery or the adaptation out
"""
import sys
from pathlib import Path

STEPS, NEURONS = 200, 64
RANDOM = "#snn.random<uniform(%r, %r), generator = philox, seed = 7, stream = %d>"

# Name: range or number, in the order of the params of the custom model.
MODELS = {
    "lif": dict(
        attribute="#snn.lif<state = f32, integration = euler, reset = subtract, fires = above, when = same_step, refractory = none>",
        type="f32", states=["v"], drive=(0.5, 3.0),
        params=dict(tau=(5e-3, 3e-2), r=(0.5, 2.0), v_leak=(-0.2, 0.2), v_threshold=(0.5, 1.5), v_init=0.0),
        body="""
  %k64 = arith.divf %dt, %tau : f64
  %k = arith.truncf %k64 : f64 to f32
  %away = arith.subf %v_leak, %v : f32
  %current = arith.mulf %r, %in : f32
  %drift = arith.addf %away, %current : f32
  %push = arith.mulf %k, %drift : f32
  %moved = arith.addf %v, %push : f32
  %fires = arith.cmpf ogt, %moved, %v_threshold : f32
  %less = arith.subf %moved, %v_threshold : f32
  %next = arith.select %fires, %less, %moved : f32
  snn.yield %fires states(%next) : i1, f32""",
        wide=("tau",), wrong=("%drift = arith.addf %away, %current", "%drift = arith.addf %current, %current")),
    "izhikevich": dict(
        attribute="#snn.izhikevich<state = f64>", type="f64", states=["v", "u"], drive=(2.0, 15.0),
        params=dict(k2=0.04, k1=5.0, k0=140.0, a=(0.02, 0.1), b=(0.2, 0.26), c=(-65.0, -50.0), d=(0.05, 8.0), v_peak=30.0, time_unit=1e-3,
                    v_init=-65.0, u_init=-13.0),
        body="""
  %k = arith.divf %dt, %time_unit : f64
  %ka = arith.mulf %k, %a : f64
  %vv = arith.mulf %v, %v : f64
  %q = arith.mulf %k2, %vv : f64
  %l = arith.mulf %k1, %v : f64
  %ql = arith.addf %q, %l : f64
  %qlc = arith.addf %ql, %k0 : f64
  %less = arith.subf %qlc, %u : f64
  %drift = arith.addf %less, %in : f64
  %push = arith.mulf %k, %drift : f64
  %v1 = arith.addf %v, %push : f64
  %bv = arith.mulf %b, %v1 : f64
  %pull = arith.subf %bv, %u : f64
  %recovery = arith.mulf %ka, %pull : f64
  %u1 = arith.addf %u, %recovery : f64
  %fires = arith.cmpf ogt, %v1, %v_peak : f64
  %jump = arith.addf %u1, %d : f64
  %v2 = arith.select %fires, %c, %v1 : f64
  %u2 = arith.select %fires, %jump, %u1 : f64
  snn.yield %fires states(%v2, %u2) : i1, f64, f64""",
        wide=(), wrong=("%u1 = arith.addf %u, %recovery", "%u1 = arith.addf %u, %u")),
    "adex": dict(
        attribute="#snn.adex<state = f64, integration = euler>", type="f64", states=["v", "w"], drive=(300.0, 900.0),
        params=dict(c_m=(0.15, 0.3), g_l=(8.0, 12.0), e_l=-70.0, delta_t=(1.5, 2.5), v_t=-50.0, tau_w=(0.03, 0.3), a=(0.0, 4.0), b=(0.0, 80.0),
                    v_peak=0.0, v_reset=-58.0, t_ref=0.0, v_init=-70.0, w_init=0.0),
        body="""
  %one = arith.constant 1.0 : f64
  %gc = arith.divf %g_l, %c_m : f64
  %k = arith.mulf %dt, %gc : f64
  %kw = arith.divf %dt, %tau_w : f64
  %s = arith.divf %one, %delta_t : f64
  %r = arith.divf %one, %g_l : f64
  %x = arith.subf %v, %v_t : f64
  %xs = arith.mulf %x, %s : f64
  %e = math.exp %xs : f64
  %rise = arith.mulf %delta_t, %e : f64
  %net = arith.subf %in, %w : f64
  %i = arith.mulf %r, %net : f64
  %push = arith.addf %rise, %i : f64
  %back = arith.subf %e_l, %v : f64
  %drift = arith.addf %back, %push : f64
  %dv = arith.mulf %k, %drift : f64
  %v1 = arith.addf %v, %dv : f64
  %up = arith.subf %v, %e_l : f64
  %pull = arith.mulf %a, %up : f64
  %rest = arith.subf %pull, %w : f64
  %dw = arith.mulf %kw, %rest : f64
  %w1 = arith.addf %w, %dw : f64
  %fires = arith.cmpf oge, %v1, %v_peak : f64
  %jump = arith.addf %w1, %b : f64
  %v2 = arith.select %fires, %v_reset, %v1 : f64
  %w2 = arith.select %fires, %jump, %w1 : f64
  snn.yield %fires states(%v2, %w2) : i1, f64, f64""",
        wide=(), wrong=("%w1 = arith.addf %w, %dw", "%w1 = arith.addf %w, %w")),
}


def write(path, head, attribute, extra, spec):
    kind = spec["type"]
    drawn = {name: RANDOM % (*value, stream) if isinstance(value, tuple) else value for stream, (name, value) in enumerate(spec["params"].items())}
    drawn.update(extra)
    params = ", ".join(f"{name} = {value}" for name, value in drawn.items())
    low, high = spec["drive"]
    path.write_text(f"""{head}
snn.network @net() -> !snn.signal<{NEURONS}, binary> attributes {{dt = 5.0e-4 : f64}} {{
  %s = snn.population "n" (in: accumulate ordered<{kind}> bias {RANDOM % (low, high, 99)}) model {attribute}
    params {{{params}}} : !snn.signal<{NEURONS}, binary>
  snn.output %s : !snn.signal<{NEURONS}, binary>
}}
func.func @main() -> tensor<1x{NEURONS}xi32> {{
  %r = snn.simulate @net() steps({STEPS}) reset(per_sample) readout(count) : () -> tensor<1x{NEURONS}xi32>
  return %r : tensor<1x{NEURONS}xi32>
}}
""")


def main():
    spec, directory, wrong = MODELS[sys.argv[1]], Path(sys.argv[2]), "--wrong" in sys.argv
    directory.mkdir(parents=True, exist_ok=True)
    kind, states = spec["type"], spec["states"]
    inner = [name for name in spec["params"] if not name.endswith("_init") and name != "t_ref"]
    types = ", ".join(f"{name} = %{name}: {'f64' if name in spec['wide'] else kind}" for name in inner)
    body = spec["body"].replace(*spec["wrong"]) if wrong else spec["body"]
    head = (f"snn.model @m states({', '.join(f'{name} = %{name}: {kind}' for name in states)}) receptors(in = %in: {kind})\n"
            f"    params(dt = %dt: f64, {types}) {{{body}\n}}")
    write(directory / "builtin.mlir", "", spec["attribute"], {}, spec)
    custom = dict(spec, params={name: value for name, value in spec["params"].items()})
    write(directory / "custom.mlir", head, "#snn.custom<@m>", {"dt": "5.0e-4"}, custom)
    if "t_ref" in spec["params"]:
        text = (directory / "custom.mlir").read_text()
        (directory / "custom.mlir").write_text(text.replace(", t_ref = 0.0", ""))


main()
