//===- Sparse.cpp - CSR and random graphs ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SynapseNumbers.h"
#include "spikeformer-rt/Random.h"
#include "spikeformer/Dialect/SNN/IR/ParameterData.h"
#include "spikeformer/Dialect/SNN/IR/SNNConnectivity.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::snn;

//===----------------------------------------------------------------------===//
// CSR
//===----------------------------------------------------------------------===//

LogicalResult CSRAttr::verifyShapes(function_ref<InFlightDiagnostic()>,
                                    ArrayRef<int64_t>,
                                    ArrayRef<int64_t>) const {
  return success();
}

SmallVector<int64_t> CSRAttr::getWeightShape(ArrayRef<int64_t>,
                                             ArrayRef<int64_t>) const {
  return {ShapedType::kDynamic};
}

static LogicalResult checkRows(Operation *user, const Tensor &rows,
                               int64_t sources, int64_t synapses) {
  if (rows.getNumElements() != sources + 1)
    return user->emitOpError("csr needs ")
           << sources + 1 << " row offsets for " << sources << " sources, got "
           << rows.getNumElements();
  if (rows.getAsDouble(0) != 0 || rows.getAsDouble(sources) != synapses)
    return user->emitOpError("csr rows need to begin at 0 and to end at the "
                             "number of columns, ")
           << synapses;
  for (int64_t s = 0; s < sources; ++s)
    if (rows.getAsDouble(s) > rows.getAsDouble(s + 1))
      return user->emitOpError("csr row ")
             << s << " ends before it begins; offsets need to ascend";
  return success();
}

static LogicalResult checkColumns(Operation *user, const SynapseTable &table,
                                  const Tensor &columns, int64_t targets) {
  for (uint64_t s = 0; s + 1 < table.rows.size(); ++s)
    for (uint64_t k = table.rows[s]; k < table.rows[s + 1]; ++k) {
      double target = columns.getAsDouble(k);
      if (target < 0 || target >= targets)
        return user->emitOpError("csr column ")
               << k << " needs a target from 0 to " << targets - 1 << ", got "
               << static_cast<int64_t>(target);
      if (k > table.rows[s] && target < columns.getAsDouble(k - 1))
        return user->emitOpError("csr columns of row ")
               << s << " need to ascend";
    }
  return success();
}

FailureOr<SynapseTable> CSRAttr::expand(Operation *user,
                                        ArrayRef<int64_t> source,
                                        ArrayRef<int64_t> target) const {
  FailureOr<Tensor> rows = loadParameter(user, getRows());
  FailureOr<Tensor> columns = loadParameter(user, getColumns());
  if (failed(rows) || failed(columns))
    return failure();
  int64_t sources = ShapedType::getNumElements(source);
  if (failed(checkRows(user, *rows, sources, columns->getNumElements())))
    return failure();
  SynapseTable table;
  for (int64_t s = 0; s <= sources; ++s)
    table.rows.push_back(rows->getAsDouble(s));
  if (failed(checkColumns(user, table, *columns,
                          ShapedType::getNumElements(target))))
    return failure();
  for (int64_t k = 0; k < columns->getNumElements(); ++k)
    table.targets.push_back(columns->getAsDouble(k));
  numberWeights(table);
  return table;
}

//===----------------------------------------------------------------------===//
// FixedProbability
//===----------------------------------------------------------------------===//

LogicalResult
FixedProbabilityAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                             FloatAttr p, uint64_t, bool, Generator generator,
                             uint64_t seed, uint32_t stream) {
  double value = p.getValueAsDouble();
  if (!(value >= 0 && value <= 1))
    return emitError() << "fixed_probability needs p from 0 to 1, got " << p;
  if (generator == Generator::mix64 && stream != 0)
    return emitError() << "generator mix64 has no stream (use 0)";
  if (generator == Generator::philox && seed > UINT32_MAX)
    return emitError() << "generator philox needs a seed below 2^32, got "
                       << seed;
  return success();
}

LogicalResult
FixedProbabilityAttr::verifyShapes(function_ref<InFlightDiagnostic()> emitError,
                                   ArrayRef<int64_t> source,
                                   ArrayRef<int64_t> target) const {
  if (getSelf() ||
      ShapedType::getNumElements(source) == ShapedType::getNumElements(target))
    return success();
  return emitError() << "fixed_probability with self = false needs as many "
                        "sources as targets";
}

SmallVector<int64_t>
FixedProbabilityAttr::getWeightShape(ArrayRef<int64_t>,
                                     ArrayRef<int64_t>) const {
  return {ShapedType::kDynamic};
}

FailureOr<SynapseTable>
FixedProbabilityAttr::expand(Operation *, ArrayRef<int64_t> source,
                             ArrayRef<int64_t> target) const {
  uint64_t sources = ShapedType::getNumElements(source);
  uint64_t targets = ShapedType::getNumElements(target);
  auto limit =
      static_cast<uint32_t>(std::floor(getP().getValueAsDouble() * 0x1p24));
  bool portable = getGenerator() == Generator::mix64;
  SynapseTable table;
  table.rows.push_back(0);
  for (uint64_t s = 0; s < sources; ++s) {
    for (uint64_t t = 0; t < targets; ++t) {
      uint64_t pair = (getFirst() + s) * targets + t;
      uint32_t bits =
          portable ? rt::hashBits24(getSeed(), pair)
                   : rt::philoxWord(getSeed(), getStream(), pair, 0, 0) >> 8;
      if (bits < limit && (getSelf() || getFirst() + s != t))
        table.targets.push_back(t);
    }
    table.rows.push_back(table.targets.size());
  }
  numberWeights(table);
  return table;
}

//===----------------------------------------------------------------------===//
// FixedTotal
//===----------------------------------------------------------------------===//

LogicalResult FixedTotalAttr::verifyShapes(function_ref<InFlightDiagnostic()>,
                                           ArrayRef<int64_t>,
                                           ArrayRef<int64_t>) const {
  return success();
}

SmallVector<int64_t> FixedTotalAttr::getWeightShape(ArrayRef<int64_t>,
                                                    ArrayRef<int64_t>) const {
  return {ShapedType::kDynamic};
}

FailureOr<SynapseTable> FixedTotalAttr::expand(Operation *,
                                               ArrayRef<int64_t> source,
                                               ArrayRef<int64_t> target) const {
  uint64_t sources = ShapedType::getNumElements(source);
  uint64_t targets = ShapedType::getNumElements(target);
  // floor(u S) in integers: the upper word of the product.
  auto draw = [&](uint64_t k) {
    rt::PhiloxBlock block =
        rt::philoxBlock(getSeed(), getStream(), k, /*step=*/0, /*sample=*/0);
    return std::pair<uint64_t, uint32_t>(block[0] * sources >> 32,
                                         block[1] * targets >> 32);
  };
  SynapseTable table;
  table.rows.assign(sources + 1, 0);
  for (uint64_t k = 0; k < getCount(); ++k)
    ++table.rows[draw(k).first + 1];
  for (uint64_t s = 0; s < sources; ++s)
    table.rows[s + 1] += table.rows[s];
  table.targets.resize(getCount());
  std::vector<uint64_t> next(table.rows.begin(), table.rows.end() - 1);
  for (uint64_t k = 0; k < getCount(); ++k) {
    auto [s, t] = draw(k);
    table.targets[next[s]++] = t;
  }
  numberWeights(table);
  return table;
}
