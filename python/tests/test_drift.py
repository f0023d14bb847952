"""Drift: what must be the same bytes, what may move, and what has drifted."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from npyparity.__main__ import main
from npyparity.cases import Case, golden
from npyparity.drift import DRIFTED, MOVED, SAME, compare
from npyparity.emit import emit

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
EXACT = next(case for case in golden() if case.family == "exact")
CHAINED = next(case for case in golden() if case.family == "chained" and case.operation == "conv2d")


def edited(directory: Path, case: Case, part: str, name: str, relative: float) -> None:
    """Changes an array and its checksum, as somebody would who wants the golden set to say something else."""
    path = directory / case.id / part / f"{name}.npy"
    np.save(path, np.load(path) * (1 + relative))
    content = json.loads((directory / case.id / "case.json").read_text())
    content[part][name]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (directory / case.id / "case.json").write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("case", "part", "name", "relative", "kind"),
    [
        (CHAINED, "expected", "dweights", 0.0, SAME),
        (CHAINED, "expected", "dweights", 2.0**-52, MOVED),
        (CHAINED, "expected", "dweights", 1e-9, DRIFTED),
        (CHAINED, "expected", "dfilter_data", 2.0**-52, DRIFTED),
        (CHAINED, "inputs", "dout_data", 2.0**-52, DRIFTED),
        (EXACT, "expected", "dbias", 2.0**-52, DRIFTED),
    ],
)
def test_an_array_stays_moves_or_drifts(
    tmp_path: Path, case: Case, part: str, name: str, relative: float, kind: str
) -> None:
    emit([case], tmp_path / "golden")
    shutil.copytree(tmp_path / "golden", tmp_path / "fresh")
    edited(tmp_path / "fresh", case, part, name, relative)
    findings = {finding.array: finding.kind for finding in compare(tmp_path / "golden", tmp_path / "fresh")}
    assert len(findings) == 13
    assert findings.pop(name) == kind
    assert set(findings.values()) == {SAME}


def test_the_golden_set_has_not_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "--golden", str(GOLDEN)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "NO DRIFT"
    assert any(line.startswith("40 cases, 487 arrays: ") for line in printed)


def test_an_edited_golden_array_with_its_checksum_is_drift_and_the_table_starts_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(GOLDEN, tmp_path / "golden")
    edited(tmp_path / "golden", CHAINED, "expected", "dbias", 1e-6)
    assert main(["drift", "--golden", str(tmp_path / "golden")]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].split()[:2] == ["drifted", "dbias"]
    assert CHAINED.id in printed[1]
    assert printed[-1].startswith("DRIFT ")


def test_a_damaged_or_incomplete_golden_set_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(GOLDEN, tmp_path / "golden")
    array = tmp_path / "golden" / EXACT.id / "expected" / "dbias.npy"
    content = array.read_bytes()
    array.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert main(["drift", "--golden", str(tmp_path / "golden")]) == 2
    assert f"array dbias of case {EXACT.id}: sha256 is " in capsys.readouterr().err
    shutil.rmtree(tmp_path / "golden" / EXACT.id)
    assert main(["drift", "--golden", str(tmp_path / "golden")]) == 2
    assert f"case {EXACT.id} is missing: expected the cases of the table" in capsys.readouterr().err


@pytest.mark.parametrize("python", ["/no/such/python", "false"])
def test_an_interpreter_that_cannot_emit_is_a_sentence(python: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", "--golden", str(GOLDEN), "--python", python]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert python in error
    assert sys.executable not in error
