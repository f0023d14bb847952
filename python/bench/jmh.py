"""What JMH measured, as the tables of the benchmarks read it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any


def median(result: dict[str, Any]) -> float:
    """Of one benchmark's iterations: one writeback of the kernel's in one of them moves a mean."""
    return float(result["primaryMetric"]["scorePercentiles"]["50.0"])


def medians(results: Path) -> Iterator[tuple[str, dict[str, str], float]]:
    """The benchmarks of a file by class and method, each with its parameters and its median."""
    for result in json.loads(results.read_text()):
        name = ".".join(result["benchmark"].split(".")[-2:])
        yield name, result.get("params", {}), median(result)


def require_measured(results: Path, missing: Iterable[str]) -> None:
    """Ends with exit code 2, and a sentence, if something that a table shows was not measured."""
    names = ", ".join(sorted(missing))
    if names:
        print(f"{results}: not measured: {names}", file=sys.stderr)
        sys.exit(2)


def print_table(table: Callable[[Path], None], usage: str | None) -> None:
    """Prints the table of the file that the command line names; without one, how the script is used."""
    if len(sys.argv) != 2:
        print(usage)
        sys.exit(2)
    table(Path(sys.argv[1]))
