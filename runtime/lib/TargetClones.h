//===- TargetClones.h - one kernel for several instruction sets -*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function marked SFRT_TARGET_CLONES is compiled once per instruction set and
// chosen when the program is loaded. What it calls must be inlined to be
// vectorised with it: SFRT_INLINE.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_RT_LIB_TARGETCLONES_H
#define SPIKEFORMER_RT_LIB_TARGETCLONES_H

#if defined(__x86_64__)
#define SFRT_TARGET_CLONES                                                     \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SFRT_TARGET_CLONES
#endif

#define SFRT_INLINE static inline __attribute__((always_inline))
#define SFRT_INLINE_MEMBER inline __attribute__((always_inline))

#endif // SPIKEFORMER_RT_LIB_TARGETCLONES_H
