//===- TargetChecker.cpp - all checks of one target -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetChecker.h"

using namespace spikeformer;
using namespace spikeformer::plugincheck;

llvm::Error TargetChecker::run() {
  const Capabilities &stated = target.getCapabilities();
  hasPrograms = statesCapabilities(stated);
  checkMachines();
  auto usable = restrictToCore(hasPrograms ? stated : getPlainCapabilities());
  if (!usable) {
    std::string why = llvm::toString(usable.takeError());
    for (Check check : {Check::acceptsLegal, Check::runsEqual, Check::mapsEqual,
                        Check::sameBytes, Check::bytecode, Check::staysInside,
                        Check::programFiles, Check::flippedBits,
                        Check::refusesIllegal, Check::refusesTooLarge})
      log.leaveOut(check, why);
    return llvm::Error::success();
  }
  if (!hasPrograms)
    for (Check check : {Check::runsEqual, Check::programFiles,
                        Check::flippedBits, Check::refusesIllegal})
      log.leaveOut(check, "the target states no capabilities");
  if (llvm::Error error = checkLegal(*usable))
    return error;
  if (options.illegal == 0)
    return llvm::Error::success();
  if (hasPrograms)
    if (llvm::Error error = checkIllegal(*usable))
      return error;
  return checkTooLarge(*usable);
}
