"""The case table and lists from users."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from npyparity.cases import DOCUMENT, DTYPES, FAMILIES, SETS, VARIANTS, Case, CaseError, golden_table, read
from npyparity.geometry import Geometry

ENTRY = {
    "operation": "conv2d",
    "family": "exact",
    "dtype": "float64",
    "batch": 2,
    "in_height": 5,
    "in_width": 7,
    "in_depth": 3,
    "out_depth": 4,
    "filter_size": 3,
    "stride": 2,
    "padding": 1,
    "seed": 7,
}


def entry(**changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ENTRY, **changes}.items() if value != "absent"}


def written(directory: Path, *entries: object) -> Path:
    path = directory / "cases.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SETS)
def test_ids_are_unique(name: str) -> None:
    cases = SETS[name]()
    assert len({case.id for case in cases}) == len(cases)


@pytest.mark.parametrize("name", SETS)
def test_every_float32_case_has_a_twin_in_family_exact(name: str) -> None:
    cases = [case for case in SETS[name]() if case.dtype == "float32"]
    twins = {(case.operation, case.geometry) for case in cases if case.family == "exact"}
    assert {(case.operation, case.geometry) for case in cases} == twins


@pytest.mark.parametrize("name", SETS)
def test_sizes_differ_on_every_axis_but_where_a_size_of_one_is_the_point(name: str) -> None:
    for case in SETS[name]():
        g = case.geometry
        if g == DOCUMENT:  # its own sizes: in_height and out_depth are both 32
            continue
        sizes = [g.batch, g.in_height, g.in_width, g.in_depth, g.out_depth]
        one_square = g.in_height == g.in_width and (g.out_height, g.out_width) == (1, 1)  # filter as large as the input
        same = [(a, b) for a, b in combinations(sizes, 2) if a == b != 1]
        assert len(same) == one_square * (g.in_height != 1), case.id
        assert g.out_height != g.out_width or g.out_height == 1 or g.in_height == 1, case.id


def test_the_golden_set_has_30_to_40_cases_each_with_a_sentence_of_its_own() -> None:
    cases = golden_table()
    assert 30 <= len(cases) <= 40
    assert len({case.why for case in cases}) == len(cases)


def test_the_golden_set_has_every_family_variant_dtype_and_operation_with_each_other() -> None:
    cases = golden_table()
    assert {(case.family, case.dtype) for case in cases} == {(family, dtype) for family in FAMILIES for dtype in DTYPES}
    assert {case.variant for case in cases} == {None, *VARIANTS}
    assert {(case.operation, case.dtype) for case in cases} == {
        (operation, dtype) for operation in ("conv2d", "conv2d_backward") for dtype in DTYPES
    }


def test_the_generated_set_is_the_whole_factorial_and_the_documents_size() -> None:
    cases = SETS["generated"]()
    for filter_size in (1, 2, 3, 5, 7):
        for stride in (1, 2, 3):
            for padding in {0, 1, 2, (filter_size - 1) // 2}:
                found = {
                    (case.family, case.dtype)
                    for case in cases
                    if (case.geometry.filter_size, case.geometry.stride, case.geometry.padding)
                    == (filter_size, stride, padding)
                }
                assert found == {(family, dtype) for family in FAMILIES for dtype in DTYPES}
    assert ("conv2d_backward", "document", "float64", DOCUMENT) in {
        (case.operation, case.family, case.dtype, case.geometry) for case in cases
    }


def test_an_id_depends_on_all_that_decides_the_bytes_and_on_nothing_else() -> None:
    geometry = Geometry(2, 5, 7, 3, 4, 3, 2, 1)
    case = Case("conv2d", "exact", None, "float64", geometry, 7)
    assert case.id == "conv2d-exact-float64-b2-h5w7c3-d4-k3s2p1-4e8476e8"  # by sha256sum
    assert Case("conv2d", "exact", None, "float64", geometry, 7, why="For another reason.").id == case.id
    others = [
        Case("conv2d_backward", "exact", None, "float64", geometry, 7),
        Case("conv2d", "chained", None, "float64", geometry, 7),
        Case("conv2d", "special", "nan", "float64", geometry, 7),
        Case("conv2d", "special", "infinities", "float64", geometry, 7),
        Case("conv2d", "exact", None, "float32", geometry, 7),
        Case("conv2d", "exact", None, "float64", Geometry(2, 5, 7, 3, 4, 3, 2, 2), 7),
        Case("conv2d", "exact", None, "float64", geometry, 8),
        Case("conv2d", "exact", None, "float64", geometry, 7, "allclose:rtol=1e-7,atol=0"),
    ]
    assert len({other.id[-8:] for other in [case, *others]}) == len(others) + 1


def test_a_list_is_read_with_its_optional_fields(tmp_path: Path) -> None:
    cases = read(
        written(
            tmp_path,
            entry(),
            entry(why="For a reason.", policy="allclose:rtol=1e-7,atol=0"),
            entry(family="special", variant="nan"),
            entry(family="special", seed=len(VARIANTS) + 3),
        )
    )
    assert [case.policy for case in cases] == ["exact", "allclose:rtol=1e-7,atol=0", "certified", "certified"]
    assert [case.variant for case in cases] == [None, None, "nan", VARIANTS[3]]
    assert cases[1].why == "For a reason."
    assert cases[0].why.endswith(".")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"operation": "conv3d"}, 'operation is "conv3d": expected one of "conv2d", "conv2d_backward"'),
        ({"family": ["exact"]}, 'family is ["exact"]: expected one of "exact", "document", "chained", "special"'),
        ({"dtype": "float16"}, 'dtype is "float16": expected one of "float64", "float32"'),
        ({"family": "document"}, 'family is "document": expected one of "exact", "chained", "special" in operation'),
        ({"family": "special", "variant": "odd"}, 'variant is "odd": expected one of "nan", "infinities", '),
        ({"variant": "nan"}, 'variant is "nan": expected none in family exact'),
        ({"seed": -1}, "seed is -1: expected an integer from 0 to 4294967295"),
        ({"seed": 4294967296}, "seed is 4294967296: expected an integer from 0 to 4294967295"),
        ({"seed": True, "family": "special"}, "expected"),
        ({"seed": "absent"}, "seed is missing: expected the fields operation, family, dtype, batch, "),
        ({"stride": "absent"}, "stride is missing: expected the fields "),
        ({"stride": 0}, "stride is 0: expected an integer from 1 to 2147483647"),
        ({"filter_size": 8}, "filter_size is 8: larger than the padded input of 7 x 9, expected at most 7"),
        ({"dilation": 2}, "dilation is no field of a case: expected operation, "),
        ({"policy": "close"}, 'policy is "close": expected "exact", "certified", "allclose" or such as'),
        ({"policy": "allclose:rtol=1e999"}, 'policy is "allclose:rtol=1e999": expected "exact", "certified"'),
        ({"policy": 3}, "policy is 3: expected a string"),
        ({"why": "Too short"}, 'why is "Too short": expected one sentence in one line'),
        ({"why": "Two lines,\nand so on."}, 'why is "Two lines,\\nand so on.": expected one sentence in one line'),
        ({"why": "Half of a pair: \ud800."}, 'why is "Half of a pair: \\ud800.": expected one sentence in one line'),
        ({"seed": "9" * 500}, f'seed is "{"9" * 76}...: expected an integer'),
        ({}, "repeats case 0: expected each case once"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_case_is_refused_by_file_index_field_and_expectation(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    path = written(tmp_path, entry(), entry(**changes))
    with pytest.raises(CaseError) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{path}: case 1: ")
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[", "not JSON"),
        ("[" * 200_000, "not JSON (values nest too deeply): expected a list of cases"),
        ('[{"seed": 1, "seed": 2}]', "not JSON (seed stands twice): expected a list of cases"),
        ("[]", "holds an empty list: expected a JSON list of at least one case"),
        ("{}", "holds {}: expected a JSON list of at least one case"),
        ("[3]", "case 0: is 3: expected an object"),
        (None, "cannot be read (No such file or directory): expected a JSON list of cases"),
    ],
)
def test_a_file_that_is_no_list_of_cases_is_refused(tmp_path: Path, content: str | None, sentence: str) -> None:
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CaseError) as refusal:
        read(path)
    assert str(refusal.value).startswith(f"{path}: {sentence}")
