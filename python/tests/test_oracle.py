"""Other oracles: they agree with the document's code within the bound, round once, refuse what they cannot serve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from npyparity.__main__ import main
from npyparity.cases import Case, golden
from npyparity.emit import emit
from npyparity.geometry import Geometry
from npyparity.oracle import TORCH_PYTHON, OracleError, _rounded
from npyparity.verify import verify

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
SERVED = [case for case in golden() if case.variant not in ("nan", "infinities", "padding-infinity")]
NAN = next(case for case in golden() if case.variant == "nan")


def has_torch() -> bool:
    interpreter = os.environ.get(TORCH_PYTHON, sys.executable)
    return subprocess.run([interpreter, "-c", "import torch"], capture_output=True, check=False).returncode == 0


def served_golden(tmp_path: Path) -> Path:
    fixtures = tmp_path / "golden"
    fixtures.mkdir()
    for case in SERVED:
        (fixtures / case.id).symlink_to(GOLDEN / case.id)
    return fixtures


@pytest.mark.parametrize("name", ["exact", pytest.param("torch", marks=pytest.mark.torch)])
def test_an_oracle_agrees_with_the_document_within_the_bound_and_to_the_byte_in_family_exact(
    name: str, tmp_path: Path
) -> None:
    if name == "torch" and not has_torch() and os.environ.get("NPYPARITY_REQUIRE_TORCH") != "1":
        pytest.skip(f"no torch; {TORCH_PYTHON} may name an interpreter that has one")
    out = tmp_path / "out"
    summary = emit(SERVED, out, oracle_name=name)
    assert len(summary.written) == len(SERVED) == 34
    differing = 0
    for case in SERVED:
        assert json.loads((out / case.id / "provenance.json").read_text())["oracle"]["name"] == name
        for path in (GOLDEN / case.id).rglob("*.npy"):
            other = out / case.id / path.relative_to(GOLDEN / case.id)
            same = other.read_bytes() == path.read_bytes()
            assert same or (case.family != "exact" and path.parent.name == "expected"), path
            differing += not same
    assert differing > 20, "the oracle is the document's code"
    outcome = verify([served_golden(tmp_path)], [out])
    assert (outcome.exit_code, outcome.arrays_judged) == (0, 282), outcome.refused + outcome.gaps


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_exact_values_are_rounded_to_nearest_and_ties_to_even_down_to_subnormals(dtype: str) -> None:
    random = np.random.default_rng(4)
    smallest = int(np.log2(np.finfo(dtype).smallest_subnormal))
    for _ in range(500):
        integer, shift = int(random.integers(-(2**62), 2**62)), int(random.integers(0, 70 - smallest))
        exact = Fraction(integer, 2**shift)
        value = np.array(_rounded(integer, shift, dtype), dtype)
        assert float(value) == _rounded(integer, shift, dtype), "not of the dtype"
        with np.errstate(under="ignore"):
            neighbours = [np.nextafter(value, np.array(side, dtype)) for side in (-np.inf, np.inf)]
        distance = abs(Fraction(float(value)) - exact)
        assert all(distance <= abs(Fraction(float(other)) - exact) for other in neighbours)
    assert _rounded(2**54 + 2, 0, "float64") == 2.0**54  # a tie, to even
    assert _rounded(2**54 + 6, 0, "float64") == 2.0**54 + 8
    assert _rounded(-1, 1075, "float64") == 0.0
    assert _rounded(3, 1075, "float64") == 2.0**-1073  # 1.5 of the smallest: a tie, to even


@pytest.mark.parametrize("name", ["exact", "torch"])
def test_cases_with_nan_or_infinities_are_refused_before_anything_is_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(OracleError, match=f"variant is nan: expected finite data for --oracle {name}"):
        emit([SERVED[0], NAN], tmp_path / "out", oracle_name=name)
    assert not (tmp_path / "out").exists()


def test_a_case_too_large_for_exact_arithmetic_is_refused(tmp_path: Path) -> None:
    large = Case("conv2d", "exact", None, "float64", Geometry(8, 32, 48, 16, 32, 3, 1, 1), 1)
    with pytest.raises(OracleError, match="multiplies 56623104 pairs: expected at most 4194304"):
        emit([large], tmp_path / "out", oracle_name="exact")


def test_an_interpreter_without_torch_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without = tmp_path / "python"
    without.write_text('#!/bin/sh\necho "No module named torch" >&2\nexit 3\n')
    without.chmod(0o755)
    monkeypatch.setenv(TORCH_PYTHON, str(without))
    g = SERVED[0].geometry.parameters()
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([{"operation": "conv2d", "family": "exact", "dtype": "float64", "seed": 1, **g}]))
    assert main(["emit", "--cases", str(cases), "--out", str(tmp_path / "out"), "--oracle", "torch"]) == 2
    assert f"{without} cannot import torch: install it, or name a Python" in capsys.readouterr().err
    assert [entry for entry in (tmp_path / "out").iterdir() if not entry.name.startswith(".")] == []


def test_a_case_emitted_by_another_oracle_is_made_again_even_if_its_bytes_are_the_same(tmp_path: Path) -> None:
    emit(SERVED[:1], tmp_path)
    assert emit(SERVED[:1], tmp_path, oracle_name="exact").written == [SERVED[0].id]
    assert emit(SERVED[:1], tmp_path, oracle_name="exact").current == [SERVED[0].id]
    assert emit(SERVED[:1], tmp_path).written == [SERVED[0].id]
    assert "oracle" not in json.loads((tmp_path / SERVED[0].id / "provenance.json").read_text())
