//===- KernelCodegen.cpp - object code from kernels in LLVM IR ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The choice of passes: kernels are loops over arrays that are already written
// with vectors, so promotion to registers, common subexpressions, peepholes and
// loop-invariant motion are what pays.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/ExecutionEngine/KernelCodegen.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include <mutex>

using namespace spikeformer;

static constexpr const char *shortPipeline =
    "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,"
    "simplifycfg,loop-mssa(loop-rotate,licm))";

static void initializeTargets() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
}

static llvm::CodeGenOptLevel getCodegenLevel(unsigned optLevel) {
  if (optLevel == 0)
    return llvm::CodeGenOptLevel::None;
  return optLevel == 3 ? llvm::CodeGenOptLevel::Aggressive
                       : llvm::CodeGenOptLevel::Default;
}

static unsigned countLanes(const llvm::TargetMachine &target) {
  const llvm::MCSubtargetInfo &subtarget = *target.getMCSubtargetInfo();
  if (!target.getTargetTriple().isX86())
    return 4;
  if (subtarget.checkFeatures("+avx512f"))
    return 16;
  return subtarget.checkFeatures("+avx2") ? 8 : 4;
}

/// A target machine would print a warning and go on with an unknown CPU.
static llvm::Error checkCPU(StringRef cpu) {
  llvm::Triple triple(llvm::sys::getProcessTriple());
  std::string reason;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, reason);
  if (!target)
    return llvm::createStringError(reason);
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget(
      target->createMCSubtargetInfo(triple, "", ""));
  if (subtarget->isCPUStringValid(cpu))
    return llvm::Error::success();
  return llvm::createStringError("unknown CPU '" + cpu +
                                 "'; need a name that LLVM " +
                                 LLVM_VERSION_STRING + " knows");
}

llvm::Expected<std::unique_ptr<KernelCodegen>>
KernelCodegen::create(const KernelCompilerOptions &options) {
  if (options.optLevel > 3)
    return llvm::createStringError("optimisation level is %u, need 0 to 3",
                                   options.optLevel);
  initializeTargets();
  llvm::orc::JITTargetMachineBuilder builder{
      llvm::Triple(llvm::sys::getProcessTriple())};
  if (options.cpu.empty()) {
    auto host = llvm::orc::JITTargetMachineBuilder::detectHost();
    if (!host)
      return host.takeError();
    builder = std::move(*host);
  } else if (llvm::Error error = checkCPU(options.cpu)) {
    return std::move(error);
  } else {
    builder.setCPU(options.cpu);
  }
  builder.setCodeGenOptLevel(getCodegenLevel(options.optLevel));
  builder.setRelocationModel(llvm::Reloc::PIC_);
  builder.setCodeModel(llvm::CodeModel::Small);
  builder.getOptions().AllowFPOpFusion = llvm::FPOpFusion::Strict;
  auto target = builder.createTargetMachine();
  if (!target)
    return target.takeError();
  return std::unique_ptr<KernelCodegen>(
      new KernelCodegen(options.optLevel, std::move(*target)));
}

KernelCodegen::KernelCodegen(unsigned optLevel,
                             std::unique_ptr<llvm::TargetMachine> machine)
    : optLevel(optLevel), target(std::move(machine)),
      lanes(countLanes(*target)) {
  fingerprint =
      ("level " + llvm::Twine(optLevel) + ", " +
       target->getTargetTriple().str() + ", " + target->getTargetCPU() + ", " +
       target->getTargetFeatureString() + ", LLVM " LLVM_VERSION_STRING)
          .str();
}

KernelCodegen::~KernelCodegen() = default;

StringRef KernelCodegen::getCPU() const { return target->getTargetCPU(); }

void KernelCodegen::optimize(llvm::Module &module, StringRef entry) {
  module.setDataLayout(target->createDataLayout());
  module.setTargetTriple(target->getTargetTriple());
  // Without these, some processors with long vectors get them cut in half.
  std::string width = std::to_string(lanes * 32);
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("prefer-vector-width", width);
    function.addFnAttr("min-legal-vector-width", width);
    function.addFnAttr(llvm::Attribute::NoUnwind);
    if (function.getName() != entry)
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  }
  if (optLevel == 0)
    return;

  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.SLPVectorization = false;
  tuning.LoopInterleaving = false;
  llvm::PassBuilder builder(target.get(), tuning);
  llvm::TargetLibraryInfoImpl library(target->getTargetTriple());
  library.disableAllFunctions();
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  if (optLevel == 1)
    llvm::cantFail(builder.parsePassPipeline(passes, shortPipeline));
  else
    passes = builder.buildPerModuleDefaultPipeline(
        optLevel == 2 ? llvm::OptimizationLevel::O2
                      : llvm::OptimizationLevel::O3);
  passes.run(module, modules);
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
KernelCodegen::emit(llvm::Module &module) {
  return llvm::orc::SimpleCompiler(*target)(module);
}
