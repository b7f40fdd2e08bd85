//===- test-onnx-conformance.cpp - ONNX's own tests of operators ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Usage: test-onnx-conformance DIRECTORY [TEST...]. Imports each model of
// DIRECTORY/*/TEST, runs it with the evaluator and compares every output with
// the stated one: floats to rtol 1e-3 and atol 1e-5, integers exactly. In these
// models weights and shapes are graph inputs; those that the importer wants to
// know (all but the first, if the node cannot take them otherwise) are made
// initializers. Prints one line for each test that fails, and how many passed.
//
//===----------------------------------------------------------------------===//

#include "mlir/IR/Verifier.h"
#include "onnx/onnx_pb.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Import/ONNX/ImportONNX.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/VisitElements.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <cstring>

using namespace spikeformer;
namespace cl = llvm::cl;
using ::onnx::TensorProto;

static cl::opt<std::string> directory(cl::Positional, cl::Required);
static cl::list<std::string> wanted(cl::Positional, cl::ZeroOrMore);
static cl::opt<bool> dump("dump", cl::desc("prints the imported modules"));

namespace {

struct Case {
  ::onnx::ModelProto model;
  std::vector<TensorProto> inputs, outputs;
};

} // namespace

template <typename Message>
static bool readMessage(const llvm::Twine &path, Message &message) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer && message.ParseFromArray((*buffer)->getBufferStart(),
                                          (*buffer)->getBufferSize());
}

static std::vector<TensorProto> readTensors(StringRef stem) {
  std::vector<TensorProto> tensors;
  TensorProto tensor;
  while (readMessage(stem + llvm::Twine(tensors.size()) + ".pb", tensor))
    tensors.push_back(tensor);
  return tensors;
}

static std::optional<ElementType> getType(int type) {
  switch (type) {
  case TensorProto::FLOAT:
    return ElementType::f32;
  case TensorProto::DOUBLE:
    return ElementType::f64;
  case TensorProto::INT32:
    return ElementType::i32;
  case TensorProto::INT64:
    return ElementType::i64;
  case TensorProto::INT8:
    return ElementType::i8;
  case TensorProto::UINT8:
    return ElementType::u8;
  case TensorProto::BOOL:
    return ElementType::boolean;
  default:
    return std::nullopt;
  }
}

/// The tensor; these files store raw data.
static std::optional<Tensor> getTensorOf(const TensorProto &proto) {
  std::optional<ElementType> type = getType(proto.data_type());
  if (!type)
    return std::nullopt;
  SmallVector<int64_t> shape(proto.dims().begin(), proto.dims().end());
  Tensor tensor(shape, *type);
  StringRef raw = proto.raw_data();
  if (static_cast<int64_t>(raw.size()) != tensor.getNumBytes())
    return std::nullopt;
  std::memcpy(tensor.getBytes(), raw.data(), raw.size());
  return tensor;
}

/// Makes all inputs from `first` on initializers.
static void bindInputs(Case &test, unsigned first) {
  for (unsigned i = first; i < test.inputs.size(); ++i) {
    TensorProto &initializer = *test.model.mutable_graph()->add_initializer();
    initializer = test.inputs[i];
    initializer.set_name(test.model.graph().input(i).name());
  }
}

static OwningOpRef<ModuleOp> import(const Case &test, StringRef name,
                                    MLIRContext &context) {
  std::string bytes = test.model.SerializeAsString();
  return importONNX(llvm::MemoryBufferRef(bytes, name), context);
}

/// The worst of an output against its tolerance; at most 1 is right.
static double getError(const Tensor &result, const Tensor &expected) {
  if (result.getShape() != expected.getShape() ||
      result.getElementType() != expected.getElementType())
    return INFINITY;
  double worst = 0;
  for (int64_t i = 0; i < expected.getNumElements(); ++i) {
    double a = result.getAsDouble(i), b = expected.getAsDouble(i);
    bool same = a == b || (std::isnan(a) && std::isnan(b));
    double limit =
        isFloat(expected.getElementType()) ? 1e-5 + 1e-3 * std::fabs(b) : 0.5;
    double error = same ? 0 : std::fabs(a - b) / limit;
    worst = error <= worst ? worst : error;
  }
  return worst;
}

/// Runs `module`; what is wrong, or nothing.
static std::string compare(ModuleOp module, const Case &test,
                           unsigned inputCount) {
  auto function = module.lookupSymbol<func::FuncOp>("main");
  FailureOr<TensorEvaluator> evaluator = TensorEvaluator::create(function);
  if (failed(evaluator))
    return "cannot be evaluated";
  SmallVector<Tensor> inputs;
  for (unsigned i = 0; i < inputCount; ++i) {
    std::optional<Tensor> tensor = getTensorOf(test.inputs[i]);
    if (!tensor)
      return "has an input that this program cannot read";
    inputs.push_back(*tensor);
  }
  FailureOr<SmallVector<Tensor>> results = evaluator->run(inputs);
  if (failed(results))
    return "cannot be run";
  if (results->size() != test.outputs.size())
    return "has another number of outputs";
  for (auto [i, proto] : llvm::enumerate(test.outputs)) {
    std::optional<Tensor> expected = getTensorOf(proto);
    double error = expected ? getError((*results)[i], *expected) : INFINITY;
    if (!(error <= 1))
      return "output " + std::to_string(i) +
             " is wrong: " + std::to_string(error) + " times the tolerance";
  }
  return "";
}

/// Runs one test; what is wrong, or nothing.
static std::string run(StringRef path) {
  StringRef name = llvm::sys::path::filename(path);
  Case test;
  if (!readMessage(path + "/model.onnx", test.model))
    return "has no model";
  test.inputs = readTensors((path + "/test_data_set_0/input_").str());
  test.outputs = readTensors((path + "/test_data_set_0/output_").str());
  MLIRContext context(MLIRContext::Threading::DISABLED);
  std::string message;
  unsigned inputCount = test.inputs.size();
  OwningOpRef<ModuleOp> module;
  {
    // As it is; the importer says no where an input must be known.
    ScopedDiagnosticHandler quiet(&context, [](Diagnostic &) {});
    module = import(test, name, context);
  }
  if (!module && inputCount > 1) {
    ScopedDiagnosticHandler handler(
        &context, [&](Diagnostic &diagnostic) { message = diagnostic.str(); });
    inputCount = 1;
    bindInputs(test, inputCount);
    module = import(test, name, context);
  }
  if (!module)
    return "refused: " + message;
  if (dump)
    module->print(llvm::outs());
  if (failed(verify(*module)))
    return "is no valid module";
  return compare(*module, test, inputCount);
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "ONNX conformance test driver\n");
  std::vector<std::string> tests;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator family(directory, code), end;
       family != end && !code; family.increment(code)) {
    std::error_code inner;
    for (llvm::sys::fs::directory_iterator test(family->path(), inner), last;
         test != last && !inner; test.increment(inner))
      tests.push_back(test->path());
  }
  llvm::sort(tests);
  unsigned passed = 0, bad = 0;
  for (const std::string &test : tests) {
    StringRef name = llvm::sys::path::filename(test);
    if (!wanted.empty() && !llvm::is_contained(wanted, name))
      continue;
    std::string problem = run(test);
    problem.empty() ? ++passed : ++bad;
    if (!problem.empty())
      llvm::outs() << name << ": " << problem << '\n';
  }
  llvm::outs() << passed << " passed, " << bad << " failed\n";
  return bad || !passed ? 1 : 0;
}
