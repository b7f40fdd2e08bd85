//===- EventRing.h - slots of event rings -----------------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the events of a step lie.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_LIB_EVENTRING_H
#define SPIKEFORMER_RT_LIB_EVENTRING_H

#include "TargetClones.h"
#include "spikeformer-rt/Delivery.h"

namespace sfrt {

/// The slot of the present step, to be filled.
struct Slot {
  uint64_t *count;
  uint32_t *indices;
  unsigned char *values;

  Slot(const SfrtEventRing &ring, const SfrtFrame *frame) {
    unsigned char *base =
        frame->memory + ring.offset +
        static_cast<uint64_t>(frame->clock) % ring.slots * ring.slotBytes;
    count = reinterpret_cast<uint64_t *>(base);
    indices = reinterpret_cast<uint32_t *>(base + SFRT_EVENT_INDICES);
    values = base + ring.values;
  }
};

/// The events of one slot.
struct Events {
  uint64_t count;
  const uint32_t *indices;
  const unsigned char *values;
  uint32_t format;

  /// Those of `delay` steps ago; none before the beginning.
  SFRT_INLINE_MEMBER Events(const SfrtEventRing &ring, uint32_t delay,
                            const SfrtFrame *frame)
      : count(0), indices(nullptr), values(nullptr), format(ring.format) {
    if (frame->clock < static_cast<int64_t>(delay))
      return;
    uint64_t slot = static_cast<uint64_t>(frame->clock - delay) % ring.slots;
    const unsigned char *base =
        frame->memory + ring.offset + slot * ring.slotBytes;
    count = *reinterpret_cast<const uint64_t *>(base);
    indices = reinterpret_cast<const uint32_t *>(base + SFRT_EVENT_INDICES);
    values = base + ring.values;
  }

  template <typename A>
  SFRT_INLINE_MEMBER typename A::Value valueOf(uint64_t i) const {
    switch (format) {
    case SFRT_I32:
      return A::convert(reinterpret_cast<const int32_t *>(values)[i]);
    case SFRT_U32:
      return A::convert(reinterpret_cast<const uint32_t *>(values)[i]);
    case SFRT_F32:
      return A::convert(reinterpret_cast<const float *>(values)[i]);
    case SFRT_F64:
      return A::convert(reinterpret_cast<const double *>(values)[i]);
    default:
      return A::convert(1);
    }
  }
};

} // namespace sfrt

#endif // SPIKEFORMER_RT_LIB_EVENTRING_H
