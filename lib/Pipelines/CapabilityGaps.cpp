//===- CapabilityGaps.cpp - what a target cannot run ----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CapabilityGaps.h"
#include "spikeformer/Dialect/SNN/IR/SNNEncoders.h"
#include "spikeformer/Dialect/SNN/IR/SNNModels.h"
#include "spikeformer/Dialect/SNN/Transforms/NeuronNumbers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace spikeformer;
using namespace spikeformer::snn;

namespace {
class GapFinder {
public:
  GapFinder(const Capabilities &target, const ConversionScheme &scheme,
            const ConversionReport &report)
      : target(target), scheme(scheme) {
    for (const ConvertedPopulation &made : report.populations)
      parts[made.name] =
          made.activation ? SchemePart::neuron : SchemePart::maxPool;
  }

  void visit(SimulateOp op);
  void visit(NetworkOp network);
  std::vector<CapabilityGap> gaps;

private:
  using Part = std::optional<SchemePart>;

  void add(Operation *op, const Twine &rule, const Twine &need,
           const Twine &have, Part part) {
    gaps.push_back({op->getLoc(), rule.str(), need.str(), have.str(), part});
  }
  /// A gap unless `need` is one of `have`.
  void check(Operation *op, const Twine &rule, StringRef need,
             ArrayRef<std::string> have, Part part) {
    if (!llvm::is_contained(have, need))
      add(op, rule, need, have.empty() ? "none" : llvm::join(have, " or "),
          part);
  }
  Part getPart(PopulationOp op) const;
  Part getBiasPart(Part part) const;
  void checkAlphabet(Operation *op, StringRef name, SignalType type, Part part);
  void checkRule(PopulationOp op, Part part);
  void checkNumbers(PopulationOp op, Part part);
  void checkPopulation(PopulationOp op);

  const Capabilities &target;
  const ConversionScheme &scheme;
  llvm::StringMap<SchemePart> parts;
};
} // namespace

static std::string nameRule(StringRef rule, StringRef name) {
  return (rule + " of \"" + name + "\"").str();
}

void GapFinder::visit(SimulateOp op) {
  for (auto [index, kind] : llvm::enumerate(op.getReadouts()))
    check(op, "readout of output " + Twine(index),
          stringifyReadout(*symbolizeReadout(kind)), target.readouts,
          SchemePart::readout);
}

GapFinder::Part GapFinder::getPart(PopulationOp op) const {
  if (llvm::any_of(op.getSpikes().getUsers(),
                   [](Operation *user) { return isa<OutputOp>(user); }))
    return SchemePart::readout;
  auto found = parts.find(op.getName());
  if (found != parts.end())
    return found->second;
  // What stands for no part of the float network: sums in front of a maximum,
  // latches behind inputs, or what neurons that send changes need.
  if (llvm::any_of(op.getSpikes().getUsers(), [](Operation *user) {
        auto pool = dyn_cast<PoolOp>(user);
        return pool && pool.getReductionKind() == Reduction::max;
      }))
    return SchemePart::maxPool;
  auto model = dyn_cast<IFAttr>(op.getModel());
  return model && model.getReset() == ResetKind::none ? SchemePart::inputCoding
                                                      : SchemePart::neuron;
}

void GapFinder::checkAlphabet(Operation *op, StringRef name, SignalType type,
                              Part part) {
  check(op, nameRule("alphabet", name), stringifyAlphabetKind(type.getKind()),
        target.alphabets, part);
  if (type.getKind() != AlphabetKind::graded)
    return;
  auto [low, high] = type.getRange();
  if (low < target.payloadMinimum.value_or(low) ||
      high > target.payloadMaximum.value_or(high))
    add(op, nameRule("payload", name), Twine(low) + " to " + Twine(high),
        Twine(target.payloadMinimum.value_or(low)) + " to " +
            Twine(target.payloadMaximum.value_or(high)),
        part);
}

void GapFinder::checkRule(PopulationOp op, Part part) {
  llvm::TypeSwitch<Attribute>(op.getModel())
      .Case<IFAttr, LIFAttr, CubaLIFAttr>([&](auto model) {
        check(op, nameRule("reset", op.getName()),
              stringifyResetKind(model.getReset()), target.resets, part);
        check(op, nameRule("spike test", op.getName()),
              stringifyFiresKind(model.getFires()), target.fires, part);
        check(op, nameRule("time of the reset", op.getName()),
              stringifyResetTime(model.getWhen()), target.when, part);
      });
}

/// Whether a neuron of `op` starts elsewhere than at 0.
static bool hasInitialState(PopulationOp op) {
  return llvm::any_of(op.getParams(), [&](NamedAttribute param) {
    StringRef name = param.getName();
    if (!name.ends_with("_init"))
      return false;
    auto numbers = getParamNumbers(op, name);
    return succeeded(numbers) &&
           llvm::any_of(*numbers, [](double number) { return number != 0; });
  });
}

/// What brings biases that the float network may not have.
GapFinder::Part GapFinder::getBiasPart(Part part) const {
  if (part == SchemePart::readout &&
      scheme.getAs<OutputReadout>(SchemePart::readout) == OutputReadout::Count)
    return part;
  if (scheme.getAs<InitialPotential>(SchemePart::initialPotential) ==
      InitialPotential::Spread)
    return SchemePart::initialPotential;
  return std::nullopt;
}

void GapFinder::checkNumbers(PopulationOp op, Part part) {
  if (!target.initialPotential && hasInitialState(op))
    add(op, nameRule("initial potential", op.getName()), "one that is not 0",
        "0", SchemePart::initialPotential);
  if (target.bias)
    return;
  auto biases = getBiases(op);
  if (succeeded(biases) &&
      llvm::any_of(*biases, [](double bias) { return bias != 0; }))
    add(op, nameRule("bias", op.getName()), "a constant input", "none",
        getBiasPart(part));
}

void GapFinder::checkPopulation(PopulationOp op) {
  Part part = getPart(op);
  StringRef model =
      cast<Attribute>(op.getModel()).getAbstractAttribute().getName();
  model.consume_front("snn.");
  check(op, nameRule("neuron model", op.getName()), model, target.models, part);
  checkAlphabet(op, op.getName(), op.getSignalType(), part);
  checkRule(op, part);
  checkNumbers(op, part);
}

void GapFinder::visit(NetworkOp network) {
  for (Operation &operation : network.getBody().front())
    llvm::TypeSwitch<Operation *>(&operation)
        .Case([&](PopulationOp op) { checkPopulation(op); })
        .Case([&](EncodeOp op) {
          auto type = cast<SignalType>(op.getResult().getType());
          if (type.getKind() != AlphabetKind::analogue)
            checkAlphabet(op, op.getName(), type, SchemePart::inputCoding);
          else if (!target.analogueInput)
            add(op, nameRule("input", op.getName()), "numbers", "spikes",
                SchemePart::inputCoding);
        })
        .Case([&](PoolOp op) {
          bool isSum = op.getReductionKind() == Reduction::sum;
          check(op, "pool", stringifyReduction(op.getReductionKind()),
                target.pools,
                isSum ? SchemePart::averagePool : SchemePart::maxPool);
        });
}

std::vector<CapabilityGap>
spikeformer::findCapabilityGaps(ModuleOp module, const Capabilities &target,
                                const ConversionScheme &scheme,
                                const ConversionReport &report) {
  GapFinder finder(target, scheme, report);
  for (NetworkOp network : module.getOps<NetworkOp>())
    finder.visit(network);
  module.walk([&](SimulateOp op) { finder.visit(op); });
  return std::move(finder.gaps);
}
