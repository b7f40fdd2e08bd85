//===- Preprocessing.cpp - stored numbers become inputs -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Preprocessing is ordinary TOSA at the start of @main, so that every engine
// runs it and a module that was compiled with the flags needs none.
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "spikeformer/Pipelines/Model.h"
#include "spikeformer/Support/TensorAttr.h"
#include "spikeformer/Support/VisitElements.h"
#include <cmath>

using namespace spikeformer;

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Copies `from` into `to`; returns the index of the first element that `to`
/// cannot hold, or -1.
template <typename From, typename To>
static int64_t copyElements(ArrayRef<From> from, MutableArrayRef<To> to) {
  for (size_t i = 0; i < from.size(); ++i) {
    To value = static_cast<To>(from[i]);
    if constexpr (std::is_integral_v<To>)
      if (static_cast<From>(value) != from[i] ||
          (value < To()) != (from[i] < From()))
        return i;
    to[i] = value;
  }
  return -1;
}

llvm::Expected<Tensor> spikeformer::convertElements(const Tensor &values,
                                                    ElementType type) {
  if (values.getElementType() == type)
    return values;
  if (isFloat(values.getElementType()) && !isFloat(type))
    return llvm::createStringError(
        "the network takes " + getElementTypeName(type) + ", the data are " +
        getElementTypeName(values.getElementType()));
  Tensor result(values.getShape(), type);
  int64_t wrong = visitElementType(values.getElementType(), [&](auto from) {
    return visitElementType(type, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      return copyElements<From, To>(values.data<From>(), result.data<To>());
    });
  });
  if (wrong < 0)
    return result;
  return llvm::createStringError(
      "element " + llvm::Twine(wrong) + " is " +
      llvm::Twine(static_cast<int64_t>(values.getAsDouble(wrong))) +
      ", which " + getElementTypeName(type) + " of the network cannot hold");
}

//===----------------------------------------------------------------------===//
// Preprocessing
//===----------------------------------------------------------------------===//

namespace {
/// Builds the preprocessing of one argument.
class Preprocessor {
public:
  Preprocessor(func::FuncOp main, BlockArgument argument,
               const InputDescription &input)
      : builder(OpBuilder::atBlockBegin(&main.front())), argument(argument),
        type(cast<RankedTensorType>(argument.getType())),
        channelAxis(input.hasSteps == true ? 2 : 1) {}

  void build(const InputPreprocessing &preprocessing,
             std::optional<ElementType> stored);

private:
  Value constant(ArrayRef<double> values);
  template <typename OpTy, typename... Args>
  Value create(Args &&...args) {
    return OpTy::create(builder, argument.getLoc(),
                        std::forward<Args>(args)...);
  }

  OpBuilder builder;
  BlockArgument argument;
  RankedTensorType type;
  int64_t channelAxis;
};
} // namespace

/// One number, or one for each channel, of the rank of the argument.
Value Preprocessor::constant(ArrayRef<double> values) {
  SmallVector<int64_t, 5> shape(type.getRank(), 1);
  if (values.size() > 1)
    shape[channelAxis] = values.size();
  Tensor tensor(shape, ElementType::f32);
  llvm::transform(values, tensor.data<float>().begin(),
                  [](double value) { return static_cast<float>(value); });
  auto attribute = getElementsAttr(tensor, builder.getContext());
  return create<tosa::ConstOp>(attribute.getShapedType(), attribute);
}

/// The type of an argument for stored elements; null if it keeps its own.
static Type getStoredType(std::optional<ElementType> stored,
                          MLIRContext *context) {
  if (!stored)
    return nullptr;
  switch (*stored) {
  case ElementType::u8:
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  case ElementType::i8:
  case ElementType::i16:
    return getBuiltinType(*stored, context);
  default:
    return nullptr;
  }
}

/// Per channel numerator / stddev, as many as needed.
static SmallVector<double> divide(ArrayRef<double> numerator,
                                  ArrayRef<double> stddev) {
  SmallVector<double> result;
  for (size_t i = 0; i < std::max(numerator.size(), stddev.size()); ++i) {
    double divisor =
        stddev.empty() ? 1 : stddev[std::min(i, stddev.size() - 1)];
    result.push_back(numerator[std::min(i, numerator.size() - 1)] / divisor);
  }
  return result;
}

void Preprocessor::build(const InputPreprocessing &preprocessing,
                         std::optional<ElementType> stored) {
  Value value = argument;
  SmallVector<Operation *> own;
  auto keep = [&](Value made) {
    value = made;
    own.push_back(made.getDefiningOp());
  };
  if (Type element = getStoredType(stored, builder.getContext())) {
    argument.setType(type.clone(element));
    keep(create<tosa::CastOp>(type, value));
  }
  SmallVector<double> factor =
      divide(preprocessing.scale, preprocessing.stddev);
  if (llvm::any_of(factor, [](double x) { return x != 1; })) {
    Value shift = create<tosa::ConstOp>(
        RankedTensorType::get({1}, builder.getI8Type()),
        DenseElementsAttr::get(RankedTensorType::get({1}, builder.getI8Type()),
                               static_cast<int8_t>(0)));
    Value scale = constant(factor);
    keep(create<tosa::MulOp>(type, value, scale, shift));
  }
  if (llvm::any_of(preprocessing.mean, [](double x) { return x != 0; })) {
    Value offset = constant(divide(preprocessing.mean, preprocessing.stddev));
    keep(create<tosa::SubOp>(type, value, offset));
  }
  argument.replaceUsesWithIf(value, [&](OpOperand &use) {
    return !llvm::is_contained(own, use.getOwner());
  });
}

/// Whether argument `index` can be preprocessed; a diagnostic if not.
static LogicalResult checkArgument(func::FuncOp main, unsigned index,
                                   const InputDescription &input,
                                   const InputPreprocessing &preprocessing) {
  if (takesStoredNumbers(main, index))
    return emitError(main.getArgument(index).getLoc())
           << "input '" << input.name
           << "' is preprocessed by the model already; leave out "
              "--input-scale, "
              "--input-mean and --input-std";
  int64_t channels = input.shape.empty() ? 1 : input.shape.front();
  if (llvm::Error error = preprocessing.checkChannels(channels))
    return emitError(main.getArgument(index).getLoc())
           << "input '" << input.name
           << "': " << llvm::toString(std::move(error));
  return success();
}

LogicalResult
spikeformer::insertPreprocessing(func::FuncOp main,
                                 const InputPreprocessing &preprocessing,
                                 ArrayRef<std::optional<ElementType>> stored) {
  auto inputs = describeInputs(main);
  if (failed(inputs))
    return failure();
  main.getContext()->loadDialect<tosa::TosaDialect>();
  for (auto [index, input] : llvm::enumerate(*inputs)) {
    BlockArgument argument = main.getArgument(index);
    if (!cast<ShapedType>(argument.getType()).getElementType().isF32())
      continue;
    if (failed(checkArgument(main, index, input, preprocessing)))
      return failure();
    Preprocessor(main, argument, input)
        .build(preprocessing,
               index < stored.size() ? stored[index] : std::nullopt);
    main.setArgAttr(index, storedInputAttrName,
                    UnitAttr::get(main.getContext()));
  }
  main.setFunctionType(FunctionType::get(main.getContext(),
                                         main.front().getArgumentTypes(),
                                         main.getFunctionType().getResults()));
  return success();
}
