"""What slices of a convolutional network send each other, beside slices of whole channels in a row."""
import re

from harness import Row, Skipped, Target, call

# A network for gestures of an event camera: C, H, W of the input and of each population; kernels of 3 x 3.
SHAPES = [(1, 32, 32), (16, 15, 15), (32, 13, 13), (64, 11, 11), (11, 9, 9)]
STRIDES = [2, 1, 1, 1]
CLASSES = 11
SHARE = 1 / 3


def join(shape):
    return "x".join(str(extent) for extent in shape)


def make_network():
    model = ("accumulate ordered<f32>) model #snn.if<state = f32, reset = to_value, fires = at_or_above, when = same_step> "
             "params {r = 1.0, v_threshold = 1.0, v_reset = 0.0, v_init = 0.0}")
    size = SHAPES[-1][0] * SHAPES[-1][1] * SHAPES[-1][2]
    lines = [f'snn.network @net(%p0: !snn.signal<{join(SHAPES[0])}, binary>) -> (!snn.signal<{CLASSES}, binary>) attributes {{dt = "steps"}} {{']
    for i, (shape, stride) in enumerate(zip(SHAPES[1:], STRIDES), 1):
        lines += [f"%i{i} = snn.project %p{i - 1} through #snn.conv2d<kernel = [3, 3], stride = [{stride}, {stride}], pad = [0, 0, 0, 0], "
                  f"dilation = [1, 1], groups = 1> delay 1 : !snn.signal<{join(SHAPES[i - 1])}, binary> -> !snn.current<{join(shape)}>",
                  f'%p{i} = snn.population "p{i}" (in: %i{i} {model} : !snn.signal<{join(shape)}, binary>']
    lines += [f"%r = snn.reshape %p{len(STRIDES)} : !snn.signal<{join(SHAPES[-1])}, binary> -> !snn.signal<{size}, binary>",
              f"%i = snn.project %r through #snn.dense delay 1 : !snn.signal<{size}, binary> -> !snn.current<{CLASSES}>",
              f'%out = snn.population "out" (in: %i {model} : !snn.signal<{CLASSES}, binary>',
              f"snn.output %out : !snn.signal<{CLASSES}, binary>", "}"]
    return "\n".join(lines)


def read_mapping(text):
    """Slices of each population, and pairs of different slices with a message and its packets."""
    populations = re.findall(r'^ +"[^"]+" of "([^"]+)"\[', text, re.M)
    counts = [populations.count(name) for name in dict.fromkeys(populations)]
    pairs = [(float(packets), set(map(int, targets.split(","))) - {int(source)})
             for source, targets, packets in re.findall(r"^ +(\d+) to \[([^]]*)\] packets (\S+)", text, re.M)]
    return counts, sum(len(targets) for _, targets in pairs), sum(packets * len(targets) for packets, targets in pairs)


def cut_channels(counts):
    """Pairs and packets of row-major ranges, channel by channel, in as many slices; every neuron sends one packet."""
    pairs = packets = 0
    for source, target, stride, senders, receivers in zip(SHAPES, SHAPES[1:], STRIDES, counts, counts[1:]):
        plane, size = source[1] * source[2], source[0] * source[1] * source[2]
        neurons = target[0] * target[1] * target[2]
        slice_of = [i for i in range(senders) for _ in range(size * i // senders, size * (i + 1) // senders)]
        for i in range(receivers):
            needed = set()
            for neuron in range(neurons * i // receivers, neurons * (i + 1) // receivers):
                y, x = divmod(neuron % (target[1] * target[2]), target[2])
                needed |= {(stride * y + v) * source[2] + stride * x + u for v in range(3) for u in range(3)}
            linked = {slice_of[channel * plane + at] for channel in range(source[0]) for at in needed}
            pairs += len(linked)
            packets += sum(size * (j + 1) // senders - size * j // senders for j in linked)
    last = SHAPES[-1][0] * SHAPES[-1][1] * SHAPES[-1][2]
    return pairs + counts[-2], packets + last


def measure_boxes(context):
    plugin = context.build / "lib" / "plugins" / "SpiNNaker.so"
    if not plugin.exists():
        raise Skipped("needs plugins/SpiNNaker")
    call(["ninja", "-C", context.build, "sf-opt"])
    path = context.folder / "gestures.mlir"
    path.write_text(make_network())
    counts, pairs, packets = read_mapping(call([context.tool("sf-opt"), f"--load-plugin={plugin}", path, "--pnr-partition=machine=spinn5"]))
    channel_pairs, channel_packets = cut_channels(counts)
    note = f"{sum(counts)} slices ({', '.join(map(str, counts))}); by channel {{}}"
    return [Row("mapping/boxes/gestures/pairs", "pairs of slices", [pairs],
                Target("<=", SHARE * channel_pairs, "a third of ranges by channel, as many slices"), note.format(channel_pairs)),
            Row("mapping/boxes/gestures/packets", "packets between slices", [packets],
                Target("<=", SHARE * channel_packets, "a third of ranges by channel, as many slices"), note.format(channel_packets))]


def get_benchmarks():
    yield "mapping/boxes/gestures", measure_boxes
