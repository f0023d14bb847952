"""``npyparity audit`` beside the same fixtures judged in Python, as whole processes: ``make bench-audit``.

They take turns, so that a machine whose speed drifts slows all of them; a ratio is of medians. The audit checks
every checksum, derives every bound and judges each stage twice; the plain Python peer loads, computes and compares
once, the other does all of it. A third hashes the files on all cores and does nothing else: no audit that checks them
is faster. Files come from the page cache.
"""

from __future__ import annotations

import argparse
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
TURNS = {"full": 5, "quick": 3}
MOST_TO_DIFF = 0.4
"""Seconds."""
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
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall.append(time.monotonic() - start)
        self.memory = max(self.memory, used.ru_maxrss / 1024)
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


def hashing(fixtures: Path) -> Timed:
    """The checksums of the same fixtures and nothing else, on all cores."""
    return Timed([sys.executable, "python/bench/hash_files.py", str(fixtures)])


def emitted(scratch: Path, name: str, case: dict[str, object], copies: int) -> Path:
    """A fixture directory of ``copies`` seeds of one case."""
    listed = scratch / f"{name}.json"
    listed.write_text(json.dumps([case | {"seed": seed} for seed in range(copies)]), encoding="utf-8")
    out = scratch / name
    emit = [sys.executable, "-m", "npyparity", "emit", "--cases", str(listed), "--out", str(out)]
    subprocess.run(emit, cwd=ROOT, env=os.environ | {"PYTHONPATH": "python"}, check=True, stdout=subprocess.DEVNULL)
    return out


def in_turns(turns: int, *commands: Timed) -> None:
    """One run to warm the page cache, then all of them in turn."""
    for command in commands:
        command.run()
        command.wall.clear()
    for _ in range(turns):
        for command in commands:
            command.run()


def row(title: str, ours: float, peer: float, bar: str, met: bool) -> None:
    print(f"{title:60}  {ours:8.2f}  {peer:7.2f}  {peer / ours:6.2f}  {bar}{'' if met else '  MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser(description="The audit beside the same judgement in Python.")
    parser.add_argument("--mode", choices=TURNS, default="full")
    turns = TURNS[parser.parse_args().mode]
    with tempfile.TemporaryDirectory(prefix="npyparity-bench-") as directory:
        scratch = Path(directory)
        head = f"medians of {turns} whole processes in turn, {os.cpu_count()} cores"
        print(f"{head:60}  audit, s  peer, s   ratio  bar")
        for name, fixtures, bar in (
            ("generated set", ROOT / "fixtures/generated", 3),
            ("document's, 30 seeds", emitted(scratch, "document", DOCUMENT, 30), 10),
        ):
            ours, plain, same = audit(fixtures, scratch, "vector"), peer(fixtures), peer(fixtures, "--proven")
            hashed = hashing(fixtures)
            in_turns(turns, ours, plain, same, hashed)
            ratio = plain.seconds / ours.seconds
            row(f"{name}: load, compute, assert_allclose", ours.seconds, plain.seconds, f">= {bar}", ratio >= bar)
            row(f"{name}: checksums, bounds, local judgement too", ours.seconds, same.seconds, "", met=True)
            row(f"{name}: hashing alone, hashlib, all cores", ours.seconds, hashed.seconds, "", met=True)
        one, ten, thirty = (
            audit(emitted(scratch, f"small{n}", SMALL, n), scratch, "vector") for n in (200, 2000, 6000)
        )
        in_turns(turns, one, ten)
        thirty.run()
        times = ten.seconds / one.seconds
        row("200 small cases, beside 2,000", one.seconds, ten.seconds, "<= 10.5", times <= 10.5)
        memory = f"200 cases {one.memory:.0f} MB, of 2,000 {ten.memory:.0f} MB, of 6,000 {thirty.memory:.0f} MB"
        print(f"peak memory of {memory}")

        for name in "ab":
            np.save(scratch / f"{name}.npy", np.arange(1000.0))
        diff = Timed(["bin/npyparity", "diff", str(scratch / "a.npy"), str(scratch / "b.npy")])
        in_turns(turns, diff)
        late = "" if diff.seconds <= MOST_TO_DIFF else "  MISSED"
        print(f"diff of two files of 1,000 elements: {diff.seconds:.2f} s, of {MOST_TO_DIFF} at most{late}")


if __name__ == "__main__":
    main()
