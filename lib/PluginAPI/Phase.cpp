//===- Phase.cpp - the phases of a compilation ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table holds name and description, so that the two cannot come apart.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/Phase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

namespace {
struct PhaseRow {
  llvm::StringLiteral name;
  llvm::StringLiteral description;
};
} // namespace

static constexpr PhaseRow table[] = {
    {"import", "read a model into IR"},
    {"normalize",
     "bring the IR into one form and compute what is constant in a run"},
    {"convert", "turn an artificial network into a spiking network"},
    {"legalize",
     "check the network against the target and rewrite what may be rewritten"},
    {"quantize", "give every number the width and scale that the target holds"},
    {"partition", "cut populations into slices for one core"},
    {"place", "give every slice a core"},
    {"route", "choose the way of every message through the machine"},
    {"allocate", "give every message its routing keys"},
    {"compress", "make routing tables fit their routers"},
    {"program", "write down what each core and router is programmed with"},
    {"emit", "write the files that the chip's software loads"},
};

static constexpr Phase order[] = {
    Phase::import,   Phase::normalize, Phase::convert, Phase::legalize,
    Phase::quantize, Phase::partition, Phase::place,   Phase::route,
    Phase::allocate, Phase::compress,  Phase::program, Phase::emit};
static_assert(std::size(table) == std::size(order), "one row for each phase");

llvm::ArrayRef<Phase> spikeformer::getPhases() { return order; }

llvm::StringRef spikeformer::getPhaseName(Phase phase) {
  return table[static_cast<unsigned>(phase)].name;
}

llvm::StringRef spikeformer::getPhaseDescription(Phase phase) {
  return table[static_cast<unsigned>(phase)].description;
}

llvm::Expected<Phase> spikeformer::parsePhase(llvm::StringRef name) {
  for (Phase phase : getPhases())
    if (getPhaseName(phase) == name)
      return phase;
  std::string names =
      llvm::join(llvm::map_range(getPhases(), getPhaseName), ", ");
  return llvm::createStringError("no phase '" + name + "': the phases are " +
                                 names);
}
