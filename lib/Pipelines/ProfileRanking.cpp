//===- ProfileRanking.cpp - which software a file means -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ProfileRanking.h"
#include "DiffPair.h"
#include "DiffRecording.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/InputFile.h"
#include <cmath>

using namespace spikeformer;

/// Relative error of a run that follows the rule in another order of sums.
static constexpr double kAnalogueError = 1e-4;

namespace {
/// What a profile gives.
struct Row {
  std::string profile;
  /// Its place in the table.
  size_t order = 0;
  int64_t mismatches = 0;
  JsonValue comparison;
  /// Why the model cannot be run under it.
  std::string refusal;

  std::tuple<bool, int64_t, size_t> key() const {
    return {!refusal.empty(), mismatches, order};
  }
};
} // namespace

/// The tolerance that the recording itself suggests.
static llvm::Expected<Tolerance> chooseTolerance(const DiffOptions &options,
                                                 StringRef recording) {
  if (options.tolerance.absolute != 0 || options.tolerance.relative != 0)
    return options.tolerance;
  auto arrays = readRecording(recording, options.recorded);
  if (!arrays)
    return arrays.takeError();
  double largest = 1;
  for (const NamedTensor &array : *arrays)
    for (int64_t k = 0, e = array.second.getNumElements(); k < e; ++k)
      largest = std::max(largest, std::abs(array.second.getAsDouble(k)));
  return Tolerance{kAnalogueError * largest, 0};
}

static Row runProfile(const std::string &profile, DiffOptions options,
                      const DialectRegistry &dialects) {
  Row row;
  row.profile = profile;
  options.input.import["profile"] = profile;
  ErrorLog errors(/*quiet=*/true);
  MLIRContext context(dialects);
  context.printOpOnDiagnostic(false);
  ErrorLogHandler handler(&context, errors);
  auto run = [&]() -> llvm::Error {
    auto pair = DiffPair::open(options, context, errors);
    if (!pair)
      return pair.takeError();
    if (llvm::Error error = (*pair)->compare(errors))
      return error;
    row.mismatches = (*pair)->getComparison().getNumMismatches();
    row.comparison = (*pair)->getComparison().toJson();
    return llvm::Error::success();
  };
  if (llvm::Error error = run()) {
    errors.fail(std::move(error));
    llvm::ArrayRef<ErrorEntry> entries = errors.getEntries();
    row.refusal = entries.empty() ? "refused" : entries.front().message;
  }
  return row;
}

static JsonValue toJson(const Row &row) {
  JsonValue object = JsonValue::object().set("profile", row.profile);
  if (!row.refusal.empty())
    return object.set("refused", row.refusal);
  const JsonValue *first = row.comparison.find("first");
  const JsonValue *step = first->isNull() ? nullptr : first->find("step");
  return object.set("mismatches", row.mismatches)
      .set("first_step", step ? *step : JsonValue())
      .set("max_abs_error", *row.comparison.find("max_abs_error"));
}

static llvm::Error checkOptions(const DiffOptions &options) {
  if (isRecording(options.a) == isRecording(options.b))
    return llvm::createStringError(
        "--profile=all needs a NIR model and a recording of it: FILE.npz, "
        "FILE.npz:KEY or FILE.npy");
  StringRef model = isRecording(options.a) ? options.b : options.a;
  const Importer *importer = PluginRegistry::get().lookupImporterOf(model);
  if (!importer || importer->name != "nir")
    return makeInputError(model, "has one meaning: --profile=all is for .nir");
  return llvm::Error::success();
}

llvm::Expected<JsonValue>
spikeformer::rankProfiles(const DiffOptions &options,
                          const DialectRegistry &dialects, ErrorLog &log) {
  if (llvm::Error error = checkOptions(options))
    return std::move(error);
  DiffOptions each = options;
  auto tolerance =
      chooseTolerance(options, isRecording(options.a) ? options.a : options.b);
  if (!tolerance)
    return tolerance.takeError();
  each.tolerance = *tolerance;
  std::vector<Row> rows;
  for (const auto &[profile, plugin] : PluginRegistry::get().getNIRProfiles()) {
    rows.push_back(runProfile(profile.name, each, dialects));
    rows.back().order = rows.size();
  }
  llvm::sort(rows,
             [](const Row &x, const Row &y) { return x.key() < y.key(); });
  const Row &best = rows.front();
  if (!best.refusal.empty())
    return makeRefusedError("no profile can run the model: " + best.refusal);
  JsonValue names = JsonValue::array(), table = JsonValue::array();
  for (const Row &row : rows) {
    if (row.refusal.empty() && row.mismatches == best.mismatches)
      names.push(row.profile);
    table.push(toJson(row));
  }
  return JsonValue::object()
      .set("equal", best.mismatches == 0)
      .set("best", std::move(names))
      .set("atol", tolerance->absolute)
      .set("rtol", tolerance->relative)
      .set("profiles", std::move(table));
}
