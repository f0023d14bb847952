"""Which cases exist, and why each does: the committed golden set, the generated factorial, and lists from users.

A case is a value; nothing here computes an array. Its id is readable, and unique by a hash of what decides its bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from npyparity.geometry import PARAMETERS, Geometry, GeometryError
from npyparity.schema import strict_json

OPERATIONS = ("conv2d", "conv2d_backward")
FAMILIES = ("exact", "document", "chained", "special")
DTYPES = ("float64", "float32")
VARIANTS = (
    "nan",
    "infinities",
    "padding-infinity",
    "signed-zeros",
    "subnormals",
    "cancellation",
    "extreme-range",
)
SMALL = "small"
"""The variant that shrunk cases have: numbers to check by hand, in no set of ours."""
_NUMBER = r"[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_POLICY = rf"exact|certified|allclose(:(rtol={_NUMBER}(,atol={_NUMBER})?|atol={_NUMBER}))?"
_WHY = r"[^\n\ud800-\udfff]{9,}\."
LARGEST_SEED = 2**32 - 1
"""What NumPy's legacy generator takes."""


class CaseError(ValueError):
    """A case, or a list of cases, that cannot be emitted; the message says which, what was found and expected."""


@dataclass(frozen=True)
class Case:
    """One case: what is computed, on which data, and how it is judged. Checked when made."""

    operation: str
    family: str
    variant: str | None
    dtype: str
    geometry: Geometry
    seed: int
    policy: str = ""
    why: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _expect_one_of("operation", self.operation, OPERATIONS)
        _expect_one_of("family", self.family, FAMILIES)
        _expect_one_of("dtype", self.dtype, DTYPES)
        if self.family == "special":
            _expect_one_of("variant", self.variant, (*VARIANTS, SMALL))
        elif self.variant is not None:
            raise CaseError(f"variant is {_shown(self.variant)}: expected none in family {self.family}")
        if self.operation == "conv2d" and self.family == "document":
            raise CaseError(
                'family is "document": expected one of "exact", "chained", "special" in operation conv2d, '
                "as the document draws matric_data and filter_data, which conv2d computes"
            )
        if type(self.seed) is not int or not 0 <= self.seed <= LARGEST_SEED:
            raise CaseError(f"seed is {_shown(self.seed)}: expected an integer from 0 to {LARGEST_SEED}")
        if self.policy and not is_policy(self.policy):
            raise CaseError(
                f"policy is {_shown(self.policy)}: "
                'expected "exact", "certified", "allclose" or such as "allclose:rtol=1e-7,atol=0"'
            )
        if not self.policy:
            object.__setattr__(self, "policy", "exact" if self.family == "exact" else "certified")
        if not self.why:
            object.__setattr__(self, "why", _why(self))
        if not re.fullmatch(_WHY, self.why):
            raise CaseError(
                f"why is {_shown(self.why)}: expected one sentence in one line, at least 10 characters and a full stop"
            )

    def identity(self) -> dict[str, Any]:
        """What decides the case's bytes, and so its id."""
        return {
            "operation": self.operation,
            "family": self.family,
            "variant": self.variant,
            "dtype": self.dtype,
            "parameters": self.geometry.parameters(),
            "seed": self.seed,
            "policy": self.policy,
        }

    @property
    def id(self) -> str:
        """Such as ``conv2d-exact-float64-b2-h5w7c3-d4-k3s2p1-0123abcd``; it ends in its identity's SHA-256."""
        canonical = json.dumps(self.identity(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        digest = hashlib.sha256(canonical.encode("ascii")).hexdigest()[:8]
        g = self.geometry
        names = [self.operation, self.family, *([self.variant] if self.variant else []), self.dtype]
        sizes = (
            f"b{g.batch}-h{g.in_height}w{g.in_width}c{g.in_depth}-d{g.out_depth}"
            f"-k{g.filter_size}s{g.stride}p{g.padding}"
        )
        return "-".join([*names, sizes, digest])


def is_policy(text: str) -> bool:
    """Whether ``text`` is a policy as case.json has it. An infinite tolerance is none: anything would pass."""
    return bool(re.fullmatch(_POLICY, text)) and all(map(isfinite, map(float, re.findall("=([^,]+)", text))))


def _expect_one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise CaseError(f"{name} is {_shown(value)}: expected one of {', '.join(map(json.dumps, allowed))}")


def _shown(value: object) -> str:
    """A value as JSON, short enough for a sentence."""
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


# ---- why a case exists, where nobody wrote it ------------------------------------------------------------------------

_WHY_FAMILY = {
    "exact": "Whole numbers that no order of summation rounds",
    "document": "The document's own data, its gradients rounded in full precision",
    "chained": "Data of a real forward pass, all mantissa bits in use",
    "nan": "NaN, which the ReLU mask lets pass and a masked gradient must not keep",
    "infinities": "Infinities, which become NaN where masked zeros multiply them",
    "padding-infinity": "An infinity that meets zero padding, which is multiplied and gives NaN",
    "signed-zeros": "Zeros of both signs, neither of which passes the ReLU mask",
    "subnormals": "Products below the normal range, which flushing to zero loses",
    "cancellation": "Large terms that cancel, where a relative tolerance means nothing",
    SMALL: "Whole numbers up to 4, and biases with a half, to check by hand",
    "extreme-range": "Magnitudes from one end of the exponent range to the other",
}


def _why(case: Case) -> str:
    g = case.geometry
    traits = [trait for trait, holds in _traits(g) if holds] or ["windows that overlap and tile the input evenly"]
    return f"{_WHY_FAMILY[case.variant or case.family]}, over {', '.join(traits)}."


def _traits(g: Geometry) -> Iterator[tuple[str, bool]]:
    rows_left = (g.padding_height - g.filter_size) % g.stride
    columns_left = (g.padding_width - g.filter_size) % g.stride
    yield "windows that never see the input", not g.sees_input
    yield "one pixel", g.in_height == g.in_width == 1
    yield "one output position", g.out_height == g.out_width == 1
    yield "one input channel", g.in_depth == 1
    yield "one output channel", g.out_depth == 1
    yield "a batch of one", g.batch == 1
    yield f"a {g.filter_size} x {g.filter_size} filter at stride {g.stride} and padding {g.padding}", True
    yield "gaps between windows, whose inputs get no gradient", g.stride > g.filter_size
    yield "windows wholly inside the padding", g.padding >= g.filter_size
    yield "tail rows and columns that no window reaches", bool(rows_left and columns_left)
    yield "tail rows that no window reaches", bool(rows_left and not columns_left)
    yield "tail columns that no window reaches", bool(columns_left and not rows_left)


# ---- lists from users ------------------------------------------------------------------------------------------------

_REQUIRED = ("operation", "family", "dtype", *PARAMETERS, "seed")
_OPTIONAL = ("variant", "why", "policy")


def read(path: Path) -> list[Case]:
    """The cases of a JSON file: a list of objects with the fields of DESIGN's contract for ``emit --cases``.

    Raises ``CaseError`` naming the file, the case's index (from 0) and the field.
    """
    try:
        entries = strict_json(path.read_bytes())
    except OSError as error:
        raise CaseError(f"{path}: cannot be read ({error.strerror}): expected a JSON list of cases") from error
    except ValueError as error:
        raise CaseError(f"{path}: not JSON ({error}): expected a list of cases") from error
    try:
        return parse(entries)
    except CaseError as error:
        raise CaseError(f"{path}: {error}") from error


def parse(entries: object) -> list[Case]:
    """The cases that a parsed JSON list describes, see ``read``. Raises ``CaseError`` naming index and field."""
    if not isinstance(entries, list) or not entries:
        found = "an empty list" if entries == [] else _shown(entries)
        raise CaseError(f"holds {found}: expected a JSON list of at least one case")
    cases: dict[str, int] = {}
    result = []
    for index, entry in enumerate(entries):
        try:
            case = _case(entry)
            if case.id in cases:
                raise CaseError(f"repeats case {cases[case.id]}: expected each case once")
        except (CaseError, GeometryError) as error:
            raise CaseError(f"case {index}: {error}") from error
        cases[case.id] = index
        result.append(case)
    return result


def _case(entry: object) -> Case:
    if not isinstance(entry, dict):
        raise CaseError(f"is {_shown(entry)}: expected an object")
    for name in entry:
        if name not in (*_REQUIRED, *_OPTIONAL):
            raise CaseError(f"{name} is no field of a case: expected {', '.join((*_REQUIRED, *_OPTIONAL))}")
    for name in _REQUIRED:
        if name not in entry:
            raise CaseError(f"{name} is missing: expected the fields {', '.join(_REQUIRED)}")
    for name in ("why", "policy"):
        if not isinstance(entry.get(name, ""), str):
            raise CaseError(f"{name} is {_shown(entry[name])}: expected a string")
    variant = entry.get("variant")
    if entry["family"] == "special" and variant is None and type(entry["seed"]) is int:
        variant = VARIANTS[entry["seed"] % len(VARIANTS)]
    return Case(
        operation=entry["operation"],
        family=entry["family"],
        variant=variant,
        dtype=entry["dtype"],
        geometry=Geometry.of(entry),
        seed=entry["seed"],
        policy=entry.get("policy", ""),
        why=entry.get("why", ""),
    )


# ---- the golden set --------------------------------------------------------------------------------------------------


def _seeded(
    operation: str, family: str, dtype: str, geometry: Geometry, variant: str | None = None, why: str = ""
) -> Case:
    """A case of the tables. Its seed is a checksum of the rest: inserting one case does not change the others."""
    rest = json.dumps([operation, family, variant, dtype, *geometry.parameters().values()])
    return Case(operation, family, variant, dtype, geometry, zlib.crc32(rest.encode("ascii")), why=why)


# Sizes in the order batch, in_height, in_width, in_depth, out_depth, filter_size, stride, padding. They differ on every
# axis (a square hides a transpose), but where the case is about a size of one.
_SAME = Geometry(2, 5, 7, 4, 6, 3, 1, 1)
_STRIDED = Geometry(3, 6, 9, 2, 4, 3, 2, 1)

_GOLDEN_EXACT = {
    _SAME: "The document's layer made small: a flipped kernel, rows ordered (c, kh, kw), swapped height and width.",
    _STRIDED: "Tail rows that no window reaches, a batch of three: a size rounded up, images mixed up.",
    Geometry(2, 6, 8, 3, 5, 3, 1, 0): "No padding: slicing padding:-padding leaves nothing.",
    Geometry(2, 4, 6, 3, 5, 3, 1, 2): "Padding above (K-1)/2, output larger than input: padding computed, not read.",
    Geometry(2, 3, 5, 4, 6, 2, 1, 3): "Padding beyond the filter: windows wholly in padding that a clamp loses.",
    Geometry(2, 7, 11, 3, 5, 2, 3, 0): "Stride beyond the filter: inputs between windows whose gradient is not 0.",
    Geometry(3, 8, 5, 2, 4, 3, 3, 0): "Windows that tile without overlap, tail on both axes: offsets by K, not stride.",
    Geometry(2, 8, 11, 4, 3, 3, 3, 1): "Stride 3 with padding: a window's origin off by one, or without its padding.",
    Geometry(2, 4, 7, 3, 5, 1, 1, 0): "A pointwise filter: channels mixed up where kh and kw cannot be.",
    Geometry(2, 7, 9, 4, 3, 5, 1, 2): "Up to 25 windows over a pixel: col2im that overwrites instead of accumulating.",
    Geometry(3, 6, 9, 2, 4, 4, 2, 1): "An even filter, which no same padding centres: a filter taken as odd.",
    Geometry(2, 7, 9, 3, 4, 7, 3, 0): "A filter as large as the input's smaller side, one output position.",
    Geometry(
        2, 1, 1, 3, 4, 3, 1, 1
    ): "One pixel: only the filter's centre sees it, all other taps must get gradient 0.",
    Geometry(
        2, 1, 1, 3, 4, 1, 2, 1
    ): "Every window misses the input: only the bias is left, all other gradients are 0.",
    Geometry(3, 5, 8, 1, 4, 2, 2, 0): "One input channel: an axis of size one squeezed away.",
    Geometry(2, 6, 4, 3, 1, 3, 2, 2): "One output channel: dbias a scalar, a column broadcast as a row.",
    Geometry(1, 3, 10, 5, 4, 3, 1, 1): "A batch of one, wide: strides computed from the height.",
}


FOUND = Path(__file__).parents[2] / "fixtures" / "found.json"
"""The cases that ``bin/npyparity fuzz --save`` adds to the golden set: a cases.json, committed."""


def golden() -> list[Case]:
    """The committed set: small, and enough to judge an implementation without Python; then what fuzzing has found."""
    return [*golden_table(), *found()]


def found(path: Path = FOUND) -> list[Case]:
    """The cases of ``found.json``; none where there is no such file, as in a container."""
    if not path.exists() or path.read_text(encoding="utf-8").strip() == "[]":
        return []
    return read(path)


def golden_table() -> list[Case]:
    """The golden set's own cases, each of which earns its place."""
    conv, back = "conv2d", "conv2d_backward"
    single, double = "float32", "float64"
    cases = [_seeded(conv, "exact", double, geometry, why=why) for geometry, why in _GOLDEN_EXACT.items()]

    def add(operation: str, family: str, dtype: str, geometry: Geometry, why: str) -> None:
        variant = family if family in VARIANTS else None
        cases.append(_seeded(operation, "special" if variant else family, dtype, geometry, variant, why))

    add(conv, "exact", single, _SAME, "Sums that need all 24 bits of float32: products narrowed to float16 or TF32.")
    add(conv, "exact", single, _STRIDED, "The same with a stride: an accumulator narrower than the data.")
    add(
        back, "exact", double, _STRIDED, "filter_data below zero, unlike ReLU's output: a mask by == 0 or by dout_data."
    )
    add(back, "exact", single, _SAME, "A mask by != 0, in float32: negative filter_data lets gradient pass.")
    add(back, "exact", single, _STRIDED, "np.zeros without a dtype: a float32 gradient that comes back as float64.")

    add(
        back, "document", double, _SAME, "The document's own data: a weight off by a relative 1e-9, unseen by allclose."
    )
    add(
        back,
        "document",
        single,
        _STRIDED,
        "float32 with a stride, zeros planted in filter_data: `<` for `<=` in the mask.",
    )
    add(conv, "chained", double, _SAME, "Forward and backward in one: the bias left out, or added after the ReLU.")
    add(conv, "chained", single, _STRIDED, "The whole layer in float32: a forward pass rounded to less than float32.")
    add(back, "chained", double, _STRIDED, "Exact zeros from a real ReLU: a mask that lets the gradient pass at zero.")
    add(back, "chained", single, _SAME, "matric_data as im2col lays it out, in float32: its transpose read in place.")

    add(conv, "nan", double, _SAME, "A NaN bias passes ReLU and mask; a NaN gradient under the mask becomes 0.")
    add(conv, "infinities", single, _STRIDED, "An infinite weight times masked zeros is NaN: zeros skipped by a port.")
    add(
        conv,
        "padding-infinity",
        double,
        _SAME,
        "An infinite weight times zero padding is NaN: padding skipped by a port.",
    )
    add(conv, "signed-zeros", single, _SAME, "Zeros of both signs in the input: a ReLU that passes -0.0 as positive.")
    add(conv, "subnormals", double, _STRIDED, "Products in the subnormal range: flushing to zero loses every one.")
    add(conv, "subnormals", single, _SAME, "Subnormal float32 products, and a subnormal bias taken for zero.")
    add(
        conv,
        "cancellation",
        double,
        _SAME,
        "Sums that cancel to a thousandth: judged by relative error, all would fail.",
    )
    add(conv, "extreme-range", single, _STRIDED, "Exponents across all of float32: an intermediate that overflows.")
    add(back, "nan", single, _STRIDED, "NaN in filter_data lets the gradient pass: a mask by > 0 stops it.")
    add(
        back,
        "infinities",
        double,
        _SAME,
        "An infinite gradient under the mask: multiplied by 0 it would be NaN, not 0.",
    )
    add(back, "padding-infinity", single, _SAME, "An infinite gradient times the zeros of padding is NaN in dweights.")
    add(back, "signed-zeros", double, _STRIDED, "-0.0 in filter_data does not pass the mask: a mask by the sign bit.")
    return cases


# ---- the generated set -----------------------------------------------------------------------------------------------

# batch, in_height, in_width, in_depth, out_depth: taken in turn, each large enough for a 7 x 7 filter without padding.
_SHAPES = ((2, 9, 13, 4, 6), (3, 11, 8, 4, 5), (2, 10, 14, 6, 3), (1, 12, 9, 6, 4), (3, 8, 15, 2, 4))

_EDGES = (
    Geometry(1, 1, 1, 1, 1, 1, 1, 0),
    Geometry(2, 1, 1, 3, 4, 1, 1, 0),
    Geometry(2, 1, 1, 3, 5, 3, 1, 1),
    Geometry(2, 1, 1, 4, 3, 1, 2, 1),
    Geometry(2, 1, 9, 3, 4, 1, 2, 0),
    Geometry(3, 8, 1, 2, 5, 1, 1, 0),
    Geometry(2, 7, 10, 1, 5, 3, 1, 1),
    Geometry(2, 7, 10, 4, 1, 3, 2, 1),
    Geometry(1, 10, 7, 4, 6, 3, 1, 1),
    Geometry(2, 5, 5, 3, 4, 5, 1, 0),
    Geometry(2, 6, 7, 3, 5, 10, 3, 2),
    Geometry(2, 4, 6, 3, 5, 2, 1, 3),
    Geometry(2, 11, 13, 3, 4, 2, 5, 0),
    Geometry(2, 3, 40, 4, 5, 3, 2, 1),
    Geometry(2, 9, 6, 33, 17, 3, 1, 1),
    Geometry(3, 5, 6, 65, 7, 2, 2, 1),
)

DOCUMENT = Geometry(8, 32, 48, 16, 32, 3, 1, 1)
"""The document's own configuration."""

_GAP = Geometry(1, 4, 8, 2, 3, 1, 3, 1)
"""An image, cut in two for two threads, of whose upper half no window sees a pixel."""


def generated() -> list[Case]:
    """The factorial: filter sizes, strides and paddings over shapes in turn, edges, and the document's own size."""
    cases = []
    for index, geometry in enumerate(_factorial()):
        cases += _every_family(geometry)
        cases += [
            _seeded("conv2d", "special", "float64", geometry, _variant(index, geometry)),
            _seeded("conv2d", "special", "float32", geometry, _variant(index + 3, geometry)),
            _seeded("conv2d_backward", "special", DTYPES[index % 2], geometry, _variant(index + 5, geometry)),
        ]
    for geometry in _EDGES:
        cases += _every_family(geometry)
    cases += [
        _seeded(
            "conv2d", "exact", "float64", _GAP, why="Half an image that no window sees: work cut by rows, a part empty."
        ),
        _seeded("conv2d_backward", "document", "float64", DOCUMENT, why="The document's own configuration, full size."),
        _seeded("conv2d_backward", "document", "float32", DOCUMENT, why="The document's own configuration in float32."),
        _seeded(
            "conv2d_backward", "exact", "float32", DOCUMENT, why="The same sizes bit for bit: a row of 12288 lost."
        ),
        _seeded("conv2d", "chained", "float64", DOCUMENT, why="The document's own layer, forward and backward."),
    ]
    return cases


def _factorial() -> Iterator[Geometry]:
    configurations = [
        (filter_size, stride, padding)
        for filter_size in (1, 2, 3, 5, 7)
        for stride in (1, 2, 3)
        for padding in sorted({0, 1, 2, (filter_size - 1) // 2})
    ]
    for index, configuration in enumerate(configurations):
        yield Geometry(*_SHAPES[index % len(_SHAPES)], *configuration)


def _every_family(geometry: Geometry) -> list[Case]:
    """Both operations and dtypes in the families without variants, each float32 case with its exact twin."""
    return [
        _seeded("conv2d", "exact", "float64", geometry),
        _seeded("conv2d", "exact", "float32", geometry),
        _seeded("conv2d", "chained", "float64", geometry),
        _seeded("conv2d", "chained", "float32", geometry),
        _seeded("conv2d_backward", "document", "float64", geometry),
        _seeded("conv2d_backward", "document", "float32", geometry),
        _seeded("conv2d_backward", "exact", "float32", geometry),
    ]


def _variant(index: int, geometry: Geometry) -> str:
    variants = [variant for variant in VARIANTS if geometry.padding or variant != "padding-infinity"]
    return variants[index % len(variants)]


SETS = {"golden": golden, "generated": generated}
