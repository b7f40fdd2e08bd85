//===- Rows.cpp - columns as rows of text ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Rows.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/Format.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

//===----------------------------------------------------------------------===//
// Pieces of rows
//===----------------------------------------------------------------------===//

/// `{`, rows until `}`.
static ParseResult parseRows(OpAsmParser &parser,
                             function_ref<ParseResult()> parseRow) {
  if (parser.parseLBrace())
    return failure();
  while (failed(parser.parseOptionalRBrace()))
    if (parseRow())
      return failure();
  return success();
}

static void printRows(OpAsmPrinter &printer, size_t rows,
                      function_ref<void(size_t)> printRow) {
  printer << "{";
  printer.increaseIndent();
  for (size_t row = 0; row < rows; ++row) {
    printer.printNewline();
    printRow(row);
  }
  printer.decreaseIndent();
  printer.printNewline();
  printer << "}";
}

template <typename T>
static ParseResult parseNumbers(OpAsmParser &parser,
                                SmallVectorImpl<T> &numbers) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parser.parseInteger(numbers.emplace_back());
  });
}

template <typename T>
static void printNumbers(OpAsmPrinter &printer, ArrayRef<T> numbers) {
  printer << "[";
  llvm::interleaveComma(numbers, printer);
  printer << "]";
}

/// `(x, y)`.
static ParseResult parseRouter(OpAsmParser &parser,
                               SmallVectorImpl<int32_t> &numbers) {
  return failure(
      parser.parseLParen() || parser.parseInteger(numbers.emplace_back()) ||
      parser.parseComma() || parser.parseInteger(numbers.emplace_back()) ||
      parser.parseRParen());
}

static void printRouter(OpAsmPrinter &printer, ArrayRef<int32_t> routers,
                        size_t index) {
  printer << "(" << routers[2 * index] << ", " << routers[2 * index + 1] << ")";
}

/// Numbers below `limit` in brackets, as bits of `words`.
static ParseResult parseBits(OpAsmParser &parser, unsigned limit,
                             MutableArrayRef<uint64_t> words) {
  auto parseBit = [&]() -> ParseResult {
    unsigned bit;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseInteger(bit))
      return failure();
    if (bit >= limit)
      return parser.emitError(loc, "expected a number below ") << limit;
    words[bit / 64] |= uint64_t(1) << bit % 64;
    return success();
  };
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseBit);
}

static void printBits(OpAsmPrinter &printer, ArrayRef<uint64_t> words) {
  SmallVector<unsigned> bits;
  for (auto [index, word] : llvm::enumerate(words))
    for (uint64_t rest = word; rest != 0; rest &= rest - 1)
      bits.push_back(64 * index + llvm::countr_zero(rest));
  printNumbers<unsigned>(printer, bits);
}

namespace {

/// The part that branches and entries share: `from PORT to ports [...] cores
/// [...]`.
struct RouteColumns {
  SmallVector<int32_t> incoming, ports;
  SmallVector<int64_t> cores;

  ParseResult parse(OpAsmParser &parser) {
    incoming.push_back(-1);
    if (succeeded(parser.parseOptionalKeyword("from")) &&
        parser.parseInteger(incoming.back()))
      return failure();
    uint64_t port = 0, words[coreWords] = {};
    if (parser.parseKeyword("to") || parser.parseKeyword("ports") ||
        parseBits(parser, 32, port) || parser.parseKeyword("cores") ||
        parseBits(parser, 64 * coreWords, words))
      return failure();
    ports.push_back(static_cast<int32_t>(port));
    cores.append(std::begin(words), std::end(words));
    return success();
  }
};

} // namespace

static void printRoute(OpAsmPrinter &printer, int32_t incoming, int32_t ports,
                       ArrayRef<int64_t> cores) {
  if (incoming >= 0)
    printer << " from " << incoming;
  printer << " to ports ";
  printBits(printer, uint64_t(uint32_t(ports)));
  printer << " cores ";
  SmallVector<uint64_t, coreWords> words(cores);
  printBits(printer, words);
}

/// Integers of 32 bits, which the parser takes as signed or as wide as 64.
static ParseResult parseWord(OpAsmParser &parser,
                             SmallVectorImpl<int32_t> &words) {
  uint64_t word;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseInteger(word))
    return failure();
  if (word > UINT32_MAX)
    return parser.emitError(loc, "expected 32 bits");
  words.push_back(static_cast<int32_t>(word));
  return success();
}

static void printBlock(OpAsmPrinter &printer, int32_t key, int32_t mask) {
  printer.getStream() << llvm::format_hex(uint32_t(key), 10) << " mask "
                      << llvm::format_hex(uint32_t(mask), 10);
}

static ParseResult parseBlock(OpAsmParser &parser,
                              SmallVectorImpl<int32_t> &keys,
                              SmallVectorImpl<int32_t> &masks) {
  return failure(parseWord(parser, keys) || parser.parseKeyword("mask") ||
                 parseWord(parser, masks));
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

namespace {
struct SliceColumns {
  SmallVector<Attribute> names, populations;
  SmallVector<int32_t> boxOffsets = {0};
  SmallVector<int64_t> boxes, usage;
  SmallVector<int32_t> clusters, locations;
};
} // namespace

static ParseResult parseLocation(OpAsmParser &parser,
                                 SmallVectorImpl<int32_t> &locations) {
  if (parser.parseKeyword("at"))
    return failure();
  if (succeeded(parser.parseOptionalQuestion())) {
    locations.append(SlicesOp::kLocationSize, SlicesOp::kFree);
    return success();
  }
  return failure(parseRouter(parser, locations) ||
                 parser.parseKeyword("core") ||
                 parser.parseInteger(locations.emplace_back()));
}

/// `[first : end, ...]`, if there is one.
static ParseResult parseBox(OpAsmParser &parser, SliceColumns &columns) {
  auto parseRange = [&] {
    return failure(parser.parseInteger(columns.boxes.emplace_back()) ||
                   parser.parseColon() ||
                   parser.parseInteger(columns.boxes.emplace_back()));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalSquare,
                                     parseRange))
    return failure();
  columns.boxOffsets.push_back(columns.boxes.size());
  return success();
}

static void printBox(OpAsmPrinter &printer, ArrayRef<int64_t> box) {
  if (box.empty())
    return;
  printer << "[";
  for (size_t range = 0; range < box.size(); range += 2)
    printer << (range == 0 ? "" : ", ") << box[range] << " : "
            << box[range + 1];
  printer << "]";
}

static ParseResult parseSlice(OpAsmParser &parser, SliceColumns &columns) {
  StringAttr name, population;
  if (parser.parseAttribute(name))
    return failure();
  population = name;
  if (succeeded(parser.parseOptionalKeyword("of")) &&
      parser.parseAttribute(population))
    return failure();
  if (parseBox(parser, columns) || parser.parseKeyword("uses") ||
      parseNumbers(parser, columns.usage))
    return failure();
  columns.names.push_back(name);
  columns.populations.push_back(population);
  columns.clusters.push_back(SlicesOp::kAlone);
  if (succeeded(parser.parseOptionalKeyword("cluster")) &&
      parser.parseInteger(columns.clusters.back()))
    return failure();
  return parseLocation(parser, columns.locations);
}

ParseResult
pnr::parseSliceRows(OpAsmParser &parser, ArrayAttr &names,
                    ArrayAttr &populations, DenseI32ArrayAttr &boxOffsets,
                    DenseI64ArrayAttr &boxes, DenseI64ArrayAttr &usage,
                    DenseI32ArrayAttr &clusters, DenseI32ArrayAttr &locations) {
  SliceColumns columns;
  if (parseRows(parser, [&] { return parseSlice(parser, columns); }))
    return failure();
  Builder &builder = parser.getBuilder();
  names = builder.getArrayAttr(columns.names);
  populations = builder.getArrayAttr(columns.populations);
  boxOffsets = builder.getDenseI32ArrayAttr(columns.boxOffsets);
  boxes = builder.getDenseI64ArrayAttr(columns.boxes);
  usage = builder.getDenseI64ArrayAttr(columns.usage);
  clusters = builder.getDenseI32ArrayAttr(columns.clusters);
  locations = builder.getDenseI32ArrayAttr(columns.locations);
  return success();
}

void pnr::printSliceRows(OpAsmPrinter &printer, SlicesOp op, ArrayAttr names,
                         ArrayAttr populations, DenseI32ArrayAttr boxOffsets,
                         DenseI64ArrayAttr boxes, DenseI64ArrayAttr usage,
                         DenseI32ArrayAttr clusters,
                         DenseI32ArrayAttr locations) {
  size_t width = op.getResources().size();
  printRows(printer, op.size(), [&](size_t row) {
    printer << names[row];
    if (populations[row] != names[row])
      printer << " of " << populations[row];
    printBox(printer, op.getBox(row));
    printer << " uses ";
    printNumbers(printer, usage.asArrayRef().slice(row * width, width));
    if (clusters[row] != SlicesOp::kAlone)
      printer << " cluster " << clusters[row];
    ArrayRef<int32_t> at = locations.asArrayRef().slice(
        row * SlicesOp::kLocationSize, SlicesOp::kLocationSize);
    printer << " at ";
    if (at[0] == SlicesOp::kFree)
      printer << "?";
    else
      printer << "(" << at[0] << ", " << at[1] << ") core " << at[2];
  });
}

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

namespace {
struct MessageColumns {
  SmallVector<Attribute> names;
  SmallVector<int32_t> sources, offsets = {0}, targets;
  SmallVector<double> packets;
  SmallVector<int64_t> numKeys;
};
} // namespace

static ParseResult parseMessage(OpAsmParser &parser, MessageColumns &columns) {
  StringAttr name;
  if (parser.parseInteger(columns.sources.emplace_back()) ||
      parser.parseKeyword("to") || parseNumbers(parser, columns.targets) ||
      parser.parseKeyword("packets") ||
      parser.parseFloat(columns.packets.emplace_back()) ||
      parser.parseKeyword("keys") ||
      parser.parseInteger(columns.numKeys.emplace_back()))
    return failure();
  columns.offsets.push_back(columns.targets.size());
  SMLoc loc = parser.getCurrentLocation();
  bool isNamed = succeeded(parser.parseOptionalKeyword("named"));
  if (isNamed && parser.parseAttribute(name))
    return failure();
  if (isNamed)
    columns.names.push_back(name);
  if (!columns.names.empty() && columns.names.size() != columns.sources.size())
    return parser.emitError(loc, "expected names for all messages or for none");
  return success();
}

ParseResult pnr::parseMessageRows(OpAsmParser &parser, ArrayAttr &names,
                                  DenseI32ArrayAttr &sources,
                                  DenseI32ArrayAttr &offsets,
                                  DenseI32ArrayAttr &targets,
                                  DenseF64ArrayAttr &packets,
                                  DenseI64ArrayAttr &numKeys) {
  MessageColumns columns;
  if (parseRows(parser, [&] { return parseMessage(parser, columns); }))
    return failure();
  Builder &builder = parser.getBuilder();
  names = builder.getArrayAttr(columns.names);
  sources = builder.getDenseI32ArrayAttr(columns.sources);
  offsets = builder.getDenseI32ArrayAttr(columns.offsets);
  targets = builder.getDenseI32ArrayAttr(columns.targets);
  packets = builder.getDenseF64ArrayAttr(columns.packets);
  numKeys = builder.getDenseI64ArrayAttr(columns.numKeys);
  return success();
}

void pnr::printMessageRows(OpAsmPrinter &printer, MessagesOp op,
                           ArrayAttr names, DenseI32ArrayAttr sources,
                           DenseI32ArrayAttr offsets, DenseI32ArrayAttr targets,
                           DenseF64ArrayAttr packets,
                           DenseI64ArrayAttr numKeys) {
  printRows(printer, op.size(), [&](size_t row) {
    printer << sources[row] << " to ";
    printNumbers(printer, targets.asArrayRef().slice(
                              offsets[row], offsets[row + 1] - offsets[row]));
    printer << " packets ";
    printer.printFloat(APFloat(packets[row]));
    printer << " keys " << numKeys[row];
    if (!names.empty())
      printer << " named " << names[row];
  });
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

ParseResult pnr::parseKeyRows(OpAsmParser &parser, DenseI32ArrayAttr &keys,
                              DenseI32ArrayAttr &masks) {
  SmallVector<int32_t> key, mask;
  auto parseRow = [&]() -> ParseResult {
    if (failed(parser.parseOptionalQuestion()))
      return parseBlock(parser, key, mask);
    key.push_back(-1);
    mask.push_back(0);
    return success();
  };
  if (parseRows(parser, parseRow))
    return failure();
  keys = parser.getBuilder().getDenseI32ArrayAttr(key);
  masks = parser.getBuilder().getDenseI32ArrayAttr(mask);
  return success();
}

void pnr::printKeyRows(OpAsmPrinter &printer, KeysOp, DenseI32ArrayAttr keys,
                       DenseI32ArrayAttr masks) {
  printRows(printer, keys.size(), [&](size_t row) {
    if (masks[row] == 0 && keys[row] == -1)
      printer << "?";
    else
      printBlock(printer, keys[row], masks[row]);
  });
}

//===----------------------------------------------------------------------===//
// Trees
//===----------------------------------------------------------------------===//

ParseResult pnr::parseTreeRows(OpAsmParser &parser, DenseI64ArrayAttr &offsets,
                               DenseI32ArrayAttr &routers,
                               DenseI32ArrayAttr &incoming,
                               DenseI32ArrayAttr &ports,
                               DenseI64ArrayAttr &cores) {
  SmallVector<int64_t> begins;
  SmallVector<int32_t> at;
  RouteColumns routes;
  auto parseRow = [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalKeyword("tree"))) {
      begins.push_back(routes.ports.size());
      return success();
    }
    if (begins.empty())
      return parser.emitError(parser.getCurrentLocation(),
                              "expected `tree` before its branches");
    return failure(parseRouter(parser, at) || routes.parse(parser));
  };
  if (parseRows(parser, parseRow))
    return failure();
  begins.push_back(routes.ports.size());
  Builder &builder = parser.getBuilder();
  offsets = builder.getDenseI64ArrayAttr(begins);
  routers = builder.getDenseI32ArrayAttr(at);
  incoming = builder.getDenseI32ArrayAttr(routes.incoming);
  ports = builder.getDenseI32ArrayAttr(routes.ports);
  cores = builder.getDenseI64ArrayAttr(routes.cores);
  return success();
}

void pnr::printTreeRows(OpAsmPrinter &printer, TreesOp,
                        DenseI64ArrayAttr offsets, DenseI32ArrayAttr routers,
                        DenseI32ArrayAttr incoming, DenseI32ArrayAttr ports,
                        DenseI64ArrayAttr cores) {
  printRows(printer, offsets.size() - 1, [&](size_t tree) {
    printer << "tree";
    for (int64_t row = offsets[tree]; row < offsets[tree + 1]; ++row) {
      printer.printNewline();
      printer << "  ";
      printRouter(printer, routers, row);
      printRoute(printer, incoming[row], ports[row],
                 cores.asArrayRef().slice(coreWords * row, coreWords));
    }
  });
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

ParseResult
pnr::parseTableRows(OpAsmParser &parser, DenseI32ArrayAttr &routers,
                    DenseI64ArrayAttr &offsets, DenseI32ArrayAttr &keys,
                    DenseI32ArrayAttr &masks, DenseI32ArrayAttr &incoming,
                    DenseI32ArrayAttr &ports, DenseI64ArrayAttr &cores) {
  SmallVector<int64_t> begins;
  SmallVector<int32_t> at, key, mask;
  RouteColumns routes;
  auto parseRow = [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalKeyword("table"))) {
      begins.push_back(key.size());
      return parseRouter(parser, at);
    }
    if (begins.empty())
      return parser.emitError(parser.getCurrentLocation(),
                              "expected `table (X, Y)` before its entries");
    return failure(parseBlock(parser, key, mask) || routes.parse(parser));
  };
  if (parseRows(parser, parseRow))
    return failure();
  begins.push_back(key.size());
  Builder &builder = parser.getBuilder();
  routers = builder.getDenseI32ArrayAttr(at);
  offsets = builder.getDenseI64ArrayAttr(begins);
  keys = builder.getDenseI32ArrayAttr(key);
  masks = builder.getDenseI32ArrayAttr(mask);
  incoming = builder.getDenseI32ArrayAttr(routes.incoming);
  ports = builder.getDenseI32ArrayAttr(routes.ports);
  cores = builder.getDenseI64ArrayAttr(routes.cores);
  return success();
}

void pnr::printTableRows(OpAsmPrinter &printer, TablesOp,
                         DenseI32ArrayAttr routers, DenseI64ArrayAttr offsets,
                         DenseI32ArrayAttr keys, DenseI32ArrayAttr masks,
                         DenseI32ArrayAttr incoming, DenseI32ArrayAttr ports,
                         DenseI64ArrayAttr cores) {
  printRows(printer, offsets.size() - 1, [&](size_t table) {
    printer << "table ";
    printRouter(printer, routers, table);
    for (int64_t row = offsets[table]; row < offsets[table + 1]; ++row) {
      printer.printNewline();
      printer << "  ";
      printBlock(printer, keys[row], masks[row]);
      printRoute(printer, incoming[row], ports[row],
                 cores.asArrayRef().slice(coreWords * row, coreWords));
    }
  });
}
