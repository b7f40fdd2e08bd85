//===- KernelCompilerTest.cpp - compiled kernels against C++ --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelCompiler.h"
#include "KernelBuilder.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/ExecutionEngine/KernelStore.h"
#include "llvm/Config/llvm-config.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include <thread>

using namespace spikeformer;
using testing::HasSubstr;

namespace {
class KernelCompilerTest : public testing::Test {
protected:
  KernelCompilerTest() : context(MLIRContext::Threading::DISABLED) {}

  std::unique_ptr<KernelCompiler> make(unsigned level = 1,
                                       std::string cpu = "") {
    return take(KernelCompiler::create(context, {level, cpu}));
  }

  /// What `text`, a module, fails with; empty if it compiles.
  std::string errorOf(StringRef text) {
    auto address = make()->compile("k", [&](ModuleOp module) {
      auto parsed = parseSourceString<ModuleOp>(text, &context);
      ASSERT_TRUE(parsed);
      module.getBodyRegion().takeBody(parsed->getBodyRegion());
    });
    return address ? "" : llvm::toString(address.takeError());
  }

  /// Compiles `body` at every level, scalar and in vectors; expects the values
  /// of `expected`, bit by bit.
  template <typename T>
  void expectValues(Type element, Elementwise body,
                    llvm::function_ref<T(T, T)> expected) {
    const int64_t n = 4096;
    std::vector<T> a(n), b(n), out(n), want(n);
    for (int64_t i = 0; i < n; ++i) {
      a[i] = T(double(int64_t(rt::hashMix(i))) * 0x1p-50);
      b[i] = T(double(int64_t(rt::hashMix(i + n))) * 0x1p-48);
      want[i] = expected(a[i], b[i]);
    }
    for (unsigned level : {0, 1, 2, 3}) {
      auto compiler = make(level);
      for (int64_t lanes : {1, 4, 8, 16, 32}) {
        Kernel kernel =
            take(compiler->compile(std::to_string(lanes), [&](ModuleOp module) {
              buildElementwise(module, "f", element, lanes, body);
            }));
        std::fill(out.begin(), out.end(), T(0));
        reinterpret_cast<ElementwiseKernel<T>>(kernel.get())(a.data(), b.data(),
                                                             out.data(), n);
        EXPECT_EQ(std::memcmp(out.data(), want.data(), n * sizeof(T)), 0)
            << "level " << level << ", lanes " << lanes;
      }
    }
  }

  MLIRContext context;
};

/// x y + x - y / (x x + y): rounded differently when contracted.
Value buildRational(ImplicitLocOpBuilder &b, Value x, Value y) {
  Value sum = arith::AddFOp::create(b, arith::MulFOp::create(b, x, y), x);
  Value denominator =
      arith::AddFOp::create(b, arith::MulFOp::create(b, x, x), y);
  return arith::SubFOp::create(b, sum,
                               arith::DivFOp::create(b, y, denominator));
}

TEST_F(KernelCompilerTest, F32ElementwiseEqualsCpp) {
  make();
  expectValues<float>(
      Float32Type::get(&context), buildRational,
      [](float x, float y) { return x * y + x - y / (x * x + y); });
}

TEST_F(KernelCompilerTest, F64ElementwiseEqualsCpp) {
  make();
  expectValues<double>(
      Float64Type::get(&context), buildRational,
      [](double x, double y) { return x * y + x - y / (x * x + y); });
}

TEST_F(KernelCompilerTest, I32ElementwiseEqualsCpp) {
  make();
  expectValues<int32_t>(
      IntegerType::get(&context, 32),
      [](ImplicitLocOpBuilder &b, Value x, Value y) -> Value {
        Value product = arith::MulIOp::create(b, x, y);
        Value less = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x, y);
        Value mixed = arith::XOrIOp::create(b, product, x);
        return arith::SelectOp::create(b, less, mixed, product);
      },
      [](int32_t x, int32_t y) {
        int32_t product = int32_t(uint32_t(x) * uint32_t(y));
        return x < y ? product ^ x : product;
      });
}

TEST_F(KernelCompilerTest, VectorDialectIsLowered) {
  make();
  expectValues<float>(
      Float32Type::get(&context),
      [](ImplicitLocOpBuilder &b, Value x, Value y) -> Value {
        Value c = arith::ConstantOp::create(b, b.getF32FloatAttr(0.1f));
        if (isa<VectorType>(x.getType()))
          c = vector::BroadcastOp::create(b, x.getType(), c);
        return arith::MaximumFOp::create(b, arith::MulFOp::create(b, x, c), y);
      },
      [](float x, float y) { return x * 0.1f > y ? x * 0.1f : y; });
}

TEST_F(KernelCompilerTest, CallsRuntimeFunctionsAndPrivateOnes) {
  auto compiler = make();
  Kernel kernel = take(compiler->compile("k", [&](ModuleOp module) {
    auto parsed = parseSourceString<ModuleOp>(R"mlir(
      func.func private @sfrt_exp_f64_v1(f64) -> f64
      func.func private @twice(%x: f64) -> f64 {
        %y = arith.addf %x, %x : f64
        return %y : f64
      }
      func.func @f(%x: f64) -> f64 {
        %y = call @sfrt_exp_f64_v1(%x) : (f64) -> f64
        %z = call @twice(%y) : (f64) -> f64
        return %z : f64
      })mlir",
                                              &context);
    module.getBodyRegion().takeBody(parsed->getBodyRegion());
  }));
  EXPECT_EQ(reinterpret_cast<double (*)(double)>(kernel.get())(1.5),
            2 * sfrt_exp_f64_v1(1.5));
}

TEST_F(KernelCompilerTest, OneKeyIsBuiltOnce) {
  auto compiler = make();
  unsigned builds = 0;
  auto build = [&](ModuleOp module) {
    ++builds;
    buildElementwise(module, "once", Float32Type::get(&context), 2,
                     buildRational);
  };
  Kernel first = take(compiler->compile("k", build));
  EXPECT_EQ(take(compiler->compile("k", build)), first);
  EXPECT_EQ(builds, 1u);
  KernelTimings timings = compiler->getTimings();
  EXPECT_EQ(timings.compiled, 1u);
  EXPECT_EQ(timings.reused, 1u);
  EXPECT_GT(timings.build, 0);
  EXPECT_GT(timings.lower, 0);
  EXPECT_GT(timings.translate, 0);
  EXPECT_GT(timings.optimize, 0);
  EXPECT_GT(timings.codegen, 0);
  EXPECT_GT(timings.link, 0);
}

/// A kernel that no other test makes, `factor` apart.
Kernel compileScaled(KernelCompiler &compiler, MLIRContext &context,
                     StringRef key, StringRef name, float factor) {
  return take(compiler.compile(key, [&](ModuleOp module) {
    module->setLoc(FileLineColLoc::get(&context, key, 1, 1));
    buildElementwise(module, name, Float32Type::get(&context), 1,
                     [&](ImplicitLocOpBuilder &b, Value x, Value) -> Value {
                       Value c = arith::ConstantOp::create(
                           b, b.getF32FloatAttr(factor));
                       return arith::MulFOp::create(b, x, c);
                     });
  }));
}

TEST_F(KernelCompilerTest, EqualKernelsShareTheirCode) {
  auto compiler = make();
  Kernel a = compileScaled(*compiler, context, "a", "fa", 3);
  EXPECT_EQ(compileScaled(*compiler, context, "b", "fb", 3), a);
  EXPECT_NE(compileScaled(*compiler, context, "c", "fa", 4), a);
  EXPECT_EQ(compiler->getTimings().compiled, 2u);

  MLIRContext other(MLIRContext::Threading::DISABLED);
  auto second = take(KernelCompiler::create(other));
  EXPECT_EQ(compileScaled(*second, other, "d", "fd", 3), a);
  EXPECT_EQ(second->getTimings().compiled, 0u);
  EXPECT_NE(compileScaled(*make(2), context, "a", "fa", 3), a);
}

TEST_F(KernelCompilerTest, ThreadsShareTheirCode) {
  std::vector<std::thread> threads;
  std::vector<Kernel> kernels(8);
  std::vector<unsigned> compiled(8);
  for (unsigned i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      MLIRContext own(MLIRContext::Threading::DISABLED);
      auto compiler = take(KernelCompiler::create(own));
      kernels[i] = compileScaled(*compiler, own, "k", "f", 5);
      compiled[i] = compiler->getTimings().compiled;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_THAT(kernels, testing::Each(kernels[0]));
  EXPECT_EQ(std::count(compiled.begin(), compiled.end(), 1u), 1);
}

TEST_F(KernelCompilerTest, IdleCodeIsUnloadedWhenThereIsMuchOfIt) {
  Kernel held = compileScaled(*make(0), context, "held", "f", 7);
  // Smallest kernels: one for each constant.
  for (unsigned i = 0; i < KernelStore::kIdleCapacity + 10; ++i)
    compileScaled(*make(0), context, "k", "f", 1000.0f + i);
  EXPECT_LE(take(KernelStore::get())->size(), KernelStore::kIdleCapacity);
  EXPECT_EQ(compileScaled(*make(0), context, "again", "f", 7), held);
  float a[1] = {1.5f}, out[1];
  reinterpret_cast<ElementwiseKernel<float>>(held.get())(a, a, out, 1);
  EXPECT_EQ(out[0], 10.5f);
  // The first of them is gone and can be made again.
  auto compiler = make(0);
  compileScaled(*compiler, context, "k", "f", 1000.0f);
  EXPECT_EQ(compiler->getTimings().compiled, 1u);
}

TEST_F(KernelCompilerTest, CpuOverrideSetsTheWidth) {
  EXPECT_EQ(make(1, "x86-64")->getPreferredLanes(), 4u);
  EXPECT_EQ(make(1, "x86-64-v3")->getPreferredLanes(), 8u);
  EXPECT_EQ(make(1, "x86-64-v4")->getPreferredLanes(), 16u);
  EXPECT_EQ(make(1, "x86-64")->getCPU(), "x86-64");
  EXPECT_FALSE(make()->getCPU().empty());
}

TEST_F(KernelCompilerTest, BaselineCodeEqualsCpp) {
  auto compiler = make(1, "x86-64");
  Kernel kernel = compileScaled(*compiler, context, "k", "f", 0.1f);
  float a[3] = {1.5f, -2.25f, 1e-40f}, out[3];
  reinterpret_cast<ElementwiseKernel<float>>(kernel.get())(a, a, out, 3);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(out[i], a[i] * 0.1f);
}

TEST_F(KernelCompilerTest, RefusesUnknownOptions) {
  auto unknown = KernelCompiler::create(context, {1, "no-such-cpu"});
  EXPECT_EQ(
      llvm::toString(unknown.takeError()),
      "unknown CPU 'no-such-cpu'; need a name that LLVM " LLVM_VERSION_STRING
      " knows");
  auto level = KernelCompiler::create(context, {4, ""});
  EXPECT_EQ(llvm::toString(level.takeError()),
            "optimisation level is 4, need 0 to 3");
}

TEST_F(KernelCompilerTest, RefusesForeignOperations) {
  context.loadDialect<math::MathDialect>();
  EXPECT_EQ(
      errorOf("func.func @f(%x: f32) -> f32 {\n"
              "  %y = math.exp %x : f32\n"
              "  return %y : f32\n}"),
      "kernel 'k': 'math.exp' op is not allowed in a kernel; kernels hold "
      "operations of func, arith, scf, cf, vector and llvm");
}

TEST_F(KernelCompilerTest, RefusesOpenResults) {
  make();
  const char *ops[] = {
      "arith.addf %x, %x fastmath<contract> : vector<4xf32>",
      "arith.maxnumf %x, %x : vector<4xf32>",
      "arith.minnumf %x, %x : vector<4xf32>",
      "vector.fma %x, %x, %x : vector<4xf32>",
      "llvm.intr.maxnum(%x, %x) : (vector<4xf32>, vector<4xf32>) -> "
      "vector<4xf32>",
      "llvm.intr.fmuladd(%x, %x, %x) : (vector<4xf32>, vector<4xf32>, "
      "vector<4xf32>) -> vector<4xf32>",
      "llvm.fadd %x, %x {fastmathFlags = #llvm.fastmath<reassoc>} : "
      "vector<4xf32>",
  };
  for (const char *op : ops)
    EXPECT_THAT(errorOf(("func.func @f(%x: vector<4xf32>) -> vector<4xf32> {\n"
                         "  %y = " +
                         StringRef(op) + "\n  return %y : vector<4xf32>\n}")
                            .str()),
                HasSubstr("left open"))
        << op;
}

TEST_F(KernelCompilerTest, RefusesFunctionsOutsideTheRuntime) {
  make();
  const char *text = "func.func private @expf(f32) -> f32\n"
                     "func.func @f(%x: f32) -> f32 {\n"
                     "  %y = call @expf(%x) : (f32) -> f32\n"
                     "  return %y : f32\n}";
  EXPECT_THAT(errorOf(text), HasSubstr("expf"));
  // A failure leaves nothing behind that a second try would meet.
  EXPECT_THAT(errorOf(text), HasSubstr("it calls what is not a function of the "
                                       "runtime"));
}

TEST_F(KernelCompilerTest, RefusesModulesWithoutOneEntry) {
  make();
  EXPECT_THAT(errorOf("module {}"), HasSubstr("needs a public function"));
  EXPECT_THAT(errorOf("func.func @f() { return }\nfunc.func @g() { return }"),
              HasSubstr("this is the second"));
}

TEST_F(KernelCompilerTest, ReportsErrorsOfTheBuilder) {
  auto address = make()->compile("population 'a'", [](ModuleOp module) {
    module.emitError() << "the model has no step";
  });
  EXPECT_EQ(llvm::toString(address.takeError()),
            "kernel 'population 'a'': the model has no step");
}
} // namespace
