#!/usr/bin/env python3
"""Runs every encoder on one value that it cannot encode and prints the error; both engines have to say the same.

usage: check_errors.py WORK      exit 1 where the engines differ or a run does not end with one error
"""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Inputs"))
import arrays  # noqa: E402

# name, attribute, result, value
CASES = [
    ("poisson", "#snn.poisson<probability = rate_dt, gain = 1.0 : f64, seed = 1, stream = 0>", "3, binary", 1.5),
    ("rate", "#snn.rate<gain = 2.0 : f64>", "3, binary", 0.75),
    ("latency", "#snn.latency<window = 4, threshold = 0.0 : f64>", "3, binary", -0.5),
    ("latency_rc", "#snn.latency_rc<window = 4, threshold = 0.1 : f64, tau = 2.0 : f64>", "3, binary", -1.0),
    ("delta", "#snn.delta<threshold = 0.5 : f64, off = false, from_zero = true>", "3, binary", float("inf")),
    ("phase", "#snn.phase<period = 4>", "3, graded<ui4>", 1.25),
    ("burst", "#snn.burst<spikes = 3, shortest = 1, longest = 2>", "3, binary", 2.0),
    ("population_code", "#snn.population_code<neurons = 2, low = 0.0 : f64, high = 1.0 : f64, width = 0.5 : f64>", "3x2, analogue<f32>", float("nan")),
]
MODULE = """snn.network @net(%x: !snn.signal<3, analogue<f32>>) -> !snn.signal<{result}> attributes {{dt = "steps"}} {{
  %s = snn.encode "in" by {attribute} of %x : !snn.signal<3, analogue<f32>> -> !snn.signal<{result}>
  snn.output %s : !snn.signal<{result}>
}}
func.func @main(%x: tensor<?x4x3xf32>) -> tensor<?x{extents}x{element}> {{
  %r = snn.simulate @net(%x) steps(4) reset(per_sample) readout({readout}) : (tensor<?x4x3xf32>) -> tensor<?x{extents}x{element}>
  return %r : tensor<?x{extents}x{element}>
}}
"""

work, ok = Path(sys.argv[1]), True
work.mkdir(parents=True, exist_ok=True)
for name, attribute, result, value in CASES:
    readout, element = ("membrane_last", "f32") if "analogue" in result else ("count", "i32")
    text = MODULE.format(attribute=attribute, result=result, extents=result.split(",")[0], readout=readout, element=element)
    (work / "net.mlir").write_text(text)
    # Sample 2, step 1, element 1.
    arrays.write(work / "x.npy", "<f4", (4, 4, 3), [value if k == (2 * 4 + 1) * 3 + 1 else 0.25 for k in range(48)])
    said = []
    for flags in (["--engine=reference"], ["--engine=jit"], ["--engine=jit", "--threads=3"], ["--engine=reference", "--batch=1"]):
        done = subprocess.run(["sf-run", work / "net.mlir", f"--data={work / 'x.npy'}", "--axes=STN", "--output", work / "out.npy", *flags],
                              capture_output=True, text=True)
        said.append((done.returncode, done.stderr))
    ok = ok and len(set(said)) == 1 and said[0][0] == 1 and said[0][1].count("error:") == 1
    print(said[0][1].strip() if len(set(said)) == 1 else f"{name}: DIFFERENT {said}")
sys.exit(not ok)
