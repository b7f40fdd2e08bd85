//===- SonataSpikesWriter.cpp - SONATA spikes files -----------------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A worker makes the file in its memory, so that this process never calls the
// library, and the bytes are written like every other file.
//
//===----------------------------------------------------------------------===//

#include "spikeformer/Support/AtomicFile.h"
#include "spikeformer/Support/HDF5/HDF5.h"
#include "spikeformer/Support/HDF5/SonataSpikes.h"
#include "spikeformer/Support/WorkerProcess.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <numeric>

using namespace spikeformer;
using namespace spikeformer::hdf5;

namespace {
/// The root attributes by which SONATA files are known.
constexpr uint32_t magic = 0x0A7A;
constexpr uint32_t version[] = {0, 1};

/// Makes a file. Any failure makes it `failed`; what follows then does nothing
/// useful.
class Writer {
public:
  explicit Writer(hid_t file) : file(file) {
    // Without times, the same spikes make the same bytes.
    H5Pset_obj_track_times(datasets, false);
  }

  void addHeader() {
    addNumbers(file, "magic", {}, &magic);
    addNumbers(file, "version", {2}, version);
    addGroup("/spikes");
  }

  void add(const SpikeTrains &trains);

  bool failed = false;

private:
  hid_t check(hid_t id) {
    failed |= id < 0;
    return id;
  }
  Handle makeText(size_t size) {
    Handle type(H5Tcopy(H5T_C_S1));
    check(H5Tset_size(type, size));
    return type;
  }
  void addGroup(const std::string &path) {
    Handle(check(
        H5Gcreate2(file, path.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)));
  }
  void addNumbers(hid_t object, const char *name, std::vector<hsize_t> shape,
                  const uint32_t *values) {
    Handle space(shape.empty()
                     ? H5Screate(H5S_SCALAR)
                     : H5Screate_simple(shape.size(), shape.data(), nullptr));
    Handle attribute(check(H5Acreate2(object, name, H5T_STD_U32LE, space,
                                      H5P_DEFAULT, H5P_DEFAULT)));
    check(H5Awrite(attribute, H5T_NATIVE_UINT32, values));
  }
  void addText(const std::string &path, const char *name, StringRef text) {
    Handle object(check(H5Oopen(file, path.c_str(), H5P_DEFAULT)));
    Handle type = makeText(text.size());
    Handle space(H5Screate(H5S_SCALAR));
    Handle attribute(
        check(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT)));
    check(H5Awrite(attribute, type, text.data()));
  }
  /// The enumeration of the schema.
  void addSorting(const std::string &path) {
    Handle type(H5Tenum_create(H5T_STD_U8LE));
    for (auto [index, name] :
         llvm::enumerate(std::array{"none", "by_id", "by_time"})) {
      auto value = static_cast<uint8_t>(index);
      check(H5Tenum_insert(type, name, &value));
    }
    Handle object(check(H5Oopen(file, path.c_str(), H5P_DEFAULT)));
    Handle space(H5Screate(H5S_SCALAR));
    Handle attribute(check(
        H5Acreate2(object, "sorting", type, space, H5P_DEFAULT, H5P_DEFAULT)));
    uint8_t byTime = 2;
    check(H5Awrite(attribute, type, &byTime));
  }
  void addColumn(const std::string &path, hid_t stored, hid_t memory,
                 size_t size, const void *values) {
    hsize_t extent = size;
    Handle space(H5Screate_simple(1, &extent, nullptr));
    Handle dataset(check(H5Dcreate2(file, path.c_str(), stored, space,
                                    H5P_DEFAULT, datasets, H5P_DEFAULT)));
    if (size)
      check(H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
  }

  hid_t file;
  Handle datasets{H5Pcreate(H5P_DATASET_CREATE)};
};
} // namespace

void Writer::add(const SpikeTrains &trains) {
  std::vector<size_t> order(trains.neurons.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::pair(trains.seconds[a], trains.neurons[a]) <
           std::pair(trains.seconds[b], trains.neurons[b]);
  });
  std::vector<uint64_t> neurons;
  std::vector<double> times;
  for (size_t index : order) {
    neurons.push_back(trains.neurons[index]);
    times.push_back(trains.seconds[index] * 1e3);
  }
  std::string path = "/spikes/" + trains.population;
  addGroup(path);
  addSorting(path);
  addColumn(path + "/node_ids", H5T_STD_U64LE, H5T_NATIVE_UINT64,
            neurons.size(), neurons.data());
  addColumn(path + "/timestamps", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE,
            times.size(), times.data());
  addText(path + "/timestamps", "units", "ms");
}

/// In the worker: the place of the file's bytes in its output; empty after a
/// failure.
static std::string makeFile(ArrayRef<SpikeTrains> populations,
                            WorkerOutput &output) {
  initializeHDF5();
  Handle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_fapl_core(access, size_t(1) << 20, /*backing_store=*/false);
  Handle file(H5Fcreate("spikes.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access));
  if (!file.isValid())
    return "";
  Writer writer(file);
  writer.addHeader();
  for (const SpikeTrains &trains : populations)
    writer.add(trains);
  H5Fflush(file, H5F_SCOPE_GLOBAL);
  ssize_t size = H5Fget_file_image(file, nullptr, 0);
  auto block = size > 0 ? output.allocate(size) : std::nullopt;
  if (writer.failed || !block ||
      H5Fget_file_image(file, block->bytes, size) != size)
    return "";
  return std::to_string(block->offset) + " " + std::to_string(size);
}

llvm::Error hdf5::writeSonataSpikes(StringRef path,
                                    ArrayRef<SpikeTrains> populations) {
  auto result = runWorker(WorkerLimits(), [&](WorkerOutput &output) {
    return makeFile(populations, output);
  });
  if (!result)
    return llvm::createStringError(
        path + ": cannot make the file: " + llvm::toString(result.takeError()));
  auto [offsetText, sizeText] = result->message.split(' ');
  uint64_t offset = 0, size = 0;
  void *bytes = nullptr;
  if (llvm::to_integer(offsetText, offset) && llvm::to_integer(sizeText, size))
    bytes = result->getBlock(offset, size);
  if (!bytes)
    return llvm::createStringError(path + ": the HDF5 library cannot make the "
                                          "file");
  return writeFileAtomically(path,
                             StringRef(static_cast<const char *>(bytes), size));
}
