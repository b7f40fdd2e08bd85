// Quantisation refuses what is not legal and what has no integer form.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-quantize --split-input-file --verify-diagnostics

snn.network @illegal(%x: !snn.signal<4, binary>) -> (!snn.signal<4, analogue<f32>>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{neuron model of "a"}}
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<4, analogue<f32>>
  snn.output %a : !snn.signal<4, analogue<f32>>
}

// -----
snn.network @low(%x: !snn.signal<4, binary>) -> (!snn.signal<4, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 1000.0 delay 1 : !snn.signal<4, binary> -> !snn.current<4>
  // expected-error @below {{threshold of "a": needs 1.270000e-01 after scaling, has at least 1 on target 'template'; its largest weight is too large for its threshold: train with a bound on the weights}}
  %a = snn.population "a" (in: %i accumulate ordered<f32>) model #snn.if<state = f32, reset = subtract, fires = at_or_above, when = same_step>
    params {r = 1.0, v_threshold = 1.0, v_init = 0.0} : !snn.signal<4, binary>
  snn.output %a : !snn.signal<4, binary>
}
