//===- PnROps.td - placed and routed networks --------------*- tablegen -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The data of mapping as columns with holes, printed row by row.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_DIALECT_PNR_IR_PNROPS_TD
#define SPIKEFORMER_DIALECT_PNR_IR_PNROPS_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"

def PnR_Dialect : Dialect {
  let name = "pnr";
  let summary = "place and route: where a network lies and how its spikes travel";
  let description = [{
    A `pnr.mapping` is an overlay: the network it maps stays as it is. It holds
    one operation for each kind of data, in the order in which the phases make
    them: `pnr.slices`, `pnr.messages`, `pnr.keys`, `pnr.trees`, `pnr.tables`.
    Bulk is in columns, printed row by row. `?` stands for what is not decided,
    so that a problem, a problem with pins and a solution have one syntax, and
    solvers fill in `?` only.

    Verifiers look at columns and their lengths; whether a mapping is right is
    the business of the problems of `lib/Mapping`, which `pnr-verify` asks.

    The dialect has a version (1), which bytecode carries.
  }];
  let cppNamespace = "::spikeformer::pnr";
  let extraClassDeclaration = [{
    /// Version of the dialect that this library writes.
    static constexpr uint64_t kVersion = 1;
    void addBytecodeInterface();
  }];
}

class PnR_Op<string mnemonic, list<Trait> traits = []>
    : Op<PnR_Dialect, mnemonic, traits>;

/// A column set of a mapping.
class PnR_ColumnsOp<string mnemonic>
    : PnR_Op<mnemonic, [HasParent<"::spikeformer::pnr::MappingOp">]> {
  let hasVerifier = 1;
}

def PnR_MappingOp : PnR_Op<"mapping", [
    Symbol, IsolatedFromAbove, NoRegionArguments, NoTerminator, SingleBlock]> {
  let summary = "slices of a network on the cores of a machine";
  let description = [{
    `machine` is the name under which the target knows the machine, or the file
    that describes it. `network` and the SHA-256 `digest` of its text say what is
    mapped; a problem that came from elsewhere has neither.

    1. There is one `pnr.slices`, and at most one of each other kind
       (`mapping_c1`).
    2. A kind comes after those that it is about: slices, messages, keys, trees,
       tables (`mapping_c2`).
    3. `pnr.keys` has a row and `pnr.trees` a tree for each message
       (`mapping_c3`).
    4. Messages name rows of `pnr.slices` (`mapping_c4`).

    Example:
    ```mlir
    pnr.mapping @mapping on "grid" {
      pnr.slices resources ["neurons"] {
        "a" uses [64] at (0, 0) core 1
        "b" uses [36] at ?
      }
      pnr.messages {
        0 to [0, 1] packets 1.250000e+01 keys 64
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       OptionalAttr<FlatSymbolRefAttr>:$network,
                       OptionalAttr<StrAttr>:$digest, StrAttr:$machine);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name (`of` $network^ `digest` $digest)? `on` $machine
    attr-dict-with-keyword $body}];
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// The operation of a kind; null if there is none.
    template <typename OpTy>
    OpTy getColumns() {
      for (OpTy op : getBody().getOps<OpTy>())
        return op;
      return {};
    }
  }];
}

def PnR_SlicesOp : PnR_ColumnsOp<"slices"> {
  let summary = "what is to be placed";
  let description = [{
    A row is a slice: its name, the population it is of (left out where it has
    the slice's own name), its neurons, what it uses of each resource, the cluster
    with which it shares a router (left out where it is alone), and the core: the
    coordinates of the router and the core's id there, or `?`. The neurons are a
    range for each dimension of the population, or one range of row-major indices, or
    of one dimension several ranges, ascending and disjoint;
    slices of something else than a network have none.

    1. The columns have one length, `usage` a row of `resources` for each; the
       offsets of boxes ascend from 0 to their number (`slices_c1`).
    2. Names are unique and amounts not negative (`slices_c2`).
    3. A location is complete or `?` (`slices_c3`).
    4. A range is not empty and begins at 0 or behind it (`slices_c4`).

    Example:
    ```mlir
    pnr.slices resources ["slices", "sdram"] {
      "hidden_0" of "hidden"[0 : 64] uses [1, 40960] at (0, 3) core 4
      "hidden_1" of "hidden"[64 : 100] uses [1, 23040] cluster 1 at ?
      "out" uses [1, 4000] cluster 1 at ?
    }
    ```
  }];
  let arguments = (ins StrArrayAttr:$resources, StrArrayAttr:$names,
                       StrArrayAttr:$populations, DenseI32ArrayAttr:$box_offsets,
                       DenseI64ArrayAttr:$boxes, DenseI64ArrayAttr:$usage,
                       DenseI32ArrayAttr:$clusters,
                       DenseI32ArrayAttr:$locations);
  let assemblyFormat = [{
    `resources` $resources
    custom<SliceRows>($names, $populations, $box_offsets, $boxes, $usage,
                      $clusters, $locations) attr-dict}];
  let extraClassDeclaration = [{
    /// Numbers of a location: x, y, core.
    static constexpr size_t kLocationSize = 3;
    /// Each number of a location that is `?`.
    static constexpr int32_t kFree = std::numeric_limits<int32_t>::min();
    /// The cluster of a slice that is alone.
    static constexpr int32_t kAlone = -1;
    size_t size() { return getNames().size(); }
    /// First and end of each range of the neurons of `slice`.
    ::llvm::ArrayRef<int64_t> getBox(size_t slice) {
      ::llvm::ArrayRef<int32_t> offsets = getBoxOffsets();
      return getBoxes().slice(offsets[slice],
                              offsets[slice + 1] - offsets[slice]);
    }
  }];
}

def PnR_MessagesOp : PnR_ColumnsOp<"messages"> {
  let summary = "what slices send to each other";
  let description = [{
    A row is a multicast message: the number of the source's row in `pnr.slices`,
    those of the targets in ascending order, packets per unit of time, and how
    many routing keys its senders need. A message has the name of its source
    unless it has one of its own.

    1. The columns have one length; offsets ascend from 0 to the number of
       targets (`messages_c1`).
    2. Names, where there are any, are as many as messages (`messages_c2`).
    3. Packets are at least 0, keys 1 to 2^32 - 1 (`messages_c3`).

    Example:
    ```mlir
    pnr.messages {
      0 to [1, 2] packets 1.250000e+01 keys 64 named "forward"
      1 to [0, 1, 2] packets 8.000000e+00 keys 36 named "feedback"
    }
    ```
  }];
  let arguments = (ins StrArrayAttr:$names, DenseI32ArrayAttr:$sources,
                       DenseI32ArrayAttr:$offsets, DenseI32ArrayAttr:$targets,
                       DenseF64ArrayAttr:$packets,
                       DenseI64ArrayAttr:$num_keys);
  let assemblyFormat = [{
    custom<MessageRows>($names, $sources, $offsets, $targets, $packets,
                        $num_keys) attr-dict}];
  let extraClassDeclaration = [{
    size_t size() { return getSources().size(); }
  }];
}

def PnR_KeysOp : PnR_ColumnsOp<"keys"> {
  let summary = "routing keys of messages";
  let description = [{
    A row gives the block of keys of the message of that row as key and mask, or
    `?`: all keys k with k & mask = key. The low `reserved` bits of every key are
    the software's of the machine: sender i of a message has key + i 2^reserved,
    and packets with any of the low bits go the same way.

    1. The columns have one length (`keys_c1`).
    2. `reserved` is 0 to 31; left out where it is 0 (`keys_c2`).

    Example: `pnr.keys reserved 4 {0x00001000 mask 0xfffff000 ?}`
  }];
  let arguments = (ins OptionalAttr<I32Attr>:$reserved,
                       DenseI32ArrayAttr:$keys, DenseI32ArrayAttr:$masks);
  let assemblyFormat = [{
    (`reserved` $reserved^)? custom<KeyRows>($keys, $masks) attr-dict}];
}

def PnR_TreesOp : PnR_ColumnsOp<"trees"> {
  let summary = "multicast trees of messages";
  let description = [{
    Message m takes tree `tree_of[m]`; messages that leave one router for the same
    cores may share one. The branches of tree t are rows [offsets[t], offsets[t +
    1]), the source's first and every other after the one that leads to it. A
    branch says at which router it is, the port that the packet came in by, and
    the ports and cores of the router that it goes to.

    1. The columns have one length; offsets ascend from 0 to the number of
       branches; core ids are three words of 64 bits for each (`trees_c1`).
    2. Messages take trees that are there (`trees_c2`).

    Example:
    ```mlir
    pnr.trees of [0, 0] {
      tree
        (0, 0) to ports [0, 2] cores [3]
        (1, 0) from 3 to ports [] cores [4, 5]
        (0, 1) from 5 to ports [] cores [1]
    }
    ```
  }];
  let arguments = (ins DenseI32ArrayAttr:$tree_of, DenseI64ArrayAttr:$offsets,
                       DenseI32ArrayAttr:$routers, DenseI32ArrayAttr:$incoming,
                       DenseI32ArrayAttr:$ports, DenseI64ArrayAttr:$cores);
  let assemblyFormat = [{
    `of` $tree_of
    custom<TreeRows>($offsets, $routers, $incoming, $ports, $cores) attr-dict}];
}

def PnR_TablesOp : PnR_ColumnsOp<"tables"> {
  let summary = "routing tables";
  let description = [{
    A table for each router that has one; the order of entries is their
    priority. An entry says which keys it is for, the one port that their packets
    come in by (left out where there is none or there are several), and the ports
    and cores that they go to.

    1. The columns have one length; offsets ascend from 0 to the number of
       entries (`tables_c1`).

    Example:
    ```mlir
    pnr.tables {
      table (0, 0)
        0x00000100 mask 0xffffff00 to ports [0] cores [3]
        0x00000000 mask 0xffffff00 from 3 to ports [0] cores []
    }
    ```
  }];
  let arguments = (ins DenseI32ArrayAttr:$routers, DenseI64ArrayAttr:$offsets,
                       DenseI32ArrayAttr:$keys, DenseI32ArrayAttr:$masks,
                       DenseI32ArrayAttr:$incoming, DenseI32ArrayAttr:$ports,
                       DenseI64ArrayAttr:$cores);
  let assemblyFormat = [{
    custom<TableRows>($routers, $offsets, $keys, $masks, $incoming, $ports,
                      $cores) attr-dict}];
}

#endif // SPIKEFORMER_DIALECT_PNR_IR_PNROPS_TD
