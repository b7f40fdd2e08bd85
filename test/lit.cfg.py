"""Configuration of the lit suite: one file, one test; gtest programs run as well."""
import os

import lit.formats
from lit.llvm import llvm_config

config.name = config.sf_suite_name
config.test_format = lit.formats.ShTest(True)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "Unit", "CMakeLists.txt", "lit.cfg.py", "lit.site.cfg.py.in", "lib"]
config.test_source_root = config.sf_suite_dir
config.test_exec_root = config.sf_suite_exec_dir

tools_dir = os.path.join(config.sf_build_dir, "bin")
llvm_config.with_environment("PATH", tools_dir, append_path=True)
llvm_config.with_environment("PATH", config.llvm_tools_dir, append_path=True)
config.environment["SPIKEFORMER_PLUGIN_PATH"] = ""

# Real data and judges lie beside the checkout; a test that needs them says REQUIRES.
shared = os.path.abspath(os.path.join(config.sf_source_dir, "..", "shared"))
if os.path.isdir(os.path.join(shared, "data")):
    config.available_features.add("shared-data")
judges = os.environ.get("SPIKEFORMER_JUDGES", "")
for judge in ("nir", "onnx", "spinnaker", "lava", "akida", "sinabs"):
    python = os.path.join(judges, judge, "bin", "python")
    if judges and os.path.exists(python):
        config.available_features.add("judge-" + judge)
        config.substitutions.append(("%judge_" + judge, python))

config.substitutions += [
    ("%shared_data", os.path.join(shared, "data")),
    ("%shared_checks", os.path.join(shared, "checks")),
    ("%python", config.python),
    ("%source_dir", config.sf_source_dir),
    ("%build_dir", config.sf_build_dir),
    # Turns protobuf's text format into an ONNX file: %encode_onnx < model.txt > model.onnx
    (
        "%encode_onnx",
        "{0} --encode=onnx.ModelProto -I {1}/onnx {1}/onnx/onnx.proto".format(
            config.protoc, config.onnx_include_dir
        ),
    ),
    # And back.
    (
        "%decode_onnx",
        "{0} --decode=onnx.ModelProto -I {1}/onnx {1}/onnx/onnx.proto".format(
            config.protoc, config.onnx_include_dir
        ),
    ),
    ("%cmake", config.cmake),
    ("%cxx", config.cxx),
    ("%cc", config.cc),
    ("%exits", os.path.join(config.sf_source_dir, "test", "exits.sh")),
    ("%test_plugins", os.path.join(config.sf_build_dir, "test", "plugins")),
    ("%plugins", os.path.join(config.sf_build_dir, "lib", "plugins")),
]
tools = ["sf-opt", "sf-translate", "sf-compile", "sf-run", "sf-diff", "sf-random", "sf-plugin-check",
         "test-evaluate", "test-onnx-conformance", "test-read-nir"]
tools = [t for t in tools if os.path.exists(os.path.join(tools_dir, t))]
llvm_config.add_tool_substitutions(tools + ["FileCheck", "mlir-opt", "not", "split-file", "count"],
                                   [tools_dir, config.llvm_tools_dir])
