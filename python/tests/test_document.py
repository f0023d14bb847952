"""The reference, held to things that share no code with it: the definition, differences, adjoints, PyTorch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npyparity import document
from npyparity.document import Array
from npyparity.draw import INPUTS
from npyparity.geometry import Geometry
from tests import definition
from tests.strategies import geometries, whole_numbers

SMALL = Geometry(2, 5, 7, 4, 6, 3, 2, 1)


@given(geometries(), st.integers(0, 1000))
def test_the_layer_equals_its_definition_bit_for_bit_on_whole_numbers(geometry: Geometry, seed: int) -> None:
    inputs = whole_numbers(geometry, *INPUTS["conv2d"], seed=seed)
    actual = document.conv2d(inputs, geometry)
    for name, expected in definition.layer(geometry.parameters(), **inputs).items():
        np.testing.assert_array_equal(actual[name], expected, err_msg=name, strict=True)


@settings(max_examples=30)
@given(geometries(), st.integers(0, 1000))
def test_gradients_are_the_complex_step_derivatives_of_the_forward_pass(geometry: Geometry, seed: int) -> None:
    """f(x + ih) = f(x) + ih f'(x) + O(h^2): no difference is taken, so h can be tiny and nothing cancels.

    Squire and Trapp, Using Complex Variables to Estimate Derivatives of Real Functions, SIAM Review 40 (1998).
    """
    random = np.random.default_rng(seed)
    inputs = {name: random.standard_normal(geometry.shapes[name]) for name in INPUTS["conv2d"]}
    gradients = document.conv2d(inputs, geometry)
    step = 1e-100
    for name in ("in_data", "weights", "bias"):
        for index in random.integers(0, inputs[name].size, 3):
            moved = {key: array.astype(complex) for key, array in inputs.items()}
            moved[name].flat[index] += 1j * step
            loss = np.sum(document.conv2d_forward(moved, geometry)["out_data"] * inputs["dout_data"])
            gradient = gradients[{"in_data": "din_data", "weights": "dweights", "bias": "dbias"}[name]].flat[index]
            # Two sums of at most a few thousand terms of order 1; the derivative itself is exact to rounding.
            np.testing.assert_allclose(gradient, loss.imag / step, rtol=1e-11, atol=1e-12)


@given(geometries(), st.integers(0, 1000))
def test_col2im_is_the_adjoint_of_im2col(geometry: Geometry, seed: int) -> None:
    """<im2col x, y> = <x, col2im y>, exactly, on whole numbers."""
    x, y = whole_numbers(geometry, "in_data", "dmatric_data", seed=seed).values()
    col2im = document.without_padding(document.col2im(y, geometry), geometry)
    assert np.sum(document.im2col(x, geometry) * y) == np.sum(x * col2im)


@given(geometries(), st.integers(0, 1000))
def test_the_backward_pass_is_the_adjoint_of_the_linear_part(geometry: Geometry, seed: int) -> None:
    """<L x, y> = <x, Lᵀ y> with the mask open and no bias, for L as a function of the input and of the weights."""
    inputs = whole_numbers(geometry, *INPUTS["conv2d"], seed=seed)
    inputs["matric_data"] = document.im2col(inputs["in_data"], geometry)
    linear = document.feature_map(inputs["matric_data"] @ inputs["weights"], geometry)
    inputs["filter_data"] = np.ones(geometry.shapes["filter_data"])
    gradients = document.conv2d_backward(inputs, geometry)
    product = np.sum(linear * inputs["dout_data"])
    assert product == np.sum(inputs["in_data"] * gradients["din_data"])
    assert product == np.sum(inputs["weights"] * gradients["dweights"])


@given(geometries())
def test_rows_of_undoes_feature_map(geometry: Geometry) -> None:
    rows = whole_numbers(geometry, "filter_data")["filter_data"]
    np.testing.assert_array_equal(document.rows_of(document.feature_map(rows, geometry), geometry), rows)


def test_a_nan_passes_the_mask_and_zeros_of_either_sign_do_not() -> None:
    geometry = Geometry(1, 1, 6, 1, 1, 1, 1, 0)
    filter_data = np.array([[np.nan], [0.0], [-0.0], [5e-324], [-5e-324], [np.inf]])
    gradient = document.relu_gradient(np.full((6, 1), np.nan), filter_data, geometry)
    np.testing.assert_array_equal(gradient.ravel(), [np.nan, 0, 0, np.nan, 0, np.nan])


def test_the_mask_is_applied_to_a_new_array() -> None:
    arrays = whole_numbers(SMALL, "dfilter_data", "filter_data")
    before = arrays["dfilter_data"].copy()
    assert not np.array_equal(document.relu_gradient(**arrays, geometry=SMALL), before)
    np.testing.assert_array_equal(arrays["dfilter_data"], before)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_array_has_the_dtype_and_shape_of_the_layer(dtype: str) -> None:
    inputs = {name: array.astype(dtype) for name, array in whole_numbers(SMALL, *INPUTS["conv2d"]).items()}
    arrays = document.conv2d(inputs, SMALL)
    assert {name: array.dtype.name for name, array in arrays.items()} == dict.fromkeys(arrays, dtype)
    assert {name: array.shape for name, array in arrays.items()} == {name: SMALL.shapes[name] for name in arrays}
    assert arrays.keys() | inputs.keys() == SMALL.shapes.keys()


def test_the_inputs_are_left_as_they_are() -> None:
    inputs = whole_numbers(SMALL, *INPUTS["conv2d"], *INPUTS["conv2d_backward"])
    before = {name: array.copy() for name, array in inputs.items()}
    document.conv2d(inputs, SMALL)
    document.conv2d_backward(inputs, SMALL)
    for name, array in inputs.items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)


@pytest.mark.parametrize("name", INPUTS["conv2d"] + ("matric_data", "filter_data"))
def test_an_array_of_another_shape_is_refused_instead_of_cut(name: str) -> None:
    inputs = whole_numbers(SMALL, *INPUTS["conv2d"], *INPUTS["conv2d_backward"])
    inputs[name] = np.concatenate([inputs[name], inputs[name]])
    operation = document.conv2d if name in INPUTS["conv2d"] else document.conv2d_backward
    with pytest.raises(ValueError, match=rf"{name} has shape .*: expected"):
        operation(inputs, SMALL)


# ---- PyTorch ---------------------------------------------------------------------------------------------------------

TORCH_GEOMETRIES = [
    Geometry(2, 5, 7, 4, 6, 3, 1, 1),
    Geometry(3, 6, 9, 2, 4, 3, 2, 1),
    Geometry(2, 7, 11, 3, 5, 2, 3, 0),
    Geometry(2, 4, 6, 3, 5, 2, 1, 3),
    Geometry(1, 12, 9, 6, 4, 7, 3, 3),
    Geometry(2, 1, 1, 3, 4, 3, 1, 1),
    Geometry(3, 6, 9, 2, 4, 4, 2, 1),
    Geometry(2, 8, 10, 16, 32, 3, 1, 1),
]


@pytest.fixture(scope="module")
def torch_gradients(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Array]:
    """What PyTorch makes of each geometry's inputs, by ``<index>/<array>``; one run of tests/torch_layer.py.

    NPYPARITY_TORCH_PYTHON names an interpreter that has torch, if this one has not.
    """
    directory = tmp_path_factory.mktemp("torch")
    inputs = {
        f"{index}/{name}": array
        for index, geometry in enumerate(TORCH_GEOMETRIES)
        for name, array in _normal(geometry, index).items()
    }
    inputs |= {f"{i}/sizes": np.array([g.filter_size, g.stride, g.padding]) for i, g in enumerate(TORCH_GEOMETRIES)}
    np.savez(directory / "inputs.npz", allow_pickle=False, **inputs)
    interpreter = os.environ.get("NPYPARITY_TORCH_PYTHON", sys.executable)
    script = Path(__file__).with_name("torch_layer.py")
    done = subprocess.run([interpreter, script, directory], capture_output=True, text=True, check=False)
    if done.returncode == 3 and os.environ.get("NPYPARITY_REQUIRE_TORCH") != "1":
        pytest.skip(f"{interpreter} has no torch; NPYPARITY_TORCH_PYTHON may name one that has")
    assert done.returncode == 0, done.stderr
    with np.load(directory / "outputs.npz") as outputs:
        return dict(outputs)


def _normal(geometry: Geometry, seed: int) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    return {name: random.standard_normal(geometry.shapes[name]) for name in INPUTS["conv2d"]}


@pytest.mark.torch
@pytest.mark.parametrize("index", range(len(TORCH_GEOMETRIES)), ids=[str(g) for g in TORCH_GEOMETRIES])
def test_the_layer_agrees_with_torch_conv2d_and_autograd(index: int, torch_gradients: dict[str, Array]) -> None:
    geometry = TORCH_GEOMETRIES[index]
    inputs = _normal(geometry, index)
    actual = document.conv2d(inputs, geometry)
    absolute = {name: np.abs(array) for name, array in inputs.items()}
    sums = document.conv2d(absolute, geometry)  # S without the mask, an upper bound of S with it
    for name in ("out_data", "dweights", "dbias", "din_data"):
        n = max(geometry.positions, geometry.taps + 1, geometry.out_depth * geometry.taps)
        bound = 2 * n * 2.0**-53 / (1 - n * 2.0**-53) * sums[name]  # Higham, §3.1: any order of summation
        assert actual[name].shape == torch_gradients[f"{index}/{name}"].shape
        assert np.all(np.abs(actual[name] - torch_gradients[f"{index}/{name}"]) <= bound), name
        assert np.any(actual[name]), name
