#include "spikeformer/Mapping/TreeRouter.h"
#include "TreeGrower.h"
#include "TreeJobs.h"
#include <numeric>

using namespace spikeformer;

namespace {
class Router_ {
public:
  Router_(const RoutingProblem &problem, const TreeRouterOptions &options)
      : problem(problem), options(options), jobs(problem),
        distances(problem.machine), loads(distances.getNumWires()),
        grower(problem.machine, distances, loads) {}

  TreeRouterResult run() {
    std::vector<uint32_t> order(jobs.jobs.size());
    std::iota(order.begin(), order.end(), 0);
    llvm::sort(order, [&](uint32_t a, uint32_t b) {
      return std::pair(-jobs.jobs[a].packets, a) <
             std::pair(-jobs.jobs[b].packets, b);
    });
    trees.resize(jobs.jobs.size());
    for (uint32_t job : order) {
      const TreeJob &j = jobs.jobs[job];
      grower.start(j.source);
      auto targets = llvm::ArrayRef(jobs.groups[j.group].routers);
      bool ok = options.shape == TreeShape::longestDimension
                    ? grower.growLongestDimension(targets)
                : options.shape == TreeShape::neighbourExploring
                    ? grower.growNeighbourExploring(targets)
                    : grower.growNearestFirst(targets);
      (void)ok;
      trees[job] = grower.getNodes();
      for (auto &n : llvm::drop_begin(grower.getNodes()))
        loads[n.wire] += j.packets;
    }
    emit();
    return std::move(result);
  }
  void emit() {
    auto &out = result.trees;
    out.treeOf = jobs.jobOfMessage;
    for (uint32_t job = 0; job < trees.size(); ++job) {
      auto &group = jobs.groups[jobs.jobs[job].group];
      size_t first = out.branches.size();
      for (auto &n : trees[job]) {
        out.branches.push_back(
            {n.router, n.wire == noIndex ? noIndex : distances.getBack(n.wire),
             {}});
        if (n.wire != noIndex)
          out.branches[first + n.parent].route.addPort(
              n.wire % distances.getNumPorts());
        auto it = llvm::lower_bound(group.routers, n.router);
        if (it != group.routers.end() && *it == n.router)
          out.branches.back().route.cores =
              group.cores[it - group.routers.begin()].cores;
      }
      out.offsets.push_back(out.branches.size());
    }
  }

private:
  const RoutingProblem &problem;
  const TreeRouterOptions &options;
  TreeJobs jobs;
  RouterDistances distances;
  std::vector<double> loads;
  TreeGrower grower;
  std::vector<std::vector<TreeNode>> trees;
  TreeRouterResult result;
};
} // namespace

TreeRouterResult spikeformer::route(const RoutingProblem &problem,
                                    const TreeRouterOptions &options) {
  return Router_(problem, options).run();
}
