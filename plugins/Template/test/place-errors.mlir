// What fits nowhere is named with the resource that is short and what occupies the cores.
// RUN: sf-opt --load-plugin=%plugins/Template.so %s --template-partition=machine=template1 --template-place --split-input-file --verify-diagnostics

#neuron = #template.accumulate<leak = 0, reset = subtract>
snn.network @neurons(%x: !snn.signal<50, binary>) -> (!snn.signal<50, binary>, !snn.signal<30, binary>, !snn.signal<20, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.one_to_one weights 3.0 delay 1 : !snn.signal<50, binary> -> !snn.current<50>
  %a = snn.population "a" (in: %i accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<50, binary>
  // expected-error @below {{placement of slice "b"[0 : 30]: needs 30 neurons on one core, has 14 neurons at most on machine 'template1'; take a larger machine, or make the network smaller}}
  // expected-note @below {{core 0 has 14 neurons and 4046 synapses to spare; it holds "a"[0 : 50]}}
  %b = snn.population "b" (in: accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<30, binary>
  // All of them are named.
  // expected-error @below {{placement of slice "c"[0 : 20]: needs 20 neurons on one core, has 14 neurons at most}}
  // expected-note @below {{core 0 has}}
  %c = snn.population "c" (in: accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<20, binary>
  snn.output %a, %b, %c : !snn.signal<50, binary>, !snn.signal<30, binary>, !snn.signal<20, binary>
}

// -----
#neuron = #template.accumulate<leak = 0, reset = subtract>
snn.network @synapses(%x: !snn.signal<200, binary>) -> (!snn.signal<15, binary>, !snn.signal<10, binary>) attributes {dt = "steps"} {
  %i = snn.project %x through #snn.dense weights 3.0 delay 1 : !snn.signal<200, binary> -> !snn.current<15>
  %a = snn.population "a" (in: %i accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<15, binary>
  %j = snn.project %x through #snn.dense weights 3.0 delay 1 : !snn.signal<200, binary> -> !snn.current<10>
  // expected-error @below {{placement of slice "b"[0 : 10]: needs 2000 synapses on one core, has 1096 synapses at most}}
  // expected-note @below {{core 0 has 49 neurons and 1096 synapses to spare; it holds "a"[0 : 15]}}
  %b = snn.population "b" (in: %j accumulate exact<i32, fraction = 0>) model #neuron params {v_threshold = 5, v_init = 0} : !snn.signal<10, binary>
  snn.output %a, %b : !snn.signal<15, binary>, !snn.signal<10, binary>
}
