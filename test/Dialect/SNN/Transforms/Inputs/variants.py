"""Variants of a network that transforms of inputs, starts and outputs refuse, or have to leave alone in part.

usage: variants.py NETWORK.mlir DIR
"""
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text()
folder = Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)


def write(name, *changes):
    changed = text
    for old, new in changes:
        assert changed.count(old) == 1, (name, old)
        changed = changed.replace(old, new)
    (folder / f"{name}.mlir").write_text(changed)


CALL = "  %r = snn.simulate @net(%x) steps(8) reset(per_sample) readout(current_sum) : (tensor<1x1x3xf32>) -> tensor<1x2xf32>\n"
write("unused", (CALL, CALL + CALL.replace("%r", "%q")))
write("carried", ("reset(per_sample)", "reset(never)"))
write("single", ("steps(8)", "steps(1)"))
write("prime", ("steps(8)", "steps(11)"))
write("streamed", ("@main(%x: tensor<1x1x3xf32>)", "@main(%x: tensor<1x8x1x3xf32>)"), (": (tensor<1x1x3xf32>)", ": (tensor<1x8x1x3xf32>)"))
write("random", ("tensor<2x3xf32> = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]>",
                 "tensor<?xf32> = #snn.random<uniform(0.0, 1.0), generator = philox, seed = 1, stream = 0>"),
      ("#snn.dense weights @w delay 0 : !snn.signal<3, analogue<f32>> -> !snn.current<2>",
       "#snn.one_to_one weights @w delay 0 : !snn.signal<3, analogue<f32>> -> !snn.current<3>"),
      ("v_init = 0.5} : !snn.signal<2, binary>", "v_init = 0.5} : !snn.signal<3, binary>"),
      ("%p through #snn.one_to_one weights 0.25 delay 0 : !snn.signal<2, binary> -> !snn.current<2>",
       "%p through #snn.dense weights 0.25 delay 0 : !snn.signal<3, binary> -> !snn.current<2>"))
write("stiff", ("r = 1.0", "r = 0.0"))
write("double", ('"output" (in: %d accumulate ordered<f32> bias -0.5) model #snn.linear<state = f32> params {} : !snn.signal<2, analogue<f32>>',
                 '"output" (in: %d accumulate ordered<f64> bias -0.5) model #snn.linear<state = f64> params {} : !snn.signal<2, analogue<f64>>'),
      ("-> !snn.signal<2, analogue<f32>> attributes", "-> !snn.signal<2, analogue<f64>> attributes"),
      ("snn.output %o : !snn.signal<2, analogue<f32>>", "snn.output %o : !snn.signal<2, analogue<f64>>"),
      ("(%x: tensor<1x1x3xf32>) -> tensor<1x2xf32> {", "(%x: tensor<1x1x3xf32>) -> tensor<1x2xf64> {"),
      ("(tensor<1x1x3xf32>) -> tensor<1x2xf32>\n", "(tensor<1x1x3xf32>) -> tensor<1x2xf64>\n"),
      ("return %r : tensor<1x2xf32>", "return %r : tensor<1x2xf64>"))
write("shared", ("module {\n", "module {\nsnn.parameter @p : tensor<2xf32> = dense<1.0>\n"),
      ("v_threshold = 1.0", "v_threshold = #snn.param<@p>"),
      ("%c accumulate ordered<f32>)", "%c accumulate ordered<f32> bias #snn.param<@p>)"))
