//===- Mapping.cpp - where the neurons of a network lie -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The columns of a mapping, printed as rows.
//
//===----------------------------------------------------------------------===//

#include "IR/TemplateDialect.h"

using namespace spikeformer;
using namespace spikeformer::templ;

std::string Slice::describe() const {
  return "\"" + population + "\"[" + std::to_string(first) + " : " +
         std::to_string(first + count) + "]";
}

static ParseResult parseSlice(OpAsmParser &parser,
                              SmallVectorImpl<Attribute> &populations,
                              SmallVectorImpl<int64_t> &firsts,
                              SmallVectorImpl<int64_t> &counts,
                              SmallVectorImpl<int64_t> &cores) {
  StringAttr population;
  int64_t first, end, core = MappingOp::kFree;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseAttribute(population) || parser.parseLSquare() ||
      parser.parseInteger(first) || parser.parseColon() ||
      parser.parseInteger(end) || parser.parseRSquare() ||
      parser.parseKeyword("core"))
    return failure();
  if (first < 0 || end <= first)
    return parser.emitError(loc, "expected a slice [first : end] with 0 <= "
                                 "first < end");
  loc = parser.getCurrentLocation();
  if (failed(parser.parseOptionalQuestion())) {
    if (parser.parseInteger(core))
      return failure();
    if (core < 0)
      return parser.emitError(loc, "expected a core or `?`");
  }
  populations.push_back(population);
  firsts.push_back(first);
  counts.push_back(end - first);
  cores.push_back(core);
  return success();
}

static ParseResult parseSlices(OpAsmParser &parser, ArrayAttr &populations,
                               DenseI64ArrayAttr &firsts,
                               DenseI64ArrayAttr &counts,
                               DenseI64ArrayAttr &cores) {
  SmallVector<Attribute> names;
  SmallVector<int64_t> first, count, core;
  if (parser.parseLBrace())
    return failure();
  while (failed(parser.parseOptionalRBrace()))
    if (parseSlice(parser, names, first, count, core))
      return failure();
  Builder &builder = parser.getBuilder();
  populations = builder.getArrayAttr(names);
  firsts = builder.getDenseI64ArrayAttr(first);
  counts = builder.getDenseI64ArrayAttr(count);
  cores = builder.getDenseI64ArrayAttr(core);
  return success();
}

static void printSlices(OpAsmPrinter &printer, Operation *op, ArrayAttr,
                        DenseI64ArrayAttr, DenseI64ArrayAttr,
                        DenseI64ArrayAttr) {
  printer << "{";
  printer.increaseIndent();
  for (const Slice &slice : cast<MappingOp>(op).getSlices()) {
    printer.printNewline();
    printer.printString(slice.population);
    printer << "[" << slice.first << " : " << slice.first + slice.count
            << "] core ";
    if (slice.core == MappingOp::kFree)
      printer << "?";
    else
      printer << slice.core;
  }
  printer.decreaseIndent();
  printer.printNewline();
  printer << "}";
}

#define GET_OP_CLASSES
#include "IR/TemplateOps.cpp.inc"

LogicalResult MappingOp::verify() {
  size_t size = getPopulations().size();
  if (getFirsts().size() != size || getCounts().size() != size ||
      getCores().size() != size) // mapping_c1
    return emitOpError("needs columns of one length, has ")
           << size << " populations, " << getFirsts().size() << " firsts, "
           << getCounts().size() << " counts and " << getCores().size()
           << " cores";
  for (const Slice &slice : getSlices()) // mapping_c2
    if (slice.first < 0 || slice.count < 1 || slice.core < kFree ||
        slice.count > INT64_MAX - slice.first)
      return emitOpError("needs slices of at least one neuron on cores from "
                         "0, got ")
             << slice.describe() << " core " << slice.core;
  return success();
}

SmallVector<Slice> MappingOp::getSlices() {
  SmallVector<Slice> slices;
  for (auto [population, first, count, core] :
       llvm::zip_equal(getPopulations(), getFirsts(), getCounts(), getCores()))
    slices.push_back({cast<StringAttr>(population).str(), first, count, core});
  return slices;
}

void MappingOp::setSliceCores(ArrayRef<Slice> slices) {
  setCores(llvm::map_to_vector(slices, [](const Slice &s) { return s.core; }));
}
