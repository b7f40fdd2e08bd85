//===- Npz.cpp - NumPy's .npz archives ------------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/Npz.h"
#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Npy.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;

llvm::Expected<NpzFile> NpzFile::open(llvm::StringRef path) {
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  auto zip = ZipReader::parse((*buffer)->getBuffer(), path);
  if (!zip)
    return zip.takeError();
  return NpzFile(path.str(), std::move(*buffer), std::move(*zip));
}

std::vector<std::string> NpzFile::getKeys() const {
  std::vector<std::string> keys;
  for (const ZipMember &member : zip.getMembers()) {
    llvm::StringRef key = member.name;
    if (key.consume_back(".npy"))
      keys.push_back(key.str());
  }
  return keys;
}

llvm::Expected<Tensor> NpzFile::read(llvm::StringRef key) const {
  for (const ZipMember &member : zip.getMembers()) {
    if (member.name != (key + ".npy").str())
      continue;
    auto stream = zip.open(member);
    if (!stream)
      return stream.takeError();
    return readNpy(*stream);
  }
  return makeInputError(path, "has no array '" + key + "'; it has '" +
                                  llvm::join(getKeys(), "', '") + "'");
}

llvm::Expected<Tensor> NpzFile::readOnly() const {
  std::vector<std::string> keys = getKeys();
  if (keys.size() == 1)
    return read(keys.front());
  if (keys.empty())
    return makeInputError(path, "holds no array");
  return makeInputError(path, "holds " + llvm::Twine(keys.size()) +
                                  " arrays, '" + llvm::join(keys, "', '") +
                                  "'; name one, such as " + path + ":" +
                                  keys.front());
}

llvm::Error spikeformer::writeNpzFile(llvm::StringRef path,
                                      llvm::ArrayRef<NamedTensor> arrays) {
  return writeFileAtomically(path, [&](llvm::raw_ostream &os) {
    ZipWriter zip(os);
    for (const auto &[name, tensor] : arrays) {
      std::string header = makeNpyHeader(tensor);
      llvm::StringRef elements(static_cast<const char *>(tensor.getBytes()),
                               tensor.getNumBytes());
      zip.add(name + ".npy", {header, elements});
    }
    zip.finish();
    return llvm::Error::success();
  });
}
