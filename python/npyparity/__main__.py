"""The command line: ``python -m npyparity COMMAND``. Exit codes: 0 done, 2 bad input or usage, 130 interrupted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path

from npyparity import __version__, needs

needs.require()  # the modules below import NumPy

from npyparity import drift, verify
from npyparity.cases import SETS, CaseError, read
from npyparity.compute import ComputeError
from npyparity.emit import EmitError, emit, on_terminal
from npyparity.fixture import FixtureError
from npyparity.oracle import ORACLES, OracleError
from npyparity.serve import serve_port, serve_streams


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (CaseError, ComputeError, EmitError, FixtureError, OracleError) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error))
    except (MemoryError, BrokenExecutor):
        return _refuse("the memory does not suffice, or a process was killed: expected fewer --jobs, or smaller cases")
    except KeyboardInterrupt:
        print("npyparity: interrupted; what is written is whole, and the next run goes on from here", file=sys.stderr)
        return 130
    return code


def _refuse(sentence: str) -> int:
    print(f"npyparity: {sentence}", file=sys.stderr)
    return 2


def _emit(options: argparse.Namespace) -> int:
    cases = read(options.cases) if options.cases else SETS[options.set]()
    summary = emit(cases, options.out, options.jobs, options.force, on_terminal(), options.oracle)
    for name in summary.foreign:
        print(f"npyparity: {options.out / name}: no case of this generator, left as it is", file=sys.stderr)
    print(
        f"{options.out}: {len(cases)} case{'s' if len(cases) > 1 else ''}, {len(summary.written)} written, "
        f"{len(cases) - len(summary.written)} unchanged, {len(summary.removed)} removed"
    )
    return 0


def _serve(options: argparse.Namespace) -> int:
    if options.port is None:
        serve_streams()
    else:
        serve_port(options.host, options.port, options.once)
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
    command.add_argument(
        "--oracle",
        choices=ORACLES,
        default="document",
        help="what fills the expected arrays: the document's code, PyTorch's autograd (NPYPARITY_TORCH_PYTHON may name "
        "an interpreter that has it), or exact arithmetic rounded once (default: %(default)s)",
    )
    command.set_defaults(run=_emit)

    command = commands.add_parser(
        "serve",
        help="compute lists of cases as they come in, and answer with fixture directories",
        description="A worker for other programs, npyparity's Java side above all: one line of JSON with a list of "
        "cases in, a tar of case directories out, on standard input and output or on a port. Ends with its input.",
    )
    command.add_argument("--port", type=_port, metavar="N", help="listen here, one connection at a time; 0: any free")
    command.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="with --port (default: %(default)s)")
    command.add_argument("--once", action="store_true", help="with --port: end with the first connection")
    command.set_defaults(run=_serve)

    verify.add_parser(commands)
    drift.add_parser(commands)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**16:
        raise argparse.ArgumentTypeError(f"{text}: expected a port from 0 to 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: expected a whole number of at least 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
