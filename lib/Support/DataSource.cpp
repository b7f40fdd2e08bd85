//===- DataSource.cpp - arrays that a command line names ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/Idx.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Npy.h"
#include "spikeformer/Support/Npz.h"

using namespace spikeformer;

llvm::Expected<DataArgument>
spikeformer::parseDataArgument(llvm::StringRef text) {
  DataArgument result;
  llvm::StringRef file = text;
  bool isPath = text.starts_with(".") || text.starts_with("/");
  if (!isPath && text.contains('=')) {
    std::tie(result.input, file) = text.split('=');
    if (result.input.empty())
      return llvm::createStringError("'" + text +
                                     "' names no input before the '='");
  }
  size_t archive = file.find(".npz:");
  if (archive != llvm::StringRef::npos) {
    result.key = file.drop_front(archive + 5).str();
    file = file.take_front(archive + 4);
    if (result.key.empty())
      return llvm::createStringError("'" + text +
                                     "' names no array after the ':'");
  }
  if (file.empty())
    return llvm::createStringError("'" + text + "' names no file");
  result.file = file.str();
  return result;
}

llvm::Error DataArray::makeError(const llvm::Twine &message) const {
  return makeInputError(file, key, message);
}

namespace {
enum class Format { npy, npz, idx, csv };
} // namespace

static llvm::Expected<Format> detectFormat(llvm::StringRef file) {
  if (file.ends_with(".npy"))
    return Format::npy;
  if (file.ends_with(".npz"))
    return Format::npz;
  if (file.ends_with(".csv"))
    return Format::csv;
  if (file.ends_with(".gz") || file.ends_with(".idx") ||
      file.ends_with("-ubyte"))
    return Format::idx;
  auto buffer = readInputFile(file);
  if (!buffer)
    return buffer.takeError();
  llvm::StringRef bytes = (*buffer)->getBuffer();
  if (bytes.starts_with("\x93NUMPY"))
    return Format::npy;
  if (bytes.starts_with("PK"))
    return Format::npz;
  if (bytes.starts_with("\x1f\x8b") ||
      bytes.starts_with(llvm::StringRef("\0\0", 2)))
    return Format::idx;
  return makeInputError(file, "is in no known format; data are .npy, .npz, "
                              "IDX (also .gz) or .csv");
}

static llvm::Expected<Tensor> readNpz(const DataArgument &argument) {
  auto archive = NpzFile::open(argument.file);
  if (!archive)
    return archive.takeError();
  return argument.key.empty() ? archive->readOnly()
                              : archive->read(argument.key);
}

llvm::Expected<DataArray>
spikeformer::readDataArray(const DataArgument &argument, CsvLabel label) {
  auto format = detectFormat(argument.file);
  if (!format)
    return format.takeError();
  DataArray result{argument.file, argument.key, {}, {}};
  if (*format == Format::csv) {
    auto table = readCsvFile(argument.file, label);
    if (!table)
      return table.takeError();
    result.values = table->values;
    result.labels = table->labels;
    return result;
  }
  if (label != CsvLabel::none)
    return result.makeError("is no table; --csv-label is for .csv files, give "
                            "the labels in a file of their own");
  auto values = *format == Format::npy   ? readNpyFile(argument.file)
                : *format == Format::npz ? readNpz(argument)
                                         : readIdxFile(argument.file);
  if (!values)
    return values.takeError();
  result.values = *values;
  return result;
}
