// Weights, bias, threshold and potentials of a population get one scale; what is integer stays.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-quantize | FileCheck %s

// A second run changes nothing.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-quantize -o %t.once
// RUN: sf-opt --load-plugin=%plugins/Template.so %t.once --template-quantize -o %t.twice
// RUN: diff %t.once %t.twice

#if = #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
#lif = #snn.lif<state = f32, integration = discrete, reset = to_value, fires = at_or_above, when = same_step, refractory = none>

// What happened is in the module, and that it needs the plugin.
// CHECK: module attributes {snn.relations = [#snn.relation<"quantize", requantised, {scales = {a = 6.350000e+01 : f64, b = 5.080000e+02 : f64, c = 3.276700e+02 : f64}}>], snn.requires = ["Template@{{[0-9.]+}}"]}

// Parameters that nothing uses any more go; what nothing used before is not this pass's business.
// CHECK-NOT: 2x4xf32>
// CHECK: snn.parameter @spare
// CHECK-NOT: 2x4xf32>
snn.parameter @w : tensor<2x4xf32> = dense<[[2.0, -1.0, 0.25, 0.0], [0.125, -2.0, 1.0, 0.5]]>
snn.parameter @theta : tensor<2xf32> = dense<[1.0, 4.0]>
snn.parameter @spare : tensor<2xf32> = dense<0.5>
// 63.5 is halfway and goes to the even 64; -127, 15.875 and 7.9375 to the nearest.
// CHECK-DAG: snn.parameter @a_weights : tensor<2x4xi8> = dense<{{\[\[}}127, -64, 16, 0], [8, -127, 64, 32]]>
// The threshold in units of the input is 1.0 / 2.0 and 4.0 / 2.0.
// CHECK-DAG: snn.parameter @a_v_threshold : tensor<2xi32> = dense<[32, 127]>
// CHECK-DAG: snn.parameter @b_weights : tensor<4x2xi8> = dense<{{.*}}>
snn.network @n(%x: !snn.signal<4, binary>) -> (!snn.signal<2, binary>, !snn.signal<4, binary>, !snn.signal<2, binary>) attributes {dt = "steps"} {
  // CHECK: %[[I:.*]] = snn.project %{{.*}} weights @a_weights delay 1
  %i = snn.project %x through #snn.dense weights @w delay 1 : !snn.signal<4, binary> -> !snn.current<2>
  // CHECK: "a"(in: %[[I]] accumulate exact<i32, fraction = 0> bias -1.600000e+01) model #template.accumulate<leak = 0, reset = subtract> params {v_init = 32 : i64, v_threshold = #snn.param<@a_v_threshold>}
  %a = snn.population "a" (in: %i accumulate ordered<f32> bias -0.25) model #if
    params {r = 2.0, v_threshold = #snn.param<@theta>, v_init = 1.0} : !snn.signal<2, binary>
  %j = snn.project %a through #snn.dense weights #snn.view<@w, transpose = [1, 0], scale = 0.125 : f64> delay 1 : !snn.signal<2, binary> -> !snn.current<4>
  // CHECK: "b"({{.*}} model #template.accumulate<leak = 3, reset = to_value> params {v_init = 0 : i64, v_reset = -508 : i64, v_threshold = 508 : i64}
  %b = snn.population "b" (in: %j accumulate ordered<f32>) model #lif
    params {decay = 0.875, r = 1.0, v_threshold = 1.0, v_reset = -1.0, v_init = 0.0} onset 1 : !snn.signal<4, binary>
  // Where a register would overflow, it decides: 32767 / 100; a weight that all share stays one number.
  // CHECK: weights 3.300000e+01 delay 3
  %k = snn.project %a through #snn.one_to_one weights 0.1 delay 3 : !snn.signal<2, binary> -> !snn.current<2>
  // CHECK: "c"({{.*}} params {v_init = 0 : i64, v_threshold = 32767 : i64}
  %c = snn.population "c" (in: %k accumulate ordered<f32>) model #if params {r = 1.0, v_threshold = 100.0, v_init = 0.0} : !snn.signal<2, binary>
  snn.output %a, %b, %c : !snn.signal<2, binary>, !snn.signal<4, binary>, !snn.signal<2, binary>
}
