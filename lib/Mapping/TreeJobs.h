//===- TreeJobs.h - different trees of a problem ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Messages from one router to the same slices need one tree between them. In a
// network of populations that is most messages.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_LIB_MAPPING_TREEJOBS_H
#define SPIKEFORMER_LIB_MAPPING_TREEJOBS_H

#include "spikeformer/Mapping/RoutingProblem.h"

namespace spikeformer {

/// Slices that some messages go to, by router.
struct TargetGroup {
  /// Ascending, with the cores on each.
  std::vector<RouterIndex> routers;
  std::vector<Route> cores;
};

/// A tree that is to be found.
struct TreeJob {
  RouterIndex source;
  /// Index into TreeJobs::groups.
  uint32_t group;
  /// Of all its messages.
  double packets;
};

/// The trees of a problem in order of their first messages.
struct TreeJobs {
  explicit TreeJobs(const RoutingProblem &problem);

  std::vector<TargetGroup> groups;
  std::vector<TreeJob> jobs;
  std::vector<uint32_t> jobOfMessage;
};

} // namespace spikeformer

#endif // SPIKEFORMER_LIB_MAPPING_TREEJOBS_H
