// Spikes enter for numbers; the weights behind take what a spike stands for, and what is below 0 has spikes of its own.
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=rate low=-1 high=2" | FileCheck %s --check-prefixes=CHECK,RATE
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=poisson low=0 high=2 seed=7" | FileCheck %s --check-prefixes=CHECK,POISSON
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=latency low=0 high=7" | FileCheck %s --check-prefixes=CHECK,LATENCY
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=phase low=0 high=255" | FileCheck %s --check-prefixes=CHECK,PHASE
// CHECK: #snn.relation<"convert", approximates, {metric = "input coding"}>

// RATE: @w{{.*}} dense<{{\[}}[2.000000e+00, 4.000000e+00, 6.000000e+00]
// RATE: @w{{.*}} dense<{{\[}}[-1.000000e+00, -2.000000e+00, -3.000000e+00]
// RATE: snn.network @net(%[[X:.*]]: !snn.signal<1x3, analogue<f32>>, %[[Y:.*]]: !snn.signal<1x3, analogue<f32>>)
// RATE: snn.encode "input" by #snn.rate<gain = 1.000000e+00 : f64> of %[[X]]
// RATE: snn.encode "input.negative" by #snn.rate<gain = 1.000000e+00 : f64> of %[[Y]]
// RATE: snn.population "hidden"(in: %{{[0-9]+}}, %{{[0-9]+}} accumulate
// RATE: dense<5.000000e-01>
// RATE: tosa.clamp {{.*}}max_val = 1.000000e+00 : f32, min_val = 0.000000e+00 : f32
// RATE: dense<-1.000000e+00>

// POISSON: #snn.poisson<probability = rate_dt, gain = 1.000000e+00 : f64, seed = 7, stream = 0>

// One spike at most; the latch sends from the next step on, T - 1 = 7 times at most, each for 8.
// LATENCY: dense<{{\[}}[8.000000e+00, 1.600000e+01, 2.400000e+01]
// LATENCY: snn.encode "input" by #snn.latency<window = 8, threshold = 0.071428571428571425 : f64>
// LATENCY: snn.project {{.*}} delay 1
// LATENCY: snn.population "input.latch"{{.*}} reset = none

// The bits of 255 in the 8 steps add up to 255; a payload of 1 stands for 8 in one of 8 steps.
// PHASE: dense<{{\[}}[8.000000e+00, 1.600000e+01, 2.400000e+01]
// PHASE: snn.encode "input" by #snn.phase<period = 8> {{.*}}graded<ui8>

// What comes out is what numbers give, but for spikes that come before what would have kept them back, or too late: the
// largest and mean errors, where a spike is worth 0.25. The engines agree.
// RUN: rm -rf %t && mkdir %t && %python %S/Inputs/coded.py make %t/x.npy
// RUN: sf-run %S/Inputs/rectified.mlir --data=%t/x.npy --output=%t/plain.npy
// RUN: for coding in "rate 0.75 0.1" "latency 1.25 0.35" "phase 0.75 0.1"; do set -- $coding; sf-opt %S/Inputs/rectified.mlir --snn-code-inputs="coding=$1 low=-0.125 high=0.25" -o %t/$1.mlir && sf-run %t/$1.mlir --data=%t/x.npy --output=%t/$1.npy && sf-diff %t/$1.mlir --engine=jit,reference --data=%t/x.npy && %python %S/Inputs/coded.py compare %t/plain.npy %t/$1.npy $2 $3 || exit 1; done
