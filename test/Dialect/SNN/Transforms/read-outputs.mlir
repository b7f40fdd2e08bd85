// A sum of currents is what an integrator holds, and, in parts of its range, a count of spikes.
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-read-outputs=readout=membrane_last | FileCheck %s --check-prefix=MEMBRANE
// MEMBRANE: #snn.relation<"convert", identical, {}>
// MEMBRANE: snn.population "output"{{.*}} bias -5.000000e-01) model #snn.i<state = f32> params {r = 1.000000e+00 : f64, v_init = 0.000000e+00 : f64}
// MEMBRANE: readout(membrane_last)

// The least sum is -0.5 in each of 8 steps, -4; a spike is worth 0.5.
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="low=-0.5 high=0" | FileCheck %s --check-prefix=COUNT
// COUNT: #snn.relation<"convert", approximates, {metric = "readout"}>
// COUNT: snn.parameter @output.bias : tensor<2xf32> = dense<0.000000e+00>
// COUNT: -> !snn.signal<2, binary>
// COUNT: snn.population "output"{{.*}} #snn.if{{.*}} v_init = 2.500000e-01 : f64, v_threshold = 5.000000e-01
// COUNT: %[[R:.*]] = snn.simulate {{.*}} readout(count) : (tensor<1x1x3xf32>) -> tensor<1x2xi32>
// COUNT: tosa.cast %[[R]]
// COUNT: dense<5.000000e-01>
// COUNT: dense<-4.000000e+00>
// COUNT: tosa.add
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="low=-0.5 high=0 starts-at-half=false" | FileCheck %s --check-prefix=ZERO
// ZERO: snn.population "output"{{.*}} v_init = 0.000000e+00

// RUN: rm -rf %t && mkdir %t && %python %S/Inputs/coded.py make %t/x.npy
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-read-outputs=readout=membrane_last -o %t/membrane.mlir
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-read-outputs="low=-0.5 high=0" -o %t/counted.mlir
// RUN: sf-run %S/Inputs/rectified.mlir --data=%t/x.npy --output=%t/plain.npy
// RUN: for how in "membrane 0 0" "counted 0.25 0.1"; do set -- $how; sf-run %t/$1.mlir --data=%t/x.npy --output=%t/$1.npy && sf-diff %t/$1.mlir --engine=jit,reference --data=%t/x.npy && %python %S/Inputs/coded.py compare %t/plain.npy %t/$1.npy $2 $3 || exit 1; done
