#!/usr/bin/env python3
"""The main job on real input: a trained network from ONNX to spikes on the CPU, with its accuracy.

usage: demo.py BUILD_DIR
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

T = 8


def run(command):
    """Prints and runs a command; returns its JSON report."""
    print("$ " + " ".join(str(word) for word in command))
    result = subprocess.run([*map(str, command), "--report=json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr or f"demo: exit code {result.returncode}")
    return json.loads(result.stdout)


def main():
    tools = Path(sys.argv[1]).resolve() / "bin"
    data = Path("docs/Examples/mnist")
    test = [f"--labels={data / 'test-1000-labels.idx.gz'}"]
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "mnist_cnn_avg.mlirbc"
        compiled = run([tools / "sf-compile", data / "mnist_cnn_avg.onnx", "--target=cpu", f"--timesteps={T}", "--input-scale=1/255",
                        f"--calibrate={data / 'train-100-images.idx.gz'}", "-o", module])
        floats = run([tools / "sf-run", data / "mnist_cnn_avg.onnx", "--input-scale=1/255", f"--data={data / 'test-1000-images.idx.gz'}", *test])
        spiking = run([tools / "sf-run", module, f"--data={data / 'test-1000-images.idx.gz'}", "--threads=2", *test])
    samples = spiking["samples"]
    print(f"""
mnist_cnn_avg on {samples} MNIST test images that neither training nor calibration has seen
  float network      {100 * floats['accuracy']:6.2f} %   ({floats['correct']} of {floats['samples']})
  spiking, T = {T:<2}    {100 * spiking['accuracy']:6.2f} %   ({spiking['correct']} of {samples}, ties {spiking['ties']})
  spikes per image   {spiking['spikes_per_sample']:9.0f}
  speed              {spiking['samples_per_second']:9.0f} images/s on {spiking['threads']} threads
  import to module   {1000 * compiled['seconds']:9.1f} ms   (best method of {len(compiled['methods'])} on 100 training images: {compiled['method']})
  kernels compiled   {1000 * spiking['compile_seconds']:9.1f} ms""")


if __name__ == "__main__":
    main()
