// The number of steps has no default, and the function must exist.
// RUN: not sf-opt %s --convert-tosa-to-snn 2>&1 | FileCheck %s --check-prefix=STEPS
// RUN: not sf-opt %s --convert-tosa-to-snn="timesteps=4 function=missing" 2>&1 | FileCheck %s --check-prefix=FUNCTION
// STEPS: error: cannot convert 'func.func' to spikes (timesteps): need a number of steps from 1 on, have 0
// STEPS: note: give the number of steps, such as 32
// FUNCTION: error: there is no function @missing
func.func @main(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
  return %x : tensor<1x4xf32>
}
