//===- SonataSpikes.cpp - spikes in SONATA files --------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/SonataSpikes.h"
#include "spikeformer/Support/HDF5/Tree.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// Spikes that need less than this of a step to be on a tie are on it: times
/// are decimal numbers and steps are not.
static constexpr double tieTolerance = 1e-6;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// Takes spikes out of a group of a file that was read.
class SpikesReader {
public:
  SpikesReader(const Group &group, Findings &findings)
      : group(group), findings(findings) {}

  SpikeTrains read();

private:
  const Tensor *findColumn(ArrayRef<StringRef> names, StringRef need,
                           std::string &path);
  double getUnit(StringRef path, StringRef name);
  void readNeurons(const Tensor &column, StringRef path, SpikeTrains &trains);
  void readTimes(const Tensor &column, StringRef path, SpikeTrains &trains);

  const Group &group;
  Findings &findings;
};
} // namespace

/// The one-dimensional array under the first of `names` that is there.
const Tensor *SpikesReader::findColumn(ArrayRef<StringRef> names,
                                       StringRef need, std::string &path) {
  for (StringRef name : names) {
    const Value *value = group.findDataset(name);
    if (!value)
      continue;
    path = group.getPath(name);
    if (value->kind == Value::Kind::number && value->tensor.getRank() == 1)
      return &value->tensor;
    if (!value->isReported())
      findings.addError(path, name + " is " + value->describe() + ", need " +
                                  need + " [spike]");
    return nullptr;
  }
  findings.addError(group.getPath(names.front()),
                    names.front() + " is missing; spikes are two arrays, "
                                    "node_ids and timestamps");
  return nullptr;
}

/// Seconds of one unit of the times.
double SpikesReader::getUnit(StringRef path, StringRef name) {
  // Files without the attribute are in milliseconds, as all of SONATA is.
  StringRef unit = group.findText((name + "@units").str())
                       .value_or(group.findText("units").value_or("ms"));
  if (unit == "ms" || unit == "milliseconds")
    return 1e-3;
  if (unit == "s" || unit == "seconds")
    return 1;
  findings.addError(path, "unknown units: needs ms or s, has " + quote(unit));
  return 1;
}

void SpikesReader::readNeurons(const Tensor &column, StringRef path,
                               SpikeTrains &trains) {
  for (int64_t i = 0, e = column.getNumElements(); i < e; ++i) {
    double id = column.getAsDouble(i);
    if (id >= 0 && id <= 9e15 && std::floor(id) == id) {
      trains.neurons.push_back(static_cast<uint64_t>(id));
      continue;
    }
    findings.addError(path, "spike " + llvm::Twine(i) +
                                " is of no neuron: need an integer from 0, "
                                "have " +
                                formatNumber(id));
    return;
  }
}

void SpikesReader::readTimes(const Tensor &column, StringRef path,
                             SpikeTrains &trains) {
  double unit = getUnit(path, StringRef(path).rsplit('/').second);
  for (int64_t i = 0, e = column.getNumElements(); i < e; ++i) {
    double time = column.getAsDouble(i);
    if (std::isfinite(time) && time >= 0) {
      trains.seconds.push_back(time * unit);
      continue;
    }
    findings.addError(path, "the time of spike " + llvm::Twine(i) + " is " +
                                formatNumber(time) +
                                "; need finite times from 0");
    return;
  }
}

SpikeTrains SpikesReader::read() {
  SpikeTrains trains;
  std::string idsPath, timesPath;
  const Tensor *ids =
      findColumn({"node_ids", "gids"}, "an array of integers", idsPath);
  const Tensor *times =
      findColumn({"timestamps"}, "an array of floats", timesPath);
  if (!ids || !times)
    return trains;
  if (ids->getNumElements() != times->getNumElements()) {
    findings.addError(timesPath,
                      "there is not one time for each neuron: need " +
                          llvm::Twine(ids->getNumElements()) + " times, have " +
                          llvm::Twine(times->getNumElements()));
    return trains;
  }
  readNeurons(*ids, idsPath, trains);
  readTimes(*times, timesPath, trains);
  return trains;
}

/// The group with the spikes that are asked for; null after a finding.
static const Group *findSpikes(const Group &root, StringRef population,
                               StringRef fallback, Findings &findings) {
  const Group *spikes = root.findGroup("spikes");
  if (!spikes) {
    findings.addError("/spikes", "the group is missing; a file of spikes has "
                                 "/spikes/POPULATION/timestamps");
    return nullptr;
  }
  if (spikes->findDataset("timestamps") || spikes->groups.empty())
    return spikes;
  bool isOnly = spikes->groups.size() == 1 && population.empty();
  if (isOnly)
    return &spikes->groups.front();
  StringRef name = population.empty() ? fallback : population;
  if (const Group *found = spikes->findGroup(name))
    return found;
  auto names = llvm::map_range(spikes->groups, [](const Group &group) {
    return quote(group.getName());
  });
  findings.addError("/spikes", "there is no population " + quote(name) +
                                   "; there are " + llvm::join(names, ", ") +
                                   ", and FILE.h5:POPULATION names one");
  return nullptr;
}

llvm::Expected<SpikeTrains> hdf5::readSonataSpikes(StringRef path,
                                                   StringRef population,
                                                   StringRef fallback) {
  auto tree = readTree(path, "a SONATA file of spikes", [](StringRef path) {
    return path == "/spikes" || path.starts_with("/spikes/");
  });
  if (!tree)
    return tree.takeError();
  SpikeTrains trains;
  const Group *group = nullptr;
  if (!tree->findings.hasErrors())
    group = findSpikes(tree->root, population, fallback, tree->findings);
  if (group) {
    trains = SpikesReader(*group, tree->findings).read();
    if (group->path != "/spikes")
      trains.population = group->getName().str();
  }
  if (llvm::Error errors = tree->findings.takeErrors(path))
    return std::move(errors);
  return std::move(trains);
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

llvm::Expected<Tensor> hdf5::binSpikes(const SpikeTrains &trains,
                                       const SpikeGrid &grid,
                                       LostSpikes &lost) {
  Tensor result({1, grid.steps, grid.neurons}, ElementType::boolean);
  MutableArrayRef<uint8_t> bits = result.data<uint8_t>();
  for (auto [neuron, seconds] :
       llvm::zip_equal(trains.neurons, trains.seconds)) {
    if (neuron >= static_cast<uint64_t>(grid.neurons)) {
      ++lost.foreign;
      continue;
    }
    double place = std::floor(seconds / grid.dt + 0.5 + tieTolerance);
    if (place > static_cast<double>(grid.steps)) {
      ++lost.late;
      continue;
    }
    int64_t step = std::max<int64_t>(static_cast<int64_t>(place) - 1, 0);
    uint8_t &bit = bits[step * grid.neurons + neuron];
    if (bit)
      return llvm::createStringError(
          "neuron " + llvm::Twine(neuron) + " has two spikes in step " +
          llvm::Twine(step) + " (around " + formatNumber(seconds * 1e3) +
          " ms); import the network with a shorter --dt");
    bit = 1;
  }
  return result;
}
