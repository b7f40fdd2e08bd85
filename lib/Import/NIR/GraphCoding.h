//===- GraphCoding.h - a model as bytes -------------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How a model goes from the worker to its parent: numbers as 8 bytes, strings
// and lists with their length before them, tensors as places in the shared
// memory. Worker and parent are one program, so the form has no version. The
// parent does not trust it: every length is compared with what is left.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_IMPORT_NIR_GRAPHCODING_H
#define LIB_IMPORT_NIR_GRAPHCODING_H

#include "spikeformer/Import/NIR/Graph.h"
#include "spikeformer/Support/WorkerProcess.h"

namespace spikeformer::nir {

/// `model` whose tensors lie in blocks of `output`.
std::string encodeModel(const Model &model, const WorkerOutput &output);

/// The model in `result`, whose memory its tensors share. None if the bytes are
/// none that `encodeModel` makes.
std::optional<Model> decodeModel(const WorkerResult &result);

} // namespace spikeformer::nir

#endif // LIB_IMPORT_NIR_GRAPHCODING_H
