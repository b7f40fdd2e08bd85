//===- Rows.h - columns as rows of text -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing and printing of columns, a row a line. The operations' assembly
// formats call these.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_DIALECT_PNR_IR_ROWS_H
#define SPIKEFORMER_LIB_DIALECT_PNR_IR_ROWS_H

#include "spikeformer/Dialect/PnR/IR/PnROps.h"

namespace spikeformer::pnr {

/// Words of 64 bits that hold the cores of a route.
inline constexpr size_t coreWords = 3;

ParseResult parseSliceRows(OpAsmParser &parser, ArrayAttr &names,
                           ArrayAttr &populations,
                           DenseI32ArrayAttr &boxOffsets,
                           DenseI64ArrayAttr &boxes, DenseI64ArrayAttr &usage,
                           DenseI32ArrayAttr &clusters,
                           DenseI32ArrayAttr &locations);
void printSliceRows(OpAsmPrinter &printer, SlicesOp op, ArrayAttr names,
                    ArrayAttr populations, DenseI32ArrayAttr boxOffsets,
                    DenseI64ArrayAttr boxes, DenseI64ArrayAttr usage,
                    DenseI32ArrayAttr clusters, DenseI32ArrayAttr locations);

ParseResult parseMessageRows(OpAsmParser &parser, ArrayAttr &names,
                             DenseI32ArrayAttr &sources,
                             DenseI32ArrayAttr &offsets,
                             DenseI32ArrayAttr &targets,
                             DenseF64ArrayAttr &packets,
                             DenseI64ArrayAttr &numKeys);
void printMessageRows(OpAsmPrinter &printer, MessagesOp op, ArrayAttr names,
                      DenseI32ArrayAttr sources, DenseI32ArrayAttr offsets,
                      DenseI32ArrayAttr targets, DenseF64ArrayAttr packets,
                      DenseI64ArrayAttr numKeys);

ParseResult parseKeyRows(OpAsmParser &parser, DenseI32ArrayAttr &keys,
                         DenseI32ArrayAttr &masks);
void printKeyRows(OpAsmPrinter &printer, KeysOp op, DenseI32ArrayAttr keys,
                  DenseI32ArrayAttr masks);

ParseResult parseTreeRows(OpAsmParser &parser, DenseI64ArrayAttr &offsets,
                          DenseI32ArrayAttr &routers,
                          DenseI32ArrayAttr &incoming, DenseI32ArrayAttr &ports,
                          DenseI64ArrayAttr &cores);
void printTreeRows(OpAsmPrinter &printer, TreesOp op, DenseI64ArrayAttr offsets,
                   DenseI32ArrayAttr routers, DenseI32ArrayAttr incoming,
                   DenseI32ArrayAttr ports, DenseI64ArrayAttr cores);

ParseResult parseTableRows(OpAsmParser &parser, DenseI32ArrayAttr &routers,
                           DenseI64ArrayAttr &offsets, DenseI32ArrayAttr &keys,
                           DenseI32ArrayAttr &masks,
                           DenseI32ArrayAttr &incoming,
                           DenseI32ArrayAttr &ports, DenseI64ArrayAttr &cores);
void printTableRows(OpAsmPrinter &printer, TablesOp op,
                    DenseI32ArrayAttr routers, DenseI64ArrayAttr offsets,
                    DenseI32ArrayAttr keys, DenseI32ArrayAttr masks,
                    DenseI32ArrayAttr incoming, DenseI32ArrayAttr ports,
                    DenseI64ArrayAttr cores);

} // namespace spikeformer::pnr

#endif // SPIKEFORMER_LIB_DIALECT_PNR_IR_ROWS_H
