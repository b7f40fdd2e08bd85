//===- KernelStore.cpp - the compiled kernels of the process --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Kernels see the functions listed here and nothing else of the process: a call
// of libm, whose results differ between systems, is an error and not a
// surprise.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelStore.h"
#include "spikeformer-rt/Math.h"
#include "spikeformer-rt/Random.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include <atomic>
#include <cstring>

using namespace spikeformer;

template <typename F>
static llvm::orc::ExecutorSymbolDef symbolOf(F *function) {
  return {llvm::orc::ExecutorAddr::fromPtr(function),
          llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
}

/// `memcpy` and its kind are here because LLVM emits calls of them itself.
static llvm::Error defineRuntime(llvm::orc::LLJIT &jit) {
  const std::pair<const char *, llvm::orc::ExecutorSymbolDef> functions[] = {
      {"memcpy", symbolOf(&std::memcpy)},
      {"memmove", symbolOf(&std::memmove)},
      {"memset", symbolOf(&std::memset)},
      {"sfrt_clip_f64_v1", symbolOf(&sfrt_clip_f64_v1)},
      {"sfrt_draw_normal_f64_v1", symbolOf(&sfrt_draw_normal_f64_v1)},
      {"sfrt_draw_uniform_f64_v1", symbolOf(&sfrt_draw_uniform_f64_v1)},
      {"sfrt_exp_f32_v1", symbolOf(&sfrt_exp_f32_v1)},
      {"sfrt_exp_f64_v1", symbolOf(&sfrt_exp_f64_v1)},
      {"sfrt_inverse_normal_f64_v1", symbolOf(&sfrt_inverse_normal_f64_v1)},
      {"sfrt_log_f32_v1", symbolOf(&sfrt_log_f32_v1)},
      {"sfrt_log_f64_v1", symbolOf(&sfrt_log_f64_v1)},
      {"sfrt_normal_f64_v1", symbolOf(&sfrt_normal_f64_v1)},
      {"sfrt_pow_f32_v1", symbolOf(&sfrt_pow_f32_v1)},
      {"sfrt_tanh_f32_v1", symbolOf(&sfrt_tanh_f32_v1)},
      {"sfrt_uniform_f64_v1", symbolOf(&sfrt_uniform_f64_v1)},
  };
  llvm::orc::SymbolMap symbols;
  for (const auto &[name, symbol] : functions)
    symbols[jit.mangleAndIntern(name)] = symbol;
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}

llvm::Expected<KernelStore *> KernelStore::get() {
  // Never destroyed: kernels may run until the last thread ends.
  static std::mutex mutex;
  static KernelStore *store = nullptr;
  std::lock_guard<std::mutex> lock(mutex);
  if (store)
    return store;
  auto jit = llvm::orc::LLJITBuilder()
                 .setLinkProcessSymbolsByDefault(false)
                 .setPlatformSetUp(llvm::orc::setUpInactivePlatform)
                 .create();
  if (!jit)
    return jit.takeError();
  if (llvm::Error error = defineRuntime(**jit))
    return std::move(error);
  return store = new KernelStore(std::move(*jit));
}

KernelStore::KernelStore(std::unique_ptr<llvm::orc::LLJIT> theJit)
    : jit(std::move(theJit)) {
  jit->getExecutionSession().setErrorReporter([this](llvm::Error error) {
    linkErrors += (linkErrors.empty() ? "" : "; ");
    linkErrors += llvm::toString(std::move(error));
  });
}

std::shared_ptr<KernelStore::Entry> KernelStore::lookup(StringRef hash) {
  std::lock_guard<std::mutex> lock(entriesMutex);
  auto known = entries.find(hash);
  if (known != entries.end())
    return known->second;
  if (entries.size() >= limit)
    unloadIdle();
  return entries[hash] = std::make_shared<Entry>();
}

/// New holders appear in `lookup` or as copies of holders only, so that an
/// entry which the store alone holds stays idle meanwhile.
void KernelStore::unloadIdle() {
  for (auto it = entries.begin(), end = entries.end(); it != end;) {
    auto current = it++;
    if (current->second.use_count() > 1)
      continue;
    // Pairs with the release of the last holder: its calls have returned.
    std::atomic_thread_fence(std::memory_order_acquire);
    if (current->second->code)
      llvm::cantFail(current->second->code->remove());
    entries.erase(current);
  }
  // Many kernels in use: the next look is worth it when as many are new.
  limit = std::max<size_t>(kIdleCapacity, 2 * entries.size());
}

size_t KernelStore::size() const {
  std::lock_guard<std::mutex> lock(entriesMutex);
  return entries.size();
}

llvm::Error KernelStore::link(Entry &entry,
                              std::unique_ptr<llvm::MemoryBuffer> object,
                              StringRef symbol) {
  std::lock_guard<std::mutex> lock(linkMutex);
  linkErrors.clear();
  auto tracker = jit->getMainJITDylib().createResourceTracker();
  if (llvm::Error error = jit->addObjectFile(tracker, std::move(object)))
    return error;
  auto address = jit->lookup(symbol);
  if (address) {
    entry.address = address->toPtr<void *>();
    entry.code = std::move(tracker);
    return llvm::Error::success();
  }
  std::string reason = llvm::toString(address.takeError());
  if (!linkErrors.empty())
    reason = linkErrors;
  if (llvm::Error error = tracker->remove())
    reason += "; " + llvm::toString(std::move(error));
  return llvm::createStringError(
      "it calls what is not a function of the runtime: " + reason);
}
