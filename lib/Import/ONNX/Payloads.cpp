//===- Payloads.cpp - tensor data left in the file ------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Payloads.h"
#include "Wire.h"
#include "llvm/Support/Endian.h"
#include <climits>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>

using namespace spikeformer;
using namespace spikeformer::onnximport;
using llvm::StringRef;

namespace {

class Separator {
public:
  Separator(std::vector<StringRef> &payloads) : payloads(payloads) {}
  bool copy(StringRef message, Kind kind, unsigned depth, std::string &out);

private:
  std::vector<StringRef> &payloads;
};

} // namespace

static void writeVarint(uint64_t value, std::string &out) {
  for (; value >= 0x80; value >>= 7)
    out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

bool Separator::copy(StringRef message, Kind kind, unsigned depth,
                     std::string &out) {
  if (depth > kMaxDepth)
    return false;
  while (!message.empty()) {
    std::optional<Field> field = readField(message);
    if (!field)
      return false;
    bool isMessage = field->wireType == Bytes;
    Kind inner = isMessage ? getKind(kind, field->number) : Kind::Other;
    bool isPayload =
        isMessage && kind == Kind::Tensor && field->number == kRawData;
    if (inner == Kind::Other && !isPayload) {
      out.append(field->whole.begin(), field->whole.end());
      // More than libprotobuf reads: no need to copy the rest.
      if (out.size() > INT_MAX)
        return true;
      continue;
    }
    std::string content;
    if (isPayload) {
      content.resize(8);
      llvm::support::endian::write64le(content.data(), payloads.size());
      payloads.push_back(field->content);
    } else if (!copy(field->content, inner, depth + 1, content)) {
      return false;
    }
    writeVarint(field->number << 3 | Bytes, out);
    writeVarint(content.size(), out);
    out += content;
  }
  return true;
}

bool onnximport::separatePayloads(StringRef file, std::string &structure,
                                  std::vector<StringRef> &payloads) {
  return Separator(payloads).copy(file, Kind::Model, 0, structure);
}

void onnximport::forgetPages(StringRef bytes) {
#ifdef MADV_PAGEOUT
  // The pages also leave the cache of files; who reads a small model again is
  // not to wait for the disk.
  constexpr size_t large = size_t(1) << 20;
  if (bytes.size() < large)
    return;
  // Harmless for memory that is no file: its pages keep what they hold.
  auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  uintptr_t begin =
      (reinterpret_cast<uintptr_t>(bytes.begin()) + page - 1) / page * page;
  uintptr_t end = reinterpret_cast<uintptr_t>(bytes.end()) / page * page;
  if (begin < end)
    (void)madvise(reinterpret_cast<void *>(begin), end - begin, MADV_PAGEOUT);
#endif
}
