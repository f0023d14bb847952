"""Other sources of the expected arrays than the document's code: PyTorch's autograd, and exact arithmetic.

They compute from the same inputs, and what they make is a fixture like any other: the certified bound holds between any
two correct computations. Neither knows NaN or an infinity as the document means them: PyTorch decides itself whether
padding is multiplied, and exact arithmetic has no infinite number. Such cases are refused.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from npyparity.bound import Layer
from npyparity.cases import Case
from npyparity.compute import Computed
from npyparity.document import Array

ORACLES = ("document", "torch", "exact")
TORCH_PYTHON = "NPYPARITY_TORCH_PYTHON"
"""The environment variable that names an interpreter that has torch, if this one has not."""

_NONFINITE = ("nan", "infinities", "padding-infinity")
_LARGEST_EXACT = 2**22
"""Products that the exact oracle sums up for a case, at most: a few seconds of Python's integers."""


class OracleError(RuntimeError):
    """An oracle that is not at hand, or a case that it cannot serve; the message says which and why."""


class Oracle(Protocol):
    """Computes the expected arrays of cases."""

    def expected(self, computed: Computed) -> dict[str, Array]:
        """Every expected array, in the order of ``case.json``."""
        ...

    def provenance(self) -> dict[str, Any] | None:
        """What ``provenance.json`` says of it; nothing of the document's code, which is the rule."""
        ...

    def close(self) -> None:
        """Ends what it started."""
        ...


def oracle(name: str) -> Oracle:
    """The oracle of that name."""
    oracles: dict[str, type[Oracle]] = {"document": Document, "torch": Torch, "exact": Exact}
    return oracles[name]()


def require_fit(name: str, cases: Sequence[Case]) -> None:
    """Refuses the first of ``cases`` that the oracle cannot serve, before anything is computed."""
    for case in cases:
        if name != "document" and case.variant in _NONFINITE:
            raise OracleError(
                f"{case.id}: variant is {case.variant}: expected finite data for --oracle {name}, "
                "which gives NaN and infinities another meaning than the document"
            )
        products = case.geometry.positions * case.geometry.taps * case.geometry.out_depth
        if name == "exact" and products > _LARGEST_EXACT:
            raise OracleError(
                f"{case.id}: multiplies {products} pairs: expected at most {_LARGEST_EXACT} for --oracle exact, "
                "which computes in Python's integers"
            )


class Document:
    """The document's code, which has computed already."""

    def expected(self, computed: Computed) -> dict[str, Array]:
        return computed.expected

    def provenance(self) -> dict[str, Any] | None:
        return None

    def close(self) -> None:
        pass


# ---- exact arithmetic ------------------------------------------------------------------------------------------------


class Exact:
    """Every element as exact arithmetic on the inputs has it, rounded once, to nearest and ties to even.

    In Python's integers: a floating-point number is one, times a power of two. The mask is that of the rounded
    filter_data, as the document's.
    """

    def expected(self, computed: Computed) -> dict[str, Array]:
        case, inputs = computed.case, computed.inputs
        layer, shapes = Layer(case.geometry), case.geometry.shapes
        arrays: dict[str, Array] = {}
        if case.operation == "conv2d":
            arrays["matric_data"] = layer.windows(inputs["in_data"])
            windows, weights, bias = map(_Scaled.of, (arrays["matric_data"], inputs["weights"], inputs["bias"]))
            z = windows.times(weights, np.dot).plus(bias)
            arrays["filter_data"] = np.maximum(z.rounded(case.dtype), 0)
            arrays["out_data"] = arrays["filter_data"].reshape(shapes["out_data"])
        given = {**inputs, **arrays}
        rows = given["dout_data"].reshape(shapes["dfilter_data"])
        arrays["dfilter_data"] = np.where(given["filter_data"] <= 0, 0, rows).astype(case.dtype)
        dfilter, matric, weights = map(_Scaled.of, (arrays["dfilter_data"], given["matric_data"], given["weights"]))
        arrays["dweights"] = matric.times(dfilter, lambda m, d: np.dot(m.T, d)).rounded(case.dtype)
        arrays["dbias"] = dfilter.mapped(lambda d: d.sum(axis=0, keepdims=True)).rounded(case.dtype)
        dmatric = dfilter.times(weights, lambda d, w: np.dot(d, w.T))
        arrays["dmatric_data"] = dmatric.rounded(case.dtype)
        arrays["dpadding_data"] = dmatric.mapped(layer.accumulated).rounded(case.dtype)
        arrays["din_data"] = layer.cropped(arrays["dpadding_data"])
        return {name: arrays[name] for name in computed.expected}

    def provenance(self) -> dict[str, Any] | None:
        return {"name": "exact", "version": "integers, rounded once"}

    def close(self) -> None:
        pass


class _Scaled:
    """An array of integers times 2^-shift."""

    def __init__(self, integers: Array, shift: int) -> None:
        self.integers = integers
        self.shift = shift

    @staticmethod
    def of(array: Array) -> _Scaled:
        mantissas, exponents = np.frexp(array.astype(np.float64))
        nonzero = exponents[array != 0]
        shift = 53 - int(nonzero.min()) if nonzero.size else 0
        integers = [
            int(mantissa * 2.0**53) << (shift - 53 + int(exponent)) if mantissa else 0
            for mantissa, exponent in zip(mantissas.flat, exponents.flat, strict=True)
        ]
        return _Scaled(np.array(integers, dtype=object).reshape(array.shape), shift)

    def times(self, other: _Scaled, product: Any) -> _Scaled:
        return _Scaled(product(self.integers, other.integers), self.shift + other.shift)

    def plus(self, other: _Scaled) -> _Scaled:
        shift = max(self.shift, other.shift)
        ours, theirs = (array.integers * (1 << (shift - array.shift)) for array in (self, other))
        return _Scaled(ours + theirs, shift)

    def mapped(self, linear: Any) -> _Scaled:
        return _Scaled(linear(self.integers), self.shift)

    def rounded(self, dtype: str) -> Array:
        values = [_rounded(int(integer), self.shift, dtype) for integer in self.integers.flat]
        return np.array(values, dtype).reshape(self.integers.shape)


def _rounded(integer: int, shift: int, dtype: str) -> float:
    """integer · 2^-shift to nearest in ``dtype``, ties to even, gradual underflow."""
    info = np.finfo(dtype)
    magnitude = abs(integer)
    unit = max(magnitude.bit_length() - shift - (info.nmant + 1), info.minexp - info.nmant)  # exponent of the last bit
    dropped = shift + unit
    if dropped <= 0:
        kept = magnitude << -dropped
    else:
        kept, rest = divmod(magnitude, 1 << dropped)
        half = 1 << (dropped - 1)
        kept += rest > half or (rest == half and kept % 2)
    value = float(np.ldexp(float(kept), unit))
    return -value if integer < 0 else value


# ---- PyTorch ---------------------------------------------------------------------------------------------------------


class Torch:
    """PyTorch's convolution and autograd, in an interpreter that has torch, kept alive from case to case."""

    def __init__(self) -> None:
        interpreter = os.environ.get(TORCH_PYTHON, sys.executable)
        script = Path(__file__).with_name("torch_layer.py")
        try:
            self._worker = subprocess.Popen([interpreter, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        except OSError as error:
            raise OracleError(
                f"{interpreter} cannot be run ({error.strerror}): {TORCH_PYTHON} names a Python with torch"
            ) from error
        try:
            self._version = str(self._answer()["version"])
        except OracleError as error:
            self.close()
            raise OracleError(
                f"{interpreter} cannot import torch: install it, or name a Python that has it by {TORCH_PYTHON}"
            ) from error

    def expected(self, computed: Computed) -> dict[str, Array]:
        g = computed.case.geometry
        sizes = np.array([g.filter_size, g.stride, g.padding, *g.shapes["in_data"]])
        message = io.BytesIO()
        np.savez(message, allow_pickle=False, **{**computed.inputs, "sizes": sizes})
        assert self._worker.stdin is not None
        try:
            self._worker.stdin.write(len(message.getvalue()).to_bytes(8, "little") + message.getvalue())
            self._worker.stdin.flush()
        except BrokenPipeError as error:
            raise OracleError(f"{computed.case.id}: the process with torch died") from error
        arrays = self._answer()
        return {name: np.ascontiguousarray(arrays[name]) for name in computed.expected}

    def provenance(self) -> dict[str, Any] | None:
        return {"name": "torch", "version": self._version}

    def close(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._worker.communicate()

    def _answer(self) -> Mapping[str, Array]:
        assert self._worker.stdout is not None
        content = self._worker.stdout.read(int.from_bytes(self._worker.stdout.read(8), "little"))
        if not content:
            raise OracleError("the process with torch died without an answer")
        with np.load(io.BytesIO(content)) as arrays:
            return {name: arrays[name] for name in arrays.files}
