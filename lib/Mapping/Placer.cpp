#include "spikeformer/Mapping/Placer.h"
#include "PlacementAnnealer.h"
#include "PlacementRegion.h"
#include "PlacementStart.h"
#include "SliceCoordinates.h"
#include <cstdlib>

using namespace spikeformer;

PlacerResult spikeformer::place(const PlacementProblem &problem,
                                const PlacerOptions &options) {
  PlacerResult result;
  const MachineGraph &machine = problem.machine;
  RouterDistances distances(machine);
  PlacementRegion region(problem, distances);
  PlacementNets nets(problem.messages, problem.slices.size());
  static unsigned rounds = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 20;
  static double hot = getenv("HOT") ? atof(getenv("HOT")) : 0.03;
  static double cold = getenv("COLD") ? atof(getenv("COLD")) : 0.01;
  static double evals = getenv("EVALS") ? atof(getenv("EVALS")) : 10;
  auto coordinates = computeSliceCoordinates(nets, problem.slices.size(),
                                             rounds, options.seed);
  Occupancy occupancy(machine, problem.slices);
  for (uint32_t slice = 0; slice < problem.pins.size(); ++slice)
    if (problem.pins[slice] != noIndex)
      occupancy.add(slice, problem.pins[slice]);
  auto routers = llvm::ArrayRef(region.order).take_front(region.least);
  auto rest = placeByHalves(problem, routers, coordinates, occupancy);
  if (!rest.empty()) {
    result.violations.push_back({"room", "machine", "no room", "", "", ""});
    return result;
  }
  if (evals > 0) {
    PlacementAnnealer annealer(problem, nets, distances, routers, occupancy,
                               options.seed);
    annealer.run(evals * problem.slices.size(), hot, cold,
                 [] { return false; });
  }
  result.placement = occupancy.getPlacement();
  return result;
}
