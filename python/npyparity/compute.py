"""From a case to its arrays: drawn, computed by the document's code, and proven fit for the verdict.

A draw that is not fit (a sum that could round, a gradient that is all zero, a non-finite pattern that rounding could
move) is drawn again, with the next attempt number, which ``case.json`` records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from npyparity import document
from npyparity.cases import Case
from npyparity.document import Array
from npyparity.draw import EXACT_LIMIT, draw
from npyparity.geometry import Geometry

ATTEMPTS = 100

_NARROWER = {"float64": "float32", "float32": "float16"}


class ComputeError(RuntimeError):
    """A case that cannot be computed here; the message says why."""


@dataclass(frozen=True)
class Computed:
    """A case's arrays, in the order of ``case.json``."""

    case: Case
    attempt: int
    inputs: dict[str, Array]
    expected: dict[str, Array]
    sums: dict[str, Array]
    """For each expected array, S of each of its elements, in float64: see ``absolute_sums``."""
    always_zero: frozenset[str]
    """The arrays that this geometry makes all zero, whatever the finite draw."""


def compute(case: Case) -> Computed:
    """The first draw of ``case`` that is fit, computed."""
    _require_gradual_underflow()
    objection = ""
    with np.errstate(all="ignore"):  # NaN and infinities are data here
        for attempt in range(ATTEMPTS):
            computed = _compute(case, attempt)
            _require_zeros_multiplied(computed)
            objection = _objection(computed)
            if not objection:
                return computed
    raise ComputeError(f"{case.id}: none of {ATTEMPTS} draws is fit, the last because {objection}")


def _compute(case: Case, attempt: int) -> Computed:
    inputs = draw(case, attempt)
    expected = run(case.operation, inputs, case.geometry)
    if case.family == "exact":
        expected = {name: array + 0.0 for name, array in expected.items()}  # a BLAS may write -0.0; -0.0 + 0.0 is 0.0
    sums = absolute_sums(case, inputs, expected)
    # Zeros times NaN or an infinity are NaN, even where no window sees the input.
    always_zero = frozenset(name for name in _always_zero(case) if np.isfinite({**inputs, **expected}[name]).all())
    return Computed(case, attempt, inputs, expected, sums, always_zero)


def run(operation: str, inputs: Mapping[str, Array], geometry: Geometry) -> dict[str, Array]:
    """What ``operation`` makes of ``inputs``."""
    return {"conv2d": document.conv2d, "conv2d_backward": document.conv2d_backward}[operation](inputs, geometry)


def absolute_sums(case: Case, inputs: Mapping[str, Array], expected: Mapping[str, Array]) -> dict[str, Array]:
    """S of every element of every expected array: the layer run on absolute values in float64, the mask kept.

    For a sum of products S is the sum of their absolute values; for a copy, the absolute value. Non-finite operands
    count as 0. Of whole numbers, S below 2^53 is not an estimate but exact: addends are not negative and rounding is
    monotone, so if any partial sum had passed 2^53, and only then could it have been rounded, the result would be at
    least 2^53 too.
    """
    absolute = {
        name: np.abs(np.where(np.isfinite(array), array, 0).astype(np.float64)) for name, array in inputs.items()
    }
    forward = document.conv2d_forward(absolute, case.geometry) if case.operation == "conv2d" else {}
    mask = expected["filter_data"] if case.operation == "conv2d" else inputs["filter_data"]
    backward = document.conv2d_backward({**absolute, **forward, "filter_data": mask}, case.geometry)
    return forward | backward


def gamma(n: int, dtype: str) -> float:
    """γ(n) = n u / (1 - n u), u the unit roundoff of ``dtype`` (Higham, Accuracy and Stability, 2nd ed., §3.1)."""
    nu = n * float(np.finfo(dtype).eps) / 2
    return nu / (1 - nu)


def _always_zero(case: Case) -> frozenset[str]:
    if case.geometry.sees_input:
        return frozenset()
    matric_is_drawn = case.operation == "conv2d_backward" and case.family in ("exact", "document")
    return frozenset(["din_data"] if matric_is_drawn else ["matric_data", "dweights", "din_data"])


# ---- is a draw fit? --------------------------------------------------------------------------------------------------


def _objection(computed: Computed) -> str:
    """Why this draw is not fit; empty if it is."""
    return _objection_to_emptiness(computed) or (
        _objection_to_exactness(computed) if computed.case.family == "exact" else _objection_to_range(computed)
    )


def _objection_to_emptiness(computed: Computed) -> str:
    """Zeros alone, or NaN alone, would prove nothing: Java refuses both."""
    for name, array in computed.expected.items():
        if name not in computed.always_zero and not array.any():
            return f"{name} is all zero"
        if np.isnan(array).all():
            return f"{name} is NaN everywhere"
    return ""


def _objection_to_exactness(computed: Computed) -> str:
    case = computed.case
    for name, sums in computed.sums.items():
        largest = sums.max()
        if not (largest <= EXACT_LIMIT[case.dtype] and largest < EXACT_LIMIT["float64"]):
            return f"{name} sums up to {largest:.0f}, expected at most {EXACT_LIMIT[case.dtype]}"
    narrower = _NARROWER[case.dtype]
    for name in ("dfilter_data", "dweights", "dmatric_data"):
        array = computed.expected[name]
        if name not in computed.always_zero and np.array_equal(array, array.astype(narrower).astype(case.dtype)):
            return f"{name} fits {narrower}, expected some element that does not"
    return ""


def _objection_to_range(computed: Computed) -> str:
    """No finite sum may overflow, and where anything is not finite, rounding must not decide about the mask."""
    case = computed.case
    n = max(case.geometry.positions, case.geometry.taps + 1, case.geometry.out_depth * case.geometry.taps)
    relative = gamma(n, case.dtype)
    for name, sums in computed.sums.items():
        if not sums.max() * (1 + relative) < np.finfo(case.dtype).max:
            return f"{name} could overflow"
    arrays = {**computed.inputs, **computed.expected}
    if case.operation == "conv2d" and not all(np.isfinite(array).all() for array in arrays.values()):
        z = np.dot(arrays["matric_data"], arrays["weights"]) + arrays["bias"]
        sums = computed.sums["filter_data"]
        bound = 2 * relative * sums + 2 * n * float(np.finfo(case.dtype).smallest_subnormal)
        if (np.abs(z) <= np.where(sums > 0, bound, 0)).any():
            return "a rounding could move the ReLU mask"
    return ""


def _require_zeros_multiplied(computed: Computed) -> None:
    """The document's semantics multiply padding and masked zeros: 0 times an infinity is NaN.

    A BLAS may pass over zero factors (ATLAS does for some shapes), and then says 0. So where an input is not finite,
    the matrix products are made again by ``np.einsum``, whose loops are NumPy's own, and must show the same NaN and
    infinities.
    """
    if all(np.isfinite(array).all() for array in computed.inputs.values()):
        return
    arrays = {**computed.inputs, **computed.expected}
    matric, dfilter, weights = arrays["matric_data"], arrays["dfilter_data"], arrays["weights"]
    again = {
        "dweights": np.einsum("pq,pd->qd", matric, dfilter),
        "dmatric_data": np.einsum("pd,qd->pq", dfilter, weights),
    }
    if computed.case.operation == "conv2d":
        again["filter_data"] = np.maximum(np.einsum("pq,qd->pd", matric, weights) + arrays["bias"], 0)
    for name, array in again.items():
        pattern, found = (np.where(np.isfinite(values), 0, values) for values in (array, arrays[name]))
        if not np.array_equal(pattern, found, equal_nan=True):
            raise ComputeError(
                f"{computed.case.id}: this NumPy's BLAS passes over zero factors, so that {name} misses a NaN: "
                "expected 0 times an infinity or NaN to be NaN"
            )


@cache
def _require_gradual_underflow() -> None:
    """The certified bound presumes gradual underflow, in the BLAS's threads too: a library may have switched it off.

    A product of subnormals and one of normal numbers, each large enough for a BLAS to spread it over its threads, are
    made and compared as bits: where subnormals are flushed, 0 would equal 0.
    """
    for dtype, bits, smallest in (("float64", "uint64", -1074), ("float32", "uint32", -149)):
        subnormal = np.full((32, 128), 2**10, bits).view(dtype)  # 2^10 times the smallest subnormal
        low, lower = (
            np.full((128, 32), 2.0 ** (smallest // 2), dtype),
            np.full((32, 128), 2.0 ** (10 - smallest // -2), dtype),
        )
        for left, right in ((np.ones((128, 32), dtype), subnormal), (low, lower)):
            if not np.all(np.dot(left, right).view(bits) == 32 * 2**10):
                raise ComputeError(
                    f"this NumPy's BLAS flushes subnormal {dtype} numbers to zero: expected gradual underflow "
                    "(a library built with -ffast-math may have been loaded)"
                )
