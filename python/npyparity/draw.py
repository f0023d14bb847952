"""What goes into a case: its input arrays, drawn so that every machine draws the same bytes.

Three facts make that so. All draws come from NumPy's legacy ``RandomState``, the one stream that NumPy promises never
to change. Nothing drawn passes through a BLAS or a mathematical library without being made independent of it: normal
deviates are rounded to multiples of 2^-32, as libm's ``log`` differs between processors, and a ``filter_data`` that
stands for a forward pass is computed exactly before it is rounded. And the order of the draws is fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt, prod

import numpy as np

from npyparity import document
from npyparity.cases import SMALL, Case
from npyparity.document import Array
from npyparity.geometry import Geometry, Shape

INPUTS = {
    "conv2d": ("in_data", "weights", "bias", "dout_data"),
    "conv2d_backward": ("dout_data", "matric_data", "filter_data", "weights"),
}
"""The input arrays of each operation, in the order of ``case.json``."""

EXACT_LIMIT = {"float64": 2**53, "float32": 2**24}
"""Up to here a dtype holds every whole number."""


def draw(case: Case, attempt: int) -> dict[str, Array]:
    """The inputs of ``case`` by name, as attempt number ``attempt`` draws them."""
    stream = _Stream(case, attempt)
    arrays = _SPECIAL[case.variant](stream) if case.variant else _FAMILIES[case.family](stream)
    return {name: arrays[name].astype(case.dtype) for name in INPUTS[case.operation]}


class _Stream:
    """A case's random numbers. Arrays are drawn by name, in float64 or int64, each shaped by the geometry."""

    def __init__(self, case: Case, attempt: int) -> None:
        self.case = case
        self.geometry = case.geometry
        self.backward_only = case.operation == "conv2d_backward"
        self._random = np.random.RandomState([case.seed, attempt])

    def integers(self, name: str, magnitude: int) -> Array:
        """Whole numbers from -magnitude to magnitude."""
        return self._random.randint(-magnitude, magnitude + 1, self._shape(name), dtype=np.int64)

    def nonzero(self, name: str, magnitude: int) -> Array:
        """Whole numbers from -magnitude to magnitude, without 0."""
        return self._random.randint(1, magnitude + 1, self._shape(name), dtype=np.int64) * self.signs(name)

    def signs(self, name: str) -> Array:
        """-1 or 1."""
        return 2 * self._random.randint(0, 2, self._shape(name), dtype=np.int64) - 1

    def uniform(self, name: str) -> Array:
        """Multiples of 2^-52 in [-1, 1)."""
        return 2 * self._random.random_sample(self._shape(name)) - 1

    def normal(self, name: str) -> Array:
        """The document's ``randn``, rounded to multiples of 2^-32."""
        return np.rint(self._random.randn(*self._shape(name)) * 2.0**32) * 2.0**-32

    def one_in(self, n: int, name: str) -> Array:
        """True for about one element in ``n``."""
        return np.equal(self._random.randint(0, n, self._shape(name), dtype=np.int64), 0)

    def places(self, name: str, count: int) -> Array:
        """``count`` flat indices, repeats possible."""
        return self.below(prod(self._shape(name)), count)

    def below(self, bound: int, count: int) -> Array:
        """``count`` whole numbers from 0 to bound - 1."""
        return self._random.randint(0, bound, count, dtype=np.int64)

    def _shape(self, name: str) -> Shape:
        return self.geometry.shapes[name]


# ---- family exact ----------------------------------------------------------------------------------------------------


def _exact(stream: _Stream) -> dict[str, Array]:
    """Whole numbers whose sums of products are exact in any order (proven later), yet too wide for a narrower dtype.

    float64: all up to 2^12, the gradient up to 2^27, so that products need 39 bits. float32: small ones throughout,
    with up to three odd ones above 2^11 in each array, which float16, bfloat16 and TF32 cannot hold.
    """
    names = ["in_data", "weights", "bias", "dout_data"]
    if stream.backward_only:
        names = ["dout_data", "matric_data", "filter_data", "weights"]
    if stream.case.dtype == "float64":
        gradient = min(2**27, EXACT_LIMIT["float64"] // (2**12 * _longest_sum(stream.geometry)))
        arrays = {name: stream.integers(name, gradient if name == "dout_data" else 2**12) for name in names}
    else:
        arrays = {name: _wide_float32(stream, name) for name in names}
    if stream.backward_only:
        arrays["filter_data"][stream.one_in(4, "filter_data")] = 0
    return arrays


def _wide_float32(stream: _Stream, name: str) -> Array:
    limit = EXACT_LIMIT["float32"] // 4  # the rest is left to the wide ones
    array = stream.integers(name, max(1, min(8, isqrt(limit // _longest_sum(stream.geometry)))))
    count = max(1, min(3, array.size // 16))
    array.reshape(-1)[stream.places(name, count)] = 2 * stream.below(2**9, count) + 2**11 + 1
    return array


def _longest_sum(geometry: Geometry) -> int:
    """The most products that are summed into one element of any array."""
    windows_over_pixel = (-(-geometry.filter_size // geometry.stride)) ** 2
    return max(geometry.positions, geometry.taps + 1, geometry.out_depth * windows_over_pixel)


# ---- families document and chained -----------------------------------------------------------------------------------


def _document(stream: _Stream) -> dict[str, Array]:
    """The document's lines 14 to 17: independent normal deviates in its order, small weights; then planted zeros."""
    arrays = {
        "dout_data": stream.normal("dout_data"),
        "matric_data": stream.normal("matric_data"),
        "filter_data": stream.normal("filter_data"),
        "weights": 0.01 * stream.normal("weights"),
    }
    arrays["filter_data"][stream.one_in(8, "filter_data")] = 0
    return arrays


def _chained(stream: _Stream) -> dict[str, Array]:
    """A feature map, kernels and a gradient in [-1, 1), and the real forward pass's matrices for the backward pass."""
    arrays = {name: stream.uniform(name) for name in INPUTS["conv2d"]}
    if stream.backward_only:
        arrays = {name: array.astype(stream.case.dtype) for name, array in arrays.items()}
        arrays["matric_data"] = document.im2col(arrays["in_data"], stream.geometry)
        arrays["filter_data"] = exact_filter_data(arrays["matric_data"], arrays["weights"], arrays["bias"])
    return arrays


def exact_filter_data(matric_data: Array, weights: Array, bias: Array) -> Array:
    """relu(matric_data (P, Q) . weights (Q, D) + bias (1, D)) in float64, each element its exact value rounded once.

    In Python's integers, whose division rounds once, over operands that are multiples of 2^-52: no BLAS, and so no
    order of summation, has a say.
    """
    one = 2**52

    def units(array: Array) -> Array:
        return np.array([int(value) for value in (array.astype(np.float64) * one).flat], dtype=object).reshape(
            array.shape
        )

    z = np.dot(units(matric_data), units(weights)) + units(bias) * one
    rounded = [max(value, 0) / (one * one) for value in z.flat]
    return np.array(rounded).reshape(z.shape)


# ---- family special --------------------------------------------------------------------------------------------------


def _small(stream: _Stream, nonzero: bool = False) -> dict[str, Array]:
    """Whole numbers up to 4, with halves in the bias: z is exact, and so far from 0 that no rounding moves the mask.

    For the backward pass alone, matric_data is the im2col of a feature map, and filter_data a draw of its own.
    """
    integers = stream.nonzero if nonzero else stream.integers
    arrays = {name: integers(name, 4).astype(np.float64) for name in INPUTS["conv2d"]}
    arrays["bias"] += 0.5
    if stream.backward_only:
        arrays["matric_data"] = document.im2col(arrays["in_data"], stream.geometry)
        arrays["filter_data"] = integers("filter_data", 4).astype(np.float64)
    return arrays


def _passes(stream: _Stream, arrays: dict[str, Array]) -> Array:
    """Where the gradient passes the ReLU mask, (P, D)."""
    filter_data = arrays.get("filter_data")
    if filter_data is None:
        matric_data = document.im2col(arrays["in_data"], stream.geometry)
        filter_data = document.fully_connected_relu(matric_data, arrays["weights"], arrays["bias"], stream.geometry)
    return ~(filter_data <= 0)


def _plant_gradients(stream: _Stream, arrays: dict[str, Array], value: float) -> None:
    """``value`` in dout_data where the mask first passes it, and where it first stops it, where it has to become 0."""
    passes = _passes(stream, arrays)
    rows = arrays["dout_data"].reshape(-1)  # dout_data's elements are ordered as the (P, D) matrix's
    rows[np.flatnonzero(passes)[:1]] = value
    rows[np.flatnonzero(~passes)[:1]] = -value


def _nan(stream: _Stream) -> dict[str, Array]:
    arrays = _small(stream)
    if stream.backward_only:
        arrays["filter_data"].reshape(-1)[stream.places("filter_data", 3)] = np.nan
        arrays["matric_data"].reshape(-1)[stream.places("matric_data", 1)] = np.nan
    else:
        arrays["bias"][0, -1] = np.nan
    _plant_gradients(stream, arrays, np.nan)
    return arrays


def _infinities(stream: _Stream) -> dict[str, Array]:
    arrays = _small(stream)
    arrays["weights"].reshape(-1)[stream.places("weights", 1)] = np.inf
    if stream.backward_only:
        arrays["filter_data"].reshape(-1)[stream.places("filter_data", 2)] = [np.inf, -np.inf]
    _plant_gradients(stream, arrays, np.inf)
    return arrays


def _padding_infinity(stream: _Stream) -> dict[str, Array]:
    """No zeros but the padding's, so that NaN appears only where an infinity met padding (or a masked zero)."""
    arrays = _small(stream, nonzero=True)
    if stream.backward_only:
        arrays["filter_data"][0, 0] = 1
        arrays["dout_data"].reshape(-1)[0] = np.inf  # times the first window's row, which starts with padding
    else:
        arrays["weights"][0, 0] = np.inf  # times the first tap, which is padding in the first windows
    return arrays


def _signed_zeros(stream: _Stream) -> dict[str, Array]:
    arrays = _small(stream)
    for name in INPUTS[stream.case.operation]:
        if name != "bias":
            arrays[name][stream.one_in(4, name)] = 0.0
            arrays[name][stream.one_in(4, name)] = -0.0
    return arrays


def _subnormals(stream: _Stream) -> dict[str, Array]:
    """Operands whose products are about 2^22 times the smallest subnormal; the bias is subnormal itself."""
    smallest = {"float64": -1074, "float32": -149}[stream.case.dtype]
    half = smallest // 2
    exponents = {"in_data": half, "weights": smallest - half, "dout_data": half, "bias": smallest}
    arrays = {name: stream.nonzero(name, 2**11) * 2.0**exponent for name, exponent in exponents.items()}
    if stream.backward_only:
        arrays["matric_data"] = document.im2col(arrays["in_data"], stream.geometry)
        arrays["filter_data"] = stream.nonzero("filter_data", 2**11) * 2.0**smallest
    return arrays


def _cancellation(stream: _Stream) -> dict[str, Array]:
    """Every operand is 1 or -1 to three digits, in signs that alternate along the sums, whose terms cancel by pairs."""
    arrays = {name: 1 + stream.uniform(name) * 2.0**-10 for name in INPUTS["conv2d"]}
    arrays["weights"] *= _alternating(stream.geometry.taps)[:, None]
    rows = arrays["dout_data"].reshape(stream.geometry.positions, -1)  # a view
    rows *= _alternating(stream.geometry.positions)[:, None] * _alternating(stream.geometry.out_depth)
    arrays["bias"] *= 2.0**-10 * stream.signs("bias")
    if stream.backward_only:
        arrays["matric_data"] = document.im2col(arrays["in_data"], stream.geometry)
        arrays["filter_data"] = 0.75 + stream.uniform("filter_data")
    return arrays


def _alternating(count: int) -> Array:
    """1, -1, 1, ...; an odd count ends in 0, which leaves nothing without a partner."""
    signs = np.resize([1.0, -1.0], count)
    if count > 1 and count % 2:
        signs[-1] = 0.0
    return signs


def _extreme_range(stream: _Stream) -> dict[str, Array]:
    """Exponents across the dtype's range, as wide as lets no product and no sum of products overflow or underflow."""
    reach = {"float64": 480, "float32": 54}[stream.case.dtype]

    def wide(name: str) -> Array:
        return np.ldexp(1.5 + stream.uniform(name) / 2, stream.integers(name, reach).astype(np.int32)) * stream.signs(
            name
        )

    arrays = {name: wide(name) for name in INPUTS["conv2d"]}
    if stream.backward_only:
        arrays["matric_data"] = document.im2col(arrays["in_data"], stream.geometry)
        arrays["filter_data"] = wide("filter_data")
    return arrays


_FAMILIES: dict[str, Callable[[_Stream], dict[str, Array]]] = {
    "exact": _exact,
    "document": _document,
    "chained": _chained,
}

_SPECIAL: dict[str, Callable[[_Stream], dict[str, Array]]] = {
    "nan": _nan,
    "infinities": _infinities,
    "padding-infinity": _padding_infinity,
    "signed-zeros": _signed_zeros,
    "subnormals": _subnormals,
    "cancellation": _cancellation,
    "extreme-range": _extreme_range,
    SMALL: _small,
}
