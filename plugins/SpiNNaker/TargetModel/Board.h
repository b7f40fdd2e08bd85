//===- Board.h - boards and what they are made of ---------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a machine of SpiNNaker 1 has, as the tools see it. The numbers are those
// of SpiNNMachine 7.4.1 (spinn_machine/version/version_3.py, version_5.py,
// version_spin1.py) and were read from its virtual machines.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_BOARD_H
#define SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_BOARD_H

#include "spikeformer/TargetModel/MachineGraph.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace spikeformer::spinnaker {

/// Links of a chip: E NE N W SW S.
inline constexpr uint32_t numLinks = 6;
/// Core 0 runs the monitor.
inline constexpr uint32_t numMonitors = 1;
/// Entries of a routing table that the tools plan with.
inline constexpr uint32_t routerEntries = 1023;
/// Bytes of memory of a chip that the tools plan with.
inline constexpr int64_t sdramBytes = 123469792;
/// What SpiNNFrontEndCommon keeps for itself: a core with the extra monitor on
/// every chip, after core 0, and one more, the packet gatherer, on chips with
/// an Ethernet port, and their memory.
inline constexpr int64_t monitorSdramBytes = 488476;
inline constexpr int64_t gathererSdramBytes = 477250;
/// SpiNNaker 2 as SpiNNMachine 7.4.1 models it (version_spin2.py): 152 cores
/// and the monitor, a larger table, 1 GiB. What its software keeps is not
/// known.
inline constexpr uint32_t spin2Cores = 153, spin2RouterEntries = 16384;
inline constexpr int64_t spin2SdramBytes = int64_t(1) << 30;
/// Cores of a chip that an entry of PACMAN's routing tables can name; above it
/// SpiNNMachine 7.4.1 loses them (MAX_CORES_PER_ROUTER).
inline constexpr uint32_t maxTableCores = 18;

/// Joules of a packet without payload on a link: 40 bits of 25 pJ
/// (version_spin1.py).
inline constexpr double packetEnergy = 1.0e-9;

/// A chip that works.
struct Chip {
  int32_t x = 0, y = 0;
  /// With the monitor; they are numbered from 0, for a machine.json says only
  /// how many work.
  uint32_t numCores = 18;
  /// The chip of its board that has the Ethernet port.
  int32_t ethernetX = 0, ethernetY = 0;
  /// Of a chip with an Ethernet port; empty on others.
  std::string ipAddress;
  /// Bit i: link i is dead, or there is no chip at its end.
  uint32_t deadLinks = 0;
  uint32_t routerEntries = spinnaker::routerEntries;
  int64_t sdram = sdramBytes;

  bool hasEthernet() const { return !ipAddress.empty(); }
  /// Cores that the tools occupy besides the monitor, from core 1 on.
  uint32_t getNumToolCores() const { return hasEthernet() ? 2 : 1; }
  /// Memory that is left by the tools.
  int64_t getSpareSdram() const;
};

/// A machine as its JSON file says it.
struct Board {
  /// As SpiNNMachine counts them: 3 for SpiNN-3, 5 for machines of SpiNN-5
  /// boards, 201 and 248 for one chip and one board of SpiNNaker 2.
  uint32_t version = 5;
  uint32_t width = 8, height = 8;
  /// In order of x, then y.
  std::vector<Chip> chips;
  /// What a link may carry in the unit of time of the network's packets; none:
  /// nobody said. A link sends 250 Mbit/s, 6 million packets of 40 bits in a
  /// second (Furber et al. 2013, "Overview of the SpiNNaker system
  /// architecture").
  std::optional<uint64_t> linkPackets;

  bool wrapsX() const;
  bool wrapsY() const;
  bool isSpin2() const { return version >= 200; }
};

/// One SpiNN-3: four chips.
Board makeSpinn3();

/// SpiNN-5 boards that fill `width` x `height` chips: 8 x 8, or multiples of 4
/// above 8 of which those of 12 wrap. The error says what a size must be.
llvm::Expected<Board> makeSpinn5(uint32_t width, uint32_t height);

/// At least `count` SpiNN-5 boards, in the rectangle of triads that the tools
/// choose (spinn_machine/version/abstract_version.py, size_from_n_boards).
llvm::Expected<Board> makeSpinn5(uint32_t boards);

/// One chip of SpiNNaker 2, which has no links, and a board of 48 as SpiNN-5.
Board makeSpin2Chip();
Board makeSpin2Board();

/// Bits of a routing key, and those below the neuron that sPyNNaker 7.4 counts
/// colours with (spynnaker.cfg, n_colour_bits): a neuron takes 16 keys.
inline constexpr unsigned keyBits = 32, colourBits = 4;

/// The resources of a machine: `cores`, of which a slice takes one, and
/// `sdram` of a chip.
inline constexpr std::array<llvm::StringRef, 2> resourceNames = {"cores",
                                                                 "sdram"};

/// The machine that mapping sees: without what the tools keep.
MachineGraph makeMachineGraph(const Board &board, llvm::StringRef name);

} // namespace spikeformer::spinnaker

#endif // SPIKEFORMER_PLUGINS_SPINNAKER_TARGETMODEL_BOARD_H
