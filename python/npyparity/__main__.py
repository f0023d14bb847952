"""The command line: ``python -m npyparity emit``. Exit codes: 0 done, 2 bad input or usage, 130 interrupted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from npyparity import __version__
from npyparity.cases import SETS, CaseError, read
from npyparity.compute import ComputeError
from npyparity.emit import EmitError, emit, on_terminal


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        cases = read(options.cases) if options.cases else SETS[options.set]()
        summary = emit(cases, options.out, options.jobs, options.force, on_terminal())
    except (CaseError, ComputeError, EmitError, OSError) as error:
        print(f"npyparity: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("npyparity: interrupted; what is written is whole, and the next run goes on from here", file=sys.stderr)
        return 130
    for name in summary.foreign:
        print(f"npyparity: {options.out / name}: no case of this generator, left as it is", file=sys.stderr)
    print(
        f"{options.out}: {len(cases)} cases, {len(summary.written)} written, "
        f"{len(cases) - len(summary.written)} unchanged, {len(summary.removed)} removed"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="npyparity", description="The Python side of npyparity.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "emit",
        help="compute cases with NumPy and write them as a fixture directory",
        description="Makes DIR hold exactly the cases asked for. What is current is left as it is; cases of this "
        "generator that are no longer asked for are removed; anything else in DIR is named and left alone.",
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--set", choices=sorted(SETS), help="a set from the case table")
    source.add_argument("--cases", type=Path, metavar="FILE", help="a JSON list of cases")
    command.add_argument("--out", type=Path, metavar="DIR", required=True, help="the fixture directory")
    command.add_argument("--jobs", type=_positive, metavar="N", help="processes (default: one for each core)")
    command.add_argument("--force", action="store_true", help="compute every case again")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number}: expected at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
