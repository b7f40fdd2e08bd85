//===- ArtefactTest.cpp - what is emitted is what was compiled ------------===//
//
// Part of the SpikeFormer project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks are compiled and emitted, the artefact is opened again with nothing
// but its directory, and the chip's model gives the bits of the network in the
// reference interpreter.
//
//===----------------------------------------------------------------------===//

#include "TemplateTest.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace spikeformer;
using testing::HasSubstr;
using testing::Not;

namespace {
struct ArtefactTest : TemplateTest {
  llvm::Expected<std::unique_ptr<Executor>> open() {
    return getTarget().openArtefact(directory);
  }

  std::string read() {
    auto buffer = llvm::MemoryBuffer::getFile(directory + "/program.json");
    return buffer ? (*buffer)->getBuffer().str() : "";
  }

  void write(llvm::StringRef text) {
    std::error_code code;
    llvm::raw_fd_ostream(directory + "/program.json", code) << text;
    ASSERT_FALSE(code);
  }

  /// Replaces the first `from` of the artefact by `to`.
  void damage(const std::string &from, const std::string &to) {
    std::string text = read();
    size_t position = text.find(from);
    ASSERT_NE(position, std::string::npos);
    write(text.replace(position, from.size(), to));
  }

  std::string openError() {
    auto executor = open();
    return executor ? "accepted" : llvm::toString(executor.takeError());
  }

  /// Network and artefact agree on everything that a run gives.
  void expectAgreement(bool resetPerSample = true) {
    RunRequest request = makeRequest(3, 40);
    request.resetPerSample = resetPerSample;
    std::unique_ptr<Executor> network = makeReference();
    auto artefact = open();
    ASSERT_TRUE(static_cast<bool>(artefact))
        << llvm::toString(artefact.takeError());
    EXPECT_EQ((*artefact)->getEngine(), "functional-model");
    EXPECT_EQ((*artefact)->getLatency(), network->getLatency());
    EXPECT_EQ((*artefact)->getPopulations(), network->getPopulations());
    for (const std::string &name : network->getPopulations()) {
      EXPECT_EQ((*artefact)->getStates(name), network->getStates(name));
      request.probes.push_back({name, ""});
      request.probes.push_back({name, "v"});
    }
    for (size_t index = 0;
         index < getNetwork().getFunctionType().getNumResults(); ++index)
      request.probes.push_back({getOutputName(index), ""});
    llvm::Expected<RunResult> a = network->run(request);
    llvm::Expected<RunResult> b = (*artefact)->run(request);
    ASSERT_TRUE(a && b);
    expectEqual(*a, *b);
    for (const auto &[name, statistics] : a->populations)
      EXPECT_GT(statistics.spikes, 20) << name << " should be tested";
  }
};
} // namespace

/// 100 and 70 neurons on four cores, recurrent, with every delay, two inputs of
/// which one is cut and joined again, two outputs, reshapes, onsets and numbers
/// by neuron.
static const char *bigNetwork = R"(
  snn.parameter @w0 : tensor<100x30xf32> = #snn.random<uniform(-0.4, 0.6), generator = philox, seed = 1, stream = 0>
  snn.parameter @w1 : tensor<70x100xf32> = #snn.random<uniform(-0.5, 0.5), generator = philox, seed = 1, stream = 1>
  snn.parameter @d1 : tensor<70x100xi32> = #snn.random<uniform(1.0, 15.0), generator = philox, seed = 1, stream = 2>
  snn.parameter @theta : tensor<5xf32> = dense<[1.0, 1.5, 0.75, 2.0, 1.25]>
  snn.network @big(%x: !snn.signal<5x6, binary>, %y: !snn.signal<100, binary>)
      -> (!snn.signal<7x10, binary>, !snn.signal<100, binary>) attributes {dt = "steps"} {
    %flat = snn.reshape %x : !snn.signal<5x6, binary> -> !snn.signal<30, binary>
    %i0 = snn.project %flat through #snn.dense weights @w0 delay 1 : !snn.signal<30, binary> -> !snn.current<5x20>
    %tail = snn.slice %y from 40 : !snn.signal<100, binary> -> !snn.signal<60, binary>
    %head = snn.slice %y from 0 : !snn.signal<100, binary> -> !snn.signal<40, binary>
    %turned = snn.concat %tail, %head : !snn.signal<60, binary>, !snn.signal<40, binary> -> !snn.signal<100, binary>
    %i1 = snn.project %turned through #snn.one_to_one weights 0.25 delay 3 : !snn.signal<100, binary> -> !snn.current<5x20>
    %r = snn.project %h through #snn.fixed_probability<p = 0.1 : f64, first = 0, self = false, generator = philox, seed = 5, stream = 0>
      weights #snn.random<normal(0.0, 0.3), generator = philox, seed = 5, stream = 1> delay 2 : !snn.signal<5x20, binary> -> !snn.current<5x20>
    %h = snn.population "hidden" (in: %i0, %i1, %r accumulate ordered<f32> bias 0.0625)
      model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
      params {r = 1.0, v_threshold = #snn.param<@theta>, v_init = 0.5} onset 1 : !snn.signal<5x20, binary>
    %o = snn.project %h through #snn.dense weights @w1 delay (#snn.param<@d1>) : !snn.signal<5x20, binary> -> !snn.current<70>
    %s = snn.population "out" (in: %o accumulate ordered<f32>)
      model #snn.lif<state = f32, integration = discrete, reset = to_value, fires = at_or_above, when = same_step, refractory = none>
      params {decay = 0.875, r = 2.0, v_threshold = 1.0, v_reset = -0.25, v_init = 0.0} onset 2 : !snn.signal<70, binary>
    %image = snn.reshape %s : !snn.signal<70, binary> -> !snn.signal<7x10, binary>
    %list = snn.reshape %h : !snn.signal<5x20, binary> -> !snn.signal<100, binary>
    snn.output %image, %list : !snn.signal<7x10, binary>, !snn.signal<100, binary>
  }
)";

TEST_F(ArtefactTest, EqualsTheNetwork) {
  parse(bigNetwork);
  // 70 neurons with 100 synapses and 64 with 44 take all four cores.
  ASSERT_TRUE(mlir::succeeded(compile()));
  emit();
  expectAgreement();
}

/// Packets go over links, some by way of a third chip.
TEST_F(ArtefactTest, EqualsTheNetworkAcrossChips) {
  parse(bigNetwork);
  TargetOptions options;
  options.machine = "template16";
  options.pins = {"hidden_0=0/0", "hidden_1=1/1", "out=1/0", "input0=0/1"};
  ASSERT_TRUE(mlir::succeeded(compile(options)));
  emit();
  expectAgreement();
}

TEST_F(ArtefactTest, EqualsTheNetworkWithoutReset) {
  parse(bigNetwork);
  ASSERT_TRUE(mlir::succeeded(compile()));
  emit();
  expectAgreement(/*resetPerSample=*/false);
}

TEST_F(ArtefactTest, JITRunsTheQuantisedNetwork) {
  parse(bigNetwork);
  ASSERT_TRUE(mlir::succeeded(compile()));
  RunRequest request = makeRequest(3, 40);
  request.probes = {{"hidden", "v"}, {"out", "v"}};
  auto jit = createJITExecutor(getNetwork());
  ASSERT_TRUE(static_cast<bool>(jit)) << llvm::toString(jit.takeError());
  llvm::Expected<RunResult> a = makeReference()->run(request);
  llvm::Expected<RunResult> b = (*jit)->run(request);
  ASSERT_TRUE(a && b);
  expectEqual(*a, *b);
}

TEST_F(ArtefactTest, IsTheSameBytesEveryTime) {
  parse(bigNetwork);
  ASSERT_TRUE(mlir::succeeded(compile()));
  emit();
  std::string first = read();
  llvm::sys::fs::remove_directories(directory);
  parse(bigNetwork);
  ASSERT_TRUE(mlir::succeeded(compile()));
  emit();
  EXPECT_EQ(first, read());
  EXPECT_FALSE(first.empty());
}

TEST_F(ArtefactTest, HoldsNoIRAndNoFloat) {
  parse(bigNetwork);
  ASSERT_TRUE(mlir::succeeded(compile()));
  emit();
  ASSERT_EQ(emitContext->getFiles().size(), 1u);
  EXPECT_EQ(emitContext->getFiles()[0].name, "program.json");
  EXPECT_THAT(read(), Not(HasSubstr("snn")));
  EXPECT_THAT(read(), Not(HasSubstr(".")));
}

TEST_F(ArtefactTest, ManifestSaysWhatRunsIt) {
  parse(bigNetwork);
  ASSERT_TRUE(mlir::succeeded(compile()));
  emit();
  std::string manifest = emitContext->makeManifest().str();
  EXPECT_THAT(manifest, HasSubstr("\"level\": \"functional-model-only\""));
  EXPECT_THAT(manifest, HasSubstr("\"lacks\": \"a chip\""));
}

//===----------------------------------------------------------------------===//
// Damaged artefacts
//===----------------------------------------------------------------------===//

static const char *smallNetwork = R"(
  snn.network @small(%x: !snn.signal<4, binary>) -> !snn.signal<4, binary> attributes {dt = "steps"} {
    %i = snn.project %x through #snn.one_to_one weights 100.0 delay 1 : !snn.signal<4, binary> -> !snn.current<4>
    %s = snn.population "n" (in: %i accumulate exact<i32, fraction = 0>)
      model #template.accumulate<leak = 0, reset = subtract>
      params {v_threshold = 150, v_init = 0} : !snn.signal<4, binary>
    snn.output %s : !snn.signal<4, binary>
  }
)";

namespace {
struct DamagedArtefactTest : ArtefactTest {
  void SetUp() override {
    parse(smallNetwork);
    ASSERT_TRUE(mlir::succeeded(compile()));
    emit();
  }
};
} // namespace

TEST_F(DamagedArtefactTest, WholeOneAgrees) { expectAgreement(); }

/// The first table entry that differs shows, whatever the rest says.
TEST_F(DamagedArtefactTest, WrongEntryShowsAsDifferingSpikes) {
  damage("\"cores\": [1]", "\"cores\": [2]");
  RunRequest request = makeRequest(1, 20);
  auto artefact = open();
  ASSERT_TRUE(static_cast<bool>(artefact));
  llvm::Expected<RunResult> a = makeReference()->run(request);
  llvm::Expected<RunResult> b = (*artefact)->run(request);
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->outputs[0].data<uint8_t>(), b->outputs[0].data<uint8_t>());
}

TEST_F(DamagedArtefactTest, EveryNumberIsChecked) {
  damage("\"weights\": [100]", "\"weights\": [300]");
  EXPECT_THAT(openError(),
              HasSubstr("needs an integer from -128 to 127, has 300"));
}

TEST_F(DamagedArtefactTest, ColumnsHaveOneLength) {
  damage("\"delays\": [1]", "\"delays\": [1, 1]");
  EXPECT_THAT(openError(), HasSubstr("needs 1 numbers, has 2"));
}

TEST_F(DamagedArtefactTest, TablesNameCoresOfTheirChip) {
  damage("\"cores\": [1]", "\"cores\": [16]");
  EXPECT_THAT(openError(), HasSubstr("needs an integer from 0 to 15, has 16"));
}

TEST_F(DamagedArtefactTest, EveryNeuronIsThereOnce) {
  damage("\"neurons\": [0, 1, 2, 3]", "\"neurons\": [0, 1, 2, 2]");
  EXPECT_THAT(openError(), HasSubstr("every neuron of every population"));
}

TEST_F(DamagedArtefactTest, InputsAreSentOnce) {
  damage("\"elements\": [0, 1, 2, 3]", "\"elements\": [0, 1, 1, 3]");
  EXPECT_THAT(openError(), HasSubstr("no element of an input twice"));
}

TEST_F(DamagedArtefactTest, MachineHasWhatTheProgramHas) {
  damage("\"template4\"", "\"template16\"");
  EXPECT_THAT(openError(), HasSubstr("needs 16 items, has 4"));
  damage("\"template16\"", "\"template99\"");
  EXPECT_THAT(openError(), HasSubstr("no machine 'template99'"));
}

TEST_F(DamagedArtefactTest, MissingPartsAndFiles) {
  damage("\"axons\"", "\"axioms\"");
  EXPECT_THAT(openError(), HasSubstr("axons"));
  write("{");
  EXPECT_NE(openError(), "accepted");
  llvm::sys::fs::remove(directory + "/program.json");
  EXPECT_THAT(openError(), HasSubstr("program.json"));
}

TEST_F(DamagedArtefactTest, NewerFormatIsRefused) {
  damage("\"format\": 2", "\"format\": 3");
  EXPECT_THAT(openError(), HasSubstr("needs an integer from 2 to 2, has 3"));
}

TEST_F(DamagedArtefactTest, InputsAndProbesAreChecked) {
  auto artefact = open();
  ASSERT_TRUE(static_cast<bool>(artefact));
  auto runError = [&](const RunRequest &request) {
    auto result = (*artefact)->run(request);
    return result ? "accepted" : llvm::toString(result.takeError());
  };
  RunRequest request = makeRequest(1, 5);
  request.probes = {{"n", "u"}};
  EXPECT_THAT(
      runError(request),
      HasSubstr("nothing to record as 'n.u'; the network has n, n.v, output"));
  request.probes = {};
  request.inputs[0].data<uint8_t>()[6] = 2;
  EXPECT_EQ(runError(request),
            "input 0: in step 1 of sample 0 element 2 is 2, a spike is 0 or 1");
  request.timesteps = 6;
  EXPECT_EQ(runError(request),
            "input 0 needs the shape [1, 4] (held) or [1, 6, 4] (one value per "
            "step), got [1, 5, 4]");
}
