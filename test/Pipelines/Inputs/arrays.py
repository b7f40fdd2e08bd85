"""Arrays of the tests without a library: .npy files written, .npy and .npz files read."""
import ast
import io
import struct
import zipfile

LETTERS = {"|b1": "?", "|u1": "B", "|i1": "b", "<i2": "h", "<i4": "i", "<i8": "q", "<f4": "f", "<f8": "d"}


def to_f32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def write(path, kind, shape, values):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {tuple(shape)!r}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(struct.pack(f"<{len(values)}{LETTERS[kind]}", *values))


def parse(data):
    """(shape, elements row-major) of one array."""
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10 : 10 + length].decode())
    letter = LETTERS[header["descr"]]
    body = data[10 + length :]
    shape, values = header["shape"], list(struct.unpack(f"<{len(body) // struct.calcsize(letter)}{letter}", body))
    if header["fortran_order"] and len(shape) == 2:
        values = [values[k * shape[0] + t] for t in range(shape[0]) for k in range(shape[1])]
    return shape, values


def read(path):
    """Arrays of a file by name; that of a .npy file is "array"."""
    data = open(path, "rb").read()
    if not data.startswith(b"PK"):
        return {"array": parse(data)}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {m[: -len(".npy")]: parse(archive.read(m)) for m in archive.namelist()}


def philox(seed, stream, element, step, sample):
    """The block of four words (Salmon et al. 2011, Philox4x32-10)."""
    c, k = [element & 0xFFFFFFFF, element >> 32, step, sample], [seed, stream]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c
