//===- PartitionCuts.cpp - which neurons share a slice --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PartitionCuts.h"
#include "PartitionSets.h"
#include "spikeformer/Mapping/PopulationSplit.h"

using namespace spikeformer;
using namespace spikeformer::pnr;

/// Rounds in which each origin is cut again for its neighbours as they are cut.
static constexpr unsigned numSweeps = 2;
/// Sets of neurons are taken if no more than this share of the packets is left.
static constexpr double worthwhileShare = 0.95;
/// At most this share of the fewest slices is spent on fewer packets.
static constexpr uint32_t slackDivisor = 8;

NetworkCutter::NetworkCutter(snn::NetworkOp network, ArrayRef<Value> origins,
                             const MachineGraph &machine,
                             const SliceCosts &costs, const SpikeRates &rates,
                             int64_t maxNeurons)
    : network(network), origins(origins), machine(machine), costs(costs),
      rates(rates) {
  for (Value origin : origins)
    most[origin] =
        std::min(costs.getMaxNeurons(origin.getDefiningOp()), maxNeurons);
  makeRoom();
}

void NetworkCutter::makeRoom() {
  size_t width = machine.getResources().size();
  room.resize(width);
  for (RouterIndex router = 0; router < machine.getRouters().size(); ++router)
    for (size_t i = 0; i < width; ++i)
      room[i] = std::max(room[i], machine.getRouterCapacity(router)[i]);
  for (CoreIndex core = 0; core < machine.getCores().size(); ++core)
    for (size_t i = 0; i < width; ++i)
      room[i] = std::max(room[i], machine.getCoreCapacity(core)[i]);
}

/// Fails for those that cannot be traced, which listOrigins has reported.
void NetworkCutter::listNeighbours() {
  for (auto population : network.getBody().getOps<snn::PopulationOp>())
    for (Value current : population.getInputs()) {
      auto project = current.getDefiningOp<snn::ProjectOp>();
      llvm::SmallSetVector<Value, 4> ends;
      ends.insert(population.getSpikes());
      for (const snn::OriginRun &run : *snn::traceSignal(project.getSource()))
        ends.insert(run.origin);
      for (Value end : ends)
        neighbours[end].push_back(project);
    }
}

//===----------------------------------------------------------------------===//
// One origin
//===----------------------------------------------------------------------===//

namespace {

/// What slices of one origin cost while the others are cut as they are.
class SliceJudge {
public:
  SliceJudge(Value origin, const snn::NetworkCuts &cuts,
             const SliceCosts &costs, const SpikeRates &rates)
      : origin(origin), shape(snn::getOriginShape(origin)), cuts(cuts),
        costs(costs) {
    for (const auto &[source, cut] : cuts.origins)
      for (const snn::NeuronRanges &ranges : cut.slices)
        packets.push_back(rates.sum(source, ranges));
  }

  LogicalResult addCounters(snn::IncomingTables &tables) {
    auto population = origin.getDefiningOp<snn::PopulationOp>();
    if (!population)
      return success();
    for (Value current : population.getInputs()) {
      auto counter = snn::SynapseCounter::create(
          current.getDefiningOp<snn::ProjectOp>(), cuts, 1,
          snn::Counting::estimated, tables);
      if (failed(counter))
        return failure();
      counters.push_back(std::move(*counter));
    }
    return success();
  }

  /// Fills in what `ranges` use, and their number last.
  void describe(const snn::NeuronRanges &ranges,
                MutableArrayRef<int64_t> usage) {
    link(ranges);
    std::vector<IncomingSynapses> incoming;
    for (const snn::SliceLink &link : links)
      incoming.push_back({link.sourceNeurons, link.synapses, link.longestRow});
    usage.back() = snn::countNeurons(ranges, shape);
    costs.usageOf({origin.getDefiningOp(), usage.back(), incoming},
                  usage.drop_back());
  }

  /// Packets of all slices that `ranges` have synapses from.
  double countPackets(const snn::NeuronRanges &ranges) {
    link(ranges);
    llvm::SmallSetVector<uint32_t, 16> sources;
    for (const snn::SliceLink &link : links)
      sources.insert(link.source);
    double sum = 0;
    for (uint32_t source : sources)
      sum += packets[source];
    return sum;
  }

private:
  /// Both questions are asked of the same neurons in turn.
  void link(const snn::NeuronRanges &ranges) {
    if (ranges == linked)
      return;
    linked = ranges;
    links.clear();
    for (const auto &counter : counters)
      counter->countInto(ranges, 0, links);
  }

  Value origin;
  ArrayRef<int64_t> shape;
  const snn::NetworkCuts &cuts;
  const SliceCosts &costs;
  /// By slice of the network.
  std::vector<double> packets;
  std::vector<std::unique_ptr<snn::SynapseCounter>> counters;
  snn::NeuronRanges linked;
  std::vector<snn::SliceLink> links;
};

} // namespace

static snn::NeuronRanges toRanges(const Box &box) {
  snn::NeuronRanges ranges;
  for (auto [low, high] : llvm::zip_equal(box.low, box.high))
    ranges.append({low, high});
  return ranges;
}

/// True if `origin` can be cut in several ways, and must be cut.
bool NetworkCutter::isShaped(Value origin) const {
  return snn::getOriginShape(origin).size() > 1 &&
         cuts.get(origin).slices.size() > 1;
}

/// Cuts `origin` in one way, for sources as they are cut. Neurons that are too
/// large alone are in slices all the same.
LogicalResult NetworkCutter::cut(Value origin, CutWay way) {
  SliceJudge judge(origin, cuts, costs, rates);
  if (failed(judge.addCounters(tables)))
    return failure();
  auto usageOf = [&](uint32_t, const Box &box, MutableArrayRef<int64_t> used) {
    judge.describe(toRanges(box), used);
  };
  auto packetsInto = [&](uint32_t, const Box &box) {
    return judge.countPackets(toRanges(box));
  };
  ArrayRef<int64_t> shape = snn::getOriginShape(origin);
  PopulationSplit split;
  ShapedPopulation &population = split.populations.emplace_back();
  population.shape.assign(shape.begin(), shape.end());
  if (way.flat)
    population.shape = {ShapedType::getNumElements(shape)};
  split.resources = machine.getResources();
  split.resources.push_back({"neurons", "neurons", ResourceScope::core});
  split.capacity = room;
  split.capacity.push_back(most[origin]);
  split.usageOf = usageOf;
  split.packetsInto = packetsInto;
  split.dimension = way.dimension;
  Slices slices;
  for (const Box &box : splitPopulations(split).boxes)
    slices.push_back(toRanges(box));
  cuts.set(origin, std::move(slices));
  return success();
}

/// Packets that slices send each other over `projects`.
double NetworkCutter::countPackets(ArrayRef<snn::ProjectOp> projects) {
  std::vector<snn::SliceLink> found;
  for (snn::ProjectOp project : projects)
    for (Operation *user : project->getUsers()) {
      const snn::NetworkCuts::Cut &target =
          cuts.get(cast<snn::PopulationOp>(user).getSpikes());
      auto counter =
          snn::SynapseCounter::create(project, cuts, target.slices.size(),
                                      snn::Counting::estimated, tables);
      uint32_t number = target.firstSlice;
      for (const snn::NeuronRanges &ranges : target.slices)
        (*counter)->countInto(ranges, number++, found);
    }
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (const snn::SliceLink &link : found)
    if (link.source != link.target)
      pairs.push_back({link.source, link.target});
  llvm::sort(pairs);
  pairs.erase(llvm::unique(pairs), pairs.end());
  std::vector<double> packets;
  for (const auto &[source, cut] : cuts.origins)
    for (const snn::NeuronRanges &ranges : cut.slices)
      packets.push_back(rates.sum(source, ranges));
  double sum = 0;
  for (auto [source, target] : pairs)
    sum += packets[source];
  return sum;
}

/// The candidate with the fewest packets and at most `limit` slices; of equal
/// ones the first.
static size_t chooseBest(ArrayRef<std::pair<double, size_t>> candidates,
                         size_t limit) {
  double least = std::numeric_limits<double>::infinity();
  size_t best = 0;
  for (auto [i, candidate] : llvm::enumerate(candidates)) {
    auto [packets, slices] = candidate;
    if (slices <= limit && packets < least) {
      least = packets;
      best = i;
    }
  }
  return best;
}

/// Cuts `origin` in the way that sends the fewest packets; of equal ones as it
/// is, then into ranges.
LogicalResult NetworkCutter::improve(Value origin) {
  ArrayRef<int64_t> shape = snn::getOriginShape(origin);
  SmallVector<CutWay> candidates = {ways[origin], {}, {false, std::nullopt}};
  for (uint32_t i = 0; i < shape.size(); ++i)
    if (shape[i] > 1)
      candidates.push_back({false, i});
  std::vector<Slices> found;
  std::vector<std::pair<double, size_t>> worth;
  for (CutWay way : candidates) {
    if (failed(cut(origin, way)))
      return failure();
    found.push_back(cuts.get(origin).slices);
    worth.push_back({countPackets(neighbours[origin]), cuts.getNumSlices()});
  }
  size_t best = chooseBest(worth, maxSlices);
  ways[origin] = candidates[best];
  cuts.set(origin, std::move(found[best]));
  return success();
}

/// True if `slices` of `origin` fit, for sources as they are cut.
FailureOr<bool> NetworkCutter::fits(Value origin, const Slices &slices) {
  SliceJudge judge(origin, cuts, costs, rates);
  if (failed(judge.addCounters(tables)))
    return failure();
  std::vector<int64_t> used(room.size() + 1);
  for (const snn::NeuronRanges &ranges : slices) {
    std::fill(used.begin(), used.end(), 0);
    judge.describe(ranges, used);
    for (auto [have, need] : llvm::zip_first(room, used))
      if (need > have)
        return false;
  }
  return true;
}

/// Cuts `origin` into sets of neurons that fit, if there are such.
LogicalResult NetworkCutter::cutIntoSets(Value origin) {
  Slices sets = findNeuronSets(origin, most[origin], neighbours[origin], cuts,
                               tables, rates);
  FailureOr<bool> fit = fits(origin, sets);
  if (failed(fit))
    return failure();
  if (*fit && !sets.empty())
    cuts.set(origin, std::move(sets));
  return success();
}

/// Cuts `origin`, then those that send to it one to one, into sets of neurons;
/// back to what they were if that is not worth it.
LogicalResult NetworkCutter::regroup(Value origin) {
  if (!mayHideSets(origin, neighbours[origin], cuts))
    return success();
  llvm::SetVector<Value> group;
  group.insert(origin);
  for (Value partner : listPartners(origin, neighbours[origin], cuts))
    group.insert(partner);
  llvm::SetVector<snn::ProjectOp> projects;
  for (Value member : group)
    projects.insert_range(neighbours[member]);
  double before = countPackets(projects.getArrayRef());
  SmallVector<std::pair<Value, Slices>> saved;
  for (Value member : group) {
    saved.push_back({member, cuts.get(member).slices});
    if (failed(cutIntoSets(member)))
      return failure();
  }
  if (countPackets(projects.getArrayRef()) > worthwhileShare * before)
    for (auto &[member, slices] : saved)
      cuts.set(member, std::move(slices));
  return success();
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

/// Links slices and fills in what they use.
LogicalResult NetworkCutter::measure() {
  auto found = snn::linkSlices(network, cuts, tables);
  if (failed(found))
    return failure();
  links = std::move(*found);
  std::vector<std::vector<IncomingSynapses>> incoming(cuts.getNumSlices());
  for (const snn::SliceLink &link : links)
    incoming[link.target].push_back(
        {link.sourceNeurons, link.synapses, link.longestRow});
  size_t width = room.size();
  usage.assign(incoming.size() * width, 0);
  for (const auto &[origin, cut] : cuts.origins)
    for (uint32_t i = 0; i < cut.slices.size(); ++i) {
      uint32_t slice = cut.firstSlice + i;
      costs.usageOf(
          {origin.getDefiningOp(), cut.numNeurons[i], incoming[slice]},
          MutableArrayRef(usage).slice(slice * width, width));
    }
  return success();
}

LogicalResult NetworkCutter::failOrigin(Value origin, size_t resource,
                                        int64_t need) {
  const Resource &kind = machine.getResources()[resource];
  return emitError(origin.getLoc())
         << "one neuron of '" << snn::getOriginName(origin) << "' needs "
         << need << " " << kind.unit << " of '" << kind.name << "', machine '"
         << machine.getName() << "' has " << room[resource] << " on one "
         << (kind.scope == ResourceScope::core ? "core" : "router")
         << "; give it fewer synapses or take another machine";
}

/// Origins with a slice that does not fit, for their sources are cut finer now
/// or their graph was estimated, are cut again into smaller slices.
FailureOr<bool> NetworkCutter::shrink() {
  size_t width = room.size();
  SmallVector<Value> tooLarge;
  bool good = true;
  for (const auto &[origin, cut] : cuts.origins) {
    int64_t limit = most[origin], smaller = limit;
    for (uint32_t i = 0; i < cut.slices.size(); ++i)
      for (size_t resource = 0; resource < width; ++resource) {
        int64_t need = usage[(cut.firstSlice + i) * width + resource];
        if (need <= room[resource])
          continue;
        int64_t neurons = cut.numNeurons[i];
        if (neurons == 1) {
          good = succeeded(failOrigin(origin, resource, need));
          break;
        }
        // At least an eighth at once, so that it ends soon.
        double share = double(room[resource]) / double(need);
        int64_t fitting = neurons * std::min(share, 0.875);
        smaller = std::min(smaller, std::max<int64_t>(fitting, 1));
      }
    if (smaller < limit) {
      most[origin] = smaller;
      tooLarge.push_back(origin);
    }
  }
  if (!good)
    return failure();
  for (Value origin : tooLarge)
    if (failed(cut(origin, ways[origin])))
      return failure();
  return !tooLarge.empty();
}

/// Cuts every origin with more than one slice in one way.
LogicalResult NetworkCutter::cutAll(CutWay way) {
  for (Value origin : origins) {
    CutWay own = way;
    own.flat |= !isShaped(origin) ||
                snn::getOriginShape(origin).size() <= way.dimension.value_or(0);
    if (own.flat)
      own.dimension.reset();
    ways[origin] = own;
    if (failed(cut(origin, own)))
      return failure();
  }
  return success();
}

/// Populations that send to each other are best cut alike, which none of them
/// can begin: all are cut in each way first, and from the best each alone.
LogicalResult NetworkCutter::search() {
  uint32_t rank = 0;
  for (Value origin : origins)
    if (isShaped(origin))
      rank = std::max<uint32_t>(rank, snn::getOriginShape(origin).size());
  if (rank == 0)
    return success();
  SmallVector<snn::ProjectOp> projects(
      network.getBody().getOps<snn::ProjectOp>());
  SmallVector<CutWay> candidates = {{}};
  for (uint32_t dimension = 0; dimension < rank; ++dimension)
    candidates.push_back({false, dimension});
  std::vector<std::pair<double, size_t>> worth;
  size_t fewest = SIZE_MAX;
  for (CutWay way : candidates) {
    if (failed(cutAll(way)))
      return failure();
    worth.push_back({countPackets(projects), cuts.getNumSlices()});
    fewest = std::min(fewest, worth.back().second);
  }
  maxSlices = fewest + fewest / slackDivisor;
  if (failed(cutAll(candidates[chooseBest(worth, maxSlices)])))
    return failure();
  for (unsigned sweep = 0; sweep < numSweeps; ++sweep)
    for (Value origin : origins)
      if (isShaped(origin) && failed(improve(origin)))
        return failure();
  return success();
}

LogicalResult NetworkCutter::run() {
  listNeighbours();
  // Sources of sources may come later: all begin as ranges.
  for (Value origin : origins) {
    int64_t neurons = ShapedType::getNumElements(snn::getOriginShape(origin));
    int64_t count = (neurons + most[origin] - 1) / most[origin];
    Slices slices;
    for (int64_t i = 0; i < count; ++i)
      slices.push_back({neurons * i / count, neurons * (i + 1) / count});
    cuts.set(origin, std::move(slices));
  }
  if (failed(cutAll({})) || failed(search()))
    return failure();
  // Those that come last first: sources are grouped by what targets are.
  for (Value origin : llvm::reverse(origins))
    if (failed(regroup(origin)))
      return failure();
  while (true) {
    if (failed(measure()))
      return failure();
    FailureOr<bool> changed = shrink();
    if (failed(changed))
      return failure();
    if (!*changed)
      return success();
  }
}
