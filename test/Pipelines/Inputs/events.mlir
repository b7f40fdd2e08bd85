// Spikes of three channels in 5 steps, one neuron each with a leak; read by the first spike.
#lif = #snn.lif<state = f32, integration = discrete, reset = to_value, fires = above, when = same_step, refractory = none>
snn.network @net(%x: !snn.signal<3, binary>) -> !snn.signal<3, binary> attributes {dt = 1.0e-3 : f64} {
  %i = snn.project %x through #snn.one_to_one weights 0.75 delay 0 : !snn.signal<3, binary> -> !snn.current<3>
  %s = snn.population "leaky" (in: %i accumulate ordered<f32>) model #lif
    params {decay = 0.5, r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0} : !snn.signal<3, binary>
  snn.output %s : !snn.signal<3, binary>
}
func.func @main(%x: tensor<?x5x3xi8>) -> tensor<?x3xi32> {
  %r = snn.simulate @net(%x) steps(5) reset(per_sample) readout(first_spike) : (tensor<?x5x3xi8>) -> tensor<?x3xi32>
  return %r : tensor<?x3xi32>
}
