//===- ReadNIR.cpp - reading NIR files ------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the reader of graphs in a worker.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/ReadNIR.h"
#include "GraphCoding.h"
#include "GraphReader.h"
#include "spikeformer/Support/InputFile.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// In the worker: the encoded model.
static std::string readModel(const hdf5::OpenFile &file, const Limits &limits,
                             WorkerOutput &output) {
  if (file.root >= 0)
    return encodeModel(GraphReader(limits, file.bytes, output).read(file.root),
                       output);
  Model model;
  model.findings.addError("",
                          "the HDF5 file cannot be opened: " + file.failure);
  return encodeModel(model, output);
}

llvm::Expected<Model> nir::readFile(StringRef path, const Limits &limits) {
  auto result =
      hdf5::readInWorker(path, "a NIR file", limits,
                         [&](const hdf5::OpenFile &file, WorkerOutput &output) {
                           return readModel(file, limits, output);
                         });
  if (!result)
    return result.takeError();
  auto model = decodeModel(*result);
  if (!model)
    return makeInputError(path, "reading it gave no valid result; the file is "
                                "damaged");
  model->file = path.str();
  return std::move(*model);
}
