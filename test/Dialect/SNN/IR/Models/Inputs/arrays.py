"""NumPy files without NumPy, and a run of a module, for the judges beside this file."""
import ast
import struct
import subprocess
import zipfile


def write_steps(path, values):
    """One sample of a network with one input element: float64 [1, T, 1]."""
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, %d, 1), }" % len(values)
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(values)}d", *values))


def read_columns(path):
    """Every array of an .npz as a flat list."""
    columns = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            length = struct.unpack_from("<H", data, 8)[0]
            code = ast.literal_eval(data[10:10 + length].decode())["descr"].lstrip("<|")
            kind = {"f8": "d", "f4": "f", "i4": "i", "u1": "B", "i1": "b", "b1": "?"}[code]
            payload = data[10 + length:]
            columns[name.removesuffix(".npy")] = struct.unpack(f"<{len(payload) // struct.calcsize(kind)}{kind}", payload)
    return columns


def number(value):
    return f"{value:.17e}"


def params(values):
    return "{" + ", ".join(f"{name} = {number(value)}" for name, value in values.items()) + "}"


def run(stem, module, probes, data=None, engine="jit"):
    """Writes `module`, runs it as a user would and returns what the probes saw."""
    with open(stem + ".mlir", "w") as file:
        file.write(module)
    command = ["sf-run", stem + ".mlir", f"--probe={','.join(probes)}", f"--record={stem}.npz", f"--engine={engine}"]
    if data is not None:
        write_steps(stem + ".npy", data)
        command += [f"--data={stem}.npy", "--axes=STN"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return read_columns(stem + ".npz")


def one_neuron(receptors, model, values, steps, dt, has_input=True, before=""):
    """A module with one neuron "n" of f64; a receptor may take the input as `%i`."""
    signature = "%x: !snn.signal<1, analogue<f64>>" if has_input else ""
    project = ("%i = snn.project %x through #snn.one_to_one delay 0 : !snn.signal<1, analogue<f64>> -> !snn.current<1>"
               if has_input else "")
    if has_input:
        argument, operand, taken, given = f"%x: tensor<?x{steps}x1xf64>", "%x", f"(tensor<?x{steps}x1xf64>)", "tensor<?x1xi32>"
    else:
        argument, operand, taken, given = "", "", "()", "tensor<1x1xi32>"
    return f"""{before}
snn.network @net({signature}) -> !snn.signal<1, binary> attributes {{dt = {number(dt)} : f64}} {{
  {project}
  %s = snn.population "n" ({receptors}) model {model} params {params(values)} : !snn.signal<1, binary>
  snn.output %s : !snn.signal<1, binary>
}}
func.func @main({argument}) -> {given} {{
  %r = snn.simulate @net({operand}) steps({steps}) reset(per_sample) readout(count) : {taken} -> {given}
  return %r : {given}
}}
"""
