//===- DataSource.cpp - arrays that a command line names ------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/DataSource.h"
#include "spikeformer/Support/HDF5/Tree.h"
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
  for (llvm::StringRef extension : {".npz", ".h5", ".hdf5"}) {
    size_t archive = file.find((extension + ":").str());
    if (archive == llvm::StringRef::npos)
      continue;
    size_t end = archive + extension.size();
    result.key = file.drop_front(end + 1).str();
    file = file.take_front(end);
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
enum class Format { npy, npz, idx, csv, hdf5 };
} // namespace

static bool isHDF5Name(llvm::StringRef file) {
  return file.ends_with(".h5") || file.ends_with(".hdf5");
}

static llvm::Expected<Format> detectFormat(llvm::StringRef file) {
  if (file.ends_with(".npy"))
    return Format::npy;
  if (file.ends_with(".npz"))
    return Format::npz;
  if (file.ends_with(".csv"))
    return Format::csv;
  if (isHDF5Name(file))
    return Format::hdf5;
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
  if (bytes.starts_with("\x89HDF"))
    return Format::hdf5;
  return makeInputError(file, "is in no known format; data are .npy, .npz, "
                              "IDX (also .gz), .csv, .bs2 or HDF5");
}

static llvm::Expected<Tensor> readNpz(const DataArgument &argument) {
  auto archive = NpzFile::open(argument.file);
  if (!archive)
    return archive.takeError();
  return argument.key.empty() ? archive->readOnly()
                              : archive->read(argument.key);
}

/// The array at the path that the argument names.
static llvm::Expected<Tensor> readHDF5(const DataArgument &argument) {
  llvm::StringRef key = argument.key;
  if (!key.starts_with("/"))
    return makeInputError(
        argument.file, "is an HDF5 file; say which array is meant, such as " +
                           argument.file + ":/path/to/array");
  auto tree = hdf5::readTree(argument.file, "an HDF5 file with " + key.str(),
                             [&](llvm::StringRef path) {
                               return key == path ||
                                      key.starts_with((path + "/").str());
                             });
  if (!tree)
    return tree.takeError();
  if (llvm::Error errors = tree->findings.takeErrors(argument.file))
    return std::move(errors);
  const hdf5::Group *group = &tree->root;
  auto [folder, name] = key.drop_front().rsplit('/');
  if (name.empty())
    std::swap(folder, name);
  llvm::SmallVector<llvm::StringRef> parts;
  folder.split(parts, '/', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts)
    group = group ? group->findGroup(part) : nullptr;
  const hdf5::Value *value = group ? group->findDataset(name) : nullptr;
  if (value && value->kind == hdf5::Value::Kind::number)
    return value->tensor;
  return makeInputError(argument.file, key,
                        value ? "is " + value->describe() +
                                    ", need an array of numbers"
                              : "there is no such array");
}

bool spikeformer::isSpikeList(const DataArgument &argument) {
  if (llvm::StringRef(argument.key).starts_with("/"))
    return false;
  auto format = detectFormat(argument.file);
  if (format)
    return *format == Format::hdf5;
  llvm::consumeError(format.takeError());
  return false;
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
  auto values = *format == Format::npy    ? readNpyFile(argument.file)
                : *format == Format::npz  ? readNpz(argument)
                : *format == Format::hdf5 ? readHDF5(argument)
                                          : readIdxFile(argument.file);
  if (!values)
    return values.takeError();
  result.values = *values;
  return result;
}
