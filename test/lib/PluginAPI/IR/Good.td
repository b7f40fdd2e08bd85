//===- Good.td - dialect and pass of a test plugin ---------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// As little as shows that a plugin's attributes and pass options work.
//
//===----------------------------------------------------------------------===//

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/Pass/PassBase.td"

def Good_Dialect : Dialect {
  let name = "good";
  let cppNamespace = "::good";
  let useDefaultAttributePrinterParser = 1;
}

def Good_OrderAttr : AttrDef<Good_Dialect, "Order"> {
  let mnemonic = "order";
  let parameters = (ins "uint64_t":$order);
  let assemblyFormat = "`<` $order `>`";
}

def GoodCountOpsPass : Pass<"good-count-ops"> {
  let summary = "write the number of operations into the root";
  let options = [Option<"bias", "bias", "int64_t", "0", "what to count from">];
}
