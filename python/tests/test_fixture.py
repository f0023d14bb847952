"""The reader of fixtures: what it refuses, and by which sentence."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from npyparity import fixture
from npyparity.cases import golden
from npyparity.document import Array
from npyparity.fixture import FixtureError, case_directories, read

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
ID = next(case.id for case in golden() if case.family == "chained" and case.operation == "conv2d")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / ID, tmp_path / ID))


def edited(case: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = case / "case.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def saved(case: Path, array: Array) -> None:
    """Another dbias, with the checksum that it has."""
    path = case / "expected" / "dbias.npy"
    np.save(path, array)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    edited(case, lambda content: content["expected"]["dbias"].update(sha256=sha256))


def declared(case: Path, what: str) -> None:
    edited(case, lambda content: content["expected"]["dbias"].update({what: True}))


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda case: (case / "case.json").unlink(), "cannot be read (No such file or directory)"),
        (lambda case: (case / "case.json").write_text("{"), "not JSON ("),
        (lambda case: edited(case, lambda c: c["parameters"].update(filter_size=99)), "larger than the padded input"),
        (lambda case: edited(case, lambda c: c.update(family="document")), "family"),
        (lambda case: edited(case, lambda c: c.update(seed=c["seed"] + 1)), "edited by hand"),
        (
            lambda case: edited(case, lambda c: c["expected"].update(more=c["expected"]["dbias"])),
            "('more' was unexpected)",
        ),
        (
            lambda case: edited(case, lambda c: c["expected"]["dbias"]["shape"].append(1)),
            "expected.dbias.shape is (1, 6, 1): the parameters make it (1, 6)",
        ),
        (
            lambda case: edited(case, lambda c: c["inputs"]["bias"].update(dtype="float32")),
            "inputs.bias.dtype: 'float64' was expected",
        ),
        (lambda case: (case / "inputs" / "more.npy").touch(), "files that case.json does not name: inputs/more.npy"),
    ],
)
def test_a_description_that_is_not_that_of_its_directory_is_refused(
    case: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    assert read(case).id == ID
    damage(case)
    with pytest.raises(FixtureError) as refusal:
        read(case)
    assert str(refusal.value).startswith(str(case))
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda case: (case / "expected" / "dbias.npy").unlink(), " is missing: expected a .npy file"),
        (lambda case: saved(case, np.zeros((6, 1))), "is float64 (6, 1), case.json says float64 (1, 6)"),
        (lambda case: saved(case, np.zeros((1, 6), "f4")), "is float32 (1, 6), case.json says float64 (1, 6)"),
        (lambda case: saved(case, np.full((1, 6), np.inf)), "holds NaN or an infinity"),
        (lambda case: declared(case, "nonfinite"), "is declared nonfinite, but is not"),
        (lambda case: declared(case, "all_zero"), "is declared all_zero, but is not"),
    ],
)
def test_an_array_that_is_not_as_described_is_refused(
    case: Path, damage: Callable[[Path], object], sentence: str
) -> None:
    damage(case)
    with pytest.raises(FixtureError) as refusal:
        read(case).load("dbias")
    assert str(refusal.value).startswith(f"{case / 'expected' / 'dbias.npy'}: array dbias of case {ID}")
    assert sentence in str(refusal.value)


def test_an_array_outside_of_its_case_is_refused(case: Path, tmp_path: Path) -> None:
    path = case / "expected" / "dbias.npy"
    path.rename(tmp_path / "dbias.npy")
    path.symlink_to(tmp_path / "dbias.npy")
    with pytest.raises(FixtureError, match="lies outside of the case's directory"):
        read(case).load("dbias")


def test_a_case_by_another_name_is_refused(case: Path) -> None:
    other = case.rename(case.with_name("other"))
    with pytest.raises(FixtureError, match="expected the name of its directory, other"):
        read(other)


def test_where_there_is_no_case_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="is not a directory"):
        case_directories(tmp_path / "nowhere")
    with pytest.raises(FixtureError, match="holds no case"):
        case_directories(tmp_path)


def test_without_a_schema_nothing_is_believed(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fixture, "schema_validator", lambda: None)
    with pytest.raises(FixtureError, match="cannot be checked: expected the package jsonschema"):
        read(case)
