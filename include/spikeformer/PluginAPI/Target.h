//===- Target.h - what a chip is to the compiler ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target answers three questions: what can it run (capabilities), what has to
// be done for it in each phase (passes), and what are its files (emit and
// open). Words are those of the snn dialect, as strings, so that no dialect
// header is needed to describe a chip.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINAPI_TARGET_H
#define SPIKEFORMER_PLUGINAPI_TARGET_H

#include "spikeformer/PluginAPI/Phase.h"
#include "spikeformer/Support/Executor.h"
#include "spikeformer/Support/Json.h"
#include "spikeformer/Support/LLVM.h"
#include "spikeformer/TargetModel/MachineGraph.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
class OpPassManager;
} // namespace mlir

namespace spikeformer {
class EmitContext;
class SliceCosts;

/// What a target can run. An empty list means that none is possible, an empty
/// optional that there is no limit. The conversion of a trained network chooses
/// among what is stated here; of a target without alphabets it asks nothing.
struct Capabilities {
  /// Alphabets that a population may send: binary, ternary, count, graded,
  /// analogue.
  std::vector<std::string> alphabets;
  /// Smallest and largest payload of a graded spike.
  std::optional<int64_t> payloadMinimum, payloadMaximum;
  /// Neuron models, as the attribute is spelled without its dialect's prefix
  /// for models of snn and with it for others: lif, demo.cuba.
  std::vector<std::string> models;
  /// Reset kinds: subtract, to_value, none.
  std::vector<std::string> resets;
  /// Spike tests: above, at_or_above.
  std::vector<std::string> fires;
  /// When a spike leaves: same_step, next_step.
  std::vector<std::string> when;
  /// Integration rules: euler, exact, discrete.
  std::vector<std::string> integrations;
  /// Delays of a projection in steps.
  int64_t delayMinimum = 1;
  std::optional<int64_t> delayMaximum;
  /// Readouts: count, current_sum, membrane_last, membrane_max, first_spike.
  std::vector<std::string> readouts;
  /// What lies between populations: sum, max.
  std::vector<std::string> pools;
  /// A network input may carry numbers instead of spikes.
  bool analogueInput = false;
  /// The state of a neuron can start at a value other than zero.
  bool initialPotential = false;
  /// A neuron can have a constant input.
  bool bias = false;
  /// A population can be held in its initial state until its onset.
  bool gatedOnset = false;
  /// A projection may lead back to an earlier population.
  bool recurrence = false;
  /// A step has a length in seconds that the target must know.
  bool needsSeconds = false;
};

/// A machine that can be named on the command line.
struct Machine {
  /// NAME of `--machine=NAME[:key=value,...]`.
  std::string name;
  std::string description;
  /// Name of the target that it is a machine of.
  std::string target;
  /// JSON file that describes it; empty if the target knows it by its name.
  std::string file;
};

/// What the user asked of the phases of one compilation.
struct TargetOptions {
  /// Machine as given, NAME[:key=value,...] or a JSON file; empty: the first
  /// one of getMachines().
  std::string machine;
  /// Objective of the mapping; empty: the target's own.
  std::string objective;
  /// Method of the mapping.
  std::string method = "auto";
  /// JSON report of sf-run whose rates say how often neurons send; empty: the
  /// target's prediction.
  std::string rates;
  /// POPULATION=LOCATION, in the order given.
  std::vector<std::string> pins;
  /// Work to put into search, 0 least.
  unsigned effort = 1;
  /// Seconds after which search takes what it has; empty: no limit.
  std::optional<double> timeLimit;
  uint64_t seed = 0;
  /// Worker threads; results do not depend on it.
  unsigned threads = 1;
};

/// What an artefact is given in one run.
struct Stimulus {
  /// Directory of the artefact.
  std::string artefact;
  /// By input of the network: its name, and what it is presented in each step,
  /// [sample, step, ...shape].
  std::vector<std::pair<std::string, Tensor>> inputs;
  /// Steps for which inputs are presented.
  int64_t timesteps = 0;
  /// False: the state is carried over from one sample to the next.
  bool resetPerSample = true;
};

/// A chip family as the compiler sees it. Targets are made once per process
/// and keep no state between calls.
class Target {
public:
  virtual ~Target();

  /// NAME of `--target=NAME`: lower case, unique over all plugins.
  virtual llvm::StringRef getName() const = 0;
  /// One clause for --list-targets, no full stop.
  virtual llvm::StringRef getDescription() const = 0;
  /// One clause for --list-targets: how far the target is checked, such as
  /// "emits files that the vendor's simulator ran".
  virtual llvm::StringRef getState() const = 0;
  virtual const Capabilities &getCapabilities() const = 0;
  /// Machines that the target knows by name; the first one is the default.
  virtual std::vector<Machine> getMachines() const = 0;

  /// The machine that `name` says, NAME[:key=value,...] of getMachines() or a
  /// JSON file in the target's own format, as mapping sees it. The error says
  /// what the target takes; a target without machine graphs has none.
  virtual llvm::Expected<MachineGraph> makeMachine(llvm::StringRef name) const;

  /// What slices of networks cost on these machines, as long as the target
  /// lives; null if the target cuts networks itself or not at all.
  virtual const SliceCosts *getSliceCosts() const;

  /// Adds the target's own passes of a phase, on modules. A phase that does
  /// not concern the target adds none.
  virtual void addPasses(Phase phase, mlir::OpPassManager &passes,
                         const TargetOptions &options) const;

  /// Fields of the report that only the target knows: `cores_used`,
  /// `chips_used`, `resources`, `metrics`. `module` is past any phase; what no
  /// phase has decided yet is left out.
  virtual JsonValue makeReport(mlir::ModuleOp module) const;

  /// Writes the files of `module`, which is past Phase::program, and records
  /// them and what runs them in `context`. The error says which resource or
  /// construct cannot be written.
  virtual llvm::Error emit(mlir::ModuleOp module,
                           EmitContext &context) const = 0;

  /// Opens a directory that `emit` wrote, reading only what the chip's own
  /// software would load.
  virtual llvm::Expected<std::unique_ptr<Executor>>
  openArtefact(llvm::StringRef directory) const = 0;

  /// Writes the files by which the chip's own software takes `stimulus`. By
  /// default NAME.npy for each input, as it is presented. The error says what
  /// that software cannot be given.
  virtual llvm::Error emitStimulus(const Stimulus &stimulus,
                                   EmitContext &context) const;
};

} // namespace spikeformer

#endif // SPIKEFORMER_PLUGINAPI_TARGET_H
