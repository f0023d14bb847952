"""The table of `make bench-report`: how long Chromium takes to open a report, up to its load event.

python report_table.py RESULTS.json

A report of 2,000 cases, judged for four engines, is to open within a second. Exit code 2 if it was not measured.
"""

from __future__ import annotations

from pathlib import Path

from jmh import medians, print_table, require_measured

CASES, MOST = 2000, 1000
"""Milliseconds."""


def table(results: Path) -> None:
    by_cases = {int(setting["cases"]): score for _, setting, score in medians(results)}
    require_measured(results, {f"{CASES} cases"} if CASES not in by_cases else ())
    for cases, score in sorted(by_cases.items()):
        print(f"open index.html of {cases:5,} cases: {score:4.0f} ms")
    print(f"of {MOST:,} at most{'' if by_cases[CASES] <= MOST else '  BEYOND'}")


if __name__ == "__main__":
    print_table(table, __doc__)
