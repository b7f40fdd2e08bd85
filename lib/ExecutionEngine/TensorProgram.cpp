//===- TensorProgram.cpp - a function as a list of kernels ----------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Flattens calls, gives every value a slot, decides which values hold samples,
// folds constants, and cuts the steps into segments at external ops.
//
//===----------------------------------------------------------------------===//

#include "TensorProgram.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/SymbolTable.h"
#include "spikeformer/Support/QuantizedElements.h"
#include "spikeformer/Support/TensorAttr.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SetVector.h"

using namespace spikeformer;
using namespace spikeformer::evaluator;

OpTable::OpTable() {
  addArithmeticOps(*this);
  addCastOps(*this);
  addComparisonOps(*this);
  addDenseOps(*this);
  addFunctionOps(*this);
  addQuantizationOps(*this);
  addReductionOps(*this);
  addShapeOps(*this);
}

const OpTable &OpTable::get() {
  static const OpTable table;
  return table;
}

const OpHandler *OpTable::lookup(StringRef name) const {
  auto it = handlers.find(name);
  return it == handlers.end() ? nullptr : &it->second;
}

static bool startsWithOne(const ValueInfo &info) {
  return !info.shape.empty() && info.shape.front() == 1;
}

std::function<bool(const OpSite &)> evaluator::eachElement(unsigned count) {
  return [count](const OpSite &site) {
    if (!startsWithOne(site.result))
      return false;
    return llvm::all_of(
        ArrayRef<ValueInfo>(site.operands).take_front(count),
        [&](const ValueInfo &operand) {
          bool sameRank = operand.shape.size() == site.result.shape.size();
          return sameRank ? startsWithOne(operand) : !operand.batched;
        });
  };
}

bool evaluator::onlyFirstHoldsSamples(const OpSite &site) {
  return site.operands[0].batched && startsWithOne(site.result) &&
         llvm::none_of(ArrayRef<ValueInfo>(site.operands).drop_front(),
                       [](const ValueInfo &info) { return info.batched; });
}

LogicalResult evaluator::rejectType(const OpSite &site, ElementType type) {
  return site.op->emitOpError()
         << "is not computed for elements of type '" << getElementTypeName(type)
         << "' by the tensor evaluator; cast to float32 before it";
}

LogicalResult evaluator::expectShape(const OpSite &site,
                                     ArrayRef<int64_t> shape) {
  if (ArrayRef<int64_t>(site.result.shape) == shape)
    return success();
  auto print = [](InFlightDiagnostic &diagnostic, ArrayRef<int64_t> extents) {
    diagnostic << "[";
    llvm::interleaveComma(extents, diagnostic);
    diagnostic << "]";
  };
  InFlightDiagnostic diagnostic = site.op->emitOpError();
  diagnostic << "gives the shape ";
  print(diagnostic, shape);
  diagnostic << " for one sample, but its result type says ";
  print(diagnostic, site.result.shape);
  return diagnostic;
}

namespace {

/// Bytes of the values of one block of samples that should stay in the cache.
constexpr int64_t kBlockBytes = 256 << 10;
constexpr int64_t kMaxBlockSize = 64;

class ProgramBuilder {
public:
  ProgramBuilder(const TensorEvaluatorOptions &options, bool batched)
      : options(options) {
    program.batched = batched;
  }

  FailureOr<Program> build(func::FuncOp function);

  std::optional<BatchObstacle> obstacle;

private:
  using Scope = llvm::DenseMap<Value, unsigned>;

  LogicalResult addFunction(func::FuncOp function, Scope &scope,
                            SmallVectorImpl<unsigned> &results);
  LogicalResult addOp(Operation *op, Scope &scope);
  LogicalResult addCall(func::CallOp call, Scope &scope);
  LogicalResult addConstant(Operation *op, ElementsAttr value, Scope &scope);
  LogicalResult addKernel(Operation *op, const OpHandler &handler,
                          Scope &scope);
  LogicalResult addExternal(Operation *op, const ExternalOp &external,
                            Scope &scope);

  FailureOr<ValueInfo> getInfo(Value value);
  unsigned addSlot(Value value, ValueInfo info, Scope &scope);
  LogicalResult block(Operation *op);

  void cutSegments();
  void findLiveness();
  int64_t getBlockSize(const Segment &segment) const;

  const TensorEvaluatorOptions &options;
  Program program;
  SmallVector<func::FuncOp> active;
  llvm::DenseMap<Attribute, Tensor> constantsByValue;
};

} // namespace

/// Shape and element type of `value`, or a located error.
FailureOr<ValueInfo> ProgramBuilder::getInfo(Value value) {
  auto reject = [&](const char *why) -> LogicalResult {
    InFlightDiagnostic diagnostic = value.getDefiningOp()
                                        ? value.getDefiningOp()->emitOpError()
                                        : emitError(value.getLoc())
                                              << "function argument ";
    diagnostic << "has type " << value.getType() << ", but " << why;
    return diagnostic;
  };
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (value.getType().isIntOrIndexOrFloat())
    type = RankedTensorType::get({}, value.getType());
  if (!type)
    return reject("the tensor evaluator computes ranked tensors only");
  std::optional<ElementType> element = getStoredType(type.getElementType());
  if (!element)
    return reject("the tensor evaluator computes f32, f64, i1 and integers of "
                  "8, 16, 32 and 64 bits");
  ValueInfo info;
  info.type = *element;
  info.shape.assign(type.getShape().begin(), type.getShape().end());
  if (!info.shape.empty() && ShapedType::isDynamic(info.shape.front()))
    info.shape.front() = 1;
  if (llvm::any_of(info.shape, ShapedType::isDynamic))
    return reject("only the leading extent, of samples, may be dynamic");
  return info;
}

unsigned ProgramBuilder::addSlot(Value value, ValueInfo info, Scope &scope) {
  unsigned slot = program.values.size();
  program.values.push_back(std::move(info));
  program.constants.emplace_back();
  program.slots[value].push_back(slot);
  scope[value] = slot;
  return slot;
}

/// Records that `op` does not keep samples apart.
LogicalResult ProgramBuilder::block(Operation *op) {
  llvm::raw_string_ostream os(obstacle.emplace().text);
  os << "'" << op->getName() << "' at " << op->getLoc()
     << " does not keep samples apart in the leading axis";
  return failure();
}

LogicalResult ProgramBuilder::addFunction(func::FuncOp function, Scope &scope,
                                          SmallVectorImpl<unsigned> &results) {
  if (!function.getBody().hasOneBlock())
    return function.emitOpError()
           << "has " << function.getBody().getBlocks().size()
           << " blocks; the tensor evaluator runs functions of one block";
  if (llvm::is_contained(active, function))
    return function.emitOpError() << "calls itself; the tensor evaluator runs "
                                     "functions without recursion";
  active.push_back(function);
  llvm::scope_exit leave([&] { active.pop_back(); });
  bool failed = false;
  Block &body = function.getBody().front();
  for (Operation &op : body.without_terminator()) {
    failed |= mlir::failed(addOp(&op, scope));
    if (obstacle)
      return failure();
  }
  if (failed)
    return failure();
  for (Value value : body.getTerminator()->getOperands())
    results.push_back(scope.lookup(value));
  return success();
}

LogicalResult ProgramBuilder::addOp(Operation *op, Scope &scope) {
  if (isa<tosa::ConstShapeOp>(op))
    return success();
  if (auto constant = dyn_cast<tosa::ConstOp>(op))
    return addConstant(op, constant.getValues(), scope);
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    auto value = dyn_cast<ElementsAttr>(constant.getValue());
    // A number is a tensor without axes.
    if (!value && constant.getType().isIntOrIndexOrFloat())
      value =
          DenseElementsAttr::get(RankedTensorType::get({}, constant.getType()),
                                 ArrayRef<Attribute>(constant.getValue()));
    if (value)
      return addConstant(op, value, scope);
  }
  if (auto call = dyn_cast<func::CallOp>(op))
    return addCall(call, scope);
  StringRef name = op->getName().getStringRef();
  if (auto it = options.externalOps.find(name); it != options.externalOps.end())
    return addExternal(op, it->second, scope);
  const OpHandler *handler = OpTable::get().lookup(name);
  if (!handler)
    handler = getStructuredHandler(op);
  if (handler)
    return addKernel(op, *handler, scope);
  return op->emitOpError() << "is not known to the tensor evaluator";
}

LogicalResult ProgramBuilder::addConstant(Operation *op, ElementsAttr value,
                                          Scope &scope) {
  FailureOr<ValueInfo> info = getInfo(op->getResult(0));
  if (failed(info))
    return failure();
  Tensor &tensor = constantsByValue[value];
  if (!tensor) {
    FailureOr<Tensor> made =
        getTensor(value, [&] { return op->emitOpError(); });
    if (failed(made))
      return failure();
    tensor = *made;
  }
  unsigned slot = addSlot(op->getResult(0), std::move(*info), scope);
  program.constants[slot] = tensor;
  return success();
}

LogicalResult ProgramBuilder::addCall(func::CallOp call, Scope &scope) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  if (!callee || callee.isExternal())
    return call.emitOpError() << "calls '" << call.getCallee()
                              << "', which has no body to evaluate";
  Scope inner;
  for (auto [argument, operand] :
       llvm::zip_equal(callee.getArguments(), call.getOperands())) {
    auto it = scope.find(operand);
    // The op that defines the operand was reported.
    if (it == scope.end())
      return failure();
    inner[argument] = it->second;
    program.slots[argument].push_back(it->second);
  }
  SmallVector<unsigned> results;
  if (failed(addFunction(callee, inner, results)))
    return failure();
  for (auto [value, slot] : llvm::zip_equal(call.getResults(), results)) {
    scope[value] = slot;
    program.slots[value].push_back(slot);
  }
  return success();
}

LogicalResult ProgramBuilder::addKernel(Operation *op, const OpHandler &handler,
                                        Scope &scope) {
  FailureOr<ValueInfo> result = getInfo(op->getResult(0));
  if (failed(result))
    return failure();
  OpSite site;
  site.op = op;
  site.result = std::move(*result);
  Step step;
  step.op = op;
  bool constant = true, batched = false;
  for (Value operand : op->getOperands()) {
    site.operands.emplace_back();
    site.constants.emplace_back();
    step.operands.push_back(-1);
    if (isa<tosa::shapeType>(operand.getType()))
      continue;
    auto it = scope.find(operand);
    // The op that defines the operand was reported.
    if (it == scope.end())
      return failure();
    step.operands.back() = it->second;
    site.operands.back() = program.values[it->second];
    site.constants.back() = program.constants[it->second];
    constant &= static_cast<bool>(site.constants.back());
    batched |= site.operands.back().batched;
  }
  if (batched && !handler.keepsSamples(site))
    return block(op);
  site.result.batched = batched;
  FailureOr<Kernel> kernel = handler.prepare(site);
  if (failed(kernel))
    return failure();
  step.kernel = std::move(*kernel);
  step.isView = handler.isView;
  unsigned slot = addSlot(op->getResult(0), site.result, scope);
  if (constant) {
    Tensor result(site.result.shape, site.result.type);
    step.kernel(site.constants, result);
    program.constants[slot] = std::move(result);
    return success();
  }
  step.results.push_back(slot);
  program.steps.push_back(std::move(step));
  return success();
}

LogicalResult ProgramBuilder::addExternal(Operation *op,
                                          const ExternalOp &external,
                                          Scope &scope) {
  Step step;
  step.op = op;
  step.external = &external;
  bool batched = false;
  for (Value operand : op->getOperands()) {
    auto it = scope.find(operand);
    if (it == scope.end())
      return failure();
    step.operands.push_back(it->second);
    batched |= program.values[it->second].batched;
  }
  for (Value result : op->getResults()) {
    FailureOr<ValueInfo> info = getInfo(result);
    if (failed(info))
      return failure();
    if (batched && !startsWithOne(*info))
      return block(op);
    info->batched = batched;
    step.results.push_back(addSlot(result, std::move(*info), scope));
  }
  program.steps.push_back(std::move(step));
  return success();
}

FailureOr<Program> ProgramBuilder::build(func::FuncOp function) {
  Scope scope;
  for (Value argument : function.getArguments()) {
    FailureOr<ValueInfo> info = getInfo(argument);
    if (failed(info))
      return failure();
    info->batched = program.batched && startsWithOne(*info);
    program.arguments.push_back(addSlot(argument, std::move(*info), scope));
  }
  if (failed(addFunction(function, scope, program.results)))
    return failure();
  cutSegments();
  findLiveness();
  return std::move(program);
}

void ProgramBuilder::cutSegments() {
  unsigned begin = 0, count = program.steps.size();
  auto cut = [&](unsigned end, bool isExternal) {
    if (begin < end)
      program.segments.push_back({begin, end, isExternal, {}, {}, 1});
    begin = end;
  };
  for (unsigned i = 0; i < count; ++i) {
    if (!program.steps[i].external)
      continue;
    cut(i, false);
    cut(i + 1, true);
  }
  cut(count, false);
}

/// Walks backwards: a slot read for the last time is released by its step, or
/// leaves its segment.
void ProgramBuilder::findLiveness() {
  llvm::SmallSetVector<unsigned, 8> later(program.results.begin(),
                                          program.results.end());
  for (Segment &segment : llvm::reverse(program.segments)) {
    llvm::SmallSetVector<unsigned, 8> made, read;
    for (unsigned i = segment.end; i-- > segment.begin;) {
      Step &step = program.steps[i];
      for (unsigned slot : step.results) {
        made.insert(slot);
        if (later.contains(slot))
          segment.outputs.push_back(slot);
        else if (!read.contains(slot))
          step.release.push_back(slot);
      }
      for (int slot : step.operands) {
        if (slot < 0 || program.constants[slot] || read.contains(slot))
          continue;
        read.insert(slot);
        if (!later.contains(slot))
          step.release.push_back(slot);
      }
    }
    for (unsigned slot : read)
      if (!made.contains(slot))
        segment.inputs.push_back(slot);
    later.insert(segment.inputs.begin(), segment.inputs.end());
    segment.blockSize = getBlockSize(segment);
  }
}

int64_t ProgramBuilder::getBlockSize(const Segment &segment) const {
  int64_t largest = 1;
  auto getBytes = [&](unsigned slot) {
    const ValueInfo &info = program.values[slot];
    int64_t bytes = info.batched ? getElementSize(info.type) : 0;
    for (int64_t extent : info.shape)
      bytes *= extent;
    return bytes;
  };
  for (unsigned i = segment.begin; i < segment.end; ++i) {
    int64_t bytes = 0;
    for (int slot : program.steps[i].operands)
      bytes += slot < 0 ? 0 : getBytes(slot);
    for (unsigned slot : program.steps[i].results)
      bytes += getBytes(slot);
    largest = std::max(largest, bytes);
  }
  return std::clamp<int64_t>(kBlockBytes / largest, 1, kMaxBlockSize);
}

FailureOr<Program>
evaluator::buildProgram(func::FuncOp function,
                        const TensorEvaluatorOptions &options, bool batched,
                        std::optional<BatchObstacle> &obstacle) {
  ProgramBuilder builder(options, batched);
  FailureOr<Program> program = builder.build(function);
  obstacle = builder.obstacle;
  return program;
}
