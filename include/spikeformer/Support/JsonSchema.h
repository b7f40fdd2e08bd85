//===- JsonSchema.h - JSON held against a schema ----------------*- C++ -*-===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The keywords of JSON Schema (draft 2020-12) that the schemas of this project
// use. The published schema is the check, so that the two cannot differ.
//
//===----------------------------------------------------------------------===//

#ifndef SPIKEFORMER_SUPPORT_JSONSCHEMA_H
#define SPIKEFORMER_SUPPORT_JSONSCHEMA_H

#include "spikeformer/Support/Json.h"

namespace spikeformer {

/// Everything in `value` that breaks `schema`, each with its place. Keywords:
/// type (one, or a list), properties, required, additionalProperties = false,
/// items, minItems, maxItems, minimum, exclusiveMinimum, maximum, enum; others
/// say nothing.
llvm::Error checkSchema(const JsonValue &value, const JsonValue &schema);

/// Member `key` of the valid object `value`, or the default that `schema` has
/// for it; null without either.
const JsonValue *getOrDefault(const JsonValue &value, const JsonValue &schema,
                              llvm::StringRef key);

} // namespace spikeformer

#endif // SPIKEFORMER_SUPPORT_JSONSCHEMA_H
