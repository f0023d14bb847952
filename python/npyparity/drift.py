"""The golden set made again with the NumPy at hand, and held against the committed one.

Inputs and family exact must be the same bytes on every machine and under every NumPy. Other arrays may move, within the
certified bound. Anything else has drifted: NumPy's answers, or this package's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from npyparity.fixture import Fixture, FixtureError, case_directories, read
from npyparity.judge import CaseJudge

SAME, MOVED, DRIFTED = "same bytes", "moved within the bound", "drifted"
GOLDEN = Path("fixtures/golden")

_SHOWN = 12


@dataclass(frozen=True)
class Finding:
    """What became of one array of one case."""

    case: str
    array: str
    kind: str
    fraction: float
    """The largest difference as a fraction of the bound."""
    elements: str
    """How many differ, of how many."""

    @property
    def badness(self) -> tuple[int, float]:
        return (SAME, MOVED, DRIFTED).index(self.kind), self.fraction


def compare(golden: Path, fresh: Path) -> list[Finding]:
    """Holds every array of ``fresh``'s cases against ``golden``'s; refuses sets of different cases."""
    ours, theirs = (
        {path.resolve().name: path for path in case_directories(directory)} for directory in (golden, fresh)
    )
    for name in sorted(ours.keys() ^ theirs.keys()):
        where = (
            f"{ours[name]}: the generator makes no such case" if name in ours else f"{golden}: case {name} is missing"
        )
        raise FixtureError(f"{where}: expected the cases of the table; `make golden` writes them")
    return [finding for name in sorted(ours) for finding in _compare(read(ours[name]), read(theirs[name]))]


def _compare(golden: Fixture, fresh: Fixture) -> list[Finding]:
    findings = []
    judge = CaseJudge(golden, None)  # loads all arrays, and so holds each to its checksum
    for name in (*golden.inputs, *golden.expected):
        entries = [{**fixture.inputs, **fixture.expected}[name] for fixture in (golden, fresh)]
        before, after = judge.reference.arrays[name], fresh.load(name)
        if entries[0].sha256 == entries[1].sha256:
            findings.append(Finding(golden.id, name, SAME, 0.0, ""))
            continue
        differing = f"{np.count_nonzero(~judge.policy.same(after, before))} of {before.size}"
        if name in golden.inputs or golden.case.family == "exact":
            findings.append(Finding(golden.id, name, DRIFTED, float("inf"), differing))
            continue
        judgement = judge.end_to_end(fresh.directory.parent, name, after)
        findings.append(
            Finding(golden.id, name, MOVED if judgement.passes else DRIFTED, judgement.worst_fraction, differing)
        )
    return findings


def drift(golden: Path, interpreter: str) -> tuple[list[Finding], str]:
    """Emits the golden set by ``interpreter`` into a scratch directory; the findings, and the NumPy and BLAS there."""
    with tempfile.TemporaryDirectory(prefix="npyparity-drift-") as scratch:
        fresh = Path(scratch) / "golden"
        try:
            done = subprocess.run(
                [interpreter, "-m", "npyparity", "emit", "--set", "golden", "--out", fresh],
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError as error:
            raise FixtureError(f"{interpreter} cannot be run ({error.strerror}): expected a Python") from error
        if done.returncode != 0:
            said = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
            raise FixtureError(f"{interpreter} could not emit the golden set: {said}")
        return compare(golden, fresh), _maker(fresh)


def _maker(directory: Path) -> str:
    """Which NumPy and BLAS made the cases of ``directory``."""
    makers: Counter[str] = Counter()
    for path in case_directories(directory):
        try:
            said = json.loads((path / "provenance.json").read_bytes())
            makers[f"NumPy {said['numpy']}, {said['blas']['name']} {said['blas']['version'] or ''}".strip()] += 1
        except (OSError, ValueError, KeyError, TypeError):
            makers["unknown"] += 1
    return " and ".join(maker for maker, _ in makers.most_common())


def render(findings: Sequence[Finding], golden: str, here: str, seconds: float) -> list[str]:
    """A row for each array that is not the same bytes, worst first; the sum; the verdict."""
    ranked = sorted((f for f in findings if f.kind != SAME), key=lambda finding: finding.badness, reverse=True)
    shown = max(_SHOWN, sum(finding.kind == DRIFTED for finding in ranked))
    rows = [(f.kind, f.array, f"{f.fraction:.3g}", f.elements, f.case) for f in ranked[:shown]]
    lines = []
    if rows:
        rows.insert(0, ("", "array", "worst / bound", "differ", "case"))
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = [
                cell.rjust(width) if column in (2, 3) else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            lines.append("  ".join(cells).rstrip())
        if len(ranked) > shown:
            lines.append(f"and {len(ranked) - shown} more that moved within the bound")
        lines.append("")
    count = Counter(finding.kind for finding in findings)
    cases = len({finding.case for finding in findings})
    lines.append(
        f"{cases} cases, {len(findings)} arrays: {count[SAME]} same bytes, {count[MOVED]} moved within the bound, "
        f"{count[DRIFTED]} drifted, {seconds:.1f} s"
    )
    lines.append(f"golden: {golden}; here: {here}")
    lines.append("DRIFT  the golden set is not what this NumPy makes." if count[DRIFTED] else "NO DRIFT")
    return lines


def add_parser(commands: Any) -> None:
    """Adds ``drift`` to the command line."""
    parser = commands.add_parser(
        "drift",
        help="make the golden set again with the NumPy at hand, and hold it against the committed one",
        description="Says for each array: same bytes, moved within the bound, or drifted. Inputs and family exact must "
        "be the same bytes. Exit codes: 0 no drift, 1 drift, 2 bad input or usage.",
    )
    parser.add_argument("--golden", type=Path, default=GOLDEN, metavar="DIR", help="default: %(default)s")
    parser.add_argument(
        "--python", default=sys.executable, metavar="PYTHON", help="the interpreter whose NumPy is tried"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    findings, here = drift(options.golden, options.python)
    if not findings:
        raise FixtureError(f"{options.golden}: no array was compared")
    print("\n".join(render(findings, _maker(options.golden), here, time.monotonic() - started)))
    return 1 if any(finding.kind == DRIFTED for finding in findings) else 0
