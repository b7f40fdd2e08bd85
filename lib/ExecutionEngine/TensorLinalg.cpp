//===- TensorLinalg.cpp - structured ops of the tensor evaluator ----------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Any linalg op is a nest of loops, affine accesses and a body. The innermost
// loop is parallel where there is one; the body runs on rows of it, which are
// tensors of one axis, so that its ops have the kernels they have elsewhere.
// Reductions add in the order of their loops.
//
//===----------------------------------------------------------------------===//

#include "TensorLoops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "spikeformer/Support/TensorAttr.h"
#include <cstring>

using namespace spikeformer;
using namespace spikeformer::evaluator;

namespace {

/// Elements of a row: long enough to pay for the calls of kernels, short enough
/// to stay in the cache.
constexpr int64_t kRowLength = 256;

/// An operand in the loops: element at offset + sum of position times step.
struct Access {
  SmallVector<int64_t, 6> steps;
  int64_t offset = 0;
};

/// One op of the body; registers by number.
struct BodyStep {
  Kernel kernel;
  SmallVector<unsigned, 3> operands;
  unsigned result;
};

/// A register that holds the position in loop `dimension`.
struct IndexRegister {
  unsigned number, dimension;
};

class LinalgProgram {
public:
  static FailureOr<std::shared_ptr<LinalgProgram>> create(const OpSite &site);
  void run(ArrayRef<Tensor> operands, Tensor &result) const;

private:
  LogicalResult addBody(Block &body, const OpSite &site);
  LogicalResult addBodyOp(Operation &op, const OpSite &site);
  unsigned addRegister(Value value, ElementType type);
  FailureOr<Access> getAccess(const OpSite &site, unsigned operand,
                              ArrayRef<int64_t> shape) const;
  void runRow(ArrayRef<Tensor> operands, Tensor &result,
              ArrayRef<int64_t> position, int64_t count,
              SmallVectorImpl<Tensor> &registers) const;

  SmallVector<int64_t, 6> ranges;
  /// The loop whose rows the body runs on.
  unsigned inner = 0;
  /// By operand; the last one is the result.
  SmallVector<Access, 4> accesses;
  /// Null where the body does not read the operand.
  SmallVector<std::optional<unsigned>, 4> loads;
  SmallVector<ElementType> registerTypes;
  SmallVector<Tensor> registerConstants;
  llvm::DenseMap<Value, unsigned> numbers;
  SmallVector<BodyStep> steps;
  SmallVector<IndexRegister> indices;
  unsigned yielded = 0;
  bool batched = false;
};

} // namespace

/// Adds `factor` times `expression` to the steps and the offset; false unless
/// it is a sum of loop positions times constants.
static bool addLinear(AffineExpr expression, int64_t factor, Access &access) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expression)) {
    access.offset += factor * constant.getValue();
    return true;
  }
  if (auto position = dyn_cast<AffineDimExpr>(expression)) {
    access.steps[position.getPosition()] += factor;
    return true;
  }
  auto pair = dyn_cast<AffineBinaryOpExpr>(expression);
  if (!pair)
    return false;
  if (pair.getKind() == AffineExprKind::Add)
    return addLinear(pair.getLHS(), factor, access) &&
           addLinear(pair.getRHS(), factor, access);
  auto scale = dyn_cast<AffineConstantExpr>(pair.getRHS());
  return pair.getKind() == AffineExprKind::Mul && scale &&
         addLinear(pair.getLHS(), factor * scale.getValue(), access);
}

FailureOr<Access> LinalgProgram::getAccess(const OpSite &site, unsigned operand,
                                           ArrayRef<int64_t> shape) const {
  auto op = cast<linalg::LinalgOp>(site.op);
  AffineMap map = op.getIndexingMapsArray()[operand];
  Access access;
  access.steps.assign(ranges.size(), 0);
  for (auto [expression, stride] :
       llvm::zip_equal(map.getResults(), getStrides(shape)))
    if (!addLinear(expression, stride, access))
      return site.op->emitOpError() << "reads operand " << operand
                                    << " at positions that are no sums of loop "
                                       "positions times constants";
  // All samples share an operand that does not hold them.
  bool isResult = operand + 1 == site.operands.size();
  if (batched && !isResult && !site.operands[operand].batched)
    access.steps.front() = 0;
  return access;
}

unsigned LinalgProgram::addRegister(Value value, ElementType type) {
  unsigned number = registerTypes.size();
  registerTypes.push_back(type);
  registerConstants.emplace_back();
  numbers[value] = number;
  return number;
}

/// A row of one number.
static Tensor makeConstantRow(TypedAttr value, ElementType type) {
  Tensor row(kRowLength, type);
  visitType(type, [&](auto zero) {
    using T = decltype(zero);
    T number;
    if (auto real = dyn_cast<FloatAttr>(value))
      number = static_cast<T>(real.getValueAsDouble());
    else
      number = static_cast<T>(
          cast<IntegerAttr>(value).getValue().sextOrTrunc(64).getSExtValue());
    if (type == ElementType::boolean)
      number = number != T(0);
    std::fill_n(write<T>(row), kRowLength, number);
  });
  return row;
}

LogicalResult LinalgProgram::addBodyOp(Operation &op, const OpSite &site) {
  if (op.getNumResults() != 1)
    return op.emitOpError() << "is not known to the tensor evaluator";
  std::optional<ElementType> type = getElementType(op.getResult(0).getType());
  if (!type)
    return op.emitOpError() << "has type " << op.getResult(0).getType()
                            << ", which the tensor evaluator does not compute";
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    unsigned number = addRegister(op.getResult(0), *type);
    registerConstants[number] = makeConstantRow(constant.getValue(), *type);
    return success();
  }
  if (auto index = dyn_cast<linalg::IndexOp>(op)) {
    unsigned number = addRegister(op.getResult(0), *type);
    indices.push_back({number, static_cast<unsigned>(index.getDim())});
    return success();
  }
  const OpHandler *handler = OpTable::get().lookup(op.getName().getStringRef());
  if (!handler)
    return op.emitOpError() << "is not known to the tensor evaluator";
  OpSite inner;
  inner.op = &op;
  inner.result = {{kRowLength}, *type, false};
  BodyStep step;
  for (Value operand : op.getOperands()) {
    // A constant from outside of the body.
    if (auto outside = operand.getDefiningOp<arith::ConstantOp>();
        outside && !numbers.count(operand) &&
        failed(addBodyOp(*outside.getOperation(), site)))
      return failure();
    auto found = numbers.find(operand);
    if (found == numbers.end())
      return op.emitOpError() << "uses a value from outside of the loops; only "
                                 "constants may come from there";
    step.operands.push_back(found->second);
    inner.operands.push_back(
        {{kRowLength}, registerTypes[found->second], false});
    inner.constants.emplace_back();
  }
  FailureOr<Kernel> kernel = handler->prepare(inner);
  if (failed(kernel))
    return failure();
  step.kernel = std::move(*kernel);
  step.result = addRegister(op.getResult(0), *type);
  steps.push_back(std::move(step));
  return success();
}

LogicalResult LinalgProgram::addBody(Block &body, const OpSite &site) {
  for (auto [argument, operand] :
       llvm::zip_equal(body.getArguments(), site.operands)) {
    loads.emplace_back();
    if (!argument.use_empty())
      loads.back() = addRegister(argument, operand.type);
  }
  for (Operation &op : body.without_terminator())
    if (failed(addBodyOp(op, site)))
      return failure();
  Value value = body.getTerminator()->getOperand(0);
  if (auto constant = value.getDefiningOp<arith::ConstantOp>();
      constant && !numbers.count(value) &&
      failed(addBodyOp(*constant.getOperation(), site)))
    return failure();
  auto found = numbers.find(value);
  if (found == numbers.end())
    return site.op->emitOpError() << "yields a value from outside of the loops";
  yielded = found->second;
  return success();
}

FailureOr<std::shared_ptr<LinalgProgram>>
LinalgProgram::create(const OpSite &site) {
  auto op = cast<linalg::LinalgOp>(site.op);
  if (op->getNumResults() != 1 || op.getNumDpsInits() != 1)
    return op->emitOpError()
           << "has " << op->getNumResults()
           << " results; the tensor evaluator runs linalg ops of one";
  auto program = std::make_shared<LinalgProgram>();
  program->batched = site.result.batched;
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  for (int64_t range : op.getStaticLoopRanges())
    program->ranges.push_back(ShapedType::isDynamic(range) ? 1 : range);
  for (auto [loop, kind] : llvm::enumerate(kinds))
    if (kind == utils::IteratorType::parallel && program->ranges[loop] > 1)
      program->inner = loop;
  for (unsigned i = 0; i < site.operands.size(); ++i) {
    bool isResult = i + 1 == site.operands.size();
    FailureOr<Access> access = program->getAccess(
        site, i, isResult ? site.result.shape : site.operands[i].shape);
    if (failed(access))
      return failure();
    program->accesses.push_back(std::move(*access));
  }
  if (failed(program->addBody(*op.getBlock(), site)))
    return failure();
  return program;
}

/// Copies `count` elements of `size` bytes; steps are in elements.
static void copyRow(unsigned size, int64_t count, const void *from,
                    int64_t fromStep, void *to, int64_t toStep) {
  copyBox(size, count, from, fromStep, to, toStep);
}

/// Element `offset` of `tensor`.
static char *at(const Tensor &tensor, int64_t offset) {
  return const_cast<char *>(static_cast<const char *>(tensor.getBytes())) +
         offset * getElementSize(tensor.getElementType());
}

void LinalgProgram::runRow(ArrayRef<Tensor> operands, Tensor &result,
                           ArrayRef<int64_t> position, int64_t count,
                           SmallVectorImpl<Tensor> &registers) const {
  auto getOffset = [&](const Access &access) {
    int64_t offset = access.offset;
    for (auto [place, step] : llvm::zip_equal(position, access.steps))
      offset += place * step;
    return offset;
  };
  for (auto [i, load] : llvm::enumerate(loads)) {
    if (!load)
      continue;
    const Tensor &from = i + 1 == loads.size() ? result : operands[i];
    copyRow(getElementSize(from.getElementType()), count,
            at(from, getOffset(accesses[i])), accesses[i].steps[inner],
            registers[*load].getBytes(), 1);
  }
  for (IndexRegister index : indices) {
    int64_t *row = write<int64_t>(registers[index.number]);
    for (int64_t i = 0; i < count; ++i)
      row[i] = position[index.dimension] + (index.dimension == inner ? i : 0);
  }
  SmallVector<Tensor, 3> arguments;
  for (const BodyStep &step : steps) {
    arguments.clear();
    for (unsigned number : step.operands)
      arguments.push_back(registers[number]);
    step.kernel(arguments, registers[step.result]);
  }
  const Access &access = accesses.back();
  copyRow(getElementSize(result.getElementType()), count,
          registers[yielded].getBytes(), 1, at(result, getOffset(access)),
          access.steps[inner]);
}

void LinalgProgram::run(ArrayRef<Tensor> operands, Tensor &result) const {
  const Tensor &initial = operands.back();
  copyBox(getElementSize(result.getElementType()), result.getShape(),
          initial.getBytes(),
          getBroadcastStrides(initial.getShape(), result.getShape()),
          result.getBytes(), getStrides(result.getShape()));
  SmallVector<int64_t, 6> extents = ranges;
  if (batched)
    extents.front() = result.getShape().front();
  if (llvm::is_contained(extents, 0))
    return;
  int64_t length = 1;
  if (!extents.empty() && accesses.back().steps[inner] != 0)
    length = std::min(extents[inner], kRowLength);
  SmallVector<Tensor> registers;
  for (auto [type, constant] :
       llvm::zip_equal(registerTypes, registerConstants))
    registers.push_back(constant ? constant.slice(0, length)
                                 : Tensor(length, type));
  SmallVector<int64_t, 6> position(extents.size(), 0);
  // An odometer whose wheel `inner` turns by rows.
  while (true) {
    int64_t count = length;
    if (!extents.empty())
      count = std::min(length, extents[inner] - position[inner]);
    runRow(operands, result, position, count, registers);
    if (extents.empty())
      return;
    position[inner] += count;
    if (position[inner] < extents[inner])
      continue;
    position[inner] = 0;
    unsigned loop = extents.size();
    while (loop-- > 0) {
      if (loop == inner)
        continue;
      if (++position[loop] < extents[loop])
        break;
      position[loop] = 0;
    }
    if (loop == ~0u)
      return;
  }
}

/// Samples stay apart if the outermost loop is parallel and nothing else than
/// the leading axis of operands that hold samples depends on it.
static bool keepsSamples(const OpSite &site) {
  auto op = cast<linalg::LinalgOp>(site.op);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  if (op.getNumLoops() == 0 ||
      op.getIteratorTypesArray().front() != utils::IteratorType::parallel ||
      site.result.shape.empty() || site.result.shape.front() != 1)
    return false;
  AffineExpr sample = getAffineDimExpr(0, op.getContext());
  for (auto [i, map] : llvm::enumerate(maps)) {
    bool holdsSamples = i + 1 == maps.size() || site.operands[i].batched;
    if (!holdsSamples)
      continue;
    if (map.getNumResults() == 0 || map.getResult(0) != sample ||
        llvm::any_of(map.getResults().drop_front(),
                     [](AffineExpr e) { return e.isFunctionOfDim(0); }))
      return false;
  }
  return op.getBlock()
             ->walk([](linalg::IndexOp index) {
               return index.getDim() == 0 ? WalkResult::interrupt()
                                          : WalkResult::advance();
             })
             .wasInterrupted() == false;
}

static FailureOr<Kernel> prepareLinalg(const OpSite &site) {
  FailureOr<std::shared_ptr<LinalgProgram>> program =
      LinalgProgram::create(site);
  if (failed(program))
    return failure();
  return Kernel(
      [program = *program](ArrayRef<Tensor> operands, Tensor &result) {
        program->run(operands, result);
      });
}

const OpHandler *evaluator::getStructuredHandler(Operation *op) {
  static const OpHandler handler = {keepsSamples, prepareLinalg, false};
  return isa<linalg::LinalgOp>(op) ? &handler : nullptr;
}
