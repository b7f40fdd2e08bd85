// Two populations that take one current need two scales, and so two projections; data without a shape of their own become one weight
// per synapse.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-quantize | FileCheck %s

#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
#graph = #snn.fixed_total<count = 5, seed = 1, stream = 0>
// CHECK-DAG: snn.parameter @a_weights : tensor<5xi8>
// CHECK-DAG: snn.parameter @b_weights : tensor<5xi8>
snn.network @n(%x: !snn.signal<4, binary>) -> (!snn.signal<4, binary>, !snn.signal<4, binary>) attributes {dt = "steps"} {
  // CHECK-DAG: snn.project {{.*}} weights @a_weights
  // CHECK-DAG: snn.project {{.*}} weights @b_weights
  %i = snn.project %x through #graph weights #snn.random<uniform(-1.0, 1.0), generator = philox, seed = 1, stream = 1> delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  %b = snn.population "b" (in: %i accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 1000.0, v_init = 0.0} : !snn.signal<4, binary>
  snn.output %a, %b : !snn.signal<4, binary>, !snn.signal<4, binary>
}
