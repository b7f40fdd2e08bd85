// What enters, starts and leaves otherwise needs ranges, a number of steps, and uses that spikes can have.
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=rate low=0" 2>&1 | FileCheck %s --check-prefix=RANGES
// RANGES: error: ranges of the inputs that become spikes: needs 1, has 1 numbers for low= and 0 for high=; give one of each for every input
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=rate low=0 high=0" 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: range of input "input", which becomes spikes: needs a finite one that reaches above 0, has 0.000000e+00 to 0.000000e+00
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=morse" 2>&1 | FileCheck %s --check-prefix=CODING
// CODING: error: snn-code-inputs: there is no coding 'morse'; there are rate, poisson, latency, phase
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="readout=first_spike" 2>&1 | FileCheck %s --check-prefix=READOUT
// READOUT: error: snn-read-outputs: there is no readout 'first_spike' of sums; there are count, membrane_last
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-read-outputs 2>&1 | FileCheck %s --check-prefix=OUTPUTS
// OUTPUTS: error: ranges of the outputs that are counted: needs 1, has 0 numbers for low= and 0 for high=; give one of each for every output
// RUN: %exits 1 sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="low=1 high=1" 2>&1 | FileCheck %s --check-prefix=POINT
// POINT: error: range of counted output 0: needs a finite one that is not empty, has 1.000000e+00 to 1.000000e+00
// RUN: for pass in code-inputs spread-initial-potential read-outputs; do %exits 1 sf-opt %S/Inputs/open-steps.mlir --snn-$pass 2>&1 | FileCheck %s --check-prefix=STEPS || exit 1; done
// STEPS: error: number of steps: needs one, has '?'; state it, as --timesteps does
// RUN: %python %S/Inputs/variants.py %S/Inputs/rectified.mlir %t
// RUN: for pass in code-inputs="low=0 high=1" spread-initial-potential read-outputs; do %exits 1 sf-opt %t/unused.mlir "--snn-$pass" 2>&1 | FileCheck %s --check-prefix=HERE || exit 1; done
// HERE: error: simulations of the network: needs 1, has {{0|2}}; what becomes of the network depends on how it is run
// RUN: for pass in code-inputs="low=0 high=1" spread-initial-potential read-outputs; do %exits 1 sf-opt %t/carried.mlir "--snn-$pass" 2>&1 | FileCheck %s --check-prefix=CARRIED || exit 1; done
// CARRIED: error: reset between samples: needs per_sample, has never; what neurons hold would go on into the next sample
// RUN: %exits 1 sf-opt %t/single.mlir --snn-code-inputs="coding=latency low=0 high=1" 2>&1 | FileCheck %s --check-prefix=LATENCY
// LATENCY: error: input coding latency: needs at least 2 steps, in which a spike can come, has 1; choose another coding
// RUN: %exits 1 sf-opt %t/prime.mlir --snn-code-inputs="coding=phase low=0 high=1" 2>&1 | FileCheck %s --check-prefix=PHASE
// PHASE: error: input coding phase: needs a number of steps that 2 to 8 divides, for as many bits, has 11; choose another number of steps or another coding
// RUN: %exits 1 sf-opt %t/streamed.mlir --snn-code-inputs="low=0 high=1" 2>&1 | FileCheck %s --check-prefix=STREAMED
// STREAMED: error: input that becomes spikes: needs numbers that are held over the steps, has new ones in each; keep the constant current
// RUN: %exits 1 sf-opt %t/random.mlir --snn-code-inputs="low=0 high=1" 2>&1 | FileCheck %s --check-prefix=RANDOM
// RANDOM: error: {{.*}}@w
// RUN: %exits 1 sf-opt %t/stiff.mlir --snn-spread-initial-potential 2>&1 | FileCheck %s --check-prefix=STIFF
// STIFF: error: initial potential of "hidden": needs an r that is not 0 to be spread over the steps, has #snn.if<{{.*}}> with {{.*}}; start it at 0
// RUN: %exits 1 sf-opt %t/double.mlir --snn-read-outputs=readout=membrane_last 2>&1 | FileCheck %s --check-prefix=DOUBLE
// DOUBLE: error: source of output 0: needs neurons #snn.linear of f32 that nobody else listens to for another readout; add a population

// A parameter that a population uses twice is nobody's own.
// RUN: sf-opt %t/shared.mlir --snn-spread-initial-potential | FileCheck %s --check-prefix=SHARED
// SHARED: snn.parameter @p : tensor<2xf32> = dense<1.000000e+00>
// SHARED: snn.parameter @hidden.bias : tensor<2xf32> = dense<1.062500e+00>

// RUN: %exits 1 sf-opt %s --snn-spread-initial-potential 2>&1 | FileCheck %s --check-prefix=LEAK
// LEAK: error: initial potential of "leaky": needs #snn.if, whose potential does not leak, to be spread over the steps, has #snn.lif<{{.*}}> with {{.*}}; start it at 0
// RUN: %exits 1 sf-opt %s --snn-code-inputs="low=0 high=1" 2>&1 | FileCheck %s --check-prefix=USE
// USE: error: use of an input that becomes spikes: needs a projection with a parameter or a number as weights, has 'snn.pool'; keep the constant current
// RUN: %exits 1 sf-opt %s --snn-read-outputs=readout=membrane_last 2>&1 | FileCheck %s --check-prefix=SOURCE
// SOURCE: error: source of output 0: needs neurons #snn.linear of f32 that nobody else listens to for another readout; add a population
#lif = #snn.lif<state = f32, integration = discrete, reset = subtract, fires = at_or_above, when = same_step, refractory = none>
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
