"""An independent judge: arrays that something else wrote, held against NumPy's, with NumPy alone.

It shares with the Java judge the vocabulary and the mathematics (``bound.py``), and no code. ``judge.py`` judges a
case, this module many. Nothing passes by comparing nothing: the ledger counts.
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from npyparity.fixture import FixtureError, case_directories, read
from npyparity.judge import CaseJudge, Judgement, Outcome, Policy

_CASES_PER_JOB = 16
_SHOWN = 12
"""Rows of the table that are shown where all of them pass."""


def verify(
    directories: Sequence[Path],
    actuals: Sequence[Path],
    glob: str = "*",
    policy: Policy | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    arrays: Sequence[str] = (),
) -> Outcome:
    """Judges, for every case of ``directories``, what each of ``actuals`` holds for it: all arrays, or those named."""
    whole = Outcome()
    found: dict[str, Path] = {}
    for directory in directories:
        try:
            for path in case_directories(directory):
                name = path.resolve().name
                if name in found:
                    whole.refused.append(f"{path}: case {name} is also in {found[name]}, expected it once")
                found.setdefault(name, path)
        except FixtureError as error:
            whole.refused.append(str(error))
    wanted = {name: path for name, path in found.items() if _matches(name, glob)}
    if found and not wanted:
        whole.refused.append(f"--case {glob} matches none of the {len(found)} cases")
    known = _known(wanted.values(), arrays)
    if known and (unknown := [name for name in arrays if name not in known]):
        whole.refused.append(
            f"--arrays {','.join(unknown)}: no case asked for expects such an array, expected some of "
            + ", ".join(known)
        )
        wanted = {}
    for out in actuals:
        if not out.is_dir():
            whole.refused.append(
                f"{out}: is not a directory: expected computed arrays as <case-id>/<array>.npy, "
                "or a fixture directory; npyparity run writes the first"
            )
            continue
        whole.gaps += [
            f"{entry} belongs to no case: expected the id of one"
            for entry in sorted(out.iterdir())
            if not entry.name.startswith(".") and entry.name not in found
        ]
    outs = [out for out in actuals if out.is_dir()]
    for done, outcome in enumerate(
        _outcomes(list(wanted.values()), outs, policy, arrays, jobs or os.cpu_count() or 1), 1
    ):
        whole.add(outcome)
        progress(done, len(wanted))
    if not whole.judgements and not whole.refused:
        whole.gaps.append("nothing was judged")
    elif whole.arrays_judged != whole.arrays_expected and not whole.refused and not whole.gaps:
        whole.gaps.append(f"{whole.arrays_judged} arrays judged, expected {whole.arrays_expected}")
    return whole


def _matches(name: str, glob: str) -> bool:
    globs = glob.split(",")
    wanted = [g for g in globs if not g.startswith("!")] or ["*"]
    left = [g[1:] for g in globs if g.startswith("!")]
    return any(fnmatch.fnmatchcase(name, g) for g in wanted) and not any(fnmatch.fnmatchcase(name, g) for g in left)


def _known(paths: Iterable[Path], arrays: Sequence[str]) -> list[str]:
    """Which arrays the cases expect; no more are read than it takes to find all of ``arrays``."""
    known: dict[str, None] = {}
    for path in paths:
        if known.keys() >= set(arrays):
            break
        with contextlib.suppress(FixtureError):  # said when the case is judged
            known |= dict.fromkeys(read(path).expected)
    return list(known)


def _outcomes(
    paths: list[Path], outs: list[Path], policy: Policy | None, arrays: Sequence[str], jobs: int
) -> Iterator[Outcome]:
    jobs = min(jobs, len(paths) * max(1, len(outs)) // _CASES_PER_JOB)
    if jobs <= 1:
        yield from (_outcome(path, outs, policy, arrays) for path in paths)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        count = len(paths)
        yield from pool.map(_outcome, paths, [outs] * count, [policy] * count, [arrays] * count, chunksize=4)


def _outcome(path: Path, outs: list[Path], policy: Policy | None, arrays: Sequence[str]) -> Outcome:
    outcome = Outcome()
    try:
        judge = CaseJudge(read(path), policy, arrays)
    except FixtureError as error:
        return Outcome(refused=[str(error)])
    for out in outs:
        outcome.add(judge.judge(out))
    return outcome


# ---- the command -----------------------------------------------------------------------------------------------------


def add_parser(commands: Any) -> None:
    """Adds ``verify`` to the command line."""
    parser = commands.add_parser(
        "verify",
        help="judge arrays that something else wrote, with NumPy alone",
        description="Judges OUT/<case-id>/<array>.npy, or the expected arrays of another fixture directory, against "
        "the fixtures in DIR, by a certified bound of its own in extended precision. Exit codes: 0 parity, 1 mismatch, "
        "2 bad input or usage.",
    )
    parser.add_argument("directories", type=Path, nargs="+", metavar="DIR", help="fixture directories, or single cases")
    parser.add_argument(
        "--actual", type=Path, action="append", required=True, metavar="OUT", help="what was computed; may be repeated"
    )
    parser.add_argument(
        "--case",
        action="append",
        metavar="GLOB",
        help="only cases whose id matches; !GLOB leaves out; several by commas, or repeated",
    )
    parser.add_argument(
        "--arrays",
        type=lambda names: names.split(","),
        action="extend",
        default=[],
        metavar="NAME,...",
        help="judge only these arrays, such as those that a direct kernel makes; what is left out is said",
    )
    parser.add_argument("--policy", type=Policy.parse, help=f"in place of the cases' own: {Policy.FORMS}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where every judgement goes, for programs")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: one for each core)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    outcome = verify(
        options.directories,
        options.actual,
        ",".join(options.case or ["*"]),
        options.policy,
        options.jobs,
        _progress(),
        options.arrays,
    )
    print("\n".join(render(outcome, [str(out) for out in options.actual], time.monotonic() - started)))
    for sentence in (*outcome.refused, *outcome.gaps):
        print(f"npyparity verify: {sentence}", file=sys.stderr)
    if options.json:
        _write(options.json, _json(outcome))
    return outcome.exit_code


def _progress() -> Callable[[int, int], None]:
    from npyparity.emit import on_terminal

    return on_terminal()


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise FixtureError(f"--json {path}: cannot be written ({error.strerror}): expected a file") from error


def _json(outcome: Outcome) -> str:
    def plain(judgement: Judgement) -> dict[str, Any]:
        fields = asdict(judgement)
        if not np.isfinite(judgement.worst_fraction):
            fields["worst_fraction"] = "Infinity"  # as in the audit's report.json: JSON itself has none
        return fields

    return (
        json.dumps(
            {
                "format": "1.1",
                "judge": f"numpy {np.__version__}",
                "exit_code": outcome.exit_code,
                "verdict": outcome.verdict,
                "ledger": {
                    "arrays_expected": outcome.arrays_expected,
                    "arrays_judged": outcome.arrays_judged,
                    "comparisons": len(outcome.judgements),
                    "elements": sum(j.elements for j in outcome.judgements),
                    "arrays_left": sorted(outcome.arrays_left),
                    "arrays_unread": sorted(outcome.arrays_unread),
                    "refused": outcome.refused,
                    "gaps": outcome.gaps,
                },
                "judgements": [plain(judgement) for judgement in outcome.judgements],
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )


def render(outcome: Outcome, actuals: Sequence[str], seconds: float) -> list[str]:
    """One row for each array and scope of each implementation, worst first; then the sum, then the verdict."""
    groups: dict[tuple[str, str, str], list[Judgement]] = {}
    for judgement in outcome.judgements:
        groups.setdefault((judgement.actual, judgement.array, judgement.scope), []).append(judgement)
    ranked = sorted(groups.values(), key=lambda group: max(j.badness for j in group), reverse=True)
    failing = sum(not all(j.passes for j in group) for group in ranked)
    rows = [("verdict", "array", "scope", "worst / bound", "fail", "cases", "the worst, in case")]
    for group in ranked[: max(failing, _SHOWN)]:
        worst = max(group, key=lambda j: j.badness)
        rows.append(
            (
                worst.verdict,
                worst.array,
                worst.scope,
                worst.reason.split(":")[0] if worst.reason else f"{worst.worst_fraction:.3g}",
                str(sum(not j.passes for j in group)),
                str(len(group)),
                worst.case if len(actuals) == 1 else f"{worst.actual}: {worst.case}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    right = {3, 4, 5}
    lines = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    if len(ranked) > len(rows) - 1:
        lines.append(f"and {len(ranked) - len(rows) + 1} rows more, which all pass")
    cases = len({judgement.case for judgement in outcome.judgements})
    if outcome.arrays_left:
        lines += ["", f"left out by --arrays: {', '.join(sorted(outcome.arrays_left))}"]
    if outcome.arrays_unread:
        lines.append(f"there but not opened: {', '.join(sorted(outcome.arrays_unread))}")
    lines += [
        "",
        f"{cases} case{'' if cases == 1 else 's'}, {outcome.arrays_judged} of {outcome.arrays_expected} arrays judged, "
        f"{len(outcome.judgements)} comparisons, {sum(j.elements for j in outcome.judgements)} elements, "
        f"{seconds:.1f} s",
    ]
    whose = ", ".join(actuals)
    said = {
        0: f"PARITY  {whose}: in agreement with NumPy.",
        1: f"MISMATCH  {whose}: not in agreement with NumPy.",
        2: f"REFUSED  {whose}: not everything could be judged.",
    }[outcome.exit_code]
    return [*lines, said]
