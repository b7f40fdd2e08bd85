//===- BatchKey.cpp - what the result of a model depends on ---------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BatchKey.h"
#include "spikeformer/Import/ONNX/ExternalFiles.h"
#include "spikeformer/PluginAPI/PluginRegistry.h"
#include "spikeformer/Support/InputFile.h"
#include "spikeformer/Support/Version.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Path.h"
#include <link.h>

using namespace spikeformer;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {
/// A digest of fields that cannot run into each other.
class FieldHash {
public:
  FieldHash &add(StringRef field) {
    char size[8];
    llvm::support::endian::write64le(size, field.size());
    hash.update(StringRef(size, sizeof(size)));
    hash.update(field);
    return *this;
  }
  std::string get() { return llvm::toHex(hash.final(), /*LowerCase=*/true); }

private:
  llvm::BLAKE3 hash;
};
} // namespace

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

llvm::Expected<FileStamp> FileStamp::take(const std::string &path) {
  fs::file_status status;
  if (std::error_code code = fs::status(path, status))
    return makeInputError(path, "cannot be read: " + code.message());
  return FileStamp{path, status.getUniqueID(), status.getLastModificationTime(),
                   status.getSize()};
}

bool BatchKey::isCurrent() const {
  return llvm::all_of(files, [](const FileStamp &before) {
    auto now = FileStamp::take(before.path);
    if (now)
      return *now == before;
    llvm::consumeError(now.takeError());
    return false;
  });
}

/// The bytes of a file, which are added to `hash` and whose stamp to `files`.
static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
addFile(const std::string &path, FieldHash &hash,
        std::vector<FileStamp> &files) {
  auto stamp = FileStamp::take(path);
  if (!stamp)
    return stamp.takeError();
  auto buffer = readInputFile(path);
  if (!buffer)
    return buffer.takeError();
  hash.add((*buffer)->getBuffer());
  files.push_back(std::move(*stamp));
  return std::move(*buffer);
}

/// Adds the files below `folder`, by name and contents.
static llvm::Error addFolder(StringRef folder, FieldHash &hash,
                             std::vector<FileStamp> &files) {
  std::vector<std::string> names;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end;
       it != end && !code; it.increment(code))
    if (fs::is_regular_file(it->path()))
      names.push_back(it->path());
  if (code)
    return makeInputError(folder, "cannot be read: " + code.message());
  llvm::sort(names);
  for (const std::string &name : names) {
    hash.add(StringRef(name).drop_front(folder.size()));
    auto buffer = addFile(name, hash, files);
    if (!buffer)
      return buffer.takeError();
  }
  return llvm::Error::success();
}

llvm::Expected<BatchKeys::Contents>
BatchKeys::digestData(const std::string &path) {
  std::lock_guard<std::mutex> lock(mutex);
  if (auto known = contents.find(path); known != contents.end())
    return known->second;
  Contents found;
  FieldHash hash;
  if (fs::is_directory(path)) {
    if (llvm::Error error = addFolder(path, hash, found.files))
      return std::move(error);
  } else {
    auto buffer = addFile(path, hash, found.files);
    if (!buffer)
      return buffer.takeError();
  }
  found.digest = hash.get();
  return contents[path] = std::move(found);
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// The build ID of a loaded object; empty if it has none.
static StringRef findBuildID(const dl_phdr_info &object) {
  for (unsigned i = 0; i < object.dlpi_phnum; ++i) {
    const ElfW(Phdr) &header = object.dlpi_phdr[i];
    if (header.p_type != PT_NOTE)
      continue;
    StringRef notes(
        reinterpret_cast<const char *>(object.dlpi_addr + header.p_vaddr),
        header.p_memsz);
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) note;
      std::memcpy(&note, notes.data(), sizeof(note));
      size_t name = llvm::alignTo(note.n_namesz, 4),
             content = llvm::alignTo(note.n_descsz, 4);
      notes = notes.drop_front(sizeof(note));
      if (name + content > notes.size())
        break;
      if (note.n_type == NT_GNU_BUILD_ID &&
          notes.take_front(note.n_namesz) == StringRef("GNU\0", 4))
        return notes.substr(name, note.n_descsz);
      notes = notes.drop_front(name + content);
    }
  }
  return "";
}

/// Adds the program and its libraries. A build ID is a digest of the code; an
/// object without one is digested itself. The kernel's own object has no file.
static llvm::Error addCode(FieldHash &hash) {
  std::vector<std::string> files;
  struct State {
    FieldHash &hash;
    std::vector<std::string> &files;
  } state{hash, files};
  dl_iterate_phdr(
      [](dl_phdr_info *object, size_t, void *data) {
        auto &state = *static_cast<State *>(data);
        StringRef name = object->dlpi_name;
        if (!name.empty() && !name.contains('/'))
          return 0;
        if (StringRef id = findBuildID(*object); !id.empty())
          state.hash.add(id);
        else
          state.files.push_back(name.empty() ? "/proc/self/exe" : name.str());
        return 0;
      },
      &state);
  std::vector<FileStamp> stamps;
  for (const std::string &file : files) {
    auto buffer = addFile(file, hash, stamps);
    if (!buffer)
      return buffer.takeError();
  }
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<BatchKeys>> BatchKeys::create() {
  FieldHash hash;
  hash.add("spikeformer batch 1").add(getVersion());
  if (llvm::Error error = addCode(hash))
    return std::move(error);
  std::vector<FileStamp> files;
  for (const PluginInfo &plugin : PluginRegistry::get().getPlugins()) {
    hash.add(plugin.id).add(plugin.version.getAsString());
    // What PluginRegistry::getDataDirectory() says to the plugin.
    std::string data = StringRef(plugin.path).rsplit('.').first.str();
    if (!data.empty() && fs::is_directory(data))
      if (llvm::Error error = addFolder(data, hash, files))
        return std::move(error);
  }
  auto keys = std::make_unique<BatchKeys>();
  keys->code = hash.get();
  return std::move(keys);
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

static bool isONNX(StringRef input) {
  const Importer *importer = PluginRegistry::get().lookupImporterOf(input);
  return importer && importer->name == "onnx";
}

/// Whether all that is read for a model can be seen from its file, and for ONNX
/// from the names in it.
static bool isSelfContained(StringRef input) {
  const PluginRegistry &registry = PluginRegistry::get();
  const Importer *importer = registry.lookupImporterOf(input);
  return llvm::none_of(registry.getImporters(),
                       [&](const Owned<Importer> &known) {
                         return &known.value == importer && known.plugin != 0;
                       });
}

/// Digests the files of `entry` and what its flags say.
llvm::Error BatchKeys::cover(const BatchEntry &entry, BatchKey &key) {
  const CompileOptions &compile = entry.options.compile;
  const std::string &input = compile.import.input;
  FieldHash hash;
  // Locations in a module hold the name of the model's file, and the name of
  // the output says whether it is text.
  hash.add(code)
      .add(path::filename(input))
      .add(path::extension(compile.emit.output));
  auto model = addFile(input, hash, key.files);
  if (!model)
    return model.takeError();
  std::vector<std::string> covered;
  if (isONNX(input))
    for (const std::string &name : listExternalFiles((*model)->getBuffer())) {
      SmallString<256> file = path::parent_path(input);
      path::append(file, name);
      hash.add(name);
      covered.push_back(file.str().str());
    }
  for (const auto &[flag, values] : entry.flags) {
    hash.add(flag);
    for (const std::string &value : values) {
      std::string file = getFlagFile(flag, value);
      // Directories do not count, but the name may say the format.
      size_t begin = file.empty() ? 0 : value.find(file);
      hash.add(StringRef(value).take_front(begin))
          .add(path::filename(file))
          .add(StringRef(value).drop_front(begin + file.size()));
      if (!file.empty())
        covered.push_back(std::move(file));
    }
  }
  for (const std::string &file : covered) {
    auto found = digestData(file);
    if (!found)
      return found.takeError();
    hash.add(found->digest);
    llvm::append_range(key.files, found->files);
  }
  key.digest = hash.get();
  return llvm::Error::success();
}

std::optional<BatchKey> BatchKeys::make(const BatchEntry &entry) {
  const CompileOptions &compile = entry.options.compile;
  const std::string &input = compile.import.input;
  if (compile.mapping.timeLimit || !isSelfContained(input) ||
      !fs::is_regular_file(input))
    return std::nullopt;
  BatchKey key;
  llvm::Error error = cover(entry, key);
  bool isWhole = !error;
  llvm::consumeError(std::move(error));
  return isWhole ? std::optional(std::move(key)) : std::nullopt;
}
