//===- Findings.cpp - what is wrong with an HDF5 file ---------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/Findings.h"
#include "spikeformer/Support/InputFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// `text` with everything escaped that could break a line or a terminal.
static std::string escape(std::string text) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  bool isUTF8 = llvm::isLegalUTF8String(&begin, begin + text.size());
  auto isPlain = [&](unsigned char byte) {
    return byte >= 0x20 && byte != 0x7f && (byte < 0x80 || isUTF8);
  };
  if (llvm::all_of(text, isPlain))
    return text;
  std::string result;
  for (unsigned char byte : text)
    result += isPlain(byte) ? std::string(1, static_cast<char>(byte))
                            : "\\x" + llvm::utohexstr(byte, true, 2);
  return result;
}

void Findings::add(bool isError, StringRef location,
                   const llvm::Twine &message) {
  findings.push_back({isError, escape(location.str()), escape(message.str())});
}

void Findings::append(const Findings &others) {
  llvm::append_range(findings, others.findings);
}

bool Findings::hasErrors() const {
  return llvm::any_of(findings,
                      [](const Finding &finding) { return finding.isError; });
}

llvm::Error Findings::takeErrors(StringRef file) const {
  llvm::Error errors = llvm::Error::success();
  for (const Finding &finding : findings)
    if (finding.isError)
      errors = llvm::joinErrors(
          std::move(errors),
          makeInputError(file, finding.location, finding.message));
  return errors;
}

void Findings::printWarnings(raw_ostream &os, StringRef file) const {
  for (const Finding &finding : findings) {
    if (finding.isError)
      continue;
    os << file << ": ";
    if (!finding.location.empty())
      os << finding.location << ": ";
    os << "warning: " << finding.message << '\n';
  }
}

std::string hdf5::quote(StringRef name) { return "'" + name.str() + "'"; }
