//===- Profiles.cpp - what NIR leaves open --------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Import/NIR/Profiles.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::nir;

/// The text of Profiles.json.
static constexpr char coreTable[] =
#include "Profiles.inc"
    ;

const Rule &Profile::getRule(const NodeInfo &type, bool isRecurrent) const {
  if (isRecurrent)
    if (auto found = rules.find((type.name + "@recurrent").str());
        found != rules.end())
      return found->second;
  auto found = rules.find(type.name);
  return found != rules.end() ? found->second : rules.find("*")->second;
}

namespace {
/// Keeps all errors, so that members can be read one after another.
class ProfileReader {
public:
  llvm::Expected<std::vector<Profile>> read(const JsonValue &table);

private:
  void fail(llvm::Error error) {
    errors = llvm::joinErrors(std::move(errors), std::move(error));
  }
  template <typename T>
  void take(llvm::Expected<T> value, T &into) {
    if (value)
      into = *value;
    else
      fail(value.takeError());
  }
  std::string text(const JsonValue &value);
  /// The index of a word in `words`.
  template <typename E>
  void choose(const JsonValue &object, StringRef key,
              std::initializer_list<StringRef> words, E &choice);
  void lowerBound(const JsonValue &object, Rule &rule);
  Rule rule(const JsonValue &object);
  Profile profile(const JsonValue &object);
  void checkNode(const JsonValue &rules, StringRef key);
  /// Names of types of nodes.
  SmallVector<NodeType> nodeTypes(const JsonValue &list);
  Loss loss(const JsonValue &object);

  llvm::Error errors = llvm::Error::success();
};
} // namespace

std::string ProfileReader::text(const JsonValue &value) {
  StringRef result;
  take(value.getString(), result);
  return result.str();
}

template <typename E>
void ProfileReader::choose(const JsonValue &object, StringRef key,
                           std::initializer_list<StringRef> words, E &choice) {
  const JsonValue *value = object.find(key);
  if (!value)
    return;
  std::string word = text(*value);
  const auto *found = llvm::find(words, StringRef(word));
  if (found == words.end())
    return fail(value->makeError("'" + word + "' is no " + key +
                                 "; there are " + llvm::join(words, ", ")));
  choice = static_cast<E>(found - words.begin());
}

void ProfileReader::lowerBound(const JsonValue &object, Rule &rule) {
  const JsonValue *value = object.find("lower_bound");
  if (!value)
    return;
  if (value->isNumber()) {
    rule.lowerBound = 0.0;
    take(value->getDouble(), *rule.lowerBound);
  } else if (text(*value) == "-v_threshold") {
    rule.boundedByThreshold = true;
  } else {
    fail(value->makeError("needs a number or \"-v_threshold\""));
  }
}

Rule ProfileReader::rule(const JsonValue &object) {
  Rule rule;
  if (llvm::Error error = object.checkKeys(
          {"decay", "gain", "synapse", "synapse_gain", "fires", "tested",
           "reset", "when", "place", "initial", "synapse_leak", "lower_bound"}))
    fail(std::move(error));
  choose(object, "decay", {"euler", "exp"}, rule.decay);
  choose(object, "gain", {"nir", "k", "one", "norm"}, rule.gain);
  choose(object, "synapse", {"current", "lagged", "add_decay", "jump"},
         rule.synapse);
  choose(object, "synapse_gain", {"nir", "one"}, rule.synapseGain);
  choose(object, "fires", {"above", "at_or_above", "many"}, rule.fires);
  choose(object, "tested", {"after", "before"}, rule.tested);
  choose(object, "reset", {"subtract", "zero", "value", "none"}, rule.reset);
  choose(object, "when", {"same_step", "next_step", "once"}, rule.when);
  choose(object, "place", {"after", "before"}, rule.place);
  choose(object, "initial", {"zero", "leak", "reset"}, rule.initial);
  if (const JsonValue *leak = object.find("synapse_leak"))
    take(leak->getBool(), rule.synapseLeak);
  lowerBound(object, rule);
  return rule;
}

void ProfileReader::checkNode(const JsonValue &rules, StringRef key) {
  StringRef name = key;
  name.consume_back("@recurrent");
  const NodeInfo *info = findNodeType(name);
  if (key != "*" && !(info && info->nodeClass == NodeClass::neuron))
    fail(rules.makeError("'" + key + "' is no type of neuron"));
}

SmallVector<NodeType> ProfileReader::nodeTypes(const JsonValue &list) {
  SmallVector<NodeType> types;
  llvm::ArrayRef<JsonValue> names;
  take(list.getArray(), names);
  for (const JsonValue &name : names) {
    std::string spelled = text(name);
    if (const NodeInfo *info = findNodeType(spelled))
      types.push_back(info->type);
    else
      fail(name.makeError("'" + spelled + "' is no type of node"));
  }
  return types;
}

Loss ProfileReader::loss(const JsonValue &object) {
  Loss loss;
  if (llvm::Error error = object.checkKeys({"nodes", "what"}))
    fail(std::move(error));
  if (const JsonValue *nodes = object.find("nodes"))
    loss.nodes = nodeTypes(*nodes);
  if (const JsonValue *what = object.find("what"))
    loss.what = text(*what);
  if (loss.nodes.empty() || loss.what.empty())
    fail(object.makeError("needs 'nodes' and 'what'"));
  return loss;
}

Profile ProfileReader::profile(const JsonValue &object) {
  Profile profile;
  if (llvm::Error error =
          object.checkKeys({"name", "version", "dt", "is", "evidence",
                            "flatten", "recurrent_input", "synapse_delay",
                            "rules", "reads", "loses", "tau_below_dt"}))
    fail(std::move(error));
  auto at = [&](StringRef key,
                llvm::function_ref<void(const JsonValue &)> use) {
    llvm::Expected<const JsonValue &> member = object.at(key);
    if (member)
      use(*member);
    else
      fail(member.takeError());
  };
  at("name", [&](const JsonValue &v) { profile.name = text(v); });
  at("version", [&](const JsonValue &v) { profile.version = text(v); });
  at("is", [&](const JsonValue &v) { profile.description = text(v); });
  at("evidence", [&](const JsonValue &v) { profile.evidence = text(v); });
  at("dt", [&](const JsonValue &v) {
    take(v.getDouble(), profile.dt);
    if (!(profile.dt > 0))
      fail(v.makeError("needs a step above 0"));
  });
  at("rules", [&](const JsonValue &v) {
    llvm::ArrayRef<JsonValue::Member> members;
    take(v.getObject(), members);
    for (const JsonValue::Member &member : members) {
      checkNode(v, member.first);
      profile.rules[member.first] = rule(member.second);
    }
    if (!profile.rules.contains("*"))
      fail(v.makeError("needs the rule of all other types, '*'"));
  });
  choose(object, "flatten", {"as_stored", "channels_last"},
         profile.flattensChannelsLast);
  choose(object, "recurrent_input", {"weights", "neuron"},
         profile.entersLoopsAtNeurons);
  if (const JsonValue *delay = object.find("synapse_delay"))
    take(delay->getInteger(), profile.synapseDelay);
  if (const JsonValue *reads = object.find("reads"))
    profile.reads = nodeTypes(*reads);
  if (const JsonValue *hint = object.find("tau_below_dt"))
    profile.tauBelowStep = text(*hint);
  if (const JsonValue *losses = object.find("loses")) {
    llvm::ArrayRef<JsonValue> items;
    take(losses->getArray(), items);
    for (const JsonValue &item : items)
      profile.losses.push_back(loss(item));
  }
  return profile;
}

llvm::Expected<std::vector<Profile>>
ProfileReader::read(const JsonValue &table) {
  std::vector<Profile> profiles;
  llvm::Expected<const JsonValue &> list = table.at("profiles");
  if (!list)
    return list.takeError();
  llvm::ArrayRef<JsonValue> items;
  take(list->getArray(), items);
  for (const JsonValue &item : items) {
    Profile next = profile(item);
    for (const Profile &other : profiles)
      if (other.name == next.name && other.version == next.version)
        fail(item.makeError("profile '" + next.name + "@" + next.version +
                            "' is there twice"));
    profiles.push_back(std::move(next));
  }
  if (errors)
    return std::move(errors);
  return profiles;
}

llvm::Expected<std::vector<Profile>> nir::readProfiles(const JsonValue &table) {
  return ProfileReader().read(table);
}

const Profile *nir::findProfile(ArrayRef<Profile> profiles, StringRef name) {
  auto [base, version] = name.split('@');
  for (const Profile &profile : profiles)
    if (profile.name == base &&
        (profile.version == version || name.size() == base.size()))
      return &profile;
  return nullptr;
}

std::string nir::listProfiles(ArrayRef<Profile> profiles) {
  std::string list;
  for (const Profile &profile : profiles)
    list += "\n  " + profile.name + ": " + profile.description;
  return list;
}

ArrayRef<Profile> nir::getProfiles() {
  static const std::vector<Profile> profiles = llvm::cantFail(
      readProfiles(llvm::cantFail(parseJson(coreTable, "Profiles.json"))));
  return profiles;
}
