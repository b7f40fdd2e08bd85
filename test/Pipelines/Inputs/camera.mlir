// Gives back how many events each pixel had in each step: polarity, 3 rows, 4 columns.
snn.network @events(%x: !snn.signal<2x3x4, analogue<f32>>) -> !snn.signal<2x3x4, analogue<f32>> attributes {dt = 1.0e-3} {
  %i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<2x3x4, analogue<f32>> -> !snn.current<2x3x4>
  %y = snn.population "y" (in: %i accumulate ordered<f32>) model #snn.linear<state = f32> params {} : !snn.signal<2x3x4, analogue<f32>>
  snn.output %y : !snn.signal<2x3x4, analogue<f32>>
}
func.func @main(%x: tensor<?x?x2x3x4xf32>) -> tensor<?x2x3x4xf32> {
  %r = snn.simulate @events(%x) steps(?) reset(per_sample) readout(current_sum) : (tensor<?x?x2x3x4xf32>) -> tensor<?x2x3x4xf32>
  return %r : tensor<?x2x3x4xf32>
}
