"""``npyparity audit`` beside the same fixtures judged in Python, as whole processes: ``make bench-audit``.

They take turns, so that a machine whose speed drifts slows all of them; a ratio is of medians. The audit checks
every checksum, derives every bound and judges each stage twice; the plain Python peer loads, computes and compares
once, the other does all of it. Files come from the page cache.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
TURNS = 5
DOCUMENT = {
    "operation": "conv2d_backward",
    "family": "document",
    "dtype": "float64",
    "batch": 8,
    "in_height": 32,
    "in_width": 48,
    "in_depth": 16,
    "out_depth": 32,
    "filter_size": 3,
    "stride": 1,
    "padding": 1,
}
SMALL = DOCUMENT | {"batch": 2, "in_height": 9, "in_width": 13, "in_depth": 4, "out_depth": 6}


@dataclass
class Timed:
    """A command and its runs: wall seconds, and the largest resident set of its processes in MB."""

    command: list[str]
    wall: list[float] = field(default_factory=list)
    memory: float = 0

    def run(self) -> None:
        start = time.monotonic()
        process = subprocess.Popen(
            self.command, cwd=ROOT, env=os.environ | {"PYTHONPATH": "python"}, stdout=subprocess.DEVNULL
        )
        _, status, _ = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall.append(time.monotonic() - start)
        if process.returncode:
            raise SystemExit(f"{' '.join(self.command)}: exit code {process.returncode}, expected 0")

    @property
    def seconds(self) -> float:
        return statistics.median(self.wall)


def audit(fixtures: Path, scratch: Path, engine: str) -> Timed:
    """The audit by one engine."""
    return Timed(["bin/npyparity", "audit", str(fixtures), "--engine", engine, "--report", str(scratch / "report")])


def peer(fixtures: Path, *options: str) -> Timed:
    """The same fixtures in Python."""
    return Timed([sys.executable, "python/bench/judge_peer.py", *options, str(fixtures)])


def emitted(scratch: Path, name: str, case: dict[str, object], copies: int) -> Path:
    """A fixture directory of ``copies`` seeds of one case."""
    listed = scratch / f"{name}.json"
    listed.write_text(json.dumps([case | {"seed": seed} for seed in range(copies)]), encoding="utf-8")
    out = scratch / name
    emit = [sys.executable, "-m", "npyparity", "emit", "--cases", str(listed), "--out", str(out)]
    subprocess.run(emit, cwd=ROOT, env=os.environ | {"PYTHONPATH": "python"}, check=True, stdout=subprocess.DEVNULL)
    return out


def in_turns(*commands: Timed) -> None:
    """One run to warm the page cache, then all of them in turn."""
    for command in commands:
        command.run()
        command.wall.clear()
    for _ in range(TURNS):
        for command in commands:
            command.run()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="npyparity-bench-") as directory:
        scratch = Path(directory)
        print(f"medians of {TURNS} whole processes in turn, on {os.cpu_count()} cores; ratios are Python / npyparity")
        for name, fixtures in (
            ("generated set", ROOT / "fixtures/generated"),
            ("document's configuration, 30 seeds", emitted(scratch, "document", DOCUMENT, 30)),
        ):
            ours, plain, same = audit(fixtures, scratch, "vector"), peer(fixtures), peer(fixtures, "--proven")
            in_turns(ours, plain, same)
            print(
                f"{name}: npyparity {ours.seconds:.2f} s; load, compute, assert_allclose {plain.seconds:.2f} s "
                f"({plain.seconds / ours.seconds:.2f}x); checksums, bounds and local judgement too "
                f"{same.seconds:.2f} s ({same.seconds / ours.seconds:.2f}x)"
            )
        one, ten = (audit(emitted(scratch, f"small{n}", SMALL, n), scratch, "vector") for n in (200, 2000))
        in_turns(one, ten)
        print(f"200 cases {one.seconds:.2f} s, 2,000 cases {ten.seconds:.2f} s: {ten.seconds / one.seconds:.1f} times")

        for name in "ab":
            np.save(scratch / f"{name}.npy", np.arange(1000.0))
        diff = Timed(["bin/npyparity", "diff", str(scratch / "a.npy"), str(scratch / "b.npy")])
        in_turns(diff)
        print(f"diff of two files of 1,000 elements: {diff.seconds:.2f} s")


if __name__ == "__main__":
    main()
