//===- SNNOps.cpp - operations of the snn dialect -------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include "SNNOpsFormat.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/ScalarEvaluation.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

#define GET_OP_CLASSES
#include "spikeformer/Dialect/SNN/IR/SNNOps.cpp.inc"

//===----------------------------------------------------------------------===//
// ParameterOp
//===----------------------------------------------------------------------===//

/// parameter_c2: MLIR checks neither that a blob exists nor its size.
static LogicalResult verifyResource(ParameterOp op,
                                    DenseResourceElementsAttr resource) {
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  if (!blob)
    return op.emitOpError("has no data for resource '")
           << resource.getRawHandle().getKey() << "'";
  ShapedType type = resource.getType();
  int64_t need = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  int64_t have = blob->getData().size();
  if (have == need)
    return success();
  return op.emitOpError("resource '")
         << resource.getRawHandle().getKey() << "' needs " << need
         << " bytes for " << type << ", has " << have;
}

/// parameter_c3
static bool isParameterElement(Type type) {
  if (type.isF32() || type.isF64())
    return true;
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.isSignless() &&
         llvm::is_contained({8u, 16u, 32u, 64u}, integer.getWidth());
}

LogicalResult ParameterOp::verify() {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || !isParameterElement(type.getElementType()))
    return emitOpError("needs a ranked tensor of f32, f64, i8, i16, i32 or "
                       "i64, got ")
           << getType();
  if (isa<RandomAttr>(getValue())) {
    if (type.hasStaticShape() || type.getRank() == 1)
      return success();
    return emitOpError("with a dynamic extent needs rank 1, got ") << type;
  }
  if (!type.hasStaticShape()) // parameter_c4
    return emitOpError("with a dynamic extent needs #snn.random, got ")
           << getValue();
  if (isa<FileAttr>(getValue()))
    return success();
  if (!isa<DenseElementsAttr, DenseResourceElementsAttr>(getValue()))
    return emitOpError("needs dense<>, dense_resource<>, #snn.file or "
                       "#snn.random, got ")
           << getValue();
  if (cast<TypedAttr>(getValue()).getType() != type) // parameter_c1
    return emitOpError("of type ") << type << " has a value of type "
                                   << cast<TypedAttr>(getValue()).getType();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(getValue()))
    return verifyResource(*this, resource);
  return success();
}

//===----------------------------------------------------------------------===//
// ModelOp
//===----------------------------------------------------------------------===//

ArrayRef<BlockArgument> ModelOp::getStateArguments() {
  return getBody().getArguments().take_front(getStates().size());
}
ArrayRef<BlockArgument> ModelOp::getReceptorArguments() {
  return getBody()
      .getArguments()
      .drop_front(getStates().size())
      .take_front(getReceptors().size());
}
ArrayRef<BlockArgument> ModelOp::getParamArguments() {
  return getBody().getArguments().take_back(getParams().size());
}
YieldOp ModelOp::getYield() {
  return cast<YieldOp>(getBody().front().getTerminator());
}

static bool isModelVariable(Type type) {
  if (type.isF32() || type.isF64())
    return true;
  auto integer = dyn_cast<IntegerType>(type);
  return integer && integer.isSignless() && integer.getWidth() <= 64;
}

/// model_c3 for one operation.
static LogicalResult verifyModelOperation(Operation &op) {
  if (!isModelOperation(op))
    return op.emitOpError("is not allowed in a snn.model; use elementwise "
                          "arith, the exact operations of math, exp or log");
  if (auto fast = dyn_cast<arith::ArithFastMathInterface>(op))
    if (fast.getFastMathFlagsAttr() &&
        fast.getFastMathFlagsAttr().getValue() != arith::FastMathFlags::none)
      return op.emitOpError("has fast-math flags, which leave the result open");
  for (Type type : op.getResultTypes())
    if (!isModelVariable(type))
      return op.emitOpError("needs f32, f64 or i1 to i64 in a snn.model, got ")
             << type;
  if (!isa<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(op))
    return success();
  IntegerAttr amount;
  auto constant = op.getOperand(1).getDefiningOp<arith::ConstantOp>();
  if (constant)
    amount = dyn_cast<IntegerAttr>(constant.getValue());
  unsigned width = op.getOperand(0).getType().getIntOrFloatBitWidth();
  if (amount && amount.getValue().ult(width))
    return success();
  return op.emitOpError("needs a constant shift from 0 to ") << width - 1;
}

/// model_c3: `math` folds a constant with the functions of the host.
static LogicalResult verifyFunctions(Block &body) {
  bool ok = true;
  llvm::DenseSet<Value> constants;
  for (Operation &op : body.without_terminator()) {
    if (!llvm::all_of(op.getOperands(),
                      [&](Value v) { return constants.contains(v); }))
      continue;
    constants.insert(op.result_begin(), op.result_end());
    if (isa<math::ExpOp, math::LogOp>(op)) {
      op.emitOpError("needs an operand that depends on a state, a receptor or "
                     "a param; write its value as a constant");
      ok = false;
    }
  }
  return success(ok);
}

LogicalResult ModelOp::verifyRegions() {
  bool ok = true;
  auto fail = [&](InFlightDiagnostic &&) { ok = false; };
  size_t count =
      getStates().size() + getReceptors().size() + getParams().size();
  if (getBody().getNumArguments() != count)
    return emitOpError("names ")
           << count << " states, receptors and params, the body has "
           << getBody().getNumArguments() << " arguments";
  llvm::StringSet<> names;
  for (ArrayAttr list : {getStates(), getReceptors(), getParams()})
    for (StringRef name : list.getAsValueRange<StringAttr>())
      if (!names.insert(name).second)
        fail(emitOpError("uses the name '") << name << "' twice");
  for (BlockArgument argument : getBody().getArguments())
    if (!isModelVariable(argument.getType()))
      fail(emitOpError("needs arguments of f32, f64 or i1 to i64, got ")
           << argument.getType());
  if (!isa_and_nonnull<YieldOp>(getBody().front().getTerminator()))
    return emitOpError("needs to end with snn.yield");
  for (Operation &op : getBody().front().without_terminator())
    ok &= succeeded(verifyModelOperation(op));
  ok &= succeeded(verifyFunctions(getBody().front()));
  auto yielded = getYield().getStates();
  bool sameTypes = yielded.size() == getStates().size();
  for (auto [state, value] : llvm::zip(getStateArguments(), yielded))
    sameTypes &= state.getType() == value.getType();
  if (!sameTypes)
    fail(getYield().emitOpError("needs the new states in the types of the "
                                "states"));
  return success(ok);
}

//===----------------------------------------------------------------------===//
// PopulationOp: what needs no model (the rest is in NetworkVerifier.cpp)
//===----------------------------------------------------------------------===//

OperandRange PopulationOp::getReceptorInputs(unsigned index) {
  unsigned begin = 0;
  SmallVector<ReceptorAttr> receptors = getReceptorList();
  for (unsigned i = 0; i < index; ++i)
    begin += receptors[i].getNumOperands();
  return getInputs().slice(begin, receptors[index].getNumOperands());
}

LogicalResult PopulationOp::verify() {
  if (getName().empty())
    return emitOpError("needs a name");
  unsigned listed = 0;
  for (ReceptorAttr receptor : getReceptors().getAsRange<ReceptorAttr>())
    listed += receptor.getNumOperands();
  if (listed != getInputs().size())
    return emitOpError("receptors list ")
           << listed << " currents, there are " << getInputs().size();
  for (Value input : getInputs()) // population_c4
    if (cast<CurrentType>(input.getType()).getShape() !=
        getSignalType().getShape())
      return emitOpError("of ")
             << getSignalType() << " cannot take a current of "
             << input.getType();
  if (getOnsetStep() < 0)
    return emitOpError("onset needs at least 0, got ") << getOnsetStep();
  return success();
}

//===----------------------------------------------------------------------===//
// ProjectOp
//===----------------------------------------------------------------------===//

int64_t ProjectOp::getMinimumDelay() {
  auto steps = dyn_cast<IntegerAttr>(getDelay());
  return steps ? steps.getInt() : 1;
}

LogicalResult ProjectOp::verify() {
  auto emitError = [&] { return emitOpError(); };
  bool ok = succeeded(getConnectivity().verifyShapes(
      emitError, getSourceType().getShape(), getCurrentType().getShape()));
  Attribute delay = getDelay();
  auto steps = dyn_cast<IntegerAttr>(delay);
  if (steps ? steps.getInt() < 0
            : !isa<ParamAttr, RandomAttr, PerSourceAttr>(delay)) {
    emitOpError("delay needs a number of steps of at least 0, #snn.param, "
                "#snn.random or #snn.per_source, got ")
        << delay;
    ok = false;
  }
  if (auto random = dyn_cast<RandomAttr>(delay))
    if (!random.getClipLow() || random.getClipLow().getValueAsDouble() < 1) {
      emitOpError("random delays need a clip that begins at 1 step or more");
      ok = false;
    }
  if (Attribute weights = getWeightsAttr())
    if (!isa<FloatAttr, IntegerAttr, FlatSymbolRefAttr, ViewAttr, RandomAttr>(
            weights)) {
      emitOpError("weights need a number, a parameter, #snn.view or "
                  "#snn.random, got ")
          << weights;
      ok = false;
    }
  return success(ok);
}

//===----------------------------------------------------------------------===//
// Signals to signals
//===----------------------------------------------------------------------===//

LogicalResult EncodeOp::verify() {
  auto input = cast<SignalType>(getInput().getType());
  auto result = cast<SignalType>(getResult().getType());
  if (getName().empty())
    return emitOpError("needs a name");
  SmallVector<int64_t> shape = getEncoder().getResultShape(input.getShape());
  if (result.getShape() != ArrayRef<int64_t>(shape)) { // encode_c2
    InFlightDiagnostic error = emitOpError("of this input needs a result of ");
    llvm::interleave(shape, error, "x");
    return error << " elements, got " << input << " and " << result;
  }
  return getEncoder().verifyTypes([&] { return emitOpError(); }, input, result);
}

LogicalResult ConstantOp::verify() {
  auto type = cast<SignalType>(getResult().getType());
  if (type.getKind() != AlphabetKind::analogue)
    return emitOpError("needs an analogue signal, got ") << type;
  if (!isa<FloatAttr, IntegerAttr, ParamAttr, RandomAttr>(getValue()))
    return emitOpError("needs a number, #snn.param or #snn.random, got ")
           << getValue();
  return success();
}

/// Type of a pool's result, null where there is none.
static SignalType getPoolType(PoolOp op, SignalType source) {
  SmallVector<int64_t> shape{source.getShape()[0]};
  for (unsigned axis = 0; axis < 2; ++axis) {
    int64_t room = source.getShape()[axis + 1] - op.getKernel()[axis];
    if (room < 0)
      return {};
    shape.push_back(room / op.getStride()[axis] + 1);
  }
  MLIRContext *context = op.getContext();
  uint64_t window = op.getKernel()[0] * op.getKernel()[1];
  if (op.getReductionKind() == Reduction::max ||
      source.getKind() == AlphabetKind::analogue)
    return SignalType::get(context, shape, source.getKind(), source.getLimit(),
                           source.getCarrier());
  if (source.getKind() == AlphabetKind::binary)
    return SignalType::get(context, shape, AlphabetKind::count, window, Type());
  if (source.getKind() == AlphabetKind::count &&
      source.getLimit() * window <= INT32_MAX)
    return SignalType::get(context, shape, AlphabetKind::count,
                           source.getLimit() * window, Type());
  return {};
}

LogicalResult PoolOp::verify() {
  auto source = cast<SignalType>(getSource().getType());
  auto positive = [](ArrayRef<int64_t> values) {
    return values.size() == 2 && values[0] > 0 && values[1] > 0;
  };
  if (source.getShape().size() != 3 || !positive(getKernel()) ||
      !positive(getStride()))
    return emitOpError("needs a CxHxW signal and a kernel and stride of two "
                       "numbers of at least 1");
  SignalType need = getPoolType(*this, source);
  if (!need)
    return emitOpError("cannot take the ")
           << stringifyReduction(getReductionKind()) << " of " << source
           << " over this window";
  if (getResult().getType() != need)
    return emitOpError("of ") << source << " needs the result " << need
                              << ", got " << getResult().getType();
  return success();
}

/// Whether two signals have the same alphabet.
static bool haveSameAlphabet(SignalType a, SignalType b) {
  return a.getKind() == b.getKind() && a.getLimit() == b.getLimit() &&
         a.getCarrier() == b.getCarrier();
}

LogicalResult ReshapeOp::verify() {
  auto source = cast<SignalType>(getSource().getType());
  auto result = cast<SignalType>(getResult().getType());
  if (haveSameAlphabet(source, result) &&
      source.getNumElements() == result.getNumElements())
    return success();
  return emitOpError("needs the same alphabet and number of elements, got ")
         << source << " and " << result;
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getSource().getType() == getResult().getType())
    return getSource();
  return {};
}

LogicalResult ConcatOp::verify() {
  auto result = cast<SignalType>(getResult().getType());
  int64_t extent = 0;
  for (Value value : getSources()) {
    auto source = cast<SignalType>(value.getType());
    if (!haveSameAlphabet(source, result) ||
        source.getShape().drop_front() != result.getShape().drop_front())
      return emitOpError("cannot put ") << source << " into " << result;
    extent += source.getShape().front();
  }
  if (extent == result.getShape().front())
    return success();
  return emitOpError("of ")
         << extent << " rows needs a result of as many, got " << result;
}

LogicalResult SliceOp::verify() {
  auto source = cast<SignalType>(getSource().getType());
  auto result = cast<SignalType>(getResult().getType());
  if (!haveSameAlphabet(source, result) ||
      source.getShape().drop_front() != result.getShape().drop_front())
    return emitOpError("cannot take ") << result << " out of " << source;
  int64_t begin = getBegin(), rows = result.getShape().front();
  if (begin >= 0 && begin <= source.getShape().front() - rows)
    return success();
  return emitOpError("needs rows ")
         << begin << " to " << begin + rows - 1 << ", the source has 0 to "
         << source.getShape().front() - 1;
}

LogicalResult DelayOp::verify() {
  if (static_cast<int64_t>(getSteps()) >= 1)
    return success();
  return emitOpError("needs at least 1 step, got ") << getSteps();
}
