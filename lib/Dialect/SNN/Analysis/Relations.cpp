//===- Relations.cpp - what phases did to populations ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Analysis/Relations.h"
#include "mlir/IR/Builders.h"

using namespace spikeformer;
using namespace spikeformer::snn;

static constexpr StringLiteral attributeName = "snn.relations";

static ArrayRef<Attribute> getRelations(ModuleOp module) {
  auto array = module->getAttrOfType<ArrayAttr>(attributeName);
  return array ? array.getValue() : ArrayRef<Attribute>();
}

//===----------------------------------------------------------------------===//
// Details
//===----------------------------------------------------------------------===//

namespace {
/// What a detail of `renamed` says.
struct Renaming {
  StringAttr old;
  int64_t first = 0;
};
} // namespace

static std::optional<Renaming> readRenaming(Attribute detail) {
  if (auto old = dyn_cast<StringAttr>(detail))
    return Renaming{old, 0};
  auto part = dyn_cast<ArrayAttr>(detail);
  if (!part || part.size() != 2)
    return std::nullopt;
  auto old = dyn_cast<StringAttr>(part[0]);
  auto first = dyn_cast<IntegerAttr>(part[1]);
  if (!old || !first || first.getInt() < 0)
    return std::nullopt;
  return Renaming{old, first.getInt()};
}

static DictionaryAttr getScales(RelationAttr relation) {
  return relation.getDetails().getAs<DictionaryAttr>("scales");
}

/// The form that details of this kind need, or nothing if they have it.
static StringRef getNeededForm(RelationAttr relation) {
  DictionaryAttr details = relation.getDetails();
  auto all = [](DictionaryAttr entries, auto &&holds) {
    return llvm::all_of(
        entries, [&](NamedAttribute entry) { return holds(entry.getValue()); });
  };
  auto isScale = [](Attribute value) {
    auto number = dyn_cast<FloatAttr>(value);
    return number && number.getValue().isFiniteNonZero();
  };
  switch (relation.getKind()) {
  case RelationKind::identical:
    return details.empty() ? "" : "no details";
  case RelationKind::renamed:
    return all(details,
               [](Attribute value) { return readRenaming(value).has_value(); })
               ? ""
               : "\"new\" = \"old\" or \"new\" = [\"old\", first]";
  case RelationKind::retimed:
    return all(details, [](Attribute value) { return isa<IntegerAttr>(value); })
               ? ""
               : "\"population\" = steps";
  case RelationKind::requantised:
    return getScales(relation) && all(getScales(relation), isScale)
               ? ""
               : "scales = {\"population\" = scale}, none of them 0";
  case RelationKind::approximates:
    return details.getAs<StringAttr>("metric") ? "" : "metric = \"name\"";
  }
  llvm_unreachable("an unknown kind");
}

//===----------------------------------------------------------------------===//
// RelationChain
//===----------------------------------------------------------------------===//

FailureOr<RelationChain> RelationChain::create(ModuleOp module, size_t skip) {
  RelationChain chain;
  bool good = true;
  auto refuse = [&](size_t index) -> InFlightDiagnostic {
    good = false;
    return module.emitError(attributeName) << '[' << index << "] ";
  };
  for (auto [index, attribute] : llvm::enumerate(getRelations(module))) {
    auto relation = dyn_cast<RelationAttr>(attribute);
    if (!relation) {
      refuse(index) << "needs a #snn.relation, has " << attribute;
      continue;
    }
    StringRef form = getNeededForm(relation);
    if (!form.empty())
      refuse(index) << "of kind " << stringifyRelationKind(relation.getKind())
                    << " needs " << form << ", has " << relation.getDetails();
    if (index >= skip)
      chain.relations.push_back(relation);
  }
  if (!good)
    return failure();
  return chain;
}

Origin RelationChain::trace(StringRef population) const {
  Origin origin;
  origin.population = population.str();
  for (RelationAttr relation : llvm::reverse(relations)) {
    DictionaryAttr details = relation.getDetails();
    StringRef name = origin.population;
    if (relation.getKind() == RelationKind::renamed) {
      if (Attribute detail = details.get(name)) {
        Renaming renaming = *readRenaming(detail);
        origin.first += renaming.first;
        origin.population = renaming.old.str();
      }
    } else if (relation.getKind() == RelationKind::retimed) {
      if (auto steps = details.getAs<IntegerAttr>(name))
        origin.steps = origin.steps.value_or(0) + steps.getInt();
    } else if (relation.getKind() == RelationKind::requantised) {
      if (auto scale = getScales(relation).getAs<FloatAttr>(name))
        origin.scale *= scale.getValueAsDouble();
    }
  }
  return origin;
}

RelationKind RelationChain::getKind() const {
  RelationKind kind = RelationKind::identical;
  for (RelationAttr relation : relations)
    kind = std::max(kind, relation.getKind());
  return kind;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

size_t snn::countCommonRelations(ModuleOp a, ModuleOp b) {
  size_t count = 0;
  for (auto [first, second] : llvm::zip(getRelations(a), getRelations(b))) {
    if (first != second)
      break;
    ++count;
  }
  return count;
}

void snn::appendRelation(ModuleOp module, StringRef phase, RelationKind kind,
                         ArrayRef<NamedAttribute> details) {
  Builder builder(module.getContext());
  SmallVector<Attribute> all(getRelations(module));
  all.push_back(RelationAttr::get(module.getContext(),
                                  builder.getStringAttr(phase), kind,
                                  builder.getDictionaryAttr(details)));
  module->setAttr(attributeName, builder.getArrayAttr(all));
}
