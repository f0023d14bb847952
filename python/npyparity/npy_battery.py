"""NumPy's side of the tests of `org.npyparity.jnpy`: it makes files, and it judges files.

python npy_battery.py fixtures DIR   rewrites DIR/good and DIR/bad, the committed sets, without the refusals
python npy_battery.py lint DIR       holds what bad/index.tsv says of NumPy against NumPy
python npy_battery.py battery DIR    writes every dtype x byte order x order x version x shape, and an index
python npy_battery.py verify DIR OUT holds OUT, what Java wrote after reading DIR, against DIR, bit for bit
python npy_battery.py judge          answers files on standard input: whether np.load takes them, and as what
"""

from __future__ import annotations

import hashlib
import io
import itertools
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

DTYPES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]

# Distinct extents on every axis: a square hides a transpose. The last two are as deep as NumPy goes.
SHAPES: list[tuple[int, ...]] = [
    (), (1,), (5,), (0,), (0, 3), (3, 0, 2), (2, 3), (1, 4), (4, 1), (1, 1, 1), (3, 1, 2), (2, 3, 4),
    (3, 2, 5, 4), (1,) * 29 + (2, 1, 3), (2,) + (1,) * 62 + (3,),
]  # fmt: skip

# Bits that conversions lose: NaN payloads, quiet and signalling, signed zeros, subnormals, the largest.
SPECIAL = {
    "f2": (np.uint16, [0x7E01, 0x7C01, 0xFE55, 0x8000, 0x0000, 0x0001, 0x83FF, 0x7BFF, 0x7C00, 0xFC00]),
    "f4": (np.uint32, [0x7FC00001, 0x7F800001, 0xFFD55555, 1 << 31, 0, 1, 0x807FFFFF, 0x7F7FFFFF, 0x7F800000]),
    "f8": (np.uint64, [0x7FF8000000000001, 0x7FF0000000000001, 0xFFF5555555555555, 1 << 63, 0, 1,
                       0x800FFFFFFFFFFFFF, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000]),
}  # fmt: skip


def elements(dtype: str, count: int, rng: np.random.Generator) -> Array:
    """Random bits, with the special ones in front."""
    size = np.dtype(dtype).itemsize
    if dtype == "b1":
        return rng.choice(np.array([0, 1, 1, 0, 2, 255], np.uint8), count).view(np.bool_)
    bits = rng.integers(0, 256, count * size, dtype=np.uint8)
    part = {"c8": "f4", "c16": "f8"}.get(dtype, dtype)
    if part in SPECIAL:
        kind, special = SPECIAL[part]
        lanes = bits.view(kind)
        taken = np.array(special, kind)[: lanes.size]
        lanes[: taken.size] = taken
    return bits.view("<" + dtype)


def array(dtype: str, byte_order: str, order: str, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    values = elements(dtype, int(np.prod(shape, dtype=np.int64)), rng).reshape(shape)
    swapped = values.astype(values.dtype.newbyteorder(byte_order)) if byte_order == ">" else values
    if byte_order == ">" and values.dtype.itemsize > 1:  # astype may quieten a NaN; moving bytes cannot
        swapped = values.byteswap().view(values.dtype.newbyteorder(">"))
    return np.asfortranarray(swapped) if order == "F" and shape else swapped


def canonical(values: Array) -> str:
    """SHA-256 of the elements in C order, little-endian."""
    data = np.ascontiguousarray(values)
    if data.dtype.byteorder == ">":
        data = data.byteswap()
    return hashlib.sha256(data.tobytes()).hexdigest()


def saved(values: Array) -> bytes:
    out = io.BytesIO()
    np.save(out, values, allow_pickle=False)
    return out.getvalue()


def with_version(values: Array, version: int) -> bytes:
    out = io.BytesIO()
    np.lib.format.write_array(out, values, version=(version, 0), allow_pickle=False)
    return out.getvalue()


def index_line(name: str, values: Array) -> str:
    """What a reader must find: name, dtype, shape, order, SHA-256 of the elements, SHA-256 of np.save of them."""
    order = "C" if values.flags.c_contiguous else "FORTRAN"
    shape = ",".join(map(str, values.shape))
    digest = hashlib.sha256(saved(values)).hexdigest()
    return "\t".join([name, values.dtype.newbyteorder("=").name, shape, order, canonical(values), digest])


def write_set(directory: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes files and the index of their arrays, which NumPy reads back from disk."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, content in files:
        path = directory / name
        path.write_bytes(content)
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.lib.npyio.NpzFile):
            with loaded:
                lines += [index_line(f"{name}!{key}", loaded[key]) for key in loaded.files]
        else:
            lines.append(index_line(name, loaded))
    (directory / "index.tsv").write_text("\n".join(lines) + "\n")


def battery() -> Iterator[tuple[str, bytes]]:
    rng = np.random.default_rng(20261123)
    for dtype, byte_order, order, version in itertools.product(DTYPES, "<>", "CF", (1, 2, 3)):
        for number, shape in enumerate(SHAPES):
            values = array(dtype, byte_order, order, shape, rng)
            side = "be" if byte_order == ">" else "le"
            yield f"{dtype}-{side}-{order}-v{version}-{number}.npy", with_version(values, version)
    for dtype in DTYPES:  # larger than every buffer on the way, and no multiple of any
        for byte_order, order in itertools.product("<>", "CF"):
            values = array(dtype, byte_order, order, (3, 47, 2003), rng)
            side = "be" if byte_order == ">" else "le"
            yield f"{dtype}-{side}-{order}-large.npy", with_version(values, 1)
    yield from archives(rng)


class Unseekable(io.RawIOBase):
    """A pipe, as far as zipfile can tell: sizes then follow the data."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.content += bytes(data)
        return len(bytes(data))


def archives(rng: np.random.Generator) -> Iterator[tuple[str, bytes]]:
    named = {f"{d}_{o}": array(d, b, o, (3, 2, 5), rng) for d in DTYPES for o, b in (("C", "<"), ("F", ">"))}
    named |= {
        "layer/conv:0": np.zeros((40, 300)),
        "größe": np.arange(3.0),
        "empty": np.zeros((0, 2)),
        "0d": np.array(7),
    }
    named["large"] = array("f8", "<", "C", (7, 30011), rng)
    for kind, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        plain = io.BytesIO()
        save(plain, **named)
        yield f"{kind}.npz", plain.getvalue()
        pipe = Unseekable()
        save(pipe, **named)
        yield f"{kind}-piped.npz", bytes(pipe.content)
        yield f"{kind}-zip64.npz", zip64(save, named)
    empty = io.BytesIO()
    np.savez(empty)
    yield "no-entries.npz", empty.getvalue()


def zip64(save: Callable[..., None], named: dict[str, Array]) -> bytes:
    """An archive whose directory has 64-bit fields, as if it were larger than 4 GiB."""
    limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 10, 1
    try:
        out = io.BytesIO()
        save(out, **named)
        return out.getvalue()
    finally:
        zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits


def npy(
    header: str | bytes, data: bytes = bytes(24), version: tuple[int, int] = (1, 0), length: int | None = None
) -> bytes:
    """A file with this text as its header, padded as NumPy does; three float64 zeros unless told otherwise."""
    text = header.encode("latin1") if isinstance(header, str) else header
    prefix = 10 if version[0] == 1 else 12
    text += b" " * (-(prefix + len(text) + 1) % 64) + b"\n"
    size = struct.pack("<H" if version[0] == 1 else "<I", len(text) if length is None else length)
    return b"\x93NUMPY" + bytes(version) + size + text + data


def head(descr: str = "'<f8'", fortran: str = "False", shape: str = "(3,)") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}"


def good_set() -> Iterator[tuple[str, bytes]]:
    rng = np.random.default_rng(3)
    shapes = [(2, 3), (4, 3), (3, 2, 4), (5,)]
    for i, (dtype, byte_order) in enumerate(itertools.product(DTYPES, "<>")):
        order = "CF"[i % 3 == 1]
        values = array(dtype, byte_order, order, shapes[i % 4], rng)
        yield f"{dtype}-{'be' if byte_order == '>' else 'le'}-{order}.npy", with_version(values, i % 3 + 1)
    for name, shape in {"0d": (), "empty": (0,), "empty-3d": (3, 0, 2), "64d": (2,) + (1,) * 62 + (3,)}.items():
        yield f"{name}.npy", saved(array("f8", "<", "C", shape, rng))
    yield "python2-longs.npy", npy(head(shape="(3L, 1L)"))
    yield "double-quotes-other-key-order.npy", npy('{"shape":(3,),"descr":"<f8","fortran_order":False}')
    yield "line-feeds-in-the-header.npy", npy("{\n'descr': '<f8',\n 'fortran_order': True,\n 'shape': (3,)\n}\n\n")
    yield "unaligned-data.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head())) + head().encode() + bytes(24)
    yield "bytes-marked-with-an-order.npy", npy(head(descr="'<u1'"), bytes(3))
    yield "largest-legal-header.npy", npy(head() + " " * (9973 - len(head())))
    small = {
        "weights": np.arange(6.0).reshape(2, 3),
        "bias": np.asfortranarray(np.arange(6, dtype=">f4").reshape(3, 2)),
    }
    for kind, save in (("stored", np.savez), ("deflated", np.savez_compressed)):
        out = io.BytesIO()
        save(out, **small)
        yield f"{kind}.npz", out.getvalue()
        yield f"{kind}-zip64.npz", zip64(save, small)
        pipe = Unseekable()
        save(pipe, **small)
        yield f"{kind}-piped.npz", bytes(pipe.content)


def bad_headers() -> Iterator[tuple[str, bytes]]:
    good = npy(head())
    yield "nothing", b""
    yield "one-byte", good[:1]
    yield "magic-only", good[:6]
    yield "magic-of-another-format", b"\x89PNG\r\n\x1a\n" + good[8:]
    yield "magic-in-lower-case", b"\x93numpy" + good[6:]
    yield "version-cut-off", good[:7]
    for version in ((0, 0), (0, 1), (1, 1), (2, 1), (4, 0), (255, 255)):
        yield f"version-{version[0]}-{version[1]}", npy(head(), version=version)
    yield "length-cut-off", good[:9]
    yield "length-cut-off-version-2", npy(head(), version=(2, 0))[:10]
    yield "length-beyond-the-file", npy(head(), length=5000)
    yield "length-of-4-gib", npy(head(), version=(2, 0), length=2**32 - 1)
    yield "length-zero", npy("", length=0)
    yield "length-into-the-dictionary", npy(head(), length=30)
    yield "header-past-numpys-limit", npy(head() + " " * 10_000)
    yield "header-past-numpys-limit-version-3", npy(head() + " " * 10_000, version=(3, 0))
    texts = {
        "a-list": "[1, 2]", "a-number": "3", "a-string": "'descr'", "a-set": "{'descr', 'shape'}", "blank": "   ",
        "an-empty-dictionary": "{}", "two-dictionaries": head() + head(), "text-behind": head() + " x",
        "comma-behind": head() + ",", "dictionary-open": head()[:-1], "brace-missing": head()[1:],
        "descr-missing": "{'fortran_order': False, 'shape': (3,), }", "shape-missing": "{'descr': '<f8', 'fortran_order': False, }",
        "order-missing": "{'descr': '<f8', 'shape': (3,), }", "unknown-key": head()[:-1] + "'extra': 1, }",
        "key-in-upper-case": head().replace("shape", "Shape"), "key-unquoted": head().replace("'shape'", "shape"),
        "key-none": head()[:-1] + "None: 1, }", "colon-missing": head().replace("'shape':", "'shape'"),
        "comma-missing": head().replace("False,", "False"), "comma-double": head().replace("False,", "False,,"),
        "quotes-mixed": head().replace("'shape'", "'shape\""), "nul": head().replace("(3,)", "(3,)\0"),
        "vertical-tab": head().replace("(3,)", "\v(3,)"), "not-ascii": head().replace("'<f8'", "'<f8é'"),
        "code": "__import__('os')", "call": head(shape="tuple([3])"), "duplicate-descr": head()[:-1] + "'descr': '<f8', }",
        "duplicate-order": head()[:-1] + "'fortran_order': True, }", "duplicate-shape": head()[:-1] + "'shape': (3,), }",
        "escape-in-key": head().replace("'shape'", "'s\\x68ape'"), "comment": head() + " # by hand",
        "nested-deep": "(" * 5000, "json": '{"descr": "<f8", "fortran_order": false, "shape": [3]}',
    }  # fmt: skip
    for name, text in texts.items():
        yield f"header-{name}", npy(text)
    orders = {
        "1": "1",
        "none": "None",
        "string": "'False'",
        "lower-case": "false",
        "longer-word": "Falsehood",
        "nothing": "",
    }
    for name, text in orders.items():
        yield f"order-{name}", npy(head(fortran=text))


def bad_values() -> Iterator[tuple[str, bytes]]:
    shapes = {
        "a-list": "[3]", "a-number": "3", "a-number-in-parentheses": "(3)", "none": "None", "a-string": "'(3,)'",
        "negative": "(-3,)", "minus-one": "(-1,)", "both-negative": "(-1, -3)", "a-float": "(3.0,)", "nested": "((3,),)",
        "comma-only": "(,)", "comma-double": "(3,,)", "comma-missing": "(3 1)", "open": "(3,", "leading-zero": "(03,)",
        "a-sum": "(1+2,)", "65-axes": "(" + "1, " * 64 + "3)", "2-to-63": f"({2**63},)", "2-to-64-and-3": f"({2**64 + 3},)",
        "product-overflows": f"({2**32}, {2**32})", "product-overflows-to-3": f"({2**62 + 1}, 4, 3)",
        "product-overflows-beside-0": f"(0, {2**62}, {2**62})", "bytes-overflow": f"({2**61},)",
        "4000-digits": f"({'9' * 4000},)", "small-l": "(3l,)", "exponent": "(3e0,)", "names": "(x,)", "star": "(*(3,),)",
        "true": "(True, 3)", "hexadecimal": "(0x3,)", "underscore": "(0_3, 1)", "underscores": "(1_1,)", "plus": "(+3,)",
    }  # fmt: skip
    for name, text in shapes.items():
        yield f"shape-{name}", npy(head(shape=text), bytes(88) if name == "underscores" else bytes(24))
    yield "shape-long-in-version-3", npy(head(shape="(3L,)"), version=(3, 0))
    descrs = {
        "none": "None", "a-number": "8", "empty": "''", "order-only": "'<'", "orders-twice": "'<<f8'", "f1": "'<f1'",
        "f3": "'<f3'", "i3": "'<i3'", "i16": "'<i16'", "c4": "'<c4'", "u0": "'<u0'", "f80": "'<f80'", "unknown": "'<x8'",
        "huge": "'<i99999999999'", "b2": "'<b2'", "dictionary": "{'names': ['a'], 'formats': ['<f8']}",
        "objects": "'|O'", "objects-8": "'|O8'", "objects-in-a-structure": "[('a', '<f8'), ('b', '|O')]", "bytes": "b'<f8'",
        "structured": "[('a', '<f4'), ('b', '<i4')]", "structured-empty": "[]", "structured-string": "'f4,i4'",
        "subarray": "('<f4', (2,))", "raw": "'|V8'", "date": "'<M8[ns]'", "duration": "'<m8[s]'", "text-s": "'|S8'",
        "text-u": "'<U2'", "native": "'f8'", "native-equals": "'=f8'", "native-bar": "'|f8'", "name": "'float64'",
        "letter": "'d'", "blank-behind": "'<f8 '", "leading-zero": "'<f08'", "prefix-u": "u'<f8'", "two-parts": "'<f' '8'",
        "text-too-wide": "'<U999999999'",
    }  # fmt: skip
    for name, text in descrs.items():
        yield f"descr-{name}", npy(head(descr=text))
    yield "descr-long-double", npy(head(descr="'<f16'"), bytes(48))
    yield "descr-complex-long-double", npy(head(descr="'<c32'"), bytes(96))
    yield "data-none", npy(head(), b"")
    yield "data-one-byte-short", npy(head(), bytes(23))
    yield "data-one-element-short", npy(head(), bytes(16))
    yield "data-none-for-0-axes", npy(head(shape="()"), b"")
    yield "data-far-too-short", npy(head(shape=f"({2**40},)"))
    yield "data-short-of-2-axes", npy(head(shape="(2, 2)"))
    yield "data-one-byte-long", npy(head(), bytes(25))
    yield "data-of-two-arrays", npy(head()) * 2
    yield "data-behind-an-empty-array", npy(head(shape="(0,)"), b"x")


def archive(entries: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in entries:
            file.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def patched(content: bytes, *patches: tuple[bytes, int, bytes]) -> bytes:
    """Overwrites: behind the first place where a signature stands, at an offset from it, these bytes."""
    changed = bytearray(content)
    for signature, offset, new in patches:
        at = content.index(signature) + offset
        changed[at : at + len(new)] = new
    return bytes(changed)


def bad_archives() -> Iterator[tuple[str, bytes]]:
    local, central, end = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
    a = saved(np.arange(3.0))
    zeros = saved(np.zeros(900))
    b = saved(np.arange(5.0))
    plain = archive([("a.npy", a)])
    two = archive([("a.npy", a), ("b.npy", b)])
    deflated = archive([("a.npy", zeros)], zipfile.ZIP_DEFLATED)
    second = two.index(local, 10)
    yield "cut-off", plain[:-1]
    yield "directory-cut-off", plain[: plain.index(central) + 20]
    yield "end-only-of-a-longer-archive", plain[plain.index(end) :]
    yield "too-short", plain[:20]
    yield "comment", plain[:-2] + b"\x02\x00hi"
    yield "bytes-before", b"#!/bin/sh\n" + plain
    yield "checksum", patched(plain, (local, 14, b"abcd"), (central, 16, b"abcd"))
    yield "data-changed", plain.replace(a, a[:-1] + b"\x41")
    yield "name-twice", archive([("a.npy", a), ("a.npy", b)])
    yield "name-with-and-without-npy", archive([("a.npy", a), ("a", a)])
    for name, text in {
        "up": "../a.npy",
        "root": "/a.npy",
        "drive": "C:a.npy",
        "backslash": "x\\a.npy",
        "folder": "x/",
    }.items():
        yield f"name-{name}", archive([(text, a)]) if name != "backslash" else plain.replace(b"a.npy", b"\\.npy")
    yield "name-empty", archive([("", a)])
    yield "name-not-ascii-unflagged", plain.replace(b"a.npy", b"\xe9.npy")
    yield "name-not-utf8", patched(plain.replace(b"a.npy", b"\xe9.npy"), (local, 6, b"\0\x08"), (central, 8, b"\0\x08"))
    yield "name-differs", plain.replace(b"a.npy", b"b.npy", 1)
    yield "encrypted", patched(plain, (local, 6, b"\x01"), (central, 8, b"\x01"))
    yield "method-bzip2", archive([("a.npy", a)], zipfile.ZIP_BZIP2)
    yield "method-lzma", archive([("a.npy", a)], zipfile.ZIP_LZMA)
    yield "method-differs", patched(deflated, (local, 8, b"\0"))
    yield "size-differs", patched(plain, (local, 22, struct.pack("<I", 8)))
    yield "size-stored-larger", patched(plain, (central, 24, struct.pack("<I", 2 * len(a))))
    size = len(zeros)
    yield (
        "size-deflated-larger",
        patched(deflated, (local, 22, struct.pack("<I", size + 8)), (central, 24, struct.pack("<I", size + 8))),
    )
    yield (
        "size-deflated-smaller",
        patched(deflated, (local, 22, struct.pack("<I", size - 8)), (central, 24, struct.pack("<I", size - 8))),
    )
    claim = struct.pack("<I", 2**31)
    yield "size-bomb", patched(deflated, (local, 22, claim), (central, 24, claim))
    packed = struct.unpack("<I", deflated[18:22])[0]
    less = struct.pack("<I", packed - 5)
    cut = without(deflated, 35 + packed - 5, 5)
    yield "deflated-data-cut-off", patched(cut, (local, 18, less), (central, 20, less))
    yield "bytes-between-entries", moved(two.replace(a, a + b"hidden"), second, 6)
    piped = Unseekable()
    np.savez(piped, a=np.arange(3.0))
    yield "sizes-behind-differ", patched(bytes(piped.content), (b"PK\x07\x08", 8, b"\x07"))
    yield "name-second-in-an-extra-field", archive_with_extra("a.npy", a, b"\x75\x70\x06\0\x01\0\0\0\0b")
    yield "deflated-data-damaged", deflated[:60] + b"\xff" * 20 + deflated[80:]
    yield "bytes-behind-deflated-data", behind_deflated(a)
    yield "entries-overlap", two.replace(struct.pack("<I", second) + b"b.npy", bytes(4) + b"b.npy")
    yield "offset-beyond", patched(plain, (central, 42, struct.pack("<I", 5000)))
    yield "offset-into-data", patched(plain, (central, 42, struct.pack("<I", 1)))
    yield "count-too-large", patched(plain, (end, 8, b"\x02\0\x02\0"))
    yield "count-too-small", patched(two, (end, 8, b"\x01\0\x01\0"))
    yield "parts", patched(plain, (end, 4, b"\x01\0"))
    yield "directory-moved", patched(plain, (end, 16, b"\x00\x00"))
    big = zip64(np.savez, {"a": np.arange(3.0), "b": np.arange(2.0)})
    yield "zip64-end-contradicts", patched(big, (b"PK\x06\x06", 32, b"\x09"))
    yield "zip64-end-elsewhere", patched(big, (b"PK\x06\x07", 8, b"\0\0"))
    yield "zip64-sizes-missing", patched(big, (central, 24, b"\xff" * 4), (central, 46 + 5, b"\x77\x77"))
    yield "entry-is-no-npy", archive([("a.npy", b"hello")])
    yield "entry-is-text", archive([("readme.txt", b"hello")])
    yield "entry-cut-off", archive([("a.npy", a[:-1])])
    yield "entry-of-objects", archive([("a.npy", npy(head(descr="'|O'")))])


def without(content: bytes, at: int, length: int) -> bytes:
    """An archive of one entry with some of its data cut out, its directory found again."""
    cut = content[:at] + content[at + length :]
    return patched(cut, (b"PK\x05\x06", 16, struct.pack("<I", cut.index(b"PK\x01\x02"))))


def moved(content: bytes, second: int, by: int) -> bytes:
    """An archive of two entries whose directory says that the second, and itself, lie further on."""
    central = content.index(b"PK\x01\x02")
    changed = bytearray(patched(content, (b"PK\x05\x06", 16, struct.pack("<I", central))))
    offset = content.index(b"PK\x01\x02", central + 1) + 42
    changed[offset : offset + 4] = struct.pack("<I", second + by)
    return bytes(changed)


def archive_with_extra(name: str, content: bytes, extra: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        info = zipfile.ZipInfo(name)
        info.extra = extra
        file.writestr(info, content)
    return out.getvalue()


def behind_deflated(content: bytes) -> bytes:
    """An entry whose deflated data end before its compressed size does."""
    squeeze = zlib.compressobj(wbits=-15)
    data = squeeze.compress(content) + squeeze.flush() + b"hidden"
    fixed = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(content), len(data), len(content), 5, 0)
    entry = b"PK\x03\x04" + fixed + b"a.npy" + data
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a.npy"
    return entry + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(entry), 0)


def bad_set() -> Iterator[tuple[str, bytes]]:
    for name, content in itertools.chain(bad_headers(), bad_values()):
        yield f"{name}.npy", content
    for name, content in bad_archives():
        yield f"{name}.npz", content


def verdict(content: bytes) -> str:
    """`array` and what it holds, or `refuses` and why; for an archive the first refusal of its entries."""
    try:
        loaded = np.load(io.BytesIO(content), allow_pickle=False)
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            return "array\t" + index_line("", loaded)
        with loaded:
            lines = []
            for key in loaded.files:
                values = loaded[key]
                if not isinstance(values, np.ndarray):
                    return "refuses\tnot an array"
                lines.append(index_line(key, values))
            return "array\t" + "\t".join(lines)
    except Exception as e:  # whatever np.load throws on such a file is a refusal: it documents no type
        return f"refuses\t{type(e).__name__}"


def judge() -> None:
    """Frames in, lines out: a little-endian 32-bit length, then the file."""
    stdin = sys.stdin.buffer
    while len(prefix := stdin.read(4)) == 4:
        content = stdin.read(struct.unpack("<I", prefix)[0])
        sys.stdout.write(verdict(content).replace("\n", " ") + "\n")
        sys.stdout.flush()


def lint(directory: Path) -> int:
    """Every bad file is in the index, every line has its file, and NumPy does what the line says."""
    rows = [line.split("\t") for line in (directory / "bad" / "index.tsv").read_text().splitlines()]
    wrong = [f"{row[0]}: NumPy {verdict((directory / 'bad' / row[0]).read_bytes())[:60]!r}, the index {row[1]!r}"
             for row in rows if verdict((directory / "bad" / row[0]).read_bytes()).split("\t")[0] != row[1]]  # fmt: skip
    made = dict(bad_set())
    wrong += [f"{name}: made, but not in the index" for name in made.keys() - {row[0] for row in rows}]
    wrong += [f"{row[0]}: in the index, but not made" for row in rows if row[0] not in made]
    wrong += [f"{name}: differs from what is made" for name, content in made.items()
              if (directory / "bad" / name).read_bytes() != content]  # fmt: skip
    print("\n".join(wrong) or f"{len(rows)} bad files: NumPy does what the index says")
    return 1 if wrong or not rows else 0


def verify(directory: Path, out: Path) -> int:
    """What Java wrote after reading the battery is the same array for NumPy, and the same bytes as np.save's."""
    rows = [line.split("\t") for line in (directory / "index.tsv").read_text().splitlines()]
    archives: dict[str, Any] = {}
    wrong = 0
    for row in rows:
        name, _, key = row[0].partition("!")
        if key:
            values = archives.setdefault(name, np.load(out / name, allow_pickle=False))[key]
        else:
            values = np.load(out / name, allow_pickle=False)
        if index_line(row[0], values).split("\t") != row:
            print(f"{row[0]}: expected {row}, got {index_line(row[0], values)}")
            wrong += 1
    print(f"verified {len(rows)}, wrong {wrong}")
    return 1 if wrong or not rows else 0


def main(arguments: list[str]) -> int:
    warnings.simplefilter("ignore")  # of headers by Python 2, of formats 2 and 3, of names given twice: all on purpose
    match arguments:
        case ["fixtures", directory]:
            write_set(Path(directory) / "good", good_set())
            (Path(directory) / "bad").mkdir(exist_ok=True)
            for name, content in bad_set():
                (Path(directory) / "bad" / name).write_bytes(content)
        case ["lint", directory]:
            return lint(Path(directory))
        case ["battery", directory]:
            write_set(Path(directory), battery())
        case ["verify", directory, out]:
            return verify(Path(directory), Path(out))
        case ["judge"]:
            judge()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
