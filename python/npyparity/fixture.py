"""Fixture directories as a reader sees them: case.json held to its schema and its id, arrays to their checksums.

The emitter writes them; whoever judges reads them through here. Nothing is believed that can be checked.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from npyparity.cases import Case, CaseError
from npyparity.document import Array
from npyparity.geometry import Geometry, GeometryError
from npyparity.schema import SCHEMA, schema_validator, strict_json

FORMAT_MAJOR = "1"


class FixtureError(ValueError):
    """A fixture, or a file of it, that cannot be read as one; the message names the file, what was found, expected."""


@dataclass(frozen=True)
class Entry:
    """An array as ``case.json`` describes it."""

    file: str
    shape: tuple[int, ...]
    dtype: str
    sha256: str
    nonfinite: bool
    all_zero: bool


@dataclass(frozen=True)
class Fixture:
    """A case on disk; its arrays are loaded when asked for."""

    directory: Path
    case: Case
    inputs: dict[str, Entry]
    expected: dict[str, Entry]

    @property
    def id(self) -> str:
        return self.case.id

    def load(self, name: str) -> Array:
        """An array, held to everything that ``case.json`` says of it."""
        entry = {**self.inputs, **self.expected}[name]
        path = self.directory / entry.file
        where = f"{path}: array {name} of case {self.id}"
        if not path.is_file():
            raise FixtureError(f"{where} is missing: expected a .npy file; regenerate the case")
        if not path.resolve().is_relative_to(self.directory.resolve()):
            raise FixtureError(f"{where} lies outside of the case's directory, at {path.resolve()}")
        content = path.read_bytes()
        found = hashlib.sha256(content).hexdigest()
        if found != entry.sha256:
            raise FixtureError(f"{where}: sha256 is {found}, case.json says {entry.sha256}")
        array = parse_npy(content, where)
        if array.shape != entry.shape or array.dtype.name != entry.dtype:
            raise FixtureError(
                f"{where}: is {array.dtype.name} {array.shape}, case.json says {entry.dtype} {entry.shape}"
            )
        finite = np.isfinite(array).all()
        if not entry.nonfinite and not finite:
            raise FixtureError(f"{where} holds NaN or an infinity: case.json does not declare it nonfinite")
        if entry.nonfinite and finite:
            raise FixtureError(f"{where} is declared nonfinite, but is not")
        if entry.all_zero and array.any():
            raise FixtureError(f"{where} is declared all_zero, but is not")
        return array


def case_directories(directory: Path) -> list[Path]:
    """The directories of all cases in ``directory``, by name; ``directory`` itself where it is one case.

    Names that start with a dot are an emitter's unfinished work, and plain files are none of its business.
    """
    if not directory.is_dir():
        raise FixtureError(f"{directory}: is not a directory: expected fixtures; `make fixtures` generates them")
    if (directory / "case.json").exists():
        return [directory]
    found = sorted(entry for entry in directory.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if not found:
        raise FixtureError(f"{directory}: holds no case: expected subdirectories with a case.json")
    return found


def read(directory: Path) -> Fixture:
    """The case in ``directory``, checked but for its arrays' bytes."""
    path = directory / "case.json"
    try:
        content = strict_json(path.read_bytes())
    except OSError as error:
        raise FixtureError(f"{path}: cannot be read ({error.strerror}): expected the description of a case") from error
    except ValueError as error:
        raise FixtureError(f"{path}: not JSON ({error}): expected the description of a case") from error
    _require_schema(path, content)
    try:
        case = Case(
            operation=content["operation"],
            family=content["family"],
            variant=content["variant"],
            dtype=content["dtype"],
            geometry=Geometry.of(content["parameters"]),
            seed=content["seed"],
            policy=content["policy"],
            why=content["why"],
        )
    except (CaseError, GeometryError) as error:
        raise FixtureError(f"{path}: {error}") from error
    if content["id"] != case.id:
        raise FixtureError(
            f"{path}: id is {content['id']}: expected {case.id}; a field was edited by hand, regenerate the case"
        )
    name = directory.name if directory.name not in ("", "..") else directory.resolve().name
    if name != case.id:
        raise FixtureError(f"{path}: id is {case.id}: expected the name of its directory, {name}")
    fixture = Fixture(directory, case, _entries(content["inputs"]), _entries(content["expected"]))
    _require_arrays(path, fixture)
    return fixture


def parse_npy(content: bytes, where: str) -> Array:
    """The array of a .npy file, in C order and native byte order.

    Refuses, beside what NumPy itself refuses, pickles and bytes behind the data. ``where`` starts the sentence.
    """
    stream = io.BytesIO(content)
    try:
        array = np.lib.format.read_array(stream, allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise FixtureError(f"{where}: is no whole .npy file ({' '.join(str(error).split())})") from error
    if stream.read(1):
        raise FixtureError(f"{where}: has bytes behind its data: expected none")
    return np.asarray(array, array.dtype.newbyteorder("="))


def _require_schema(path: Path, content: Any) -> None:
    found = content.get("format") if isinstance(content, dict) else None
    if isinstance(found, str) and found.split(".")[0] not in ("", FORMAT_MAJOR):
        raise FixtureError(f"{path}: format is {found}: this npyparity reads {FORMAT_MAJOR}.x")
    validator = schema_validator()
    if validator is None:
        raise FixtureError(
            f"{path}: cannot be checked: expected the package jsonschema, and the schema at {SCHEMA}; "
            "`make fixtures` installs the first"
        )
    error = next(iter(sorted(validator.iter_errors(content), key=lambda error: list(map(str, error.path)))), None)
    if error is not None:
        field = ".".join(map(str, error.absolute_path)) or "the whole"
        # The message begins with the value that was found.
        raise FixtureError(f"{path}: {field}: {error.message[:200]} (case.schema.json); regenerate the case")


def _entries(content: Mapping[str, Any]) -> dict[str, Entry]:
    return {
        name: Entry(
            file=entry["file"],
            shape=tuple(entry["shape"]),
            dtype=entry["dtype"],
            sha256=entry["sha256"],
            nonfinite=entry.get("nonfinite", False),
            all_zero=entry.get("all_zero", False),
        )
        for name, entry in content.items()
    }


def _require_arrays(path: Path, fixture: Fixture) -> None:
    """What the schema cannot say of the arrays: which there are, and of which dtype, it does."""
    case = fixture.case
    for field, found in (("inputs", fixture.inputs), ("expected", fixture.expected)):
        for name, entry in found.items():
            if entry.shape != case.geometry.shapes[name]:
                raise FixtureError(
                    f"{path}: {field}.{name}.shape is {entry.shape}: "
                    f"the parameters make it {case.geometry.shapes[name]}"
                )
    known = {"case.json", "provenance.json"} | {e.file for e in (*fixture.inputs.values(), *fixture.expected.values())}
    files = {p.relative_to(fixture.directory).as_posix() for p in fixture.directory.rglob("*") if not p.is_dir()}
    if files - known:
        raise FixtureError(
            f"{fixture.directory}: holds files that case.json does not name: {', '.join(sorted(files - known))}; "
            "remove them or regenerate the case"
        )
