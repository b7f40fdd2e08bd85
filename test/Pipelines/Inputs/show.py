#!/usr/bin/env python3
"""Prints the arrays of .npy and .npz files: name, type, shape, elements.

usage: show.py FILE [NAME]...
"""
import ast
import io
import struct
import sys
import zipfile

LETTERS = {"|b1": "?", "|u1": "B", "|i1": "b", "<i4": "i", "<i8": "q", "<f4": "f", "<f8": "d"}


def show(name, data):
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10 : 10 + length].decode())
    letter = LETTERS[header["descr"]]
    body = data[10 + length :]
    values = struct.unpack(f"<{len(body) // struct.calcsize(letter)}{letter}", body)
    print(name, header["descr"], list(header["shape"]), " ".join(f"{v:.9g}" for v in map(float, values)))


def main(path, *names):
    data = open(path, "rb").read()
    if not data.startswith(b"PK"):
        return show("array", data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            name = member[: -len(".npy")]
            if not names or name in names:
                show(name, archive.read(member))


main(*sys.argv[1:])
