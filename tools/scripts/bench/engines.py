"""Speed of the engines on the example networks: the interpreter that defines the semantics, and threads of the JIT."""
import os

from harness import Row, Skipped, Target, repeat, report
from workloads import EXAMPLES, get_example, write_example_input

UPDATES = Target(">=", 1.0, "goal of the reference interpreter")


def run(context, name, samples, *flags):
    data = write_example_input(context.folder, name, samples)
    return report(context.tool("sf-run"), get_example(name), f"--data={data}", *flags)


def count_updates(found):
    """Millions of neuron updates per second."""
    return 1e-6 * found["neurons"] * found["timesteps"] * found["samples"] / found["seconds"]


def measure_reference(context, name):
    found = repeat(context, lambda: run(context, name, 2, "--engine=reference", "--threads=1"))
    note = f"1 thread, deliveries included: {1e-6 * found[0]['synaptic_events'] / found[0]['samples']:.1f} M synaptic events an image"
    return [Row(f"reference/{name}", "M neuron updates/s", [count_updates(each) for each in found], UPDATES, note)]


def measure_threads(context, name):
    if os.cpu_count() < 2:
        raise Skipped("needs two cores")
    samples = 64 if context.quick else 512
    one, two = [], []
    for _ in range(context.runs):
        one.append(run(context, name, samples, "--threads=1")["samples_per_second"])
        two.append(run(context, name, samples, "--threads=2")["samples_per_second"])
    return [Row(f"threads/{name}/1", "images/s", one), Row(f"threads/{name}/2", "images/s", two),
            Row(f"threads/{name}/ratio", "", [b / a for a, b in zip(one, two)])]


def get_benchmarks():
    for name in EXAMPLES:
        yield f"reference/{name}", lambda context, name=name: measure_reference(context, name)
    for name in EXAMPLES:
        yield f"threads/{name}", lambda context, name=name: measure_threads(context, name)
