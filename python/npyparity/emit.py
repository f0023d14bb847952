"""From a list of cases to a fixture directory: deterministic, incremental, parallel, and each case whole or absent.

A case is written into a hidden directory beside its place, synced, and renamed into it. A hidden journal remembers
what each finished case looked like (sizes and times of its files, and which generator made it): what still looks so
is current. Killing the emission at any moment leaves whole cases, and hidden leftovers that the next one removes.
"""

from __future__ import annotations

import ast
import contextlib
import ctypes
import hashlib
import io
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from npyparity.cases import Case
from npyparity.compute import Computed, compute
from npyparity.document import Array
from npyparity.draw import EXACT_LIMIT
from npyparity.oracle import Oracle, oracle, require_fit
from npyparity.provenance import provenance
from npyparity.schema import schema_validator

FORMAT = "1.0"
JOURNAL = ".emitted"
LEFTOVER = ".emit-"
"""How the names of directories in the making begin."""
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
"""linux/fcntl.h and linux/fs.h."""

_LEAST_COPIES = 3  # of a case's arrays, in memory at once: 3.0 to 3.8 were measured in float64, 3.7 to 5.1 in float32
_CASES_PER_JOB = 16  # starting a process takes as long as computing about so many small cases


class EmitError(RuntimeError):
    """A directory that cannot be written as asked; the message says which and why."""


@dataclass
class Summary:
    """What an emission did, as case ids."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Computed again, with the same bytes as before: left as they were, provenance included."""
    current: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    """Entries that are no case of this generator: left alone."""


def emit(
    cases: Sequence[Case],
    out: Path,
    jobs: int | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    oracle_name: str = "document",
) -> Summary:
    """Makes ``out`` hold exactly ``cases``, each current; ``force`` computes all of them again.

    ``progress`` is told how many of how many cases are done; ``oracle_name`` says what fills their expected arrays.
    """
    require_fit(oracle_name, cases)
    _require_memory(cases)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmitError(f"{out}: cannot be made ({error.strerror}): expected a place for a directory") from error
    summary = Summary()
    with _alone_in(out):
        _tidy(out, {case.id for case in cases}, summary)
        journal = _Journal(out, oracle_name)
        todo = []
        for case in cases:
            if not force and journal.vouches_for(case):
                summary.current.append(case.id)
            else:
                todo.append(case)
        journal.keep_only(summary.current)
        progress(len(summary.current), len(cases))
        for case, changed in _emit_all(todo, out, jobs or os.cpu_count() or 1, oracle_name):
            journal.add(case)
            (summary.written if changed else summary.unchanged).append(case.id)
            progress(len(cases) - len(todo) + len(summary.written) + len(summary.unchanged), len(cases))
    return summary


def _require_memory(cases: Sequence[Case]) -> None:
    """A process that asks for more memory than there is may be killed without a word, and others with it."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        return
    for case in cases:
        arrays = sum(prod(shape) for shape in case.geometry.shapes.values()) * np.dtype(case.dtype).itemsize
        if _LEAST_COPIES * arrays > memory:
            raise EmitError(
                f"{case.id}: its arrays take {arrays / 1e9:.1f} GB, and memory has to hold them {_LEAST_COPIES} times: "
                f"expected at most {memory / _LEAST_COPIES / 1e9:.1f} GB on this machine"
            )


def on_terminal() -> Callable[[int, int], None]:
    """A progress line on standard error, or nothing where that is no terminal."""
    started = time.monotonic()

    def show(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        print(f"\r{done}/{total} cases, {time.monotonic() - started:.0f} s", end=end, file=sys.stderr, flush=True)

    return show if sys.stderr.isatty() else lambda done, total: None


# ---- computing, here or in parallel ----------------------------------------------------------------------------------


def _emit_all(cases: Sequence[Case], out: Path, jobs: int, oracle_name: str) -> Iterator[tuple[Case, bool]]:
    """Emits ``cases``, the largest first, and yields each when done, with whether its files changed."""
    cases = sorted(cases, key=lambda case: case.geometry.positions * case.geometry.taps, reverse=True)
    jobs = 1 if oracle_name == "torch" else min(jobs, len(cases) // _CASES_PER_JOB)  # one PyTorch is enough
    source = oracle(oracle_name)
    if jobs <= 1:
        with contextlib.closing(source):
            for case in cases:
                yield case, _emit_one(case, out, source)
        return
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # the processes are the parallelism
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _die_with_parent)
    try:
        futures = {pool.submit(_emit_one, case, out, source): case for case in cases}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _die_with_parent() -> None:
    """A killed parent cannot stop its processes, which would wait for work for ever."""

    def wait() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _emit_one(case: Case, out: Path, source: Oracle) -> bool:
    """Computes ``case`` and puts it in its place; returns whether that changed any of its files."""
    files = files_of(_as_told_by(source, compute(case)))
    _validate(files["case.json"])
    place = out / case.id
    if _holds(place, files) and _oracle_in(place) == source.provenance():
        return False
    foreign = sorted(_names_in(place) - files.keys() - {"provenance.json"})
    if foreign:
        raise EmitError(f"{place}: holds {foreign[0]}, which is no part of the case: move it elsewhere")
    files["provenance.json"] = json_bytes(provenance(source.provenance()))
    try:
        _write(place, files)
    except OSError as error:
        raise EmitError(f"{place}: cannot be written ({error.strerror})") from error
    return True


def _as_told_by(source: Oracle, computed: Computed) -> Computed:
    expected = source.expected(computed)
    if computed.case.family == "exact":
        expected = {name: array + 0.0 for name, array in expected.items()}  # zeros unsigned, whoever computed them
    for name, array in expected.items():
        if name not in computed.always_zero and not array.any():
            raise EmitError(f"{computed.case.id}: the oracle makes {name} all zero: expected a gradient")
    return replace(computed, expected=expected)


def _oracle_in(place: Path) -> Any:
    """What the provenance of a case says of its oracle."""
    try:
        return json.loads((place / "provenance.json").read_bytes()).get("oracle")
    except (ValueError, AttributeError):
        return "unreadable"


def files_of(computed: Computed) -> dict[str, bytes]:
    """The files of a case by path within its directory, but for its provenance."""
    case = computed.case
    files: dict[str, bytes] = {}

    def described(folder: str, arrays: Mapping[str, Array]) -> dict[str, Any]:
        entries = {}
        for name, array in arrays.items():
            path = f"{folder}/{name}.npy"
            files[path] = _npy(array)
            entries[name] = {
                "file": path,
                "shape": list(array.shape),
                "dtype": array.dtype.name,
                "sha256": hashlib.sha256(files[path]).hexdigest(),
                **({} if np.isfinite(array).all() else {"nonfinite": True}),
                **({"all_zero": True} if name in computed.always_zero else {}),
            }
        return entries

    description = {
        "format": FORMAT,
        "id": case.id,
        "why": case.why,
        **{name: value for name, value in case.identity().items() if name != "policy"},
        "attempt": computed.attempt,
        "policy": case.policy,
        **({"exactness": _exactness(computed)} if case.family == "exact" else {}),
        "inputs": described("inputs", computed.inputs),
        "expected": described("expected", computed.expected),
    }
    files["case.json"] = json_bytes(description)
    return files


def _exactness(computed: Computed) -> dict[str, Any]:
    return {
        "limit": EXACT_LIMIT[computed.case.dtype],
        "sums": {name: int(sums.max()) for name, sums in computed.sums.items()},
    }


def _npy(array: Array) -> bytes:
    """``array`` as a .npy file, version 1.0, C order, little-endian."""
    buffer = io.BytesIO()
    little_endian = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    np.save(buffer, little_endian, allow_pickle=False)
    return buffer.getvalue()


def json_bytes(value: object) -> bytes:
    """``value`` as the JSON files of a case are written."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _validate(case_json: bytes) -> None:
    """Against the schema, where that and jsonschema are at hand (in a bare container they are not; readers check)."""
    validator = schema_validator()
    if validator is not None:
        validator.validate(json.loads(case_json))


# ---- the directory ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _alone_in(out: Path) -> Iterator[None]:
    """Waits until no other emission writes into ``out``; where there is no ``flock`` (Windows), trusts the user."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    directory = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _tidy(out: Path, wanted: set[str], summary: Summary) -> None:
    """Removes leftovers of a killed emission and cases that left the table; what it does not know it only names."""
    for entry in sorted(out.iterdir()):
        if entry.name.startswith(LEFTOVER):
            _remove(entry)
        elif entry.name in wanted or entry.name.startswith("."):
            continue
        elif _is_own(entry):
            _remove(entry)
            summary.removed.append(entry.name)
        else:
            summary.foreign.append(entry.name)


def _is_own(entry: Path) -> bool:
    """Whether ``entry`` is a case that this generator made, and holds nothing else."""
    if entry.is_symlink() or not entry.is_dir():
        return False
    try:
        case = json.loads((entry / "case.json").read_bytes())
        maker = json.loads((entry / "provenance.json").read_bytes())
        arrays = {array["file"] for part in ("inputs", "expected") for array in case[part].values()}
        return (
            case["id"] == entry.name
            and maker["generator"]["name"] == "npyparity"
            and _names_in(entry) == arrays | {"case.json", "provenance.json"}
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _names_in(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*") if not path.is_dir()}


def _holds(place: Path, files: Mapping[str, bytes]) -> bool:
    """Whether ``place`` holds exactly ``files``, and a provenance."""
    if _names_in(place) != files.keys() | {"provenance.json"}:
        return False
    return all((place / name).read_bytes() == content for name, content in files.items())


def _write(place: Path, files: Mapping[str, bytes]) -> None:
    making = place.with_name(f"{LEFTOVER}{os.getpid()}-{place.name}")
    try:
        for folder in (making, making / "inputs", making / "expected"):
            folder.mkdir()
        for name, content in files.items():  # makes no folder: if a later emission tidied this one away, that must fail
            with (making / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        shutil.rmtree(making, ignore_errors=True)
        raise
    if place.exists():
        if not _exchange(making, place):
            _remove(place)  # a kill before the next line leaves the case out of sight, until it is emitted again
            making.rename(place)
            return
        _remove(making)
    else:
        making.rename(place)


def _exchange(a: Path, b: Path) -> bool:
    """Lets two directories change places in one step, so that there is always one of them at ``b``.

    Linux's renameat2(2), which Python has no function for; ``False``, and nothing done, where system or file system
    lack it.
    """
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) == 0)


def _remove(directory: Path) -> None:
    """Removes a directory so that it is never there in part: it goes out of sight first."""
    hidden = Path(tempfile.mkdtemp(prefix=LEFTOVER, dir=directory.parent))
    directory.rename(hidden / directory.name)
    shutil.rmtree(hidden)


class _Journal:
    """What each finished case in a directory looked like, one line for each: its id and a hash."""

    def __init__(self, out: Path, oracle_name: str) -> None:
        self._out = out
        self._oracle = oracle_name
        self._path = out / JOURNAL
        lines = self._path.read_text(encoding="ascii").splitlines() if self._path.exists() else []
        self._looks = dict(line.split(" ") for line in lines if line.count(" ") == 1)

    def vouches_for(self, case: Case) -> bool:
        """Whether the case's files look as they did when this very generator finished it."""
        return case.id in self._looks and self._looks[case.id] == self._look(case)

    def keep_only(self, ids: Iterable[str]) -> None:
        beside = self._path.with_name(f"{JOURNAL}-new")
        beside.write_text("".join(f"{id_} {self._looks[id_]}\n" for id_ in ids), encoding="ascii")
        beside.replace(self._path)

    def add(self, case: Case) -> None:
        with self._path.open("a", encoding="ascii") as file:
            file.write(f"{case.id} {self._look(case)}\n")

    def _look(self, case: Case) -> str:
        place = self._out / case.id
        stats = [(name, (place / name).stat()) for name in sorted(_names_in(place))]
        looks = [
            _generator(),
            self._oracle,
            case.identity(),
            case.why,
            [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats],
        ]
        return hashlib.sha256(json.dumps(looks).encode("utf-8")).hexdigest()


@cache
def _generator(package: Path = Path(__file__).parent) -> str:
    """A hash of what decides a case's bytes beside the case: the sources that emission uses, and NumPy."""
    digest = hashlib.sha256(np.__version__.encode("ascii"))
    for name in sorted(_used_by(Path(__file__).stem, package)):
        if name != "cases":  # a table of values, which are hashed themselves
            digest.update((package / f"{name}.py").read_bytes())
    return digest.hexdigest()


def _used_by(module: str, package: Path) -> set[str]:
    """A module of the package and all that it uses: what it imports, and what it starts by the name of its file."""
    found: set[str] = set()
    unseen = {module}
    while unseen:
        name = unseen.pop()
        found.add(name)
        named: set[str] = set()
        for node in ast.walk(ast.parse((package / f"{name}.py").read_bytes())):
            if isinstance(node, ast.ImportFrom) and node.module == package.name:
                named |= {"__init__"} | {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                named.add(node.module.removeprefix(f"{package.name}."))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".py"):
                named.add(node.value.removesuffix(".py"))
        unseen |= {used for used in named - found if _is_module(package, used)}
    return found


def _is_module(package: Path, name: str) -> bool:
    return name.isidentifier() and (package / f"{name}.py").exists()
