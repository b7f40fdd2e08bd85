//===- WorkerProcess.cpp - code that may crash ----------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/WorkerProcess.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace spikeformer;

char WorkerError::ID = 0;

void WorkerError::log(llvm::raw_ostream &os) const {
  os << what;
  if (!progress.empty())
    os << " at " << progress;
}

std::error_code WorkerError::convertToErrorCode() const {
  return llvm::inconvertibleErrorCode();
}

/// Address space for stacks of threads and what the allocator reserves for
/// each; private memory itself is limited exactly.
static constexpr uint64_t addressSlack = uint64_t(2) << 30;

namespace {
/// The start of the shared memory.
struct Header {
  char progress[4096];
  uint64_t messageOffset;
  uint64_t messageSize;
  uint64_t used;
};
static_assert(sizeof(Header) <= WorkerOutput::headerSize);

/// How a worker ends that cannot allocate, or has no room for its message.
enum ExitCode : int { done = 0, outOfMemory = 3, outOfSharedMemory = 4 };
} // namespace

//===----------------------------------------------------------------------===//
// The worker
//===----------------------------------------------------------------------===//

std::optional<WorkerOutput::Block> WorkerOutput::allocate(uint64_t size) {
  uint64_t offset = used;
  if (size > capacity - offset || capacity - offset - size < 64)
    return std::nullopt;
  used = (offset + size + 63) / 64 * 64;
  return Block{base + offset, offset};
}

void WorkerOutput::setProgress(llvm::StringRef text) {
  Header &header = *reinterpret_cast<Header *>(base);
  size_t size = std::min(text.size(), sizeof(header.progress) - 1);
  std::memcpy(header.progress, text.data(), size);
  header.progress[size] = 0;
}

/// Number `field` of /proc/self/statm in bytes, or 0: 0 is the address space,
/// 5 private writable memory.
static uint64_t readMemoryUse(unsigned field) {
  char text[256] = {};
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  ssize_t size = read(file, text, sizeof(text) - 1);
  close(file);
  if (size <= 0)
    return 0;
  char *at = text;
  for (unsigned i = 0; i < field; ++i)
    std::strtoull(at, &at, 10);
  return std::strtoull(at, nullptr, 10) * sysconf(_SC_PAGESIZE);
}

static void limit(int resource, uint64_t value) {
  rlimit current;
  if (getrlimit(static_cast<__rlimit_resource>(resource), &current) != 0)
    return;
  // A limit that the user set is never raised.
  current.rlim_cur = std::min<rlim_t>(value, current.rlim_max);
  setrlimit(static_cast<__rlimit_resource>(resource), &current);
}

/// Makes the process quiet, killable and poor.
static void enterWorker(const WorkerLimits &limits, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(outOfMemory);
  // Handlers of the parent would print its stack; a signal that the parent
  // blocks must end a worker all the same.
  for (int number = 1; number < NSIG; ++number)
    std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (int null = open("/dev/null", O_RDWR); null >= 0)
    for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      dup2(null, stream);
  // If memory runs out, the worker is the one to go.
  if (int file = open("/proc/self/oom_score_adj", O_WRONLY); file >= 0) {
    [[maybe_unused]] ssize_t written = write(file, "1000", 4);
    close(file);
  }
  limit(RLIMIT_CORE, 0);
  if (limits.cpuSeconds)
    limit(RLIMIT_CPU, limits.cpuSeconds);
  if (uint64_t use = readMemoryUse(0))
    limit(RLIMIT_AS, use + limits.heapBytes + addressSlack);
  if (uint64_t use = readMemoryUse(5))
    limit(RLIMIT_DATA, use + limits.heapBytes);
  std::set_new_handler([] { _exit(outOfMemory); });
}

[[noreturn]] static void
work(char *base, const WorkerLimits &limits, pid_t parent,
     llvm::function_ref<std::string(WorkerOutput &)> function) {
  enterWorker(limits, parent);
  WorkerOutput output(base, limits.sharedBytes);
  std::string message = function(output);
  auto block = output.allocate(message.size());
  if (!block)
    _exit(outOfSharedMemory);
  std::memcpy(block->bytes, message.data(), message.size());
  Header &header = *reinterpret_cast<Header *>(base);
  header.messageOffset = block->offset;
  header.messageSize = message.size();
  header.used = output.getUsed();
  _exit(done);
}

//===----------------------------------------------------------------------===//
// The parent
//===----------------------------------------------------------------------===//

/// Waits until `worker` ends; false if it had to be killed.
static bool waitFor(pid_t worker, unsigned milliseconds, int &status) {
  using Clock = std::chrono::steady_clock;
  auto start = Clock::now(),
       end = start + std::chrono::milliseconds(milliseconds);
  while (true) {
    pid_t ended = waitpid(worker, &status, WNOHANG);
    if (ended == worker)
      return true;
    if (ended < 0 && errno != EINTR)
      return false;
    auto now = Clock::now();
    if (now >= end)
      break;
    // A sixteenth of the time so far: a short run ends soon, a long one costs
    // no processor time.
    auto pause = std::max<Clock::duration>((now - start) / 16,
                                           std::chrono::microseconds(50));
    std::this_thread::sleep_for(std::min(pause, Clock::duration(end - now)));
  }
  kill(worker, SIGKILL);
  while (waitpid(worker, &status, 0) < 0 && errno == EINTR) {
  }
  return false;
}

static std::string describeEnd(int status, const WorkerLimits &limits) {
  auto text = [](const llvm::Twine &twine) { return twine.str(); };
  if (WIFSIGNALED(status)) {
    int number = WTERMSIG(status);
    if (number == SIGXCPU)
      return text("needed more than " + llvm::Twine(limits.cpuSeconds) +
                  " s of processor time");
    if (number == SIGKILL)
      return "was killed (signal 9), perhaps for want of memory";
    return text("crashed (signal " + llvm::Twine(number) + ")");
  }
  switch (WEXITSTATUS(status)) {
  case outOfMemory:
    return text("needed more than " + llvm::Twine(limits.heapBytes >> 20) +
                " MiB of memory");
  case outOfSharedMemory:
    return text("has results of more than " +
                llvm::Twine(limits.sharedBytes >> 20) + " MiB");
  default:
    return text("ended with exit code " + llvm::Twine(WEXITSTATUS(status)));
  }
}

void *WorkerResult::getBlock(uint64_t offset, uint64_t blockSize) const {
  if (offset < WorkerOutput::headerSize || offset > size ||
      blockSize > size - offset)
    return nullptr;
  return static_cast<char *>(memory.get()) + offset;
}

/// The result of a worker that ended well. Gives back what it did not use.
static llvm::Expected<WorkerResult> takeResult(char *base, uint64_t capacity) {
  const Header &header = *reinterpret_cast<Header *>(base);
  WorkerResult result;
  result.size = std::min(header.used, capacity);
  uint64_t page = sysconf(_SC_PAGESIZE);
  uint64_t kept = std::max(result.size, WorkerOutput::headerSize);
  kept = std::min((kept + page - 1) / page * page, capacity);
  if (kept < capacity)
    munmap(base + kept, capacity - kept);
  result.memory = std::shared_ptr<void>(
      base, [kept](void *memory) { munmap(memory, kept); });
  uint64_t size = header.messageSize;
  const void *message = result.getBlock(header.messageOffset, size);
  if (!message)
    return llvm::make_error<WorkerError>("left no message", "");
  result.message = {static_cast<const char *>(message), size};
  return result;
}

llvm::Expected<WorkerResult>
spikeformer::runWorker(const WorkerLimits &limits,
                       llvm::function_ref<std::string(WorkerOutput &)> work) {
  WorkerLimits rounded = limits;
  uint64_t page = sysconf(_SC_PAGESIZE);
  rounded.sharedBytes = std::max(limits.sharedBytes, WorkerOutput::headerSize);
  rounded.sharedBytes = (rounded.sharedBytes + page - 1) / page * page;
  void *memory = mmap(nullptr, rounded.sharedBytes, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return llvm::createStringError(
        "cannot reserve " + llvm::Twine(rounded.sharedBytes >> 20) +
        " MiB of address space: " + std::strerror(errno));
  char *base = static_cast<char *>(memory);
  pid_t parent = getpid(), worker = fork();
  if (worker == 0)
    ::work(base, rounded, parent, work);
  if (worker < 0) {
    munmap(base, rounded.sharedBytes);
    return llvm::createStringError(llvm::Twine("cannot start a process: ") +
                                   std::strerror(errno));
  }
  int status = 0;
  bool ended = waitFor(worker, limits.wallMilliseconds, status);
  if (ended && WIFEXITED(status) && WEXITSTATUS(status) == done)
    return takeResult(base, rounded.sharedBytes);
  Header &header = *reinterpret_cast<Header *>(base);
  header.progress[sizeof(header.progress) - 1] = 0;
  std::string progress = header.progress;
  munmap(base, rounded.sharedBytes);
  std::string what =
      ended
          ? describeEnd(status, limits)
          : ("took longer than " + llvm::Twine(limits.wallMilliseconds) + " ms")
                .str();
  return llvm::make_error<WorkerError>(std::move(what), std::move(progress));
}
