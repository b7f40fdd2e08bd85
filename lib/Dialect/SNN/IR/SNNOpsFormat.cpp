//===- SNNOpsFormat.cpp - how operations are written ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SNNOpsFormat.h"
#include "mlir/IR/DialectImplementation.h"

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// Directives of assembly formats
//===----------------------------------------------------------------------===//

ParseResult snn::parseTypedValue(OpAsmParser &parser, TypeAttr &type,
                                 Attribute &value) {
  Type parsed;
  if (parser.parseType(parsed) || parser.parseEqual() ||
      parser.parseAttribute(value, parsed))
    return failure();
  type = TypeAttr::get(parsed);
  return success();
}

void snn::printTypedValue(OpAsmPrinter &printer, Operation *, TypeAttr type,
                          Attribute value) {
  printer << type.getValue() << " = ";
  printer.printAttributeWithoutType(value);
}

ParseResult snn::parseNumber(OpAsmParser &parser, Attribute &value) {
  // The type makes the parser leave a following `: type` alone.
  return parser.parseAttribute(value, parser.getBuilder().getF64Type());
}

void snn::printNumber(OpAsmPrinter &printer, Operation *, Attribute value) {
  printer.printAttributeWithoutType(value);
}

/// `(attribute)`: without the parentheses, a `: type` that follows would be
/// taken for the type of the attribute.
static ParseResult parseEnclosed(OpAsmParser &parser, Attribute &value) {
  return failure(parser.parseAttribute(value) || parser.parseRParen());
}

ParseResult snn::parseSteppedDelay(OpAsmParser &parser, Attribute &value) {
  if (succeeded(parser.parseOptionalLParen()))
    return parseEnclosed(parser, value);
  int64_t steps = 0;
  if (parser.parseInteger(steps))
    return failure();
  value = parser.getBuilder().getI64IntegerAttr(steps);
  return success();
}

void snn::printSteppedDelay(OpAsmPrinter &printer, Operation *,
                            Attribute value) {
  if (auto steps = dyn_cast<IntegerAttr>(value))
    printer << steps.getValue();
  else
    printer << "(" << value << ")";
}

ParseResult snn::parseSignalValue(OpAsmParser &parser, Attribute &value) {
  if (succeeded(parser.parseOptionalLParen()))
    return parseEnclosed(parser, value);
  return parseNumber(parser, value);
}

void snn::printSignalValue(OpAsmPrinter &printer, Operation *op,
                           Attribute value) {
  if (isa<FloatAttr, IntegerAttr>(value))
    printNumber(printer, op, value);
  else
    printer << "(" << value << ")";
}

ParseResult snn::parseReduction(OpAsmParser &parser, IntegerAttr &value) {
  FailureOr<Reduction> kind = FieldParser<Reduction>::parse(parser);
  if (failed(kind))
    return failure();
  value = parser.getBuilder().getI32IntegerAttr(static_cast<int32_t>(*kind));
  return success();
}

void snn::printReduction(OpAsmPrinter &printer, Operation *,
                         IntegerAttr value) {
  printer << stringifyReduction(*symbolizeReduction(value.getInt()));
}

ParseResult snn::parseSampleReset(OpAsmParser &parser, IntegerAttr &value) {
  FailureOr<SampleReset> kind = FieldParser<SampleReset>::parse(parser);
  if (failed(kind))
    return failure();
  value = parser.getBuilder().getI32IntegerAttr(static_cast<int32_t>(*kind));
  return success();
}

void snn::printSampleReset(OpAsmPrinter &printer, Operation *,
                           IntegerAttr value) {
  printer << stringifySampleReset(*symbolizeSampleReset(value.getInt()));
}

ParseResult snn::parseSteps(OpAsmParser &parser, IntegerAttr &value) {
  if (succeeded(parser.parseOptionalQuestion()))
    return success();
  int64_t steps = 0;
  if (parser.parseInteger(steps))
    return failure();
  value = parser.getBuilder().getI64IntegerAttr(steps);
  return success();
}

void snn::printSteps(OpAsmPrinter &printer, Operation *, IntegerAttr value) {
  if (value)
    printer << value.getInt();
  else
    printer << "?";
}

ParseResult snn::parseReadouts(OpAsmParser &parser, DenseI32ArrayAttr &value) {
  SmallVector<int32_t> kinds;
  auto parseOne = [&]() -> ParseResult {
    FailureOr<Readout> kind = FieldParser<Readout>::parse(parser);
    if (failed(kind))
      return failure();
    kinds.push_back(static_cast<int32_t>(*kind));
    return success();
  };
  // A network without outputs has no readout.
  bool isEmpty = succeeded(parser.parseOptionalKeyword("none"));
  if (!isEmpty && parser.parseCommaSeparatedList(parseOne))
    return failure();
  value = parser.getBuilder().getDenseI32ArrayAttr(kinds);
  return success();
}

void snn::printReadouts(OpAsmPrinter &printer, Operation *,
                        DenseI32ArrayAttr value) {
  if (value.empty())
    printer << "none";
  llvm::interleaveComma(value.asArrayRef(), printer, [&](int32_t kind) {
    printer << stringifyReadout(*symbolizeReadout(kind));
  });
}

//===----------------------------------------------------------------------===//
// Receptors: `in: %a, %b accumulate exact<i32, fraction = 8> bias 0.5`
//===----------------------------------------------------------------------===//

static ParseResult parseAccumulator(OpAsmParser &parser, AccumulatorKind &kind,
                                    Type &type, unsigned &fraction) {
  FailureOr<AccumulatorKind> parsed =
      FieldParser<AccumulatorKind>::parse(parser);
  if (failed(parsed) || parser.parseLess() || parser.parseType(type))
    return failure();
  kind = *parsed;
  if (kind != AccumulatorKind::ordered &&
      (parser.parseComma() || parser.parseKeyword("fraction") ||
       parser.parseEqual() || parser.parseInteger(fraction)))
    return failure();
  return parser.parseGreater();
}

static ParseResult
parseReceptor(OpAsmParser &parser,
              SmallVectorImpl<OpAsmParser::UnresolvedOperand> &inputs,
              SmallVectorImpl<Attribute> &receptors) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (parser.parseKeyword(&name) || parser.parseColon())
    return failure();
  unsigned numOperands = 0;
  OpAsmParser::UnresolvedOperand operand;
  OptionalParseResult first = parser.parseOptionalOperand(operand);
  if (first.has_value()) {
    do {
      if (numOperands && parser.parseOperand(operand))
        return failure();
      inputs.push_back(operand);
      ++numOperands;
    } while (succeeded(parser.parseOptionalComma()));
  }
  AccumulatorKind kind;
  Type type;
  unsigned fraction = 0;
  Attribute bias;
  if (parser.parseKeyword("accumulate") ||
      parseAccumulator(parser, kind, type, fraction) ||
      (succeeded(parser.parseOptionalKeyword("bias")) &&
       parseNumber(parser, bias)))
    return failure();
  auto receptor = parser.getChecked<ReceptorAttr>(
      loc, parser.getContext(), parser.getBuilder().getStringAttr(name),
      numOperands, kind, type, fraction, bias);
  if (!receptor)
    return failure();
  receptors.push_back(receptor);
  return success();
}

ParseResult
snn::parseReceptors(OpAsmParser &parser,
                    SmallVectorImpl<OpAsmParser::UnresolvedOperand> &inputs,
                    ArrayAttr &receptors) {
  SmallVector<Attribute> list;
  if (parser.parseCommaSeparatedList(
          [&] { return parseReceptor(parser, inputs, list); }))
    return failure();
  receptors = parser.getBuilder().getArrayAttr(list);
  return success();
}

void snn::printReceptors(OpAsmPrinter &printer, Operation *op,
                         OperandRange inputs, ArrayAttr receptors) {
  llvm::interleaveComma(
      receptors.getAsRange<ReceptorAttr>(), printer,
      [&](ReceptorAttr receptor) {
        printer << receptor.getName().getValue() << ": ";
        llvm::interleaveComma(inputs.take_front(receptor.getNumOperands()),
                              printer);
        inputs = inputs.drop_front(receptor.getNumOperands());
        if (receptor.getNumOperands())
          printer << " ";
        printer << "accumulate "
                << stringifyAccumulatorKind(receptor.getAccumulator()) << "<"
                << receptor.getType();
        if (receptor.getAccumulator() != AccumulatorKind::ordered)
          printer << ", fraction = " << receptor.getFraction();
        printer << ">";
        if (receptor.getBias()) {
          printer << " bias ";
          printNumber(printer, op, receptor.getBias());
        }
      });
}

ParseResult snn::parsePopulationTypes(
    OpAsmParser &parser, Type &spikes, SmallVectorImpl<Type> &states,
    SmallVectorImpl<Type> &inputs,
    const SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseType(spikes))
    return failure();
  while (succeeded(parser.parseOptionalComma()))
    if (parser.parseType(states.emplace_back()))
      return failure();
  auto signal = dyn_cast<SignalType>(spikes);
  if (!signal)
    return parser.emitError(loc, "expected a signal type, got ") << spikes;
  inputs.assign(operands.size(),
                CurrentType::get(parser.getContext(), signal.getShape()));
  return success();
}

void snn::printPopulationTypes(OpAsmPrinter &printer, Operation *, Type spikes,
                               TypeRange states, TypeRange, OperandRange) {
  printer << spikes;
  for (Type state : states)
    printer << ", " << state;
}

//===----------------------------------------------------------------------===//
// snn.network and snn.model
//===----------------------------------------------------------------------===//

ParseResult NetworkOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> results;
  if (parser.parseSymbolName(name, getSymNameAttrName(result.name),
                             result.attributes) ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseOptionalArrowTypeList(results))
    return failure();
  auto inputs = llvm::map_to_vector(
      arguments, [](OpAsmParser::Argument &argument) { return argument.type; });
  result.addAttribute(
      getFunctionTypeAttrName(result.name),
      TypeAttr::get(parser.getBuilder().getFunctionType(inputs, results)));
  return failure(parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
                 parser.parseRegion(*result.addRegion(), arguments));
}

void NetworkOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  llvm::interleaveComma(
      getBody().getArguments(), printer,
      [&](BlockArgument argument) { printer.printRegionArgument(argument); });
  printer << ')';
  printer.printOptionalArrowTypeList(getFunctionType().getResults());
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {getSymNameAttrName(), getFunctionTypeAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

/// Parses `keyword(name = %value : type, ...)`.
static ParseResult
parseModelVariables(OpAsmParser &parser, StringRef keyword,
                    SmallVectorImpl<OpAsmParser::Argument> &arguments,
                    ArrayAttr &names) {
  SmallVector<Attribute> list;
  auto parseOne = [&]() -> ParseResult {
    StringRef name;
    if (parser.parseKeyword(&name) || parser.parseEqual() ||
        parser.parseArgument(arguments.emplace_back(), /*allowType=*/true))
      return failure();
    list.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  if (parser.parseKeyword(keyword) ||
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parseOne))
    return failure();
  names = parser.getBuilder().getArrayAttr(list);
  return success();
}

ParseResult ModelOp::parse(OpAsmParser &parser, OperationState &result) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments;
  ArrayAttr states, receptors, params;
  if (parser.parseSymbolName(name, getSymNameAttrName(result.name),
                             result.attributes) ||
      parseModelVariables(parser, "states", arguments, states) ||
      parseModelVariables(parser, "receptors", arguments, receptors) ||
      parseModelVariables(parser, "params", arguments, params) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) ||
      parser.parseRegion(*result.addRegion(), arguments))
    return failure();
  result.addAttribute(getStatesAttrName(result.name), states);
  result.addAttribute(getReceptorsAttrName(result.name), receptors);
  result.addAttribute(getParamsAttrName(result.name), params);
  return success();
}

void ModelOp::print(OpAsmPrinter &printer) {
  auto printVariables = [&](StringRef keyword, ArrayAttr names,
                            ArrayRef<BlockArgument> values) {
    printer << " " << keyword << "(";
    llvm::interleaveComma(
        llvm::zip_equal(names.getAsValueRange<StringAttr>(), values), printer,
        [&](auto pair) {
          printer << std::get<0>(pair) << " = ";
          printer.printRegionArgument(std::get<1>(pair));
        });
    printer << ")";
  };
  printer << ' ';
  printer.printSymbolName(getSymName());
  printVariables("states", getStates(), getStateArguments());
  printVariables("receptors", getReceptors(), getReceptorArguments());
  printVariables("params", getParams(), getParamArguments());
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(), {getSymNameAttrName(), getStatesAttrName(),
                            getReceptorsAttrName(), getParamsAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}
