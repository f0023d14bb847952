"""The commands of docs/verify.md are real: each is one that the program takes, and the Python ones run."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from npyparity.__main__ import main
from npyparity.cases import golden

ROOT = Path(__file__).parents[2]
CASE = next(case for case in golden() if case.family == "chained" and case.operation == "conv2d")


def python_commands() -> list[list[str]]:
    guide = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    return [line.split() for line in re.findall(r"^    PYTHONPATH=\S+ \S+ -m npyparity (.*)$", guide, re.MULTILINE)]


def test_the_guide_has_commands() -> None:
    assert [command[0] for command in python_commands()] == ["verify", "emit"]


@pytest.mark.parametrize("command", python_commands(), ids=lambda command: command[0])
def test_a_command_of_the_guide_does_what_it_says(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "fixtures" / "golden" / CASE.id, tmp_path / "fixtures" / "golden" / CASE.id)
    shutil.copytree(tmp_path / "fixtures" / "golden" / CASE.id / "expected", tmp_path / "out" / CASE.id)
    entry = {"operation": "conv2d", "family": "chained", "dtype": "float32", "seed": 1, **CASE.geometry.parameters()}
    (tmp_path / "cases.json").write_text(json.dumps([entry]))
    assert main(command) == 0
