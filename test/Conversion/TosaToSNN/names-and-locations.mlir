// Populations have the names of their nodes, each once, and every operation the location of what it comes from.
// RUN: sf-opt %s --convert-tosa-to-snn=timesteps=4 --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// CHECK: snn.project %{{.+}} through #snn.one_to_one {{.*}} loc("scale"("net.onnx":0:0))
// CHECK: snn.population "input_1"{{.*}} loc("input"("net.onnx":0:0))
// CHECK: snn.population "output_1"{{.*}} loc("output"("net.onnx":0:0))
// CHECK: snn.population "input_2"{{.*}} loc("input"("net.onnx":0:0))
// CHECK: snn.population "relu"{{.*}} loc("net.onnx":0:0)
// CHECK: snn.population "relu_1"{{.*}} loc("net.onnx":0:0)
// CHECK: snn.population "output"
func.func @main(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %shift = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %w = "tosa.const"() <{values = dense<2.0> : tensor<1x1xf32>}> : () -> tensor<1x1xf32>
  %p = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %m = "tosa.const"() <{values = dense<1.0> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %s3 = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %s2 = tosa.const_shape {values = dense<[1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
  %a = tosa.reshape %x, %s3 : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %b = tosa.matmul %a, %m, %p, %p : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %c = tosa.reshape %b, %s2 : (tensor<1x1x2xf32>, !tosa.shape<2>) -> tensor<1x2xf32>
  %y = tosa.add %c, %x : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32> loc("scale"("net.onnx":0:0))
  %0 = tosa.clamp %y {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("input"("net.onnx":0:0))
  %1 = tosa.mul %0, %w, %shift : (tensor<1x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<1x2xf32>
  %2 = tosa.clamp %1 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("output"("net.onnx":0:0))
  %3 = tosa.clamp %2 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("input"("net.onnx":0:0))
  %4 = tosa.clamp %3 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("net.onnx":0:0)
  %5 = tosa.clamp %4 {min_val = 0.0 : f32, max_val = 6.0 : f32, snn.threshold = 1.0 : f32} : (tensor<1x2xf32>) -> tensor<1x2xf32> loc("net.onnx":0:0)
  return %5 : tensor<1x2xf32>
}
