"""Draws and their fitness: what families promise holds, and what is not fit is refused."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from npyparity import compute as compute_module
from npyparity import document
from npyparity.cases import VARIANTS, Case
from npyparity.compute import ComputeError, absolute_sums, compute, run
from npyparity.document import Array
from npyparity.draw import draw, exact_filter_data
from npyparity.geometry import Geometry

GEOMETRY = Geometry(2, 5, 7, 3, 4, 3, 2, 1)
BLIND = Geometry(2, 1, 1, 3, 4, 1, 2, 1)  # no window sees the input


def case(operation: str, family: str, dtype: str = "float64", geometry: Geometry = GEOMETRY, seed: int = 1) -> Case:
    variant = family if family in VARIANTS else None
    return Case(operation, "special" if variant else family, variant, dtype, geometry, seed)


def test_the_document_family_is_the_documents_own_stream_rounded_to_32_bits() -> None:
    drawn = draw(case("conv2d_backward", "document"), attempt=0)
    random = np.random.RandomState([1, 0])
    shapes = GEOMETRY.shapes
    for name in ("dout_data", "matric_data", "filter_data", "weights"):
        raw = random.randn(*shapes[name]) * (0.01 if name == "weights" else 1)
        kept = drawn[name] != 0
        assert np.abs(drawn[name] - raw)[kept].max() <= 2.0**-33
        if name != "weights":
            np.testing.assert_array_equal(drawn[name] * 2.0**32 % 1, 0)
    zeros = np.count_nonzero(drawn["filter_data"] == 0)
    assert 0 < zeros < drawn["filter_data"].size / 4
    assert (drawn["filter_data"] < 0).any()


def test_float32_data_are_the_float64_data_cast() -> None:
    double = draw(case("conv2d_backward", "document"), attempt=0)
    single = draw(case("conv2d_backward", "document", "float32"), attempt=0)
    for name, array in double.items():
        np.testing.assert_array_equal(single[name], array.astype(np.float32), strict=True)


def test_another_attempt_is_another_draw() -> None:
    first, second = (draw(case("conv2d", "chained"), attempt)["in_data"] for attempt in (0, 1))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_filter_data_of_a_chained_backward_pass_is_the_forward_pass_but_for_rounding(dtype: str) -> None:
    inputs = draw(case("conv2d_backward", "chained", dtype), attempt=0)
    forward = draw(case("conv2d", "chained", dtype), attempt=0)  # the same seed, so the same feature map and kernels
    np.testing.assert_array_equal(inputs["matric_data"], document.im2col(forward["in_data"], GEOMETRY))
    np.testing.assert_array_equal(inputs["weights"], forward["weights"])
    z = inputs["matric_data"].astype(np.float64) @ forward["weights"].astype(np.float64) + forward["bias"]
    # One rounding to the dtype against a float64 sum of 28 terms of order 1.
    tolerance = float(np.finfo(dtype).eps) + 28 * 2.0**-52 * 28
    np.testing.assert_allclose(inputs["filter_data"], np.maximum(z, 0), rtol=tolerance, atol=tolerance)
    assert (inputs["filter_data"] == 0).any()
    assert (inputs["filter_data"] > 0).any()


def test_exact_filter_data_rounds_the_exact_value_once() -> None:
    """1 + 2^-52 * 2^-1 + 2^-104 lies just above the middle of two doubles; any order of summation in double says 1."""
    matric_data = np.array([[1.0, 2.0**-52, 2.0**-52]])
    weights = np.array([[1.0], [0.5], [2.0**-52]])
    assert exact_filter_data(matric_data, weights, np.array([[0.0]])).item() == 1 + 2.0**-52
    assert exact_filter_data(-matric_data, weights, np.array([[0.0]])).item() == 0


@pytest.mark.parametrize("operation", ["conv2d", "conv2d_backward"])
@pytest.mark.parametrize("variant", ["nan", "infinities", "padding-infinity"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_non_finite_cases_hold_finite_nonzero_elements_too(operation: str, variant: str, dtype: str) -> None:
    computed = compute(case(operation, variant, dtype))
    nonfinite = [name for name, array in computed.expected.items() if not np.isfinite(array).all()]
    assert {"dfilter_data", "dweights", "dmatric_data", "din_data"} & set(nonfinite)
    for name, array in computed.expected.items():
        assert (array[np.isfinite(array)] != 0).any(), name


def test_an_infinite_weight_times_zero_padding_is_nan() -> None:
    computed = compute(case("conv2d", "padding-infinity"))
    filter_data = computed.expected["filter_data"][:, 0]
    padding = computed.expected["matric_data"][:, 0] == 0
    np.testing.assert_array_equal(np.isnan(filter_data), padding)
    assert not padding.all()
    assert padding.any()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("operation", ["conv2d", "conv2d_backward"])
def test_subnormal_cases_lose_everything_when_flushed_to_zero(operation: str, dtype: str) -> None:
    computed = compute(case(operation, "subnormals", dtype))
    for name in ("dweights", "dmatric_data"):
        array = computed.expected[name]
        nonzero = np.abs(array[array != 0])
        assert nonzero.max() < np.finfo(dtype).smallest_normal * 4
        assert nonzero.min() < np.finfo(dtype).smallest_normal
        assert np.median(nonzero) > 2**16 * float(np.finfo(dtype).smallest_subnormal)  # well above the bound's 2 n η


@pytest.mark.parametrize(
    ("operation", "largest_ratios"),
    [
        ("conv2d", {"filter_data": 1e-3, "dmatric_data": 1e-3}),
        ("conv2d_backward", {"dmatric_data": 1e-3, "dweights": 0.2, "dbias": 0.2}),
    ],
)
def test_cancelled_sums_are_far_below_the_sums_of_absolute_values(
    operation: str, largest_ratios: dict[str, float]
) -> None:
    computed = compute(case(operation, "cancellation"))
    for name, largest in largest_ratios.items():
        array = computed.expected[name]
        ratios = np.abs(array[array != 0]) / computed.sums[name][array != 0]
        assert np.quantile(ratios, 0.25) < largest, name


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_extreme_cases_span_the_exponents_without_overflow(dtype: str) -> None:
    computed = compute(case("conv2d", "extreme-range", dtype))
    dmatric_data = np.abs(computed.expected["dmatric_data"])
    assert np.isfinite(dmatric_data).all()
    exponents = np.frexp(dmatric_data[dmatric_data > 0])[1]
    assert exponents.max() - exponents.min() > np.finfo(dtype).maxexp


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("operation", ["conv2d", "conv2d_backward"])
@pytest.mark.parametrize("geometry", [GEOMETRY, BLIND, Geometry(1, 1, 1, 1, 1, 1, 1, 0)], ids=str)
def test_exact_zeros_are_unsigned(operation: str, dtype: str, geometry: Geometry) -> None:
    computed = compute(case(operation, "exact", dtype, geometry))
    for name, array in (computed.inputs | computed.expected).items():
        assert not np.signbit(array[array == 0]).any(), name


def test_a_blas_that_writes_negative_zeros_leaves_no_trace_in_family_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    def negative_zeros(operation: str, inputs: dict[str, Array], geometry: Geometry) -> dict[str, Array]:
        return {name: np.where(array == 0, -0.0, array) for name, array in run(operation, inputs, geometry).items()}

    expected = compute(case("conv2d", "exact")).expected
    monkeypatch.setattr(compute_module, "run", negative_zeros)
    for name, array in compute(case("conv2d", "exact")).expected.items():
        assert array.tobytes() == expected[name].tobytes(), name


def test_a_layer_whose_every_draw_is_nan_everywhere_is_refused() -> None:
    with pytest.raises(ComputeError, match="none of 100 draws is fit"):
        compute(case("conv2d", "nan", geometry=Geometry(1, 1, 1, 1, 1, 1, 1, 0)))


def test_zeros_that_a_nan_meets_are_not_declared() -> None:
    computed = compute(case("conv2d", "nan", geometry=BLIND))
    assert computed.always_zero == {"matric_data", "din_data"}
    assert np.isnan(computed.expected["dweights"]).any()


def test_what_geometry_makes_zero_is_declared_and_only_that() -> None:
    assert compute(case("conv2d", "exact", geometry=BLIND)).always_zero == {"matric_data", "dweights", "din_data"}
    assert compute(case("conv2d_backward", "chained", geometry=BLIND)).always_zero == {
        "matric_data",
        "dweights",
        "din_data",
    }
    assert compute(case("conv2d_backward", "document", geometry=BLIND)).always_zero == {"din_data"}
    assert compute(case("conv2d", "exact")).always_zero == frozenset()


def test_a_draw_whose_gradient_is_all_masked_is_drawn_again() -> None:
    one = Geometry(1, 1, 1, 1, 1, 1, 1, 0)
    attempts = [compute(case("conv2d", "chained", geometry=one, seed=seed)).attempt for seed in range(20)]
    assert 0 in attempts
    assert max(attempts) > 0


@pytest.mark.parametrize(
    ("family", "spoil", "objection"),
    [
        ("exact", lambda arrays: arrays["dout_data"].fill(2.0**40), "sums up to"),
        ("exact", lambda arrays: [array.fill(1) for array in arrays.values()], "expected some element that does not"),
        ("chained", lambda arrays: arrays["dout_data"].fill(0), "dfilter_data is all zero"),
        ("extreme-range", lambda arrays: arrays["in_data"].fill(2.0**600), "could overflow"),
        ("nan", lambda arrays: arrays["bias"].__setitem__((0, 0), _tie(arrays)), "could move the ReLU mask"),
    ],
)
def test_a_draw_that_is_not_fit_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, family: str, spoil: object, objection: str
) -> None:
    def spoiled(case: Case, attempt: int) -> dict[str, Array]:
        arrays = draw(case, attempt)
        spoil(arrays)  # type: ignore[operator]
        return arrays

    monkeypatch.setattr(compute_module, "draw", spoiled)
    with pytest.raises(ComputeError, match=f"none of 100 draws is fit, the last because .*{objection}"):
        compute(case("conv2d", family))


def _tie(arrays: dict[str, Array]) -> float:
    """The bias that makes the first z of the first channel 0."""
    corner = arrays["in_data"][0, :2, :2, :]
    taps = arrays["weights"].reshape(3, 3, 3, 4)[1:, 1:, :, 0]
    return -float(np.sum(corner * taps))


@pytest.mark.parametrize("operation", ["conv2d", "conv2d_backward"])
def test_a_blas_that_passes_over_zero_factors_is_refused(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def skipping_dot(a: Array, b: Array) -> Array:
        products = a[:, :, None] * b[None, :, :]
        products[(a == 0)[:, :, None] | (b == 0)[None, :, :]] = 0
        total: Array = products.sum(axis=1)
        return total

    case = Case(operation, "special", "infinities", "float64", Geometry(1, 4, 2, 3, 1, 4, 2, 1), 0)
    compute(case)
    monkeypatch.setattr(np, "dot", skipping_dot)
    with pytest.raises(ComputeError, match=r"passes over zero factors, so that dmatric_data misses a NaN"):
        compute(case)


def test_sums_are_products_in_absolute_value_with_the_mask_kept() -> None:
    computed = compute(case("conv2d_backward", "exact"))
    matric_data, weights = np.abs(computed.inputs["matric_data"]), np.abs(computed.inputs["weights"])
    dfilter_data = np.abs(computed.expected["dfilter_data"])
    np.testing.assert_array_equal(computed.sums["dweights"], matric_data.T @ dfilter_data)
    np.testing.assert_array_equal(computed.sums["dmatric_data"], dfilter_data @ weights.T)
    np.testing.assert_array_equal(computed.sums["dbias"], dfilter_data.sum(axis=0, keepdims=True))
    infinite = {name: np.where(array == array.flat[0], np.inf, array) for name, array in computed.inputs.items()}
    sums = absolute_sums(replace(computed.case), infinite, computed.expected)
    assert all(np.isfinite(array).all() for array in sums.values())


@pytest.mark.skipif(sys.platform != "linux", reason="sets the processor's flags through glibc")
@pytest.mark.parametrize("flag", [0x8000, 0x0040], ids=["flush-to-zero", "denormals-are-zero"])
def test_a_blas_that_flushes_subnormals_is_refused(flag: int) -> None:
    program = f"""
import ctypes, platform, sys
from npyparity.cases import golden
from npyparity.compute import ComputeError, compute
if platform.machine() == "x86_64":
    libm, environment = ctypes.CDLL("libm.so.6"), (ctypes.c_uint32 * 8)()
    libm.fegetenv(environment)
    environment[7] |= {flag}  # MXCSR
    libm.fesetenv(environment)
else:
    libm, environment = ctypes.CDLL("libm.so.6"), (ctypes.c_uint32 * 2)()
    libm.fegetenv(environment)
    environment[0] |= 1 << 24  # FPCR.FZ
    libm.fesetenv(environment)
try:
    compute(golden()[0])
except ComputeError as error:
    sys.exit(0 if "flushes subnormal" in str(error) else 1)
sys.exit(1)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
