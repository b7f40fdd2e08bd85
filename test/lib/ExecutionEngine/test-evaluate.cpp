//===- test-evaluate.cpp - run a function with the tensor evaluator -------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evaluates a function on inputs made from a seed and prints the results, or,
// with --harness, prints the module with a @main that calls the function on the
// same inputs, for another engine to run. With --input and --expect the first
// result is compared with recorded ones.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "spikeformer/ExecutionEngine/TensorEvaluator.h"
#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/TensorAttr.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"
#include <cmath>

using namespace spikeformer;
namespace cl = llvm::cl;

static cl::opt<std::string> inputFile(cl::Positional, cl::Required);
static cl::opt<std::string> functionName("function", cl::init("net"));
static cl::opt<unsigned> sampleCount("samples", cl::init(1));
static cl::opt<unsigned> seed("seed", cl::init(1));
static cl::opt<unsigned> workers("workers", cl::init(1));
static cl::opt<bool> harness("harness");
static cl::opt<bool> external("external",
                              cl::desc("executes test.double as x + x"));
static cl::opt<std::string> input("input", cl::desc("FILE or FILE.npz:KEY"));
static cl::opt<double> divisor("divisor", cl::init(1),
                               cl::desc("divides every input"));
static cl::opt<std::string> expect("expect", cl::desc("FILE or FILE.npz:KEY"));
static cl::opt<double> tolerance("tolerance", cl::init(1e-4));
static cl::opt<bool> observe("observe", cl::desc("prints every value"));

/// Values that are exact in f32 and in f64, from -2 to 2 or from 0 to 255.
static void fillFromSeed(Tensor &tensor, uint64_t &state) {
  for (int64_t i = 0; i < tensor.getNumElements(); ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    unsigned draw = state >> 56;
    switch (tensor.getElementType()) {
    case ElementType::f32:
      tensor.data<float>()[i] = (static_cast<float>(draw) - 128) / 64;
      break;
    case ElementType::i32:
      tensor.data<int32_t>()[i] = draw;
      break;
    case ElementType::u8:
      tensor.data<uint8_t>()[i] = draw;
      break;
    default:
      llvm::report_fatal_error("inputs are f32, i32 or ui8");
    }
  }
}

static void print(const Tensor &tensor) {
  llvm::outs() << '[';
  llvm::interleave(tensor.getShape(), llvm::outs(), "x");
  llvm::outs() << ' ' << getElementTypeName(tensor.getElementType()) << "] ";
  for (int64_t i = 0; i < tensor.getNumElements(); ++i)
    llvm::outs() << (i ? " " : "")
                 << llvm::format("%.9g", tensor.getAsDouble(i));
  llvm::outs() << '\n';
}

/// One tensor per argument, with `sampleCount` samples where it has them.
static SmallVector<Tensor> makeInputs(func::FuncOp function) {
  SmallVector<Tensor> inputs;
  uint64_t state = seed;
  for (Type type : function.getArgumentTypes()) {
    auto tensorType = cast<RankedTensorType>(type);
    SmallVector<int64_t> shape(tensorType.getShape());
    if (!shape.empty() && (shape[0] == 1 || ShapedType::isDynamic(shape[0])))
      shape[0] = sampleCount;
    inputs.emplace_back(shape, *getElementType(tensorType.getElementType()));
    fillFromSeed(inputs.back(), state);
  }
  return inputs;
}

static Tensor readArray(StringRef text) {
  llvm::ExitOnError exitOnError("test-evaluate: ", 2);
  DataArgument argument = exitOnError(parseDataArgument(text));
  return exitOnError(readDataArray(argument, CsvLabel::none)).values;
}

/// The first `samples` samples of --input as f32 input of `function`.
static Tensor readInput(func::FuncOp function, int64_t samples) {
  Tensor data = readArray(input).slice(0, samples);
  auto type = cast<RankedTensorType>(function.getArgumentTypes().front());
  SmallVector<int64_t> shape(type.getShape());
  shape.front() = samples;
  Tensor tensor(shape, ElementType::f32);
  for (auto [i, value] : llvm::enumerate(tensor.data<float>()))
    value = static_cast<float>(data.getAsDouble(i) / divisor);
  return tensor;
}

/// Prints the largest difference of `result` and `expected`.
static int compare(const Tensor &result, const Tensor &expected) {
  if (result.getShape() != expected.getShape()) {
    llvm::outs() << "shapes differ\n";
    return 1;
  }
  double worst = 0;
  for (int64_t i = 0; i < expected.getNumElements(); ++i)
    worst = std::fmax(
        worst, std::fabs(result.getAsDouble(i) - expected.getAsDouble(i)));
  llvm::outs() << expected.getShape().front() << " samples "
               << (worst <= tolerance ? "equal" : "differ")
               << ", largest difference " << llvm::format("%.1e", worst)
               << '\n';
  return worst <= tolerance ? 0 : 1;
}

/// Prints the values of `value` when the module runs.
static void buildPrint(OpBuilder &builder, ModuleOp module, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  auto unranked = UnrankedTensorType::get(type.getElementType());
  bool isFloat = type.getElementType().isF32();
  StringRef name = isFloat ? "printMemrefF32" : "printMemrefI32";
  if (!module.lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(module.getBody());
    auto print = func::FuncOp::create(builder, value.getLoc(), name,
                                      builder.getFunctionType(unranked, {}));
    print.setPrivate();
    print->setAttr("llvm.emit_c_interface", builder.getUnitAttr());
  }
  Value cast = tensor::CastOp::create(builder, value.getLoc(), unranked, value);
  func::CallOp::create(builder, value.getLoc(), name, TypeRange(), cast);
}

/// Adds a @main that calls `function` once per sample.
static void buildHarness(ModuleOp module, func::FuncOp function,
                         ArrayRef<Tensor> inputs) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  Location loc = function.getLoc();
  auto main = func::FuncOp::create(builder, loc, "main",
                                   builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(main.addEntryBlock());
  for (unsigned sample = 0; sample < sampleCount; ++sample) {
    SmallVector<Value> arguments;
    for (auto [input, type] :
         llvm::zip_equal(inputs, function.getArgumentTypes())) {
      auto tensorType = cast<RankedTensorType>(type);
      bool each = tensorType.getRank() && tensorType.getDimSize(0) == 1;
      Tensor own = each ? input.slice(sample, sample + 1) : input;
      ArrayRef<char> raw(static_cast<const char *>(own.getBytes()),
                         own.getNumBytes());
      auto value = DenseElementsAttr::getFromRawBuffer(tensorType, raw);
      arguments.push_back(arith::ConstantOp::create(builder, loc, value));
    }
    auto call = func::CallOp::create(builder, loc, function, arguments);
    for (Value result : call.getResults())
      buildPrint(builder, module, result);
  }
  func::ReturnOp::create(builder, loc);
}

/// Executes `test.double`.
static FailureOr<SmallVector<Tensor>>
executeDouble(Operation *op, ArrayRef<Tensor> operands, int64_t firstSample) {
  llvm::outs() << "external: first sample " << firstSample << ", ";
  print(operands[0]);
  Tensor result = operands[0].clone();
  for (float &value : result.data<float>())
    value += value;
  return SmallVector<Tensor>{result};
}

static int evaluate(func::FuncOp function, ArrayRef<Tensor> inputs) {
  TensorEvaluatorOptions options;
  options.threads = workers;
  if (external)
    options.externalOps["test.double"] = executeDouble;
  FailureOr<TensorEvaluator> evaluator =
      TensorEvaluator::create(function, std::move(options));
  if (failed(evaluator))
    return 1;
  if (!evaluator->getBatchObstacle().empty())
    llvm::outs() << "one by one: " << evaluator->getBatchObstacle() << '\n';
  if (observe) {
    evaluator->setObserver([](Value value, const Tensor &tensor) {
      llvm::outs() << "observed "
                   << (value.getDefiningOp()
                           ? value.getDefiningOp()->getName().getStringRef()
                           : "argument")
                   << ' ';
      print(tensor);
    });
    function->walk([&](Operation *op) {
      for (Value result : op->getResults())
        (void)evaluator->observe(result);
    });
    for (Value argument : function.getArguments())
      (void)evaluator->observe(argument);
  }
  FailureOr<SmallVector<Tensor>> results = evaluator->run(inputs);
  if (failed(results))
    return 1;
  if (!expect.empty())
    return compare(results->front(), readArray(expect));
  for (const Tensor &result : *results)
    print(result);
  return 0;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "tensor evaluator test driver\n");
  DialectRegistry registry;
  registry.insert<arith::ArithDialect, func::FuncDialect, linalg::LinalgDialect,
                  math::MathDialect, quant::QuantDialect, tensor::TensorDialect,
                  tosa::TosaDialect>();
  MLIRContext context(registry);
  context.allowUnregisteredDialects();
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  auto module = parseSourceFile<ModuleOp>(inputFile, sources, &context);
  if (!module)
    return 2;
  auto function = module->lookupSymbol<func::FuncOp>(functionName);
  if (!function) {
    llvm::errs() << "no function '" << functionName << "'\n";
    return 2;
  }
  SmallVector<Tensor> inputs;
  if (input.empty())
    inputs = makeInputs(function);
  else
    inputs.push_back(readInput(function, readArray(expect).getShape().front()));
  if (!harness)
    return evaluate(function, inputs);
  buildHarness(*module, function, inputs);
  module->print(llvm::outs());
  return 0;
}
