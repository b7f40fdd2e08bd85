// Sums over windows become a part of the weights behind them, where zeros around the image stay zeros; what stays, stays
// as it was.
// RUN: sf-opt %s --snn-fold-pools | FileCheck %s
// RUN: sf-opt %s --snn-fold-pools --snn-fold-pools | FileCheck %s
// CHECK: snn.relations = [#snn.relation<"legalize", approximates, {metric = "rounding"}>]
// CHECK-DAG: @last_0 : tensor<1x16xf32> = dense<{{\[}}[1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00, 1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00, 3.000000e+00, 3.000000e+00, 4.000000e+00, 4.000000e+00, 3.000000e+00, 3.000000e+00, 4.000000e+00, 4.000000e+00]]>
// CHECK-DAG: @small_0 : tensor<1x1x4x4xf32> = dense<{{\[\[\[}}[1.000000e+00, 1.000000e+00, 2.000000e+00, 2.000000e+00],
// CHECK-DAG: @net.pooled : tensor<1x1x2x2xf32> = dense<5.000000e-01>
// CHECK-LABEL: snn.network @net
// CHECK: %[[S:.*]] = snn.encode "input"
// CHECK: %[[F:.*]] = snn.reshape %[[S]] : !snn.signal<1x4x4, analogue<f32>> -> !snn.signal<16, analogue<f32>>
// CHECK: snn.project %[[F]] through #snn.dense weights @last_0 delay 0
// CHECK: snn.project %[[S]] through #snn.conv2d<kernel = [4, 4], stride = [2, 2], pad = [2, 2, 2, 2], dilation = [1, 1], groups = 1> weights @small_0 delay 0
// CHECK: snn.project %[[S]] through #snn.conv2d<kernel = [2, 2], stride = [2, 2], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights @net.pooled delay 0
// CHECK: @lapping_0 : tensor<1x1x5x5xf32> = dense<{{\[\[\[}}[1.000000e+00, 1.000000e+00, 3.000000e+00, 2.000000e+00, 2.000000e+00], [1.000000e+00, 1.000000e+00, 3.000000e+00, 2.000000e+00, 2.000000e+00], [4.000000e+00, 4.000000e+00, 1.000000e+01, 6.000000e+00, 6.000000e+00],
// CHECK-LABEL: snn.network @others
// Windows that overlap, without a padding; and with one, which stays.
// CHECK: snn.pool sum {{.*}} kernel [3, 3] stride [2, 2]
// CHECK: snn.pool max
// CHECK: snn.project {{.*}}<kernel = [5, 5], stride = [2, 2], pad = [0, 0, 0, 0]{{.*}} weights @lapping_0
// CHECK: snn.project {{.*}}<kernel = [2, 2], stride = [1, 1], pad = [1, 1, 1, 1]{{.*}} weights @small{{ }}

// What comes out is the same.
// RUN: rm -rf %t && mkdir %t && %python %S/Inputs/coded.py make %t/x.npy 16
// RUN: sf-opt %s --snn-fold-pools -o %t/folded.mlir
// RUN: sf-run %s --data=%t/x.npy --output=%t/plain.npy && sf-run %t/folded.mlir --data=%t/x.npy --output=%t/folded.npy
// RUN: %python %S/Inputs/coded.py compare %t/plain.npy %t/folded.npy 0 0
snn.parameter @last : tensor<1x4xf32> = dense<[[1.0, 2.0, 3.0, 4.0]]>
snn.parameter @small : tensor<1x1x2x2xf32> = dense<[[[[1.0, 2.0], [3.0, 4.0]]]]>
snn.parameter @lapping : tensor<1x1x2x2xf32> = dense<[[[[1.0, 2.0], [3.0, 4.0]]]]>
snn.network @net(%x: !snn.signal<1x4x4, analogue<f32>>) -> (!snn.signal<1, analogue<f32>>, !snn.signal<1x3x3, analogue<f32>>, !snn.signal<1x2x2, analogue<f32>>) attributes {dt = "steps"} {
  %s = snn.encode "input" by #snn.constant_current of %x : !snn.signal<1x4x4, analogue<f32>> -> !snn.signal<1x4x4, analogue<f32>>
  %p = snn.pool sum %s kernel [2, 2] stride [2, 2] : !snn.signal<1x4x4, analogue<f32>> -> !snn.signal<1x2x2, analogue<f32>>
  %f = snn.reshape %p : !snn.signal<1x2x2, analogue<f32>> -> !snn.signal<4, analogue<f32>>
  %c = snn.project %f through #snn.dense weights @last delay 0 : !snn.signal<4, analogue<f32>> -> !snn.current<1>
  %a = snn.population "dense" (in: %c accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1, analogue<f32>>
  %d = snn.project %p through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1> weights @small delay 0 : !snn.signal<1x2x2, analogue<f32>> -> !snn.current<1x3x3>
  %b = snn.population "convolution" (in: %d accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1x3x3, analogue<f32>>
  %e = snn.project %p through #snn.one_to_one weights 0.5 delay 0 : !snn.signal<1x2x2, analogue<f32>> -> !snn.current<1x2x2>
  %o = snn.population "sum" (in: %e accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1x2x2, analogue<f32>>
  snn.output %a, %b, %o : !snn.signal<1, analogue<f32>>, !snn.signal<1x3x3, analogue<f32>>, !snn.signal<1x2x2, analogue<f32>>
}
snn.network @others(%s: !snn.signal<1x7x7, binary>) -> !snn.signal<1x2x2, analogue<f32>> attributes {dt = "steps"} {
  %p = snn.pool sum %s kernel [3, 3] stride [2, 2] : !snn.signal<1x7x7, binary> -> !snn.signal<1x3x3, count<9>>
  %q = snn.pool sum %s kernel [3, 3] stride [2, 2] : !snn.signal<1x7x7, binary> -> !snn.signal<1x3x3, count<9>>
  %m = snn.pool max %s kernel [2, 2] stride [2, 2] : !snn.signal<1x7x7, binary> -> !snn.signal<1x3x3, binary>
  %c = snn.project %p through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights @lapping delay 0 : !snn.signal<1x3x3, count<9>> -> !snn.current<1x2x2>
  %d = snn.project %q through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, 1], groups = 1> weights @small delay 0 : !snn.signal<1x3x3, count<9>> -> !snn.current<1x4x4>
  %e = snn.project %m through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights @small delay 0 : !snn.signal<1x3x3, binary> -> !snn.current<1x2x2>
  %a = snn.population "lapping" (in: %c, %e accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1x2x2, analogue<f32>>
  %b = snn.population "padded" (in: %d accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<1x4x4, analogue<f32>>
  snn.output %a : !snn.signal<1x2x2, analogue<f32>>
}
func.func @main(%x: tensor<1x1x4x4xf32>) -> tensor<1x1x3x3xf32> {
  %r:3 = snn.simulate @net(%x) steps(4) reset(per_sample) readout(current_sum, current_sum, current_sum) : (tensor<1x1x4x4xf32>) -> (tensor<1x1xf32>, tensor<1x1x3x3xf32>, tensor<1x1x2x2xf32>)
  return %r#1 : tensor<1x1x3x3xf32>
}
