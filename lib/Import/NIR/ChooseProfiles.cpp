//===- ChooseProfiles.cpp - which profile holds where ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ChooseProfiles.h"
#include "spikeformer/Support/Diagnostics.h"
#include "llvm/ADT/SetVector.h"

using namespace spikeformer;
using namespace spikeformer::nir;

namespace {
/// Reads a list of profiles, all errors of it.
class Chooser {
public:
  Chooser(const Graph &graph, ArrayRef<Profile> known, Location loc)
      : graph(graph), known(known), loc(loc) {}

  void add(StringRef text);
  std::optional<ProfileChoice> take(bool hasFlags);

private:
  const Profile *find(StringRef name);
  bool needsOne(const Node &node) const {
    return node.info->nodeClass == NodeClass::neuron;
  }

  const Graph &graph;
  ArrayRef<Profile> known;
  Location loc;
  ProfileChoice choice;
  bool failed = false;
};
} // namespace

const Profile *Chooser::find(StringRef name) {
  const Profile *profile = findProfile(known, name);
  if (!profile) {
    failed = true;
    emitError(loc) << "there is no profile '" << name << "'; there are"
                   << listProfiles(known);
  }
  return profile;
}

void Chooser::add(StringRef text) {
  // Names of nodes may have a '=', those of profiles have none.
  auto [node, name] = text.rsplit('=');
  if (node.size() == text.size()) {
    const Profile *profile = find(text);
    if (profile && choice.common && choice.common != profile) {
      failed = true;
      emitError(loc) << "needs one profile for all nodes, has '"
                     << choice.common->name << "' and '" << profile->name
                     << "'; for one node write --profile=NODE=NAME";
    }
    choice.common = profile;
    return;
  }
  const auto *found = graph.nodes.find(node.str());
  if (found == graph.nodes.end()) {
    failed = true;
    emitError(loc) << "--profile=" << text << ": there is no node '" << node
                   << "'";
    return;
  }
  choice.byNode[node] = find(name);
}

std::optional<ProfileChoice> Chooser::take(bool hasFlags) {
  if (failed)
    return std::nullopt;
  std::string missing;
  const Profile *first = nullptr;
  for (const auto &[name, node] : graph.nodes) {
    if (!needsOne(node))
      continue;
    auto own = choice.byNode.find(name);
    if (own == choice.byNode.end())
      missing += (missing.empty() ? "'" : ", '") + name + "'";
    else if (!first)
      first = own->second;
  }
  if (!choice.common && hasFlags && missing.empty())
    choice.common = first;
  if (choice.common)
    return std::move(choice);
  auto error = emitError(loc);
  error << "NIR says the equations and not what a step is: needs "
           "--profile=NAME";
  if (hasFlags)
    error << " for " << (missing.empty() ? "all nodes" : missing);
  error << ", one of" << listProfiles(known);
  return std::nullopt;
}

std::optional<ProfileChoice>
nir::chooseProfiles(const Graph &graph, const Semantics &semantics,
                    const ImportNIROptions &options, Location loc) {
  Chooser chooser(graph, options.known, loc);
  bool hasFlags = !options.profiles.empty();
  ArrayRef<std::string> texts(hasFlags ? options.profiles : semantics.profiles);
  for (const std::string &text : texts)
    chooser.add(text);
  return chooser.take(!texts.empty());
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

/// The first time constant below `dt`.
static const ParameterInfo *findShort(const Node &node, double dt) {
  for (const ParameterInfo &parameter : node.info->parameters) {
    const Tensor *tensor = node.findTensor(parameter.name);
    if (!tensor || !parameter.name.starts_with("tau"))
      continue;
    for (int64_t i = 0, e = tensor->getNumElements(); i < e; ++i)
      if (tensor->getAsDouble(i) < dt)
        return &parameter;
  }
  return nullptr;
}

void nir::warnOfLosses(const Graph &graph, const ProfileChoice &choice,
                       std::optional<double> dt, StringRef file,
                       MLIRContext &context) {
  llvm::SetVector<std::pair<const Profile *, const Loss *>> losses;
  for (const auto &[name, node] : graph.nodes) {
    const Profile &profile = choice.get(name);
    for (const Loss &loss : profile.losses)
      if (llvm::is_contained(loss.nodes, node.info->type))
        losses.insert({&profile, &loss});
    double step = dt.value_or(profile.dt);
    const ParameterInfo *tau = findShort(node, step);
    if (!tau)
      continue;
    auto warning = emitWarning(getPartLocation(&context, file, node.path));
    warning << tau->name << " is below the step of " << step;
    if (!profile.tauBelowStep.empty())
      warning << "; " << profile.tauBelowStep;
  }
  for (auto [profile, loss] : losses)
    emitWarning(getPartLocation(&context, file, ""))
        << "the software of profile '" << profile->name << "' " << loss->what
        << ": what the network had of them, the file lacks";
}
