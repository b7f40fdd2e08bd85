//===- JITExecutorTest.cpp - the JIT against the reference ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineComparison.h"

using namespace spikeformer;
using testing::HasSubstr;

namespace {

class JITExecutorTest : public EngineComparison {
protected:
  /// A dense layer with `receptor` between a signal of `alphabet` and 70
  /// neurons of `model`.
  static std::string makeDense(StringRef alphabet, StringRef receptor,
                               StringRef model, StringRef params) {
    return (R"(
      snn.parameter @w : tensor<70x40xf64> = #snn.random<uniform(-0.3, 0.5), generator = mix64, seed = 1, stream = 0>
      snn.parameter @b : tensor<70xf32> = #snn.random<uniform(-0.1, 0.2), generator = mix64, seed = 2, stream = 0>
      snn.network @net(%x: !snn.signal<40, )" +
            alphabet +
            R"(>) -> !snn.signal<70, binary> attributes {dt = 1.0e-3 : f64} {
        %i = snn.project %x through #snn.dense weights @w delay 0 : !snn.signal<40, )" +
            alphabet + R"(> -> !snn.current<70>
        %s = snn.population "hidden" (in: %i accumulate )" +
            receptor + " bias #snn.param<@b>) model " + model + " params {" +
            params + R"(} : !snn.signal<70, binary>
        snn.output %s : !snn.signal<70, binary>
      })")
        .str();
  }
};

constexpr StringLiteral lif32 =
    "#snn.lif<state = f32, integration = euler, reset = subtract, fires = "
    "above, when = same_step, refractory = none>";
constexpr StringLiteral lif64 =
    "#snn.lif<state = f64, integration = euler, reset = subtract, fires = "
    "above, when = same_step, refractory = none>";
constexpr StringLiteral lifParams =
    "tau = 2.0e-3, r = 1.0, v_leak = 0.1, v_threshold = 1.0, v_init = 0.2";

TEST_F(JITExecutorTest, AccumulatorsTimesAlphabets) {
  for (StringRef alphabet :
       {"binary", "ternary", "count<7>", "graded<ui8>", "graded<si16>",
        "graded<ui32>", "analogue<f32>", "analogue<f64>", "analogue<si8>"})
    for (StringRef receptor :
         {"ordered<f32>", "ordered<f64>", "exact<i32, fraction = 9>",
          "exact<i64, fraction = 40>", "saturating<i32, fraction = 29>",
          "saturating<i64, fraction = 61>", "exact<i32, fraction = 30>"}) {
      SCOPED_TRACE((alphabet + " " + receptor).str());
      bool isWide = receptor == "ordered<f64>";
      load(makeDense(alphabet, receptor, isWide ? lif64 : lif32, lifParams));
      EXPECT_GT(countSpikes(compareAll(6), "hidden"), 0);
    }
}

TEST_F(JITExecutorTest, Models) {
  std::pair<const char *, const char *> models[] = {
      {"#snn.if<state = f32, reset = to_value, fires = at_or_above, when = "
       "same_step>",
       "r = 1000.0, v_threshold = 1.0, v_reset = 0.25, v_init = 0.0"},
      {"#snn.if<state = f32, reset = subtract, fires = above, when = "
       "next_step>",
       "r = 500.0, v_threshold = #snn.param<@b>, v_init = 0.0"},
      {"#snn.lif<state = f32, integration = exact, reset = none, fires = "
       "above, when = next_step, refractory = none>",
       "tau = 5.0e-3, r = 1.0, v_leak = 0.0, v_threshold = 1.0, v_init = "
       "#snn.random<uniform(0.0, 1.0), generator = philox, seed = 3, stream = "
       "0>"},
      {"#snn.lif<state = f32, integration = discrete, reset = subtract, fires "
       "= above, when = next_step, refractory = none>",
       "decay = 0.9, r = 1.0, v_threshold = 1.0, v_init = 0.0"},
      {"#snn.lif<state = f32, integration = euler, reset = to_value, fires = "
       "above, when = same_step, refractory = clamp>",
       "tau = #snn.random<uniform(1.0e-3, 9.0e-3), generator = mix64, seed = "
       "3, stream = 0>, r = 3.0, v_leak = 0.0, v_threshold = 0.5, v_reset = "
       "-0.5, t_ref = 2.0e-3, v_init = 0.0"},
      {"#snn.cuba_lif<state = f32, integration = exact, order = "
       "synapse_first, reset = to_value, fires = above, when = same_step, "
       "refractory = clamp>",
       "tau_syn = 4.0e-3, tau_mem = 9.0e-3, r = 8.0, w_in = 1.0, v_leak = "
       "0.0, v_threshold = 0.5, v_reset = 0.0, t_ref = 1.0e-3, v_init = 0.0"},
      {"#snn.cuba_lif<state = f32, integration = euler, order = "
       "membrane_first, reset = subtract, fires = above, when = same_step, "
       "refractory = none>",
       "tau_syn = 4.0e-3, tau_mem = 9.0e-3, r = 8.0, w_in = 1.0, v_leak = "
       "0.0, v_threshold = 0.5, v_init = 0.0"},
      {"#snn.cuba_lif<state = f32, integration = discrete, order = "
       "membrane_first, reset = subtract, fires = at_or_above, when = "
       "next_step, refractory = none>",
       "decay_syn = 0.5, decay_mem = 0.875, r = 1.0, w_in = 1.0, v_threshold "
       "= 0.5, v_init = 0.0"}};
  for (auto [model, params] : models) {
    SCOPED_TRACE(model);
    load(makeDense("binary", "ordered<f32>", model, params));
    EXPECT_GT(countSpikes(compareAll(), "hidden"), 0);
    load(makeDense("binary", "exact<i32, fraction = 20>", model, params));
    EXPECT_GT(countSpikes(compareAll(), "hidden"), 0);
  }
}

TEST_F(JITExecutorTest, EveryOptimisationLevelGivesTheSame) {
  for (unsigned level : {0, 1, 2, 3}) {
    load(makeDense("analogue<f32>", "ordered<f32>", lif32, lifParams),
         {level, level == 2   ? "x86-64-v3"
                 : level == 3 ? "x86-64-v2"
                              : ""});
    EXPECT_GT(countSpikes(compareAll(), "hidden"), 0);
  }
}

TEST_F(JITExecutorTest, LinearReadoutAndBiasAlone) {
  load(R"(
    snn.parameter @w : tensor<5x3xf32> = #snn.random<normal(0.0, 1.0), generator = philox, seed = 1, stream = 0>
    snn.network @net(%x: !snn.signal<3, analogue<f64>>) -> (!snn.signal<5, analogue<f32>>, !snn.signal<3, binary>) attributes {dt = "steps"} {
      %i = snn.project %x through #snn.dense weights @w delay 1 : !snn.signal<3, analogue<f64>> -> !snn.current<5>
      %s = snn.population "out" (in: %i accumulate ordered<f32> bias 0.3) model #snn.linear<state = f32> params {} : !snn.signal<5, analogue<f32>>
      %t = snn.population "clock" (in: accumulate ordered<f64> bias 0.3) model #snn.if<state = f64, reset = subtract, fires = above, when = same_step>
        params {r = 1.0, v_threshold = 1.0, v_init = 0.0} onset 2 : !snn.signal<3, binary>
      snn.output %s, %t : !snn.signal<5, analogue<f32>>, !snn.signal<3, binary>
    })");
  EXPECT_GT(countSpikes(compareAll(), "clock"), 0);
}

TEST_F(JITExecutorTest, CustomModels) {
  load(R"(
    snn.model @odd states(v = %v : f64, n = %n : i5, f = %f : i1) receptors(in = %in : f64, raw = %raw : i32) params(k = %k : i20) {
      %half = arith.constant true
      %c3 = arith.constant 3 : i5
      %zero = arith.constant 0 : i32
      %a = math.absf %v : f64
      %s = math.sqrt %a : f64
      %fl = math.floor %in : f64
      %ce = math.ceil %in : f64
      %ro = math.roundeven %in : f64
      %tr = math.trunc %in : f64
      %cs = math.copysign %s, %in : f64
      %m0 = arith.minimumf %fl, %cs : f64
      %m1 = arith.maximumf %ro, %tr : f64
      %x0 = arith.addf %m0, %m1 : f64
      %x1 = arith.addf %x0, %ce : f64
      %q = arith.divf %x1, %s : f64
      %big = arith.cmpf une, %s, %x1 : f64
      %v1 = arith.select %big, %in, %q : f64
      %n1 = arith.addi %n, %c3 : i5
      %neg = arith.subi %zero, %raw : i32
      %ab = math.absi %neg : i32
      %kk = arith.extsi %k : i20 to i32
      %e0 = arith.xori %ab, %kk : i32
      %nn = arith.extui %n1 : i5 to i32
      %e1 = arith.minsi %e0, %nn : i32
      %f1 = arith.xori %f, %half : i1
      %e2 = arith.select %f1, %e1, %zero : i32
      snn.yield %e2 states(%v1, %n1, %f1) : i32, f64, i5, i1
    }
    snn.parameter @ks : tensor<20xi32> = #snn.random<uniform(-20.0, 20.0), generator = mix64, seed = 4, stream = 0>
    snn.network @net(%x: !snn.signal<20, analogue<si32>>, %y: !snn.signal<20, analogue<f64>>) -> !snn.signal<20, graded<si32>> attributes {dt = "steps"} {
      %i = snn.project %x through #snn.one_to_one weights 3.0 delay 0 : !snn.signal<20, analogue<si32>> -> !snn.current<20>
      %j = snn.project %y through #snn.one_to_one weights 2.7 delay 0 : !snn.signal<20, analogue<f64>> -> !snn.current<20>
      %k = snn.project %s through #snn.dense weights 0.25 delay 2 : !snn.signal<20, graded<si32>> -> !snn.current<20>
      %s = snn.population "odd" (in: %j, %k accumulate ordered<f64> bias 0.5, raw: %i accumulate exact<i32, fraction = 0> bias 2.0) model #snn.custom<@odd>
        params {k = #snn.param<@ks>, v_init = 0.75, n_init = -3.0, f_init = 0.0} : !snn.signal<20, graded<si32>>
      snn.output %s : !snn.signal<20, graded<si32>>
    })");
  EXPECT_GT(countSpikes(compareAll(), "odd"), 0);
}

TEST_F(JITExecutorTest, FunctionsOfCustomModelsAtTheirEdges) {
  // The bits of a NaN are open: it shows as 99.
  for (const char *cpu : {"", "x86-64-v2", "x86-64-v3"}) {
    SCOPED_TRACE(cpu);
    load(R"(
    snn.model @edges states(e = %e : f64, l = %l : f64, f = %f : f32, g = %g : f32, n1 = %n1 : i1, m1 = %m1 : i1, n5 = %n5 : i5, m5 = %m5 : i5, n8 = %n8 : i8, m8 = %m8 : i8, n16 = %n16 : i16, m16 = %m16 : i16, n31 = %n31 : i31, m31 = %m31 : i31, n32 = %n32 : i32, m32 = %m32 : i32, n33 = %n33 : i33, m33 = %m33 : i33, n64 = %n64 : i64, m64 = %m64 : i64) receptors(in = %in : f32) params(x = %x : f64, y = %y : f32) {
      %nan64 = arith.constant 99.0 : f64
      %nan32 = arith.constant 99.0 : f32
      %a1 = arith.fptosi %x : f64 to i1
      %b1 = arith.fptosi %y : f32 to i1
      %a5 = arith.fptosi %x : f64 to i5
      %b5 = arith.fptosi %y : f32 to i5
      %a8 = arith.fptosi %x : f64 to i8
      %b8 = arith.fptosi %y : f32 to i8
      %a16 = arith.fptosi %x : f64 to i16
      %b16 = arith.fptosi %y : f32 to i16
      %a31 = arith.fptosi %x : f64 to i31
      %b31 = arith.fptosi %y : f32 to i31
      %a32 = arith.fptosi %x : f64 to i32
      %b32 = arith.fptosi %y : f32 to i32
      %a33 = arith.fptosi %x : f64 to i33
      %b33 = arith.fptosi %y : f32 to i33
      %a64 = arith.fptosi %x : f64 to i64
      %b64 = arith.fptosi %y : f32 to i64
      %ex = math.exp %x : f64
      %lx = math.log %x : f64
      %ey = math.exp %y : f32
      %ly = math.log %y : f32
      %ux = arith.cmpf uno, %x, %x : f64
      %uy = arith.cmpf uno, %y, %y : f32
      %vx = arith.cmpf uno, %lx, %lx : f64
      %vy = arith.cmpf uno, %ly, %ly : f32
      %e1 = arith.select %ux, %nan64, %ex : f64
      %l1 = arith.select %vx, %nan64, %lx : f64
      %f1 = arith.select %uy, %nan32, %ey : f32
      %g1 = arith.select %vy, %nan32, %ly : f32
      snn.yield %a32 states(%e1, %l1, %f1, %g1, %a1, %b1, %a5, %b5, %a8, %b8, %a16, %b16, %a31, %b31, %a32, %b32, %a33, %b33, %a64, %b64) : i32, f64, f64, f32, f32, i1, i1, i5, i5, i8, i8, i16, i16, i31, i31, i32, i32, i33, i33, i64, i64
    }
    snn.parameter @edges_of_f64 : tensor<36xf64> = dense<[0.0, -0.0, 0.5, -0.5, 1.0, -1.0, -0.99, 1.5, 15.9, 16.0, -16.9, -17.0, 127.5, 128.0, -128.9, -129.0,
      32767.9, 32768.0, 2147483647.9, 2147483648.0, -2147483648.9, -2147483649.0, 9223372036854774784.0, 9223372036854775808.0, -9223372036854775808.0, -1.0e19,
      0x7FF0000000000000, 0xFFF0000000000000, 0x7FF8000000000000, 4.9e-324, 709.7, 709.8, -745.1, -745.2, 1.0e300, -1.0e300]>
    snn.parameter @edges_of_f32 : tensor<36xf32> = dense<[0.0, -0.0, 0.5, -0.5, 1.0, -1.0, -0.99, 1.5, 15.9, 16.0, -16.9, -17.0, 127.5, 128.0, -128.9, -129.0,
      32767.9, 32768.0, 2147483520.0, 2147483648.0, -2147483648.0, -2147484000.0, 9223371487098961920.0, 9223372036854775808.0, -9223372036854775808.0, -1.0e19,
      0x7F800000, 0xFF800000, 0x7FC00000, 1.4e-45, 88.7, 88.8, -103.9, -104.0, 3.0e38, -3.0e38]>
    snn.network @net(%x: !snn.signal<36, binary>) -> !snn.signal<36, graded<si32>> attributes {dt = "steps"} {
      %s = snn.population "edges" (in: accumulate ordered<f32>) model #snn.custom<@edges>
        params {x = #snn.param<@edges_of_f64>, y = #snn.param<@edges_of_f32>, e_init = 0.0, l_init = 0.0, f_init = 0.0, g_init = 0.0, n1_init = 0.0, m1_init = 0.0, n5_init = 0.0, m5_init = 0.0, n8_init = 0.0, m8_init = 0.0, n16_init = 0.0, m16_init = 0.0, n31_init = 0.0, m31_init = 0.0, n32_init = 0.0, m32_init = 0.0, n33_init = 0.0, m33_init = 0.0, n64_init = 0.0, m64_init = 0.0} : !snn.signal<36, graded<si32>>
      snn.output %s : !snn.signal<36, graded<si32>>
    })",
         {2, cpu});
    EXPECT_GT(countSpikes(compareAll(1), "edges"), 0);
  }
}

//===----------------------------------------------------------------------===//
// Connectivity
//===----------------------------------------------------------------------===//

TEST_F(JITExecutorTest, Convolutions) {
  struct Case {
    const char *attributes;
    int64_t inputs, outputs, height, width;
    const char *weights;
  } cases[] = {
      {"kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, "
       "1], groups = 1",
       4, 12, 9, 7, "12x4x3x3"},
      {"kernel = [3, 2], stride = [2, 1], pad = [0, 1, 2, 0], dilation = [1, "
       "2], groups = 1",
       3, 40, 5, 6, "40x3x3x2"},
      {"kernel = [3, 3], stride = [1, 1], pad = [1, 1, 1, 1], dilation = [1, "
       "1], groups = 4",
       4, 12, 9, 7, "12x1x3x3"},
      {"kernel = [1, 1], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, "
       "1], groups = 2",
       4, 2, 9, 7, "2x2x1x1"}};
  for (const Case &c : cases)
    for (StringRef alphabet : {"binary", "analogue<f32>", "count<3>"})
      for (StringRef receptor : {"ordered<f32>", "exact<i32, fraction = 16>",
                                 "saturating<i32, fraction = 28>"}) {
        SCOPED_TRACE((alphabet + " " + receptor + c.attributes).str());
        std::string in = std::to_string(c.inputs) + "x9x7";
        std::string out = std::to_string(c.outputs) + "x" +
                          std::to_string(c.height) + "x" +
                          std::to_string(c.width);
        std::string signal = "!snn.signal<" + in + ", " + alphabet.str() + ">";
        load("snn.parameter @w : tensor<" + std::string(c.weights) +
             "xf32> = #snn.random<uniform(-0.4, 0.6), generator = mix64, seed "
             "= 1, stream = 0>\n snn.network @net(%x: " +
             signal + ") -> !snn.signal<" + out +
             ", binary> attributes {dt = \"steps\"} {\n%i = snn.project %x "
             "through #snn.conv2d<" +
             c.attributes + "> weights @w delay 0 : " + signal +
             " -> !snn.current<" + out +
             ">\n%s = snn.population \"conv\" (in: %i accumulate " +
             receptor.str() + " bias -0.05) model " + lif32.str() +
             " params {tau = 2.0, r = 1.0, v_leak = 0.0, v_threshold = 0.1, "
             "v_init = 0.0} : !snn.signal<" +
             out + ", binary>\nsnn.output %s : !snn.signal<" + out +
             ", binary>\n}");
        EXPECT_GT(countSpikes(compareAll(5), "conv"), 0);
      }
}

TEST_F(JITExecutorTest, DelaysAndRandomGraphs) {
  for (StringRef receptor :
       {"ordered<f32>", "saturating<i32, fraction = 27>"}) {
    load(
        R"(
      snn.parameter @rows : tensor<31xi64> = dense<[0,2,2,5,6,6,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,9]>
      snn.parameter @columns : tensor<9xi32> = dense<[0,29,3,3,7,0,4,1,1]>
      snn.parameter @delays : tensor<9xi16> = dense<[3,1,2,2,5,1,1,4,2]>
      snn.parameter @theta : tensor<30xf32> = #snn.random<normal(0.7, 0.2), generator = philox, seed = 9, stream = 1>
      snn.network @net(%x: !snn.signal<30, binary>) -> !snn.signal<30, binary> attributes {dt = 1.0e-4 : f64} {
        %a = snn.project %x through #snn.csr<rows = @rows, columns = @columns> weights 0.7 delay (#snn.param<@delays>) : !snn.signal<30, binary> -> !snn.current<30>
        %b = snn.project %s through #snn.fixed_probability<p = 0.1 : f64, self = false, generator = mix64, seed = 11, stream = 0, first = 0> weights #snn.random<normal(0.0, 0.5), generator = philox, seed = 1, stream = 1> delay 3 : !snn.signal<30, binary> -> !snn.current<30>
        %c = snn.project %s through #snn.fixed_total<count = 200, seed = 7, stream = 2> weights #snn.random<normal(0.0, 0.3), generator = philox, seed = 1, stream = 2>
          delay (#snn.random<normal(4.0, 3.0), clip = (1.0, 9.0), generator = philox, seed = 1, stream = 3>) : !snn.signal<30, binary> -> !snn.current<30>
        %d = snn.project %x through #snn.dense weights 0.1 delay (#snn.random<uniform(1.0, 4.0), clip = (1.0, 9.0), generator = philox, seed = 1, stream = 3>) : !snn.signal<30, binary> -> !snn.current<30>
        %e = snn.project %x through #snn.one_to_one weights @theta delay 0 : !snn.signal<30, binary> -> !snn.current<30>
        %s = snn.population "net" (in: %a, %b, %c, %d, %e accumulate )" +
        receptor.str() + ") model " + lif32.str() +
        R"( params {tau = 4.0e-4, r = 1.0, v_leak = 0.0, v_threshold = #snn.param<@theta>, v_init = 0.0} onset 2 : !snn.signal<30, binary>
        snn.output %s : !snn.signal<30, binary>
      })");
    EXPECT_GT(countSpikes(compareAll(20), "net"), 0);
  }
}

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

TEST_F(JITExecutorTest, PoolsOfEveryAlphabet) {
  for (StringRef reduction : {"max", "sum"})
    for (auto [alphabet, sum] :
         {std::pair<StringRef, StringRef>{"binary", "count<6>"},
          {"count<3>", "count<18>"},
          {"analogue<f32>", "analogue<f32>"},
          {"analogue<f64>", "analogue<f64>"},
          {"analogue<si32>", "analogue<si32>"},
          {"ternary", ""},
          {"graded<ui32>", ""}}) {
      if (reduction == "sum" && sum.empty())
        continue;
      StringRef result = reduction == "sum" ? sum : alphabet;
      SCOPED_TRACE((reduction + " " + alphabet).str());
      load((R"(
        snn.network @net(%x: !snn.signal<3x7x5, )" +
            alphabet + R"(>) -> !snn.signal<24, )" + result +
            R"(> attributes {dt = "steps"} {
          %p = snn.pool )" +
            reduction +
            " %x kernel [2, 3] stride [2, 1] : !snn.signal<3x7x5, " + alphabet +
            "> -> !snn.signal<3x3x3, " + result + R"(>
          %f = snn.reshape %p : !snn.signal<3x3x3, )" +
            result + "> -> !snn.signal<27, " + result + R"(>
          %q = snn.slice %f from 3 : !snn.signal<27, )" +
            result + "> -> !snn.signal<24, " + result + R"(>
          %i = snn.project %f through #snn.dense weights #snn.random<normal(0.0, 1.0), generator = philox, seed = 1, stream = 1> delay 0 : !snn.signal<27, )" +
            result + R"(> -> !snn.current<4>
          %s = snn.population "sum" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<4, analogue<f32>>
          snn.output %q : !snn.signal<24, )" +
            result + R"(>
        })")
               .str());
      compareAll(4);
    }
}

TEST_F(JITExecutorTest, ConcatDelayAndExposedStates) {
  load(
      R"(
    snn.parameter @w : tensor<2x1x2x2xf32> = #snn.random<uniform(-0.4, 0.9), generator = mix64, seed = 1, stream = 0>
    snn.network @net(%x: !snn.signal<1x4x4, binary>, %y: !snn.signal<2x3x3, analogue<f32>>) -> (!snn.signal<4x3x3, analogue<f32>>, !snn.signal<4x3x3, binary>) attributes {dt = "steps"} {
      %i = snn.project %x through #snn.conv2d<kernel = [2, 2], stride = [1, 1], pad = [0, 0, 0, 0], dilation = [1, 1], groups = 1> weights @w delay 0 : !snn.signal<1x4x4, binary> -> !snn.current<2x3x3>
      %r = snn.project %vd through #snn.one_to_one weights 0.01 delay 0 : !snn.signal<2x3x3, analogue<f32>> -> !snn.current<2x3x3>
      %s, %v = snn.population "a" (in: %i, %r accumulate ordered<f32>) model )" +
      lif32.str() +
      R"( params {tau = 2.0, r = 1.0, v_leak = 0.0, v_threshold = 0.5, v_init = 0.25} onset 1 expose ["v"] : !snn.signal<2x3x3, binary>, !snn.signal<2x3x3, analogue<f32>>
      %vd = snn.delay %v by 3 : !snn.signal<2x3x3, analogue<f32>>
      %c = snn.concat %vd, %y : !snn.signal<2x3x3, analogue<f32>>, !snn.signal<2x3x3, analogue<f32>> -> !snn.signal<4x3x3, analogue<f32>>
      %sd = snn.delay %s by 1 : !snn.signal<2x3x3, binary>
      %d = snn.concat %s, %sd : !snn.signal<2x3x3, binary>, !snn.signal<2x3x3, binary> -> !snn.signal<4x3x3, binary>
      snn.output %c, %d : !snn.signal<4x3x3, analogue<f32>>, !snn.signal<4x3x3, binary>
    })");
  EXPECT_GT(countSpikes(compareAll(), "a"), 0);
}

TEST_F(JITExecutorTest, Encoders) {
  for (StringRef probability : {"rate_dt", "one_minus_exp"}) {
    load(
        (R"(
      snn.network @net(%x: !snn.signal<9x5, analogue<f32>>) -> !snn.signal<45, binary> attributes {dt = 1.0e-3 : f64} {
        %n = snn.encode "noise" by #snn.poisson<probability = )" +
         probability +
         R"(, gain = 300.0 : f64, seed = 42, stream = 3> of %x : !snn.signal<9x5, analogue<f32>> -> !snn.signal<9x5, binary>
        %k = snn.constant 7.5 : !snn.signal<33, analogue<f64>>
        %m = snn.encode "drive" by #snn.poisson<probability = )" +
         probability +
         R"(, gain = 30.0 : f64, seed = 43, stream = 0> of %k : !snn.signal<33, analogue<f64>> -> !snn.signal<33, binary>
        %c = snn.encode "same" by #snn.constant_current of %x : !snn.signal<9x5, analogue<f32>> -> !snn.signal<9x5, analogue<f32>>
        %i = snn.project %n through #snn.one_to_one weights 0.5 delay 0 : !snn.signal<9x5, binary> -> !snn.current<45>
        %j = snn.project %m through #snn.dense weights 0.01 delay 1 : !snn.signal<33, binary> -> !snn.current<45>
        %l = snn.project %c through #snn.one_to_one weights 0.2 delay 0 : !snn.signal<9x5, analogue<f32>> -> !snn.current<45>
        %s = snn.population "out" (in: %l, %i, %j accumulate ordered<f32>) model )" +
         lif32 +
         R"( params {tau = 2.0e-3, r = 1.0, v_leak = 0.0, v_threshold = 0.2, v_init = 0.0} : !snn.signal<45, binary>
        snn.output %s : !snn.signal<45, binary>
      })")
            .str());
    EXPECT_GT(countSpikes(compareAll(), "out"), 0);
  }
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

TEST_F(JITExecutorTest, SameErrorsAsTheReference) {
  load(R"(
    snn.network @net(%x: !snn.signal<3, analogue<f32>>, %g: !snn.signal<3, ternary>) -> !snn.signal<3, binary> attributes {dt = "steps"} {
      %n = snn.encode "noise" by #snn.poisson<probability = rate_dt, gain = 0.5 : f64, seed = 42, stream = 3> of %x : !snn.signal<3, analogue<f32>> -> !snn.signal<3, binary>
      snn.output %n : !snn.signal<3, binary>
    })");
  auto errorOf = [&](Executor &engine, const RunRequest &request) {
    llvm::Expected<RunResult> result = engine.run(request);
    return result ? "" : llvm::toString(result.takeError());
  };
  auto expectError = [&](const RunRequest &request, const char *text) {
    std::string message = errorOf(*jit, request);
    EXPECT_EQ(message, errorOf(*reference, request));
    EXPECT_THAT(message, HasSubstr(text));
  };
  RunRequest good = request(2, 3);
  EXPECT_EQ(errorOf(*jit, good), "");
  RunRequest bad = request(2, 3);
  bad.inputs[0].data<double>()[13] = 4.0;
  expectError(bad, "encoder \"noise\": element 1, step 1, sample 6");
  bad = request(2, 3);
  bad.inputs[1].data<int32_t>()[4] = 2;
  expectError(bad, "input 1: in step 1 of sample 0 element 1 is 2, which is "
                   "not in !snn.signal<3, ternary>");
  bad = request(2, 3);
  bad.probes.push_back({"nothing", ""});
  expectError(bad, "there is nothing to record as 'nothing'");
  bad = request(2, 3);
  bad.inputs.pop_back();
  expectError(bad, "needs 2 inputs, got 1");
  bad = request(2, 3);
  bad.timesteps = 4;
  expectError(bad, "input 0 needs the shape [2, 3] (held) or [2, 4, 3]");
}

TEST_F(JITExecutorTest, EmittedValuesOutsideTheAlphabet) {
  load(R"(
    snn.model @ramp states(n = %n : i32) receptors(in = %in : f32) params() {
      %one = arith.constant 1 : i32
      %n1 = arith.addi %n, %one : i32
      snn.yield %n1 states(%n1) : i32, i32
    }
    snn.network @net() -> !snn.signal<3, count<4>> attributes {dt = "steps"} {
      %s = snn.population "ramp" (in: accumulate ordered<f32>) model #snn.custom<@ramp> params {n_init = 0.0} : !snn.signal<3, count<4>>
      snn.output %s : !snn.signal<3, count<4>>
    })");
  compare(request(1, 4));
  RunRequest tooLong = request(1, 5);
  auto got = jit->run(tooLong), want = reference->run(tooLong);
  ASSERT_FALSE(got || want);
  std::string message = llvm::toString(got.takeError());
  EXPECT_EQ(message, llvm::toString(want.takeError()));
  EXPECT_THAT(message, HasSubstr("element 0 is 5"));
}

} // namespace
