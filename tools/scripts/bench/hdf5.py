"""Writes a NIR file through the HDF5 library that the build links, so that the bench needs no package of Python."""
import array
import ctypes
import random

READ_WRITE_NEW, SCALAR, UTF8, VARIABLE = 2, 0, 1, ctypes.c_size_t(-1).value
Id, Size = ctypes.c_int64, ctypes.c_uint64


class Library:
    """Functions by name, with the identifiers of HDF5 1.10 and later (64 bits)."""

    def __init__(self, path):
        self.library = ctypes.CDLL(str(path))
        self.call("H5open")

    def call(self, name, *arguments):
        function = getattr(self.library, name)
        gives_id = "create" in name or "copy" in name
        function.restype = Id if gives_id else ctypes.c_int
        result = function(*arguments)
        if result < 0:
            raise OSError(f"{name} of the HDF5 library fails")
        return Id(result)

    def type(self, name):
        return Id.in_dll(self.library, name)


class NIRFile:
    """A graph under construction."""

    def __init__(self, library, path):
        self.hdf5 = library
        self.file = library.call("H5Fcreate", str(path).encode(), READ_WRITE_NEW, Id(0), Id(0))
        self.text_type = library.call("H5Tcopy", library.type("H5T_C_S1_g"))
        library.call("H5Tset_size", self.text_type, ctypes.c_size_t(VARIABLE))
        library.call("H5Tset_cset", self.text_type, UTF8)
        self.texts("/version", ["1.0.8"])
        self.group("/node")
        self.texts("/node/type", ["NIRGraph"])
        self.group("/node/nodes")

    def group(self, path):
        self.hdf5.call("H5Gclose", self.hdf5.call("H5Gcreate2", self.file, path.encode(), Id(0), Id(0), Id(0)))

    def write(self, path, kind, shape, values):
        extents = (Size * max(len(shape), 1))(*shape)
        space = self.hdf5.call("H5Screate_simple", len(shape), extents, None) if shape else self.hdf5.call("H5Screate", SCALAR)
        dataset = self.hdf5.call("H5Dcreate2", self.file, path.encode(), kind, space, Id(0), Id(0), Id(0))
        self.hdf5.call("H5Dwrite", dataset, kind, Id(0), Id(0), Id(0), values)
        self.hdf5.call("H5Dclose", dataset)
        self.hdf5.call("H5Sclose", space)

    def texts(self, path, texts, shape=()):
        self.write(path, self.text_type, shape, (ctypes.c_char_p * len(texts))(*(text.encode() for text in texts)))

    def floats(self, path, shape, values):
        """`values` is an array of float32."""
        buffer = (ctypes.c_char * (4 * len(values))).from_buffer(values)
        self.write(path, self.hdf5.type("H5T_NATIVE_FLOAT_g"), shape, buffer)

    def integers(self, path, values):
        self.write(path, self.hdf5.type("H5T_NATIVE_INT64_g"), (len(values),), (ctypes.c_int64 * len(values))(*values))

    def node(self, name, kind):
        path = f"/node/nodes/{name}"
        self.group(path)
        self.texts(f"{path}/type", [kind])
        return path

    def close(self, edges):
        self.texts("/node/edges", [name for edge in edges for name in edge], (len(edges), 2))
        self.hdf5.call("H5Fclose", self.file)


def write_layers(library, path, width, layers):
    """`layers` fully connected layers of `width` LIF neurons; 4 `width`^2 bytes of weights each."""
    file = NIRFile(library, path)
    draw = random.Random(1)
    block = [draw.uniform(-0.05, 0.05) for _ in range(4096)]
    weights = array.array("f", (block * (width * width // 4096 + 1))[:width * width])
    ones = array.array("f", [1.0]) * width
    for name, kind in (("input", "Input"), ("output", "Output")):
        file.integers(f"{file.node(name, kind)}/shape", [width])
    names = ["input"]
    for layer in range(layers):
        file.floats(f"{file.node(f'fc{layer}', 'Linear')}/weight", (width, width), weights)
        neuron = file.node(f"lif{layer}", "LIF")
        for parameter, value in (("tau", 0.02), ("r", 1.0), ("v_leak", 0.0), ("v_threshold", 1.0)):
            file.floats(f"{neuron}/{parameter}", (width,), array.array("f", [value * one for one in ones]))
        names += [f"fc{layer}", f"lif{layer}"]
    names.append("output")
    file.close(list(zip(names, names[1:])))
