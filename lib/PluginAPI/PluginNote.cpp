//===- PluginNote.cpp - reading a plugin's note ---------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The file may be anything: every size in it is checked by libObject or here
// before it is used, and each way of being wrong has its own message.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/PluginAPI/PluginNote.h"
#include "spikeformer/PluginAPI/Plugin.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VersionTuple.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <cstddef>
#include <cstring>

using namespace spikeformer;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
using llvm::object::ELF64LEObjectFile;

static constexpr uint32_t noteType = 1;

PluginStatement spikeformer::getHostStatement() {
  return {SF_PLUGIN_API_VERSION, LLVM_VERSION_STRING, SPIKEFORMER_API_HASH, "",
          ""};
}

std::string spikeformer::getEntryName(StringRef id) {
  return (SF_PLUGIN_ENTRY_PREFIX + Twine(SF_PLUGIN_API_VERSION) + "_" + id)
      .str();
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

static Expected<std::unique_ptr<llvm::MemoryBuffer>>
openPlugin(StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status))
    return createStringError("cannot be read: " + code.message());
  if (!llvm::sys::fs::is_regular_file(status))
    return createStringError("is not a regular file");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot be read: " + buffer.getError().message());
  if ((*buffer)->getBufferSize() == 0)
    return createStringError("is an empty file");
  return std::move(*buffer);
}

static Error checkMachine(const llvm::object::ObjectFile &object) {
  llvm::Triple host(llvm::sys::getProcessTriple());
  unsigned hostBits = host.isArch64Bit() ? 64 : 32;
  unsigned bits = object.getBytesInAddress() * 8;
  if (bits == hostBits && object.getArch() == host.getArch())
    return Error::success();
  return createStringError("was built for " + Twine(bits) + "-bit " +
                           llvm::Triple::getArchTypeName(object.getArch()) +
                           ", this program is " + Twine(hostBits) + "-bit " +
                           llvm::Triple::getArchTypeName(host.getArch()));
}

/// The buffer as a shared object of this machine.
static Expected<std::unique_ptr<ELF64LEObjectFile>>
openSharedObject(const llvm::MemoryBuffer &buffer) {
  if (!buffer.getBuffer().starts_with(llvm::ELF::ElfMagic))
    return createStringError("is not an ELF file");
  auto object = llvm::object::ObjectFile::createELFObjectFile(buffer);
  if (!object)
    return createStringError("is damaged: " +
                             llvm::toString(object.takeError()));
  if (Error error = checkMachine(**object))
    return std::move(error);
  if (llvm::identify_magic(buffer.getBuffer()) !=
      llvm::file_magic::elf_shared_object)
    return createStringError("is an ELF file, but not a shared object");
  if (!llvm::isa<ELF64LEObjectFile>(**object))
    return createStringError("is not a 64-bit little-endian ELF file");
  return std::unique_ptr<ELF64LEObjectFile>(
      llvm::cast<ELF64LEObjectFile>(object->release()));
}

//===----------------------------------------------------------------------===//
// The note
//===----------------------------------------------------------------------===//

/// Appends the descriptions of our notes in one section.
static Error collectNotes(const ELF64LEObjectFile &object,
                          const llvm::object::ELF64LE::Shdr &section,
                          llvm::SmallVectorImpl<llvm::ArrayRef<uint8_t>> &out) {
  size_t align = std::max<size_t>(section.sh_addralign, 4);
  Error error = Error::success();
  bool foreign = false;
  for (auto note : object.getELFFile().notes(section, error)) {
    if (note.getName() != "SpikeFormer")
      continue;
    if (note.getType() == noteType)
      out.push_back(note.getDesc(align));
    else
      foreign = true;
  }
  if (error)
    return createStringError("has a damaged note section: " +
                             llvm::toString(std::move(error)));
  if (foreign)
    return createStringError("has a SpikeFormer note of a type that is not "
                             "known to this program");
  return Error::success();
}

static Expected<llvm::ArrayRef<uint8_t>>
findNote(const ELF64LEObjectFile &object) {
  auto sections = object.getELFFile().sections();
  if (!sections)
    return createStringError("is damaged: " +
                             llvm::toString(sections.takeError()));
  llvm::SmallVector<llvm::ArrayRef<uint8_t>> found;
  for (const auto &section : *sections)
    if (section.sh_type == llvm::ELF::SHT_NOTE)
      if (Error error = collectNotes(object, section, found))
        return std::move(error);
  if (found.empty())
    return createStringError("has no SpikeFormer note: it is not a plugin, or "
                             "its sources lack SF_PLUGIN(Id)");
  if (found.size() > 1)
    return createStringError("has " + Twine(found.size()) +
                             " SpikeFormer notes: one shared object is one "
                             "plugin");
  return found.front();
}

/// A field of the note; fails unless it is printable text and a zero byte.
template <size_t n>
static Error readField(const char (&field)[n], StringRef name,
                       std::string &out) {
  StringRef text(field, strnlen(field, n));
  if (text.empty() || text.size() == n || !llvm::all_of(text, llvm::isPrint))
    return createStringError("has a damaged SpikeFormer note: no " + name +
                             " in it");
  out = text.str();
  return Error::success();
}

static bool isIdentifier(StringRef id) {
  return llvm::isAlpha(id.front()) &&
         llvm::all_of(id, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

static Expected<PluginStatement> parseNote(llvm::ArrayRef<uint8_t> bytes) {
  PluginNote note;
  size_t size = sizeof(note) - offsetof(PluginNote, apiVersion);
  if (bytes.size() != size)
    return createStringError(
        "has a damaged SpikeFormer note: " + Twine(bytes.size()) +
        " bytes instead of " + Twine(size));
  std::memcpy(&note.apiVersion, bytes.data(), size);
  PluginStatement out;
  out.apiVersion = note.apiVersion;
  if (Error error =
          readField(note.llvmVersion, "LLVM version", out.llvmVersion))
    return std::move(error);
  if (Error error = readField(note.headerHash, "header hash", out.headerHash))
    return std::move(error);
  if (Error error = readField(note.id, "plugin id", out.id))
    return std::move(error);
  if (Error error = readField(note.version, "plugin version", out.version))
    return std::move(error);
  if (!isIdentifier(out.id))
    return createStringError("has a damaged SpikeFormer note: plugin id '" +
                             out.id + "' is not an identifier");
  if (llvm::VersionTuple().tryParse(out.version))
    return createStringError("has a damaged SpikeFormer note: plugin version "
                             "'" +
                             out.version + "' is not of the form 1.2.3");
  return out;
}

//===----------------------------------------------------------------------===//
// The entry function
//===----------------------------------------------------------------------===//

/// Names of the entry functions that the shared object defines, of any API.
static Expected<std::vector<std::string>>
findEntries(const ELF64LEObjectFile &object) {
  std::vector<std::string> names;
  for (const auto &symbol : object.getDynamicSymbolIterators()) {
    auto flags = symbol.getFlags();
    auto name = symbol.getName();
    if (!flags || !name)
      return createStringError("has a damaged symbol table: " +
                               llvm::toString(llvm::joinErrors(
                                   flags.takeError(), name.takeError())));
    if (name->starts_with(SF_PLUGIN_ENTRY_PREFIX) &&
        !(*flags & llvm::object::SymbolRef::SF_Undefined))
      names.push_back(name->str());
  }
  return names;
}

/// The note promises one entry function, which carries its id. How a plugin of
/// another API names its entry is not known here.
static Error checkEntry(const ELF64LEObjectFile &object,
                        const PluginStatement &statement) {
  if (statement.apiVersion != SF_PLUGIN_API_VERSION)
    return Error::success();
  auto entries = findEntries(object);
  if (!entries)
    return entries.takeError();
  std::string expected = getEntryName(statement.id);
  if (entries->empty())
    return createStringError("has no entry function " + expected);
  if (entries->size() > 1)
    return createStringError("has more than one entry function: " +
                             llvm::join(*entries, ", "));
  if (entries->front() != expected)
    return createStringError("says in its note that it is '" + statement.id +
                             "', but its entry function is " +
                             entries->front());
  return Error::success();
}

Expected<PluginStatement> spikeformer::readPluginStatement(StringRef path) {
  auto buffer = openPlugin(path);
  if (!buffer)
    return buffer.takeError();
  auto object = openSharedObject(**buffer);
  if (!object)
    return object.takeError();
  auto note = findNote(**object);
  if (!note)
    return note.takeError();
  auto statement = parseNote(*note);
  if (!statement)
    return statement.takeError();
  if (Error error = checkEntry(**object, *statement))
    return std::move(error);
  return statement;
}

//===----------------------------------------------------------------------===//
// The comparison
//===----------------------------------------------------------------------===//

/// "22.1" of "22.1.8": patch releases of LLVM keep their C++ interface.
static StringRef majorAndMinor(StringRef version) {
  size_t dot = version.find('.');
  return version.substr(
      0, version.find('.', dot == StringRef::npos ? dot : dot + 1));
}

std::vector<std::string>
spikeformer::checkStatement(const PluginStatement &plugin,
                            const PluginStatement &host) {
  std::vector<std::string> problems;
  if (plugin.apiVersion != host.apiVersion)
    problems.push_back("was built for plugin API " +
                       std::to_string(plugin.apiVersion) +
                       ", this program has " + std::to_string(host.apiVersion));
  if (majorAndMinor(plugin.llvmVersion) != majorAndMinor(host.llvmVersion))
    problems.push_back("was built with LLVM " + plugin.llvmVersion +
                       ", this program with " + host.llvmVersion);
  if (plugin.headerHash != host.headerHash)
    problems.push_back("was built from headers with hash " + plugin.headerHash +
                       ", this program from " + host.headerHash +
                       ": rebuild it with this program's headers");
  return problems;
}
