// Half a spike to start with becomes a sixteenth of one in each of 8 steps.
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-spread-initial-potential | FileCheck %s
// RUN: sf-opt %S/Inputs/rectified.mlir --snn-spread-initial-potential --snn-spread-initial-potential | FileCheck %s
// CHECK: snn.relations = [#snn.relation<"convert", approximates, {metric = "initial potential"}>]
// CHECK: snn.parameter @hidden.bias : tensor<2xf32> = dense<6.250000e-02>
// CHECK: snn.population "hidden"{{.*}} bias #snn.param<@hidden.bias>){{.*}} v_init = 0.000000e+00
// CHECK: snn.population "output"{{.*}} bias -5.000000e-01
