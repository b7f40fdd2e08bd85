//===- NeuronTypes.cpp - types of neurons and synapses --------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// IntFire1 with instantaneous synapses is what can be said exactly today;
// every other template is refused by name.
//
//===----------------------------------------------------------------------===//

#include "NeuronTypes.h"
#include "spikeformer/Support/Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace spikeformer;
using namespace spikeformer::sonata;

/// The parameter file that a cell names; nothing after a problem.
static std::optional<JsonValue>
readParameters(const TypeTable &table, const TypeRow::Cell &cell,
               StringRef directory, StringRef component, Problems &problems) {
  if (directory.empty()) {
    problems.add(table.file, cell.place,
                 "'" + cell.text +
                     "' lies in no known directory; the "
                     "configuration needs components." +
                     component);
    return std::nullopt;
  }
  SmallString<128> path(directory);
  llvm::sys::path::append(path, cell.text);
  return problems.take(parseJsonFile(path));
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

/// A time in seconds of a file of parameters; 0 after a problem.
static double readSeconds(const JsonValue &parameters, StringRef key,
                          double least, Problems &problems) {
  const JsonValue *value = parameters.find(key);
  if (!value) {
    problems.add(parameters, "needs '" + key + "', a time in seconds");
    return 0;
  }
  auto number = problems.take(value->getDouble());
  if (!number)
    return 0;
  if (*number >= least && *number < 1e6)
    return *number;
  problems.add(*value, key + " needs a time in seconds " +
                           (least > 0 ? "above 0" : "from 0") + ", has " +
                           formatNumber(*number));
  return 0;
}

static void readIntFire(const JsonValue &parameters, NeuronType &type,
                        Problems &problems) {
  auto members = problems.take(parameters.getObject());
  if (!members)
    return;
  constexpr StringRef known[] = {"tau", "refrac", "type"};
  for (const auto &[key, value] : *members)
    if (!llvm::is_contained(known, StringRef(key)))
      problems.add(value, "IntFire1 has no parameter '" + key +
                              "'; it has tau and refrac" + suggest(key, known));
  type.tau = readSeconds(parameters, "tau", 1e-12, problems);
  type.refractory = readSeconds(parameters, "refrac", 0, problems);
}

static NeuronType readNeuronType(const TypeTable &table, const TypeRow &row,
                                 const Config &config, Problems &problems) {
  NeuronType type;
  const TypeRow::Cell *model = row.find("model_type");
  StringRef name = model ? StringRef(model->text) : "NULL";
  type.isVirtual = name == "virtual";
  if (type.isVirtual)
    return type;
  if (name != "point_process" && name != "point_neuron") {
    problems.add(table.file, model ? model->place : row.place,
                 "model_type cannot be imported: needs 'virtual', "
                 "'point_process' or 'point_neuron', has '" +
                     name + "'");
    return type;
  }
  const TypeRow::Cell *model_template = row.find("model_template");
  StringRef kind = model_template ? StringRef(model_template->text) : "NULL";
  if (kind != "nrn:IntFire1") {
    problems.add(table.file, model_template ? model_template->place : row.place,
                 "model_template cannot be imported: needs 'nrn:IntFire1', "
                 "has '" +
                     kind + "'");
    return type;
  }
  const TypeRow::Cell *file = row.find("dynamics_params");
  if (!file) {
    problems.add(table.file, row.place,
                 "a type of point neurons needs dynamics_params, the name of a "
                 "JSON file with tau and refrac");
    return type;
  }
  if (auto parameters = readParameters(table, *file, config.neuronDirectory,
                                       "point_neuron_models_dir", problems))
    readIntFire(*parameters, type, problems);
  return type;
}

std::map<uint64_t, NeuronType> sonata::readNeuronTypes(const TypeTable &table,
                                                       const Config &config,
                                                       Problems &problems) {
  std::map<uint64_t, NeuronType> types;
  for (const auto &[id, row] : table.rows)
    types[id] = readNeuronType(table, row, config, problems);
  return types;
}

//===----------------------------------------------------------------------===//
// Synapses
//===----------------------------------------------------------------------===//

/// 1 or -1 of a file of parameters.
static double readSign(const JsonValue &parameters, Problems &problems) {
  if (!problems.take(parameters.getObject()))
    return 1;
  const JsonValue *level = parameters.find("level_of_detail");
  auto text = level ? problems.take(level->getString()) : std::nullopt;
  // The published files spell it so.
  if (text && *text != "instanteneous" && *text != "instantaneous")
    problems.add(*level, "a synapse of this kind cannot be imported: needs "
                         "level_of_detail 'instanteneous', has '" +
                             *text + "'");
  const JsonValue *sign = parameters.find("sign");
  if (!sign)
    return 1;
  auto number = problems.take(sign->getDouble());
  if (number && *number != 1 && *number != -1)
    problems.add(*sign, "sign needs 1 or -1, has " + formatNumber(*number));
  return number.value_or(1);
}

static SynapseType readSynapseType(const TypeTable &table, const TypeRow &row,
                                   const Config &config, Problems &problems) {
  SynapseType type;
  type.weight = table.getNumber(row, "syn_weight", problems);
  type.delay = table.getNumber(row, "delay", problems);
  if (type.delay && *type.delay < 0)
    problems.add(table.file, row.find("delay")->place,
                 "delay needs a time in ms from 0, has " +
                     formatNumber(*type.delay));
  const TypeRow::Cell *function = row.find("weight_function");
  if (function && function->text != "wmax")
    problems.add(table.file, function->place,
                 "a weight function is a program and cannot be imported: needs "
                 "'wmax' or NULL, has '" +
                     function->text + "'");
  const TypeRow::Cell *file = row.find("dynamics_params");
  if (!file)
    return type;
  if (auto parameters = readParameters(table, *file, config.synapseDirectory,
                                       "synaptic_models_dir", problems))
    type.sign = readSign(*parameters, problems);
  return type;
}

std::map<uint64_t, SynapseType> sonata::readSynapseTypes(const TypeTable &table,
                                                         const Config &config,
                                                         Problems &problems) {
  std::map<uint64_t, SynapseType> types;
  for (const auto &[id, row] : table.rows)
    types[id] = readSynapseType(table, row, config, problems);
  return types;
}
