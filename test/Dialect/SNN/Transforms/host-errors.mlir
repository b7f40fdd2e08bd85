// What enters, starts and leaves otherwise needs ranges, a number of steps, and uses that spikes can have.
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=rate low=0" 2>&1 | FileCheck %s --check-prefix=RANGES
// RANGES: error: ranges of the inputs that become spikes: needs 1, has 1 numbers for low= and 0 for high=
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=rate low=0 high=0" 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: range of an input that becomes spikes: needs a finite one that reaches above 0, has 0.000000e+00 to 0.000000e+00
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=morse" 2>&1 | FileCheck %s --check-prefix=CODING
// CODING: error: snn-code-inputs: there is no coding 'morse'; there are rate, poisson, latency, phase
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="readout=first_spike" 2>&1 | FileCheck %s --check-prefix=READOUT
// READOUT: error: snn-read-outputs: there is no readout 'first_spike' of sums; there are count, membrane_last
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-read-outputs 2>&1 | FileCheck %s --check-prefix=OUTPUTS
// OUTPUTS: error: ranges of the outputs that are counted: needs 1, has 0 numbers for low= and 0 for high=
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="low=1 high=1" 2>&1 | FileCheck %s --check-prefix=POINT
// POINT: error: range of an output that is counted: needs a finite one that is not empty, has 1.000000e+00 to 1.000000e+00
// RUN: for pass in code-inputs spread-initial-potential read-outputs; do %exits 1 sf-opt %S/Inputs/open-steps.mlir --snn-$pass 2>&1 | FileCheck %s --check-prefix=STEPS || exit 1; done
// STEPS: error: number of steps: needs one, has '?'; state it, as --timesteps does
// RUN: for pass in code-inputs="low=0 high=1" spread-initial-potential read-outputs; do %exits 1 sf-opt %s "--snn-$pass" 2>&1 | FileCheck %s --check-prefix=HERE || exit 1; done
// HERE: error: simulations of the network: needs 1, has 0; what becomes of the network depends on how it is run

// RUN: %exits 1 sf-opt %s --snn-spread-initial-potential 2>&1 | FileCheck %s --check-prefix=LEAK
// LEAK: error: initial potential of "leaky": needs #snn.if, whose potential does not leak, to be spread over the steps, has #snn.lif<{{.*}}>; start it at 0
// RUN: %exits 1 sf-opt %s --snn-code-inputs="low=0 high=1" 2>&1 | FileCheck %s --check-prefix=USE
// USE: error: use of an input that becomes spikes: needs a projection with a parameter or a number as weights, has 'snn.pool'; keep the constant current
// RUN: %exits 1 sf-opt %s --snn-read-outputs=readout=membrane_last 2>&1 | FileCheck %s --check-prefix=SOURCE
// SOURCE: error: source of output 0: needs neurons #snn.linear that nobody else listens to for another readout; add a population
#lif = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = at_or_above, when = same_step, refractory = none>
snn.network @alone() -> () attributes {dt = "steps"} {
  snn.output
}
snn.network @pooled(%x: !snn.signal<1x2x2, analogue<f32>>) -> !snn.signal<1x1x1, analogue<f32>> attributes {dt = "steps"} {
  %s = snn.encode "input" by #snn.constant_current of %x : !snn.signal<1x2x2, analogue<f32>> -> !snn.signal<1x2x2, analogue<f32>>
  %m = snn.pool max %s kernel [2, 2] stride [2, 2] : !snn.signal<1x2x2, analogue<f32>> -> !snn.signal<1x1x1, analogue<f32>>
  %c = snn.project %m through #snn.one_to_one delay 0 : !snn.signal<1x1x1, analogue<f32>> -> !snn.current<1x1x1>
  %p = snn.population "leaky" (in: %c accumulate ordered<f32>) model #lif
    params {decay = 0.5, r = 1.0, v_threshold = 1.0, v_init = 0.5} : !snn.signal<1x1x1, binary>
  %d = snn.project %p through #snn.one_to_one delay 0 : !snn.signal<1x1x1, binary> -> !snn.current<1x1x1>
  %o = snn.population "output" (in: %d accumulate ordered<f32>) model #snn.i<state = f32> params {r = 1.0, v_init = 0.0} : !snn.signal<1x1x1, analogue<f32>>
  snn.output %o : !snn.signal<1x1x1, analogue<f32>>
}
func.func @main(%x: tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32> {
  %r = snn.simulate @pooled(%x) steps(4) reset(per_sample) readout(current_sum) : (tensor<1x1x2x2xf32>) -> tensor<1x1x1x1xf32>
  return %r : tensor<1x1x1x1xf32>
}
