//===- HDF5.cpp - the HDF5 library, tamed ---------------------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/HDF5/HDF5.h"
#include "llvm/ADT/StringExtras.h"

using namespace spikeformer;
using namespace spikeformer::hdf5;

/// More soft links in a row than this are a loop.
static constexpr size_t maxSoftLinks = 16;

std::string hdf5::takeHDF5Error() {
  std::string text;
  auto visit = [](unsigned, const H5E_error2_t *error, void *data) -> herr_t {
    auto &text = *static_cast<std::string *>(data);
    if (text.empty() && error->desc)
      text = error->desc;
    return 0;
  };
  // Upward begins with what failed first.
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, visit, &text);
  H5Eclear2(H5E_DEFAULT);
  if (text.size() > 1 && !llvm::isUpper(text[1]))
    text[0] = llvm::toLower(text[0]);
  return text.empty() ? "the HDF5 library gives no reason" : text;
}

void hdf5::initializeHDF5() {
  H5open();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
  registerLzf();
}

Handle hdf5::openFile(const std::string &path) {
  // Lives on: closing it would clear the error.
  static const Handle access(H5Pcreate(H5P_FILE_ACCESS));
  // A file that another process writes must not be read half-written; a file
  // system without locks is no obstacle.
  H5Pset_file_locking(access, true, true);
  return Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access));
}

/// Access that never leaves the file.
static const Handle &getLinkAccess() {
  static const Handle access = [] {
    Handle access(H5Pcreate(H5P_LINK_ACCESS));
    H5Pset_nlinks(access, maxSoftLinks);
    auto refuse = [](const char *, const char *, const char *, const char *,
                     unsigned *, hid_t, void *) -> herr_t { return -1; };
    H5Pset_elink_cb(access, refuse, nullptr);
    return access;
  }();
  return access;
}

/// Why the soft link `name` does not lead to an object.
static std::string explainSoftLink(hid_t group, const std::string &name,
                                   size_t size) {
  std::string reason = takeHDF5Error();
  if (reason.find("too many") != std::string::npos)
    return "is a soft link that never ends (more than " +
           std::to_string(maxSoftLinks) + " links in a row)";
  std::string target(size, '\0');
  H5Lget_val(group, name.c_str(), target.data(), size, getLinkAccess());
  return "is a soft link to '" + std::string(target.c_str()) +
         "', which leads to no object in this file";
}

llvm::Expected<Handle> hdf5::openObject(hid_t group, const std::string &name) {
  H5L_info_t info;
  if (H5Lget_info(group, name.c_str(), &info, getLinkAccess()) < 0)
    return llvm::createStringError("cannot be read: " + takeHDF5Error());
  if (info.type == H5L_TYPE_EXTERNAL)
    return llvm::createStringError(
        "is an external link (refused: a model is one file); store the data "
        "in this file");
  Handle object(H5Oopen(group, name.c_str(), getLinkAccess()));
  if (object.isValid())
    return std::move(object);
  if (info.type == H5L_TYPE_SOFT)
    return llvm::createStringError(
        explainSoftLink(group, name, info.u.val_size));
  return llvm::createStringError("cannot be opened: " + takeHDF5Error());
}

namespace {
struct NameList {
  std::vector<std::string> names;
  size_t most;
};
} // namespace

std::vector<std::string> hdf5::listNames(hid_t group, size_t most,
                                         bool &complete) {
  NameList list{{}, most};
  auto visit = [](hid_t, const char *name, const H5L_info_t *,
                  void *data) -> herr_t {
    auto &list = *static_cast<NameList *>(data);
    if (list.names.size() == list.most)
      return 1;
    list.names.push_back(name);
    return 0;
  };
  complete =
      H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &list) == 0;
  H5Eclear2(H5E_DEFAULT);
  return std::move(list.names);
}
