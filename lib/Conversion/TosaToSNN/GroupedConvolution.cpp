//===- GroupedConvolution.cpp - convolutions computed group by group ------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tag is a hint; the structure is checked, because passes between an
// importer and this one may have changed it.
//
//===----------------------------------------------------------------------===//

#include "GroupedConvolution.h"
#include "llvm/ADT/Sequence.h"

using namespace spikeformer;
using namespace spikeformer::tosatosnn;

/// Whether `slice` takes group `index` of `count` along the channels.
static bool takesGroup(tosa::SliceOp slice, int64_t index, int64_t count) {
  ArrayRef<int64_t> whole =
      cast<RankedTensorType>(slice.getInput1().getType()).getShape();
  ArrayRef<int64_t> part = cast<RankedTensorType>(slice.getType()).getShape();
  DenseElementsAttr start;
  if (whole.size() != 4 || part[3] * count != whole[3] ||
      part.drop_back() != whole.drop_back() ||
      !matchPattern(slice.getStart(), m_Constant(&start)))
    return false;
  return llvm::equal(start.getValues<int64_t>(),
                     ArrayRef<int64_t>{0, 0, 0, index * part[3]});
}

static bool haveSameWindow(tosa::Conv2DOp a, tosa::Conv2DOp b) {
  return a.getPad() == b.getPad() && a.getStride() == b.getStride() &&
         a.getDilation() == b.getDilation() &&
         a.getWeight().getType() == b.getWeight().getType();
}

std::optional<GroupedConvolution>
tosatosnn::matchGroupedConvolution(tosa::ConcatOp concat) {
  if (!concat->hasAttr(groupedAttrName) || concat.getAxis() != 3)
    return std::nullopt;
  GroupedConvolution result;
  int64_t count = concat.getInput1().size();
  for (auto [index, operand] : llvm::enumerate(concat.getInput1())) {
    auto conv = operand.getDefiningOp<tosa::Conv2DOp>();
    auto slice =
        conv ? conv.getInput().getDefiningOp<tosa::SliceOp>() : nullptr;
    if (!slice || !operand.hasOneUse() || !takesGroup(slice, index, count))
      return std::nullopt;
    if (index == 0)
      result.input = slice.getInput1();
    if (slice.getInput1() != result.input)
      return std::nullopt;
    result.groups.push_back(conv);
    if (!haveSameWindow(conv, result.groups.front()))
      return std::nullopt;
  }
  return result;
}
