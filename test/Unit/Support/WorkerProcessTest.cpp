//===- WorkerProcessTest.cpp - code that may crash ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/WorkerProcess.h"
#include "gtest/gtest.h"
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <vector>

using namespace spikeformer;

/// "what|progress" of the WorkerError that `work` ends in.
static std::string
failure(const WorkerLimits &limits,
        llvm::function_ref<std::string(WorkerOutput &)> work) {
  auto result = runWorker(limits, work);
  if (result)
    return "no failure";
  std::string text;
  llvm::handleAllErrors(result.takeError(), [&](const WorkerError &error) {
    text = (error.getWhat() + "|" + error.getProgress()).str();
  });
  return text;
}

TEST(WorkerProcessTest, handsOverBlocksAndMessage) {
  uint64_t offset = 0;
  auto result = runWorker({}, [&](WorkerOutput &output) {
    output.allocate(3);
    auto block = output.allocate(1000);
    std::memset(block->bytes, 7, 1000);
    offset = 1; // only the worker's copy changes
    return std::to_string(block->offset);
  });
  ASSERT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(offset, 0u);
  uint64_t at = std::stoull(result->message.str());
  EXPECT_EQ(at % 64, 0u);
  auto *bytes = static_cast<unsigned char *>(result->getBlock(at, 1000));
  ASSERT_NE(bytes, nullptr);
  EXPECT_EQ(std::vector<unsigned char>(bytes, bytes + 1000),
            std::vector<unsigned char>(1000, 7));
  EXPECT_EQ(result->getBlock(at, uint64_t(-1)), nullptr);
  EXPECT_EQ(result->getBlock(result->size, 1), nullptr);
  EXPECT_EQ(result->getBlock(0, 1), nullptr);
}

TEST(WorkerProcessTest, memoryOutlivesTheResult) {
  std::shared_ptr<void> memory;
  llvm::StringRef message;
  {
    auto result =
        runWorker({}, [](WorkerOutput &) { return std::string("kept"); });
    ASSERT_TRUE(static_cast<bool>(result));
    memory = result->memory;
    message = result->message;
  }
  EXPECT_EQ(message, "kept");
}

TEST(WorkerProcessTest, crashIsAnError) {
  auto crash = [](int number) {
    return failure({}, [&](WorkerOutput &output) {
      output.setProgress("/node/nodes/a");
      raise(number);
      return std::string();
    });
  };
  EXPECT_EQ(crash(SIGSEGV), "crashed (signal 11)|/node/nodes/a");
  EXPECT_EQ(crash(SIGABRT), "crashed (signal 6)|/node/nodes/a");
  EXPECT_EQ(crash(SIGXCPU),
            "needed more than 60 s of processor time|/node/nodes/a");
  EXPECT_EQ(failure({}, [](WorkerOutput &) -> std::string { _exit(9); }),
            "ended with exit code 9|");
}

TEST(WorkerProcessTest, timeIsLimited) {
  WorkerLimits limits;
  limits.wallMilliseconds = 20;
  auto sleepForever = [](WorkerOutput &) -> std::string {
    while (true)
      pause();
  };
  EXPECT_EQ(failure(limits, sleepForever), "took longer than 20 ms|");
}

TEST(WorkerProcessTest, memoryIsLimited) {
  WorkerLimits limits;
  limits.heapBytes = 64 << 20;
  auto allocate = [](WorkerOutput &) {
    std::vector<std::string> strings;
    while (true)
      strings.push_back(std::string(1 << 20, 'x'));
    return std::string();
  };
  EXPECT_EQ(failure(limits, allocate), "needed more than 64 MiB of memory|");
  auto malloced = runWorker(limits, [](WorkerOutput &) {
    void *volatile memory = std::malloc(256 << 20);
    return std::string(memory ? "memory" : "none");
  });
  ASSERT_TRUE(static_cast<bool>(malloced));
  EXPECT_EQ(malloced->message, "none");
}

TEST(WorkerProcessTest, resultsAreLimited) {
  WorkerLimits limits;
  limits.sharedBytes = 1 << 20;
  auto result = runWorker(limits, [](WorkerOutput &output) {
    return std::string(output.allocate(1 << 20) ? "room" : "no room");
  });
  ASSERT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result->message, "no room");
  EXPECT_EQ(
      failure(limits, [](WorkerOutput &) { return std::string(2 << 20, 'x'); }),
      "has results of more than 1 MiB|");
}
