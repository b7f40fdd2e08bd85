//===- SNNOpsFormat.h - directives of assembly formats ----------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `custom<X>` in SNNOps.td calls.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_SNN_IR_SNNOPSFORMAT_H
#define SPIKEFORMER_LIB_DIALECT_SNN_IR_SNNOPSFORMAT_H

#include "mlir/IR/OpImplementation.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

namespace spikeformer::snn {

/// `tensor<...> = value`
ParseResult parseTypedValue(OpAsmParser &parser, TypeAttr &type,
                            Attribute &value);
void printTypedValue(OpAsmPrinter &printer, Operation *op, TypeAttr type,
                     Attribute value);

/// A number (f64, its type is not written), or any other attribute.
ParseResult parseNumber(OpAsmParser &parser, Attribute &value);
void printNumber(OpAsmPrinter &printer, Operation *op, Attribute value);

/// A number of steps (i64), or another attribute in parentheses.
ParseResult parseSteppedDelay(OpAsmParser &parser, Attribute &value);
void printSteppedDelay(OpAsmPrinter &printer, Operation *op, Attribute value);

/// A number (f64), or another attribute in parentheses.
ParseResult parseSignalValue(OpAsmParser &parser, Attribute &value);
void printSignalValue(OpAsmPrinter &printer, Operation *op, Attribute value);

ParseResult parseReduction(OpAsmParser &parser, IntegerAttr &value);
void printReduction(OpAsmPrinter &printer, Operation *op, IntegerAttr value);

ParseResult parseSampleReset(OpAsmParser &parser, IntegerAttr &value);
void printSampleReset(OpAsmPrinter &printer, Operation *op, IntegerAttr value);

/// A number of steps or `?`.
ParseResult parseSteps(OpAsmParser &parser, IntegerAttr &value);
void printSteps(OpAsmPrinter &printer, Operation *op, IntegerAttr value);

ParseResult parseReadouts(OpAsmParser &parser, DenseI32ArrayAttr &value);
void printReadouts(OpAsmPrinter &printer, Operation *op,
                   DenseI32ArrayAttr value);

ParseResult
parseReceptors(OpAsmParser &parser,
               SmallVectorImpl<OpAsmParser::UnresolvedOperand> &inputs,
               ArrayAttr &receptors);
void printReceptors(OpAsmPrinter &printer, Operation *op, OperandRange inputs,
                    ArrayAttr receptors);

/// Types of the results; the currents have the shape of the spikes.
ParseResult parsePopulationTypes(
    OpAsmParser &parser, Type &spikes, SmallVectorImpl<Type> &states,
    SmallVectorImpl<Type> &inputs,
    const SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands);
void printPopulationTypes(OpAsmPrinter &printer, Operation *op, Type spikes,
                          TypeRange states, TypeRange inputs,
                          OperandRange operands);

} // namespace spikeformer::snn

#endif // SPIKEFORMER_LIB_DIALECT_SNN_IR_SNNOPSFORMAT_H
