//===- BatchTool.cpp - compile the models of a manifest -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Models are independent jobs: what one gives depends neither on its neighbours
// nor on the number of threads.
//
//===----------------------------------------------------------------------===//

#include "BatchCache.h"
#include "BatchContext.h"
#include "BatchKey.h"
#include "DataStore.h"
#include "spikeformer/Support/AtomicFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <atomic>
#include <chrono>
#include <malloc.h>
#include <set>
#include <thread>

using namespace spikeformer;
using Clock = std::chrono::steady_clock;

static double secondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

namespace {
/// What became of a model of a batch.
struct BatchResult {
  CompileResult result{exitDone, {}};
  bool isCached = false;
  double seconds = 0;
  /// What a tool for this model alone would have printed on standard error.
  std::string messages;
  bool isDone = false;
};

/// One call of the tool.
class BatchTool {
public:
  BatchTool(const BatchToolOptions &options, const DialectRegistry &dialects)
      : options(options), dialects(dialects) {}

  ExitCode run(CompileFlags &flags, ArrayRef<const char *> arguments);

private:
  llvm::Error prepare(CompileFlags &flags, ArrayRef<const char *> arguments);
  void compileAll();
  void process(size_t index, BatchContext &context);
  llvm::Error compile(const BatchEntry &entry, BatchContext &context,
                      BatchResult &result, ErrorLog &own);
  void finish(size_t index, BatchResult result);
  void printMessages(size_t index);
  bool showsProgress() const { return llvm::errs().is_displayed(); }
  void printProgress();
  JsonValue makeReport() const;
  JsonValue makeRow(size_t index) const;

  const BatchToolOptions &options;
  const DialectRegistry &dialects;
  ErrorLog log;
  DataStore data;
  /// Both or none.
  std::optional<BatchCache> cache;
  std::unique_ptr<BatchKeys> keys;
  std::vector<BatchEntry> entries;

  /// Guards what follows.
  std::mutex mutex;
  std::vector<BatchResult> results;
  /// Models whose messages have been printed, and notes that were among them.
  size_t numPrinted = 0;
  std::set<std::string> notes;
  Clock::time_point begin = Clock::now();
};
} // namespace

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

/// Prints what model `index` said, but notes only once: most models of a batch
/// have the same.
void BatchTool::printMessages(size_t index) {
  SmallVector<StringRef> lines;
  StringRef(results[index].messages).split(lines, '\n', -1, false);
  bool isNamed = false;
  for (StringRef line : lines) {
    if (line.starts_with("note: ") && !notes.insert(line.str()).second)
      continue;
    if (!isNamed)
      llvm::errs() << (showsProgress() ? "\r\x1b[K" : "") << "models[" << index
                   << "], '" << entries[index].input << "':\n";
    isNamed = true;
    llvm::errs() << line << '\n';
  }
}

/// A line that the next one replaces, for people only.
void BatchTool::printProgress() {
  if (!showsProgress())
    return;
  llvm::errs() << '\r' << numPrinted << " of " << entries.size() << " models"
               << (numPrinted == entries.size() ? "\n" : "");
  llvm::errs().flush();
}

void BatchTool::finish(size_t index, BatchResult result) {
  std::lock_guard<std::mutex> lock(mutex);
  results[index] = std::move(result);
  results[index].isDone = true;
  while (numPrinted < results.size() && results[numPrinted].isDone)
    printMessages(numPrinted++);
  printProgress();
}

//===----------------------------------------------------------------------===//
// Report
//===----------------------------------------------------------------------===//

JsonValue BatchTool::makeRow(size_t index) const {
  const BatchResult &row = results[index];
  JsonValue json = JsonValue::object();
  json.set("input", entries[index].input)
      .set("output", entries[index].output)
      .set("cached", row.isCached)
      .set("seconds", row.seconds);
  bool isDone = row.result.code == exitDone;
  if (options.report == ReportFormat::text)
    return json.set("state", isDone ? "done" : "failed");
  const JsonValue *errors = row.result.report.find("errors");
  return json.set("errors", errors ? *errors : JsonValue::array())
      .set("report", isDone ? row.result.report : JsonValue());
}

JsonValue BatchTool::makeReport() const {
  JsonValue rows = JsonValue::array();
  for (size_t index = 0; index < entries.size(); ++index)
    rows.push(makeRow(index));
  int64_t failed = 0, cached = 0;
  for (const BatchResult &row : results) {
    failed += row.result.code != exitDone;
    cached += row.isCached;
  }
  double seconds = secondsSince(begin), number = entries.size();
  return JsonValue::object()
      .set("models", std::move(rows))
      .set("failed", failed)
      .set("cache_hits", cached)
      .set("threads", options.threads)
      .set("seconds", seconds)
      .set("models_per_second", number / seconds)
      .set("ms_per_model", 1000 * seconds / number);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

llvm::Error BatchTool::prepare(CompileFlags &flags,
                               ArrayRef<const char *> arguments) {
  auto read = readBatchManifest(options, flags, arguments);
  if (!read)
    return read.takeError();
  entries = std::move(*read);
  if (!options.cache.empty()) {
    auto opened = BatchCache::open(options.cache);
    if (!opened)
      return opened.takeError();
    cache = std::move(*opened);
    auto made = BatchKeys::create();
    if (!made)
      return made.takeError();
    keys = std::move(*made);
  }
  results.resize(entries.size());
  std::set<std::string> folders;
  for (BatchEntry &entry : entries) {
    // The cores are busy with other models.
    entry.options.compile.threads = 1;
    entry.options.compile.mapping.threads = 1;
    entry.options.compile.emit.durability = Durability::later;
    StringRef output = entry.options.compile.emit.output;
    StringRef folder = llvm::sys::path::parent_path(output);
    if (!folders.insert(folder.str()).second)
      continue;
    if (std::error_code code = llvm::sys::fs::create_directories(folder))
      return llvm::createStringError("cannot make the directory '" + folder +
                                     "': " + code.message());
  }
  return llvm::Error::success();
}

/// Takes the result of `entry` from the cache, or compiles and keeps it.
llvm::Error BatchTool::compile(const BatchEntry &entry, BatchContext &context,
                               BatchResult &result, ErrorLog &own) {
  const std::string &output = entry.options.compile.emit.output;
  std::optional<BatchKey> key;
  if (cache)
    key = keys->make(entry);
  if (key) {
    auto report = cache->fetch(key->digest, output, own);
    if (!report)
      return report.takeError();
    if (*report) {
      result.isCached = true;
      auto parsed = parseJson(**report, "report");
      if (parsed)
        result.result.report = std::move(*parsed);
      return parsed.takeError();
    }
  }
  result.result = compileModel(entry.options, context.get(entry), own, &data);
  context.release(result.result.code != exitDone);
  if (key && result.result.code == exitDone && key->isCurrent())
    cache->store(key->digest, output, result.result.report.str(), own);
  return llvm::Error::success();
}

void BatchTool::process(size_t index, BatchContext &context) {
  Clock::time_point start = Clock::now();
  BatchResult result;
  llvm::raw_string_ostream messages(result.messages);
  ErrorLog own(messages);
  if (llvm::Error error = compile(entries[index], context, result, own)) {
    result.result.code = own.fail(std::move(error));
    result.result.report = JsonValue::object().set("errors", own.toJson());
  }
  result.seconds = secondsSince(start);
  finish(index, std::move(result));
}

/// Keeps the memory of a model for the next one: giving it back and taking it
/// again costs as much as a tenth of compiling a small model.
static void keepFreedMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 25);
  mallopt(M_TRIM_THRESHOLD, 1 << 27);
  mallopt(M_TOP_PAD, 1 << 22);
#endif
}

void BatchTool::compileAll() {
  keepFreedMemory();
  std::atomic<size_t> next = 0;
  auto work = [&] {
    BatchContext context(dialects);
    for (size_t index; (index = next++) < entries.size();)
      process(index, context);
  };
  std::vector<std::thread> others;
  for (size_t i = 1; i < std::min<size_t>(options.threads, entries.size()); ++i)
    others.emplace_back(work);
  work();
  for (std::thread &thread : others)
    thread.join();
}

ExitCode BatchTool::run(CompileFlags &flags, ArrayRef<const char *> arguments) {
  if (llvm::Error error = prepare(flags, arguments)) {
    log.fail(std::move(error));
    if (options.report == ReportFormat::json)
      printReport(JsonValue::object().set("errors", log.toJson()),
                  options.report, llvm::outs());
    return exitCannotRun;
  }
  compileAll();
  // What comes from the cache is there again, should the system fail now.
  bool anyNew = llvm::any_of(
      results, [](const BatchResult &row) { return !row.isCached; });
  if (anyNew)
    if (llvm::Error error = syncFileSystem(options.output))
      return log.fail(std::move(error));
  printReport(makeReport(), options.report, llvm::outs());
  ExitCode code = exitDone;
  for (const BatchResult &row : results)
    code = std::max(code, row.result.code);
  return code;
}

ExitCode spikeformer::compileBatch(CompileFlags &flags,
                                   ArrayRef<const char *> arguments,
                                   const DialectRegistry &dialects) {
  auto options = flags.getBatch();
  if (!options)
    return ErrorLog().fail(options.takeError());
  return BatchTool(*options, dialects).run(flags, arguments);
}
