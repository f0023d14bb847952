"""The committed set, linted: that it says what it is, proves what it claims, and is what NumPy still answers."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from npyparity.cases import Case, golden
from npyparity.compute import absolute_sums, compute, gamma
from npyparity.document import Array
from npyparity.geometry import Geometry
from tests.definition import offsets

FIXTURES = Path(__file__).parents[2] / "fixtures"
GOLDEN = FIXTURES / "golden"
CASES = golden()
VALIDATOR = Draft202012Validator(json.loads((FIXTURES / "case.schema.json").read_text(encoding="utf-8")))

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
each_exact_case = pytest.mark.parametrize(
    "case", [case for case in CASES if case.family == "exact"], ids=lambda case: case.id
)


@cache
def described(case: Case) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GOLDEN / case.id / "case.json").read_bytes())
    return content


def loaded(case: Case, part: str) -> dict[str, Array]:
    return {name: np.load(GOLDEN / case.id / array["file"]) for name, array in described(case)[part].items()}


def test_the_golden_directory_is_the_table() -> None:
    assert {entry.name for entry in GOLDEN.iterdir() if not entry.name.startswith(".")} == {case.id for case in CASES}


def test_the_golden_set_takes_at_most_4_mb() -> None:
    assert sum(path.stat().st_size for path in GOLDEN.rglob("*") if path.is_file()) <= 4_000_000


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)


@each_case
def test_case_json_is_valid_and_says_what_the_table_says(case: Case) -> None:
    content = described(case)
    VALIDATOR.validate(content)
    assert content["id"] == case.id
    assert content["why"] == case.why
    assert {name: content[name] for name in case.identity()} == case.identity()
    identity = json.dumps(case.identity(), sort_keys=True, separators=(",", ":"))
    assert case.id.endswith(hashlib.sha256(identity.encode()).hexdigest()[:8])


@each_case
def test_files_are_those_declared_with_their_checksums_shapes_and_dtypes(case: Case) -> None:
    directory = GOLDEN / case.id
    arrays = {**described(case)["inputs"], **described(case)["expected"]}
    assert {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()} == {
        "case.json",
        "provenance.json",
        *(array["file"] for array in arrays.values()),
    }
    for name, array in arrays.items():
        content = np.load(directory / array["file"])
        assert hashlib.sha256((directory / array["file"]).read_bytes()).hexdigest() == array["sha256"]
        assert list(content.shape) == array["shape"] == list(case.geometry.shapes[name])
        assert content.dtype.name == array["dtype"] == case.dtype
        assert np.isfinite(content).all() == ("nonfinite" not in array)
        assert content.any() != ("all_zero" in array)


@each_case
def test_provenance_names_the_makers(case: Case) -> None:
    provenance = json.loads((GOLDEN / case.id / "provenance.json").read_bytes())
    assert list(provenance) == ["generator", "numpy", "blas", "python", "os", "cpu", "date"]
    assert list(provenance["blas"]) == ["name", "version", "threads", "architecture"]
    assert all(provenance.values())


# ---- family exact, recomputed in Python's integers -------------------------------------------------------------------


@each_exact_case
def test_exact_arrays_are_those_of_integer_arithmetic_and_their_proofs_hold(case: Case) -> None:
    inputs = {name: _integers(array) for name, array in loaded(case, "inputs").items()}
    expected = {name: _integers(array) for name, array in loaded(case, "expected").items()}
    filter_data = expected["filter_data"] if case.operation == "conv2d" else inputs["filter_data"]

    for name, array in _layer(case.geometry, inputs, filter_data > 0).items():
        if name in expected:
            np.testing.assert_array_equal(expected[name], np.maximum(array, 0) if name in RELU else array, err_msg=name)

    sums = _layer(case.geometry, {name: abs(array) for name, array in inputs.items()}, filter_data > 0)
    exactness = described(case)["exactness"]
    assert exactness["limit"] == {"float64": 2**53, "float32": 2**24}[case.dtype]
    assert exactness["sums"] == {name: sums[name].max() for name in expected}
    assert max(exactness["sums"].values()) <= exactness["limit"]


RELU = ("filter_data", "out_data")


def _integers(array: Array) -> Array:
    assert not np.signbit(array[array == 0]).any()
    return np.array([int(value) for value in array.flat], dtype=object).reshape(array.shape)


def _layer(geometry: Geometry, inputs: dict[str, Array], mask: Array) -> dict[str, Array]:
    """The layer in Python's integers, without the forward ReLU."""
    arrays = dict(inputs)
    sizes, shapes, padding = geometry.parameters(), geometry.shapes, geometry.padding
    tops = [start + padding for start in offsets(geometry.in_height, sizes)]
    lefts = [start + padding for start in offsets(geometry.in_width, sizes)]
    reach = range(geometry.filter_size)
    windows = [
        (image, [top + tap for tap in reach], [left + tap for tap in reach])
        for image, top, left in product(range(geometry.batch), tops, lefts)
    ]
    if "in_data" in inputs:
        margins = [(0, 0), (padding, padding), (padding, padding), (0, 0)]
        padded = np.pad(inputs["in_data"], margins, constant_values=0)
        arrays["matric_data"] = np.array(
            [padded[image][np.ix_(rows, columns)].ravel() for image, rows, columns in windows]
        )
        arrays["filter_data"] = arrays["matric_data"] @ inputs["weights"] + inputs["bias"]
        arrays["out_data"] = arrays["filter_data"].reshape(shapes["out_data"])
    dfilter_data = np.where(mask, inputs["dout_data"].reshape(mask.shape), 0)
    dmatric_data = dfilter_data @ inputs["weights"].T
    dpadding_data = np.zeros(shapes["dpadding_data"], dtype=object)
    for (image, rows, columns), row in zip(windows, dmatric_data, strict=True):
        for (y, x), pixel in zip(product(rows, columns), row.reshape(-1, geometry.in_depth), strict=True):
            dpadding_data[image, y, x] += pixel
    inner = np.s_[:, padding : padding + geometry.in_height, padding : padding + geometry.in_width]
    return arrays | {
        "dfilter_data": dfilter_data,
        "dweights": arrays["matric_data"].T @ dfilter_data,
        "dbias": dfilter_data.sum(axis=0, keepdims=True),
        "dmatric_data": dmatric_data,
        "dpadding_data": dpadding_data,
        "din_data": dpadding_data[inner],
    }


@each_exact_case
def test_exact_numbers_are_too_wide_for_a_narrower_dtype(case: Case) -> None:
    """Rounding dout_data or a result to the next narrower dtype changes it; in float64 z and dweights pass 2^24."""
    arrays = loaded(case, "inputs") | loaded(case, "expected")
    narrower = {"float64": np.float32, "float32": np.float16}[case.dtype]
    wide = ["dout_data", "dfilter_data", "dmatric_data", "dpadding_data"]
    if case.geometry.sees_input:
        wide += ["dweights", "din_data"]
    if case.operation == "conv2d" and case.geometry.taps > 4 and case.geometry.in_height > 1:
        wide.append("filter_data")  # a sum of a few products of 2^24 need not pass it
    with np.errstate(over="ignore"):
        for name in wide:
            assert (arrays[name].astype(narrower).astype(case.dtype) != arrays[name]).any(), name


# ---- drift -----------------------------------------------------------------------------------------------------------


@each_case
def test_numpy_still_gives_the_golden_answers(case: Case) -> None:
    """The same bytes for inputs and family exact; for the others the certified bound of two orders of summation."""
    computed = compute(case)
    assert computed.attempt == described(case)["attempt"]
    for name, array in loaded(case, "inputs").items():
        assert array.tobytes() == computed.inputs[name].tobytes(), name
    g = case.geometry
    n = max(g.positions, g.taps + 1, g.out_depth * g.taps)
    sums = absolute_sums(case, computed.inputs, computed.expected)
    for name, array in loaded(case, "expected").items():
        actual = computed.expected[name]
        if case.family == "exact":
            assert array.tobytes() == actual.tobytes(), name
        else:
            finite = np.isfinite(array)
            np.testing.assert_array_equal(actual[~finite], array[~finite], err_msg=name)
            bound = 2 * gamma(n, case.dtype) * sums[name] + 2 * n * float(np.finfo(case.dtype).smallest_subnormal)
            assert (np.abs(actual[finite] - array[finite]) <= bound[finite]).all(), name


@pytest.mark.parametrize(
    "processor",
    [
        {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1"},
        {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "2"},
        {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
    ],
    ids=str,
)
def test_inputs_and_family_exact_are_the_same_bytes_on_another_processor(
    processor: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "npyparity", "emit", "--set", "golden", "--jobs", "1", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | processor)
    for case in CASES:
        there = json.loads((tmp_path / case.id / "case.json").read_bytes())
        for part in ("inputs", "expected") if case.family == "exact" else ("inputs",):
            assert there[part] == described(case)[part], case.id


# ---- the schema refuses what it should -------------------------------------------------------------------------------

Edit = Callable[[dict[str, Any]], object]

WRONG: dict[str, Edit] = {
    "a newer major version": lambda c: c.update(format="2.0"),
    "no version": lambda c: c.pop("format"),
    "an unknown field": lambda c: c.update(comment="mine"),
    "a missing parameter": lambda c: c["parameters"].pop("stride"),
    "an unknown parameter": lambda c: c["parameters"].update(dilation=1),
    "a stride of zero": lambda c: c["parameters"].update(stride=0),
    "a fraction for a size": lambda c: c["parameters"].update(batch=1.5),
    "a missing input": lambda c: c["inputs"].pop("weights"),
    "an unknown input": lambda c: c["inputs"].update(more=c["inputs"]["weights"]),
    "a missing expected array": lambda c: c["expected"].pop("dweights"),
    "a file outside the case": lambda c: c["inputs"]["weights"].update(file="../weights.npy"),
    "a file outside its folder": lambda c: c["inputs"]["weights"].update(file="inputs/../../weights.npy"),
    "an absolute file": lambda c: c["inputs"]["weights"].update(file="/inputs/weights.npy"),
    "an input in the folder of expected arrays": lambda c: c["inputs"]["weights"].update(file="expected/weights.npy"),
    "a checksum cut short": lambda c: c["inputs"]["weights"].update(sha256="0123"),
    "an unknown dtype": lambda c: c.update(dtype="float16"),
    "an array of another dtype than the case": lambda c: c["expected"]["dbias"].update(dtype="float32"),
    "a false all_zero": lambda c: c["expected"]["dbias"].update(all_zero=False),
    "family exact without its proof": lambda c: c.pop("exactness"),
    "a proof without one of the arrays": lambda c: c["exactness"]["sums"].pop("dweights"),
    "a sum beyond the limit": lambda c: c["exactness"]["sums"].update(dweights=2**53 + 1),
    "the limit of another dtype": lambda c: c["exactness"].update(limit=2**24),
    "a proof in another family": lambda c: c.update(family="chained"),
    "an unknown family": lambda c: c.update(family="random"),
    "a variant outside family special": lambda c: c.update(variant="nan"),
    "family special without a variant": lambda c: (c.update(family="special"), c.pop("exactness")),
    "family document for the whole layer": lambda c: (c.update(family="document"), c.pop("exactness")),
    "an unknown policy": lambda c: c.update(policy="close"),
    "a tolerance that is no number": lambda c: c.update(policy="allclose:rtol=small"),
    "a why that is no sentence": lambda c: c.update(why="because"),
    "a seed below zero": lambda c: c.update(seed=-1),
    "an id without its hash": lambda c: c.update(id="my-case"),
}


@pytest.mark.parametrize("edit", WRONG.values(), ids=WRONG)
def test_the_schema_refuses(edit: Edit) -> None:
    content = copy.deepcopy(described(CASES[0]))
    edit(content)
    assert not VALIDATOR.is_valid(content)


def _user_operation(content: dict[str, Any]) -> None:
    array = {name: content["inputs"]["bias"][name] for name in ("shape", "dtype", "sha256")}
    del content["exactness"]
    content.update(
        operation="softmax",
        family="chained",
        parameters={"axis": -1},
        inputs={"x": {"file": "inputs/x.npy", **array}},
        expected={"y": {"file": "expected/y.npy", **array}},
    )


RIGHT: dict[str, Edit] = {
    "a newer minor version": lambda c: c.update(format="1.7"),
    "a user's tolerance": lambda c: c.update(policy="allclose:rtol=1e-7,atol=0"),
    "a user's operation": _user_operation,
}


@pytest.mark.parametrize("edit", RIGHT.values(), ids=RIGHT)
def test_the_schema_accepts(edit: Edit) -> None:
    content = copy.deepcopy(described(CASES[0]))
    edit(content)
    VALIDATOR.validate(content)
