# Finds every external library. MLIR and LLVM are only ever linked as libMLIR.so and libLLVM.so:
# one static MLIR archive beside them would make two copies of MLIR in one process.
list(APPEND CMAKE_PREFIX_PATH /usr/lib/llvm-22)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_package(MLIR 22.1 REQUIRED CONFIG)
find_package(nlohmann_json 3.11 REQUIRED CONFIG)
find_package(Protobuf 3.21 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)
find_library(ONNX_PROTO_LIBRARY onnx_proto REQUIRED)
find_path(ONNX_INCLUDE_DIR onnx/onnx_pb.h REQUIRED)
# The serial C library; Debian installs the one for MPI beside it under another name.
find_library(HDF5_LIBRARY NAMES hdf5_serial hdf5 REQUIRED)
find_path(HDF5_INCLUDE_DIR hdf5.h PATH_SUFFIXES hdf5/serial REQUIRED)

set(MLIR_LINK_MLIR_DYLIB ON)
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
# The `llvm-lit` that AddLLVM looks for is not packaged.
set(LLVM_EXTERNAL_LIT "${LLVM_TOOLS_BINARY_DIR}/lit" CACHE FILEPATH "lit" FORCE)
include(TableGen)
include(AddLLVM)
include(AddMLIR)
include(HandleLLVMOptions)
# LLVM_DEFINITIONS is one string with spaces.
separate_arguments(SPIKEFORMER_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${SPIKEFORMER_LLVM_DEFINITIONS})
include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
include_directories(${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include
                    ${CMAKE_SOURCE_DIR}/runtime/include)
