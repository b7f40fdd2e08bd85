//===- UpstreamLowering.cpp - functions run by MLIR's own lowering --------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All cases are one module and one run: a process costs more than a function.
// What is expected goes in as constants, and a number per case comes out.
//
//===----------------------------------------------------------------------===//

#include "UpstreamLowering.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace spikeformer;

/// Buffers are not freed: the process ends soon.
static constexpr StringLiteral lowering =
    "--pass-pipeline=builtin.module(func.func(tosa-to-linalg-named,"
    "tosa-to-linalg,tosa-to-arith,tosa-to-tensor),"
    "one-shot-bufferize{bufferize-function-boundaries=1 "
    "function-boundary-type-conversion=identity-layout-map},"
    "func.func(convert-linalg-to-loops),expand-strided-metadata,lower-affine,"
    "convert-scf-to-cf,convert-math-to-llvm,convert-arith-to-llvm,"
    "finalize-memref-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,"
    "reconcile-unrealized-casts)";

/// 0: type of the input, 1: type of the result, 2: elements of the result,
/// 3, 4: input and expected result, 5: name.
static constexpr StringLiteral driver = R"mlir(
func.func @check_{5}() {{
  %x = arith.constant {3} : {0}
  %e = arith.constant {4} : {1}
  %y = func.call @{5}(%x) : ({0}) -> {1}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant {2} : index
  %zero = arith.constant 0.0 : f32
  %worst = scf.for %j = %c0 to %n step %c1 iter_args(%old = %zero) -> (f32) {{
    %a = tensor.extract %y[%c0, %j] : {1}
    %b = tensor.extract %e[%c0, %j] : {1}
    %d = arith.subf %a, %b : f32
    %m = math.absf %d : f32
    %new = arith.maximumf %old, %m : f32
    scf.yield %new : f32
  }
  func.call @printF32(%worst) : (f32) -> ()
  func.call @printNewline() : () -> ()
  return
}
)mlir";

static std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream os(text);
  attribute.print(os, /*elideType=*/true);
  return text;
}

static std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static DenseElementsAttr getElements(const Tensor &tensor,
                                     MLIRContext *context) {
  return DenseElementsAttr::get(
      RankedTensorType::get(tensor.getShape(), Float32Type::get(context)),
      tensor.data<float>());
}

/// The functions, one driver for each, and @main that calls the drivers.
static std::string makeProgram(ArrayRef<UpstreamCase> cases) {
  std::string text;
  llvm::raw_string_ostream os(text);
  std::string calls;
  for (UpstreamCase one : cases) {
    one.function->print(os);
    MLIRContext *context = one.function.getContext();
    StringRef name = one.function.getName();
    Type result = one.function.getResultTypes().front();
    os << llvm::formatv(driver.data(),
                        print(one.function.getArgumentTypes().front()),
                        print(result), one.expected.getNumElements(),
                        print(getElements(one.input, context)),
                        print(getElements(one.expected, context)), name);
    calls += ("  call @check_" + name + "() : () -> ()\n").str();
  }
  os << "func.func private @printF32(f32)\nfunc.func private @printNewline()\n"
     << "func.func @main() {\n"
     << calls << "  return\n}\n";
  return text;
}

/// Runs `tool` from file `from` to file `to`.
static llvm::Error runTool(StringRef tool, ArrayRef<StringRef> arguments,
                           StringRef from, StringRef to) {
  std::string path = (SPIKEFORMER_LLVM_TOOLS "/" + tool).str();
  SmallVector<StringRef> command{path};
  llvm::append_range(command, arguments);
  std::optional<StringRef> redirects[] = {from, to, std::nullopt};
  std::string message;
  int code = llvm::sys::ExecuteAndWait(path, command, std::nullopt, redirects,
                                       /*SecondsToWait=*/0,
                                       /*MemoryLimit=*/0, &message);
  if (code == 0)
    return llvm::Error::success();
  return llvm::createStringError(tool + " failed: " + Twine(code) + " " +
                                 message);
}

llvm::Expected<std::vector<double>>
spikeformer::runUpstream(ArrayRef<UpstreamCase> cases) {
  SmallString<64> files[3];
  llvm::scope_exit remove([&] {
    for (StringRef file : files)
      llvm::sys::fs::remove(file);
  });
  for (SmallString<64> &file : files)
    if (std::error_code error =
            llvm::sys::fs::createTemporaryFile("upstream", "mlir", file))
      return llvm::errorCodeToError(error);
  std::error_code error;
  llvm::raw_fd_ostream(files[0], error) << makeProgram(cases);
  if (error)
    return llvm::errorCodeToError(error);
  if (llvm::Error failed = runTool("mlir-opt", {lowering}, files[0], files[1]))
    return std::move(failed);
  if (llvm::Error failed =
          runTool("mlir-runner",
                  {"-e", "main", "--entry-point-result=void", "-O0",
                   "--shared-libs=" SPIKEFORMER_LLVM_LIBRARIES
                   "/libmlir_c_runner_utils.so"},
                  files[1], files[2]))
    return std::move(failed);
  auto printed = llvm::MemoryBuffer::getFile(files[2]);
  if (!printed)
    return llvm::errorCodeToError(printed.getError());
  SmallVector<StringRef> lines;
  (*printed)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  std::vector<double> errors;
  for (StringRef line : lines)
    if (line.trim().getAsDouble(errors.emplace_back()))
      return llvm::createStringError("mlir-runner printed " + line);
  if (errors.size() != cases.size())
    return llvm::createStringError("mlir-runner printed too few numbers");
  return errors;
}
