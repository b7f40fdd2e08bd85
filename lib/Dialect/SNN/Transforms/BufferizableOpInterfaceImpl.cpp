//===- BufferizableOpInterfaceImpl.cpp - snn on buffers -------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Dialect/SNN/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "spikeformer/Dialect/SNN/IR/SNNOps.h"

using namespace spikeformer;
using namespace spikeformer::snn;
using namespace mlir::bufferization;

namespace {
struct SimulateOpInterface
    : BufferizableOpInterface::ExternalModel<SimulateOpInterface, SimulateOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }
  bool bufferizesToAllocation(Operation *, Value) const { return true; }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    IRMapping buffers;
    for (Value input : op->getOperands()) {
      if (!isa<TensorType>(input.getType()))
        continue;
      FailureOr<Value> buffer = getBuffer(rewriter, input, options, state);
      if (failed(buffer))
        return failure();
      buffers.map(input, *buffer);
    }
    Operation *onBuffers = rewriter.clone(*op, buffers);
    for (OpResult result : onBuffers->getResults())
      if (auto type = dyn_cast<TensorType>(result.getType()))
        result.setType(getMemRefTypeWithStaticIdentityLayout(type));
    replaceOpWithBufferizedValues(rewriter, op, onBuffers->getResults());
    return success();
  }
};
} // namespace

void snn::registerBufferizableOpInterfaceExternalModels(
    mlir::DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, SNNDialect *) {
    SimulateOp::attachInterface<SimulateOpInterface>(*context);
  });
}
