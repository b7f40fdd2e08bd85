//===- LegalScheme.cpp - the conversion that a target can run -------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kinds of neurons are tried one after the other, because everything else
// depends on them. Within a kind, a gap moves the choice that it follows from
// to the next one; choices only move on, so this ends.
//
//===----------------------------------------------------------------------===//

#include "LegalScheme.h"
#include "mlir/IR/Diagnostics.h"
#include "spikeformer/Pipelines/CpuTarget.h"
#include "spikeformer/Pipelines/ErrorLog.h"

using namespace spikeformer;

/// Enough for a conversion that is thrown away.
static constexpr int64_t maxProbeSamples = 8;

namespace {
struct LegalScheme {
  ConversionScheme scheme;
  /// What the target cannot run of it; empty if it is legal.
  std::vector<CapabilityGap> gaps;
};

/// Looks for the scheme nearest to what was asked.
class SchemeSearch {
public:
  /// `first` are the choices to begin with where none is asked for.
  SchemeSearch(ModuleOp module, const ConversionPlan &plan,
               const AskedScheme &asked, const ConversionScheme &first,
               const Capabilities &target)
      : module(module), plan(plan), asked(asked), first(first), target(target) {
    // The quickest: which choices are legal does not depend on the numbers.
    this->plan.convert.thresholds.method = ThresholdMethod::Max;
    for (Tensor &tensor : this->plan.convert.samples)
      tensor =
          tensor.slice(0, std::min(tensor.getShape().front(), maxProbeSamples));
  }

  std::optional<LegalScheme> run();

private:
  std::optional<unsigned> getAsked(SchemePart part) const {
    return asked[static_cast<size_t>(part)];
  }
  std::optional<LegalScheme> runKind(unsigned neuron);
  std::optional<std::vector<CapabilityGap>> convert(ConversionScheme scheme);
  /// Moves `part` to its next choice, if it is free and has one.
  bool move(ConversionScheme &scheme, SchemePart part) const;
  /// Moves a part that a gap follows from and that is not `fixed`; which.
  std::optional<SchemePart> moveAny(ConversionScheme &scheme,
                                    ArrayRef<CapabilityGap> gaps,
                                    ArrayRef<SchemePart> fixed) const;

  ModuleOp module;
  ConversionPlan plan;
  const AskedScheme &asked;
  ConversionScheme first;
  const Capabilities &target;
};
} // namespace

/// What was asked, and of the rest what `scheme` has.
static ConversionScheme makeScheme(const AskedScheme &asked,
                                   ConversionScheme scheme = {}) {
  for (auto [index, choice] : llvm::enumerate(asked))
    if (choice)
      scheme.set(static_cast<SchemePart>(index), *choice);
  return scheme;
}

std::optional<std::vector<CapabilityGap>>
SchemeSearch::convert(ConversionScheme scheme) {
  // What is wrong with a network is said by the conversion that counts.
  mlir::ScopedDiagnosticHandler quiet(module.getContext(),
                                      [](Diagnostic &) { return success(); });
  OwningOpRef<ModuleOp> copy = module.clone();
  plan.scheme = scheme;
  ConversionReport report;
  if (failed(convertByPlan(*copy, plan, report)))
    return std::nullopt;
  return findCapabilityGaps(*copy, target, scheme, report);
}

bool SchemeSearch::move(ConversionScheme &scheme, SchemePart part) const {
  unsigned next = scheme.get(part) + 1;
  if (getAsked(part) || next == getChoiceNames(part).size())
    return false;
  scheme.set(part, next);
  return true;
}

std::optional<SchemePart>
SchemeSearch::moveAny(ConversionScheme &scheme, ArrayRef<CapabilityGap> gaps,
                      ArrayRef<SchemePart> fixed) const {
  for (const CapabilityGap &gap : gaps)
    if (gap.part && !llvm::is_contained(fixed, *gap.part) &&
        move(scheme, *gap.part))
      return gap.part;
  return std::nullopt;
}

std::optional<LegalScheme> SchemeSearch::runKind(unsigned neuron) {
  ConversionScheme scheme = makeScheme(asked, first);
  scheme.set(SchemePart::neuron, neuron);
  std::optional<LegalScheme> last;
  // Whether a maximum pool may be chosen at all is for the user to say.
  std::optional<SchemePart> moved;
  if (first.get(SchemePart::maxPool) != 0)
    moved = SchemePart::maxPool;
  SmallVector<SchemePart> fixed{SchemePart::neuron};
  while (true) {
    auto gaps = convert(scheme);
    if (gaps) {
      last = LegalScheme{scheme, std::move(*gaps)};
      if (last->gaps.empty())
        return last;
    } else {
      // Not every choice goes with every kind of neuron.
      if (moved && move(scheme, *moved))
        continue;
      if (!last)
        return std::nullopt;
      scheme = last->scheme;
      fixed.push_back(*moved);
    }
    moved = moveAny(scheme, last->gaps, fixed);
    if (!moved)
      return last;
  }
}

std::optional<LegalScheme> SchemeSearch::run() {
  if (auto neuron = getAsked(SchemePart::neuron))
    return runKind(*neuron);
  std::optional<LegalScheme> best;
  for (unsigned neuron = 0; neuron < getNeuronKindNames().size(); ++neuron) {
    std::optional<LegalScheme> found = runKind(neuron);
    if (found && found->gaps.empty())
      return found;
    if (found && (!best || found->gaps.size() < best->gaps.size()))
      best = std::move(found);
  }
  return best;
}

/// `asked` without the choices that `gaps` follow from.
static AskedScheme releaseParts(AskedScheme asked,
                                ArrayRef<CapabilityGap> gaps) {
  for (const CapabilityGap &gap : gaps)
    if (gap.part)
      asked[static_cast<size_t>(*gap.part)].reset();
  return asked;
}

/// A diagnostic for each gap, the last one with a note.
static void emitGaps(ArrayRef<CapabilityGap> gaps, const Target &target,
                     const Twine &note) {
  for (const CapabilityGap &gap : gaps) {
    InFlightDiagnostic diagnostic = emitError(gap.location)
                                    << gap.rule << ": needs " << gap.need
                                    << ", has " << gap.have << " on target '"
                                    << target.getName() << "'";
    if (gap.part)
      diagnostic << "; it follows from --" << getFlagName(*gap.part);
    if (&gap == &gaps.back())
      diagnostic.attachNote() << note;
  }
}

llvm::Expected<ConversionScheme>
spikeformer::chooseLegalScheme(ModuleOp module, const ConversionPlan &plan,
                               const AskedScheme &asked, const Target &target,
                               LossMeasure measure) {
  const Capabilities &has = target.getCapabilities();
  if (has.alphabets.empty() || target.getName() == cpuTargetName)
    return makeScheme(asked);
  auto found = SchemeSearch(module, plan, asked, {}, has).run();
  if (!found)
    return makeScheme(asked);
  if (found->gaps.empty())
    return found->scheme;
  AskedScheme released = releaseParts(asked, found->gaps);
  ConversionScheme first;
  if (asked[static_cast<size_t>(SchemePart::maxPool)].value_or(0) != 0)
    first.set(SchemePart::maxPool, 1);
  auto nearest = SchemeSearch(module, plan, released, first, has).run();
  if (!nearest || !nearest->gaps.empty()) {
    emitGaps(found->gaps, target,
             plan.convert.samples.empty()
                 ? "inputs and outputs as spikes need the range of their "
                   "values; pass --calibrate=DATA"
                 : "no choice of this conversion is legal there");
    return makeReportedError();
  }
  ConversionPlan legal = plan;
  legal.scheme = nearest->scheme;
  std::string flags = legal.scheme.getFlags();
  emitGaps(found->gaps, target,
           "the nearest that is legal there is " +
               (flags.empty() ? "the default" : flags) + "; " + measure(legal));
  return makeReportedError();
}
