//===- BatchFlags.cpp - flags that each model of a batch has --------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchFlags.h"
#include "llvm/Support/StringSaver.h"

using namespace spikeformer;
namespace cl = llvm::cl;

BatchFlags::BatchFlags(ArrayRef<const char *> arguments,
                       ArrayRef<std::string> names) {
  auto &registered = cl::getRegisteredOptions();
  for (const std::string &name : names)
    if (cl::Option *flag = registered.lookup(name))
      flags.emplace(name, flag);
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  SmallVector<const char *> words(arguments);
  // The parser has expanded them before, so that this cannot fail.
  cl::ExpandResponseFiles(saver, cl::TokenizeGNUCommandLine, words);
  for (size_t i = 1; i < words.size(); ++i) {
    StringRef word = words[i];
    if (word == "--")
      return;
    if (!word.consume_front("--") && !word.consume_front("-"))
      continue;
    auto [name, value] = word.split('=');
    auto flag = registered.find(name);
    if (flag == registered.end())
      continue;
    if (!word.contains('=') && i + 1 < words.size() &&
        flag->second->getValueExpectedFlag() == cl::ValueRequired)
      value = words[++i];
    if (flags.count(name.str()))
      commandLine[name.str()].push_back(value.str());
  }
}

FlagValues BatchFlags::complete(FlagValues values) const {
  values.insert(commandLine.begin(), commandLine.end());
  return values;
}

llvm::Error BatchFlags::apply(const FlagValues &values) {
  for (const auto &[name, flag] : flags) {
    flag->reset();
    auto given = values.find(name);
    if (given == values.end())
      continue;
    for (const std::string &value : given->second)
      if (flag->addOccurrence(/*pos=*/0, name, value))
        return llvm::createStringError("'" + name + "' cannot be '" + value +
                                       "'");
  }
  return llvm::Error::success();
}
