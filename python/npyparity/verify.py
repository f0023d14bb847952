"""An independent judge: arrays that something else wrote, held against NumPy's, with NumPy alone.

It shares with the Java judge the vocabulary and the mathematics (``bound.py``), and no code. Each array is judged end
to end, against the expected one, and locally, against what its actual predecessors give in extended precision: the
first stage that fails locally is where the bug is. Nothing passes by comparing nothing: the ledger counts.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import multiprocessing
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from npyparity.bound import Layer, Sums, Wide
from npyparity.cases import DTYPES, POLICY
from npyparity.document import Array
from npyparity.fixture import Fixture, FixtureError, case_directories, parse_npy, read

PARITY, UNDECIDABLE, MISMATCH = "parity", "undecidable", "mismatch"
LOCAL, END_TO_END = "local", "end to end"

_CASES_PER_JOB = 16
_SHOWN = 12
"""Rows of the table that are shown where all of them pass."""


@dataclass(frozen=True)
class Policy:
    """Which differences are allowed; the text form is that of case.json and of the command line."""

    name: str
    signed_zeros: bool = False
    rtol: float = 1e-7
    atol: float = 0.0
    equal_nan: bool = True

    FORMS = "exact, exact:signed-zeros, certified, allclose or allclose:rtol=R,atol=A,nan-differs"

    @staticmethod
    def parse(text: str) -> Policy:
        if text == "exact:signed-zeros":
            return Policy("exact", signed_zeros=True)
        base, differs, _ = text.partition("nan-differs")
        base = base.rstrip(",:") if differs else base
        if not re.fullmatch(POLICY, base) or (differs and not base.startswith("allclose")):
            raise argparse.ArgumentTypeError(f"policy is {text}: expected {Policy.FORMS}")
        name, _, settings = base.partition(":")
        numbers = {key: float(value) for key, value in (s.split("=") for s in settings.split(",") if s)}
        return Policy(name, False, numbers.get("rtol", 1e-7), numbers.get("atol", 0.0), not differs)

    def same(self, actual: Array, expected: Array) -> Array:
        """Where two elements are equal before any tolerance: +0 and -0 are unless asked, and a NaN is a NaN."""
        same = actual == expected
        if self.signed_zeros:
            same &= np.signbit(actual) == np.signbit(expected)
        return np.asarray(same | (np.isnan(actual) & np.isnan(expected) & self.equal_nan))


EXACT, CERTIFIED = Policy("exact"), Policy("certified")


@dataclass(frozen=True)
class Judgement:
    """The verdict on one array."""

    case: str
    actual: str
    """Whose array it is: the path of the directory."""
    array: str
    scope: str
    policy: str
    verdict: str
    elements: int
    differing: int
    failing: int
    undecidable: int
    ambiguous: int
    """Elements that differ where a ReLU at its kink makes both values right."""
    worst_fraction: float
    """The largest difference as a fraction of its tolerance; infinite where that is 0."""
    worst_index: list[int] | None
    reason: str | None = None
    """Why no element was compared."""

    @property
    def passes(self) -> bool:
        return self.verdict == PARITY

    @property
    def badness(self) -> tuple[int, float]:
        return [PARITY, UNDECIDABLE, MISMATCH].index(self.verdict), self.worst_fraction


@dataclass
class Outcome:
    """What was found of one case, or of several, one after the other."""

    judgements: list[Judgement] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Bad input, a sentence each."""
    gaps: list[str] = field(default_factory=list)
    """What should have been judged and was not, a sentence each."""
    arrays_expected: int = 0

    def add(self, other: Outcome) -> None:
        self.judgements += other.judgements
        self.refused += other.refused
        self.gaps += other.gaps
        self.arrays_expected += other.arrays_expected

    @property
    def arrays_judged(self) -> int:
        return sum(judgement.scope == END_TO_END for judgement in self.judgements)

    @property
    def verdict(self) -> str:
        return max((j.verdict for j in self.judgements), key=[PARITY, UNDECIDABLE, MISMATCH].index, default=PARITY)

    @property
    def exit_code(self) -> int:
        if self.refused:
            return 2
        return 1 if self.gaps or self.verdict != PARITY or not self.judgements else 0


# ---- one case --------------------------------------------------------------------------------------------------------


class Reference:
    """A case's arrays, and the bounds between two correct computations from its inputs; derived when asked for."""

    def __init__(self, fixture: Fixture) -> None:
        self.fixture = fixture
        self.whole = fixture.case.operation == "conv2d"
        self.dtype = fixture.case.dtype
        self.layer = Layer(fixture.case.geometry)
        self.arrays = {name: fixture.load(name) for name in (*fixture.inputs, *fixture.expected)}
        self._bounds: dict[str, Array] = {}
        self._require_substance()

    # The mask. conv2d: of z, recomputed from the inputs; where |z| is within its bound both masks are legal.

    @cached_property
    def windows(self) -> Array:
        return self.layer.windows(self.arrays["in_data"]) if self.whole else self.arrays["matric_data"]

    @cached_property
    def z(self) -> Sums:
        return self.layer.z(self.windows, self.arrays["weights"], self.arrays["bias"])

    @cached_property
    def z_bound(self) -> Array:
        return self.z.between(self.dtype)

    @cached_property
    def dout(self) -> Array:
        return self.arrays["dout_data"].reshape(self.fixture.case.geometry.shapes["dfilter_data"])

    @cached_property
    def kink(self) -> Array:
        """A, (P, D): where rounding decides on which side of 0 z is, or nothing is known of it."""
        if not self.whole:
            return np.zeros(self.dout.shape, bool)
        kink: Array = (self.z_bound != 0) & ~(np.abs(self.z.value) > self.z_bound)
        return kink

    @cached_property
    def dfilter(self) -> Array:
        """dfilter_data (P, D) under mask ∪ A. NaN passes the mask, as NaN <= 0 is false."""
        stopped = (self.z.value if self.whole else self.arrays["filter_data"]) <= 0
        return np.where(stopped & ~self.kink, 0, self.dout).astype(self.dtype)

    @cached_property
    def uncertain(self) -> Array:
        """dout on A and 0 elsewhere."""
        return np.where(self.kink, self.dout, 0).astype(self.dtype)

    def sums(self, name: str, dfilter: Array) -> Sums:
        """The sums of a gradient, end to end, from one dfilter_data."""
        weights = self.arrays["weights"]
        return {
            "dweights": lambda: self.layer.dweights(self.windows, dfilter),
            "dbias": lambda: self.layer.dbias(dfilter),
            "dmatric_data": lambda: self.layer.dmatric_data(dfilter, weights),
            "dpadding_data": lambda: self.layer.dpadding_data(dfilter, weights),
            "din_data": lambda: self.layer.din_data(dfilter, weights),
        }[name]()

    def bound(self, name: str) -> Array:
        """How far two correct computations from the inputs can be apart, element by element."""
        if name not in self._bounds:
            self._bounds[name] = self._bound(name)
        return self._bounds[name]

    def _bound(self, name: str) -> Array:
        shape = self.arrays[name].shape
        if name in ("matric_data", "dfilter_data"):
            return np.zeros(shape, Wide)
        if name in ("filter_data", "out_data"):
            return self.z_bound.reshape(shape)
        sums = self.sums(name, self.dfilter)
        bound = sums.between(self.dtype)
        return bound + self._apart(name) if self.kink.any() else bound

    def _apart(self, name: str) -> Array:
        """S_A: how far the two legal masks can move each sum; NaN where that lets a NaN or an infinity through."""
        sums = self.sums(name, self.uncertain)
        meets = sums.product((sums.left != 0).astype(np.float64), _nonfinite(sums.right))
        brings = sums.product(_nonfinite(sums.left), np.ones(sums.right.shape))
        apart: Array = np.where(meets + brings > 0, Wide(np.nan), sums.magnitude)
        return apart

    def legal_otherwise(self, name: str, actual: Array) -> Array:
        """Where another value than the expected one is as right: at the kink, 0 for the gradient or it for 0."""
        expected = self.arrays[name]
        if name != "dfilter_data" or not self.kink.any():
            return np.zeros(expected.shape, bool)

        def is_legal(values: Array) -> Array:
            return np.asarray(EXACT.same(values, self.dout) | (values == 0))

        legal: Array = self.kink & is_legal(expected) & is_legal(actual)
        return legal

    def _require_substance(self) -> None:
        """Nothing passes by comparing zeros with zeros, unless the geometry leaves nothing else."""
        for name, entry in self.fixture.expected.items():
            all_zero = not self.arrays[name].any()
            path = self.fixture.directory / "case.json"
            if all_zero and not entry.all_zero:
                raise FixtureError(
                    f"{path}: expected.{name} is all zeros: a case that compares only zeros proves nothing, "
                    "expected all_zero to be declared where the geometry forces it"
                )
            if entry.all_zero and not all_zero:
                raise FixtureError(f"{path}: expected.{name} is declared all_zero, but is not")
            if all_zero and name not in ("matric_data", "dfilter_data"):
                with np.errstate(all="ignore"):
                    sums = self.z if name in ("filter_data", "out_data") else self.sums(name, self.dfilter)
                    if sums.terms.any():
                        raise FixtureError(
                            f"{path}: expected.{name} is declared all_zero, but the geometry does not force it: "
                            "the inputs make the sum of absolute values positive"
                        )


def _nonfinite(array: Array) -> Array:
    return (~np.isfinite(array)).astype(np.float64)


@dataclass(frozen=True)
class _Way:
    """A stage that makes an array from others: by moving them, or by sums of products and perhaps a ReLU."""

    array: str
    inputs: tuple[str, ...]
    copy: Callable[..., Array] | None = None
    sums: Callable[..., Sums] | None = None
    relu: bool = False


def _ways(reference: Reference) -> list[_Way]:
    """Every way to each array, the document's own first, in the order of computation."""
    layer, shapes = reference.layer, reference.fixture.case.geometry.shapes
    forward = [
        _Way("matric_data", ("in_data",), copy=layer.windows),
        _Way("filter_data", ("matric_data", "weights", "bias"), sums=layer.z, relu=True),
        _Way(
            "filter_data",
            ("in_data", "weights", "bias"),
            sums=lambda in_data, weights, bias: layer.z(layer.windows(in_data), weights, bias),
            relu=True,
        ),
        _Way("out_data", ("filter_data",), copy=lambda rows: rows.reshape(shapes["out_data"])),
    ]
    direct_dweights = _Way(
        "dweights", ("in_data", "dfilter_data"), sums=lambda image, d: layer.dweights(layer.windows(image), d)
    )
    backward = [
        _Way(
            "dfilter_data",
            ("dout_data", "filter_data"),
            copy=lambda dout, mask: np.where(mask <= 0, 0, dout.reshape(mask.shape)).astype(dout.dtype),
        ),
        _Way("dweights", ("matric_data", "dfilter_data"), sums=layer.dweights),
        *([direct_dweights] if reference.whole else []),
        _Way("dbias", ("dfilter_data",), sums=layer.dbias),
        _Way("dmatric_data", ("dfilter_data", "weights"), sums=layer.dmatric_data),
        _Way("dpadding_data", ("dmatric_data",), sums=layer.col2im),
        _Way("dpadding_data", ("dfilter_data", "weights"), sums=layer.dpadding_data),
        _Way("din_data", ("dpadding_data",), copy=layer.cropped),
        _Way("din_data", ("dfilter_data", "weights"), sums=layer.din_data),
    ]
    return [*(forward if reference.whole else []), *backward]


class CaseJudge:
    """Judges everything that was computed for one case."""

    def __init__(self, fixture: Fixture, override: Policy | None) -> None:
        self.fixture = fixture
        self.reference = Reference(fixture)
        self.policy = override or Policy.parse(fixture.case.policy)

    def judge(self, out: Path) -> Outcome:
        """Every array of ``out/<case-id>``, locally and end to end."""
        outcome = Outcome(arrays_expected=len(self.fixture.expected))
        arrays, incomparable = self._load(out, outcome)
        given = {**{name: self.reference.arrays[name] for name in self.fixture.inputs}, **arrays}
        ways = _ways(self.reference)
        with np.errstate(all="ignore"):  # NaN and infinities are data here
            for name in self.fixture.expected:
                if name in incomparable:  # nothing that comes before makes it right
                    outcome.judgements += [
                        self._incomparable(out, name, scope, self.policy, incomparable[name])
                        for scope in (LOCAL, END_TO_END)
                    ]
                if name in arrays:
                    local = [
                        self._locally(out, way, given, arrays[name])
                        for way in ways
                        if way.array == name and given.keys() >= set(way.inputs)
                    ]
                    if local:
                        outcome.judgements.append(next((j for j in local if j.passes), local[0]))
                    outcome.judgements.append(self.end_to_end(out, name, arrays[name]))
        for judgement in outcome.judgements:
            if judgement.passes and judgement.elements == 0:
                outcome.gaps.append(f"case {self.fixture.id}: {judgement.array} passed without an element")
        return outcome

    def _load(self, out: Path, outcome: Outcome) -> tuple[dict[str, Array], dict[str, str]]:
        """What can be compared, by name, and why the rest cannot."""
        arrays: dict[str, Array] = {}
        incomparable: dict[str, str] = {}
        directory = out / self.fixture.id
        expected = self.fixture.expected
        if not directory.is_dir():
            outcome.gaps.append(
                f"case {self.fixture.id}: nothing was computed, expected {directory} with "
                + ", ".join(f"{name}.npy" for name in expected)
            )
            return arrays, incomparable
        if (directory / "case.json").exists():
            return self._load_fixture(directory, outcome), incomparable
        for name, entry in expected.items():
            path = directory / f"{name}.npy"
            where = f"{path}: array {name} of case {self.fixture.id}"
            if not path.exists():
                outcome.gaps.append(f"case {self.fixture.id}: array {name} is missing, expected {path}")
                continue
            try:
                array = parse_npy(path.read_bytes(), where)
            except (FixtureError, OSError) as error:
                outcome.refused.append(str(error))
                continue
            if array.shape != entry.shape:
                incomparable[name] = f"shape is {array.shape}: expected {entry.shape}"
            elif array.dtype.name not in DTYPES:
                incomparable[name] = f"dtype is {array.dtype.name}: expected {entry.dtype}"
            elif not array.flags.c_contiguous:
                incomparable[name] = "order is Fortran: expected C; np.ascontiguousarray moves the elements"
            else:
                arrays[name] = array
        names = {f"{name}.npy" for name in expected}
        outcome.gaps += [
            f"case {self.fixture.id}: {entry} is no array of this case, expected only {', '.join(expected)}"
            for entry in sorted(directory.iterdir())
            if not entry.name.startswith(".") and entry.name not in names
        ]
        return arrays, incomparable

    def _load_fixture(self, directory: Path, outcome: Outcome) -> dict[str, Array]:
        """The expected arrays of a case that somebody else emitted from the same inputs."""
        try:
            other = read(directory)
            for name, entry in self.fixture.inputs.items():
                if other.inputs[name].sha256 != entry.sha256:
                    raise FixtureError(
                        f"{directory / 'case.json'}: inputs.{name}.sha256 is {other.inputs[name].sha256}: expected "
                        f"{entry.sha256}, as in {self.fixture.directory}; arrays of other inputs cannot be compared"
                    )
            return {name: other.load(name) for name in self.fixture.expected}
        except FixtureError as error:
            outcome.refused.append(str(error))
            return {}

    def _incomparable(self, out: Path, name: str, scope: str, policy: Policy, reason: str) -> Judgement:
        return Judgement(
            case=self.fixture.id,
            actual=str(out),
            array=name,
            scope=scope,
            policy=policy.name,
            verdict=MISMATCH,
            elements=0,
            differing=0,
            failing=0,
            undecidable=0,
            ambiguous=0,
            worst_fraction=float("inf"),
            worst_index=None,
            reason=reason,
        )

    def end_to_end(self, out: Path, name: str, actual: Array) -> Judgement:
        """Judges one array against the expected one; ``out`` is what to call its maker."""
        expected = self.reference.arrays[name]
        bound = otherwise = None
        if self.policy.name == "certified":
            with np.errstate(all="ignore"):
                bound, otherwise = self.reference.bound(name), self.reference.legal_otherwise(name, actual)
        return self._judged(
            out, name, END_TO_END, self.policy, actual, expected, self.reference.dtype, bound, otherwise
        )

    def _locally(self, out: Path, way: _Way, given: Mapping[str, Array], actual: Array) -> Judgement:
        inputs = [given[name] for name in way.inputs]
        as_expected = all(
            array.dtype.name == self.reference.dtype and EXACT.same(array, self.reference.arrays[name]).all()
            for name, array in zip(way.inputs, inputs, strict=True)
        )
        # What comes after an array of another dtype may well be of another one too.
        as_declared = all(array.dtype.name == self.reference.dtype for array in inputs)
        dtype = self.reference.dtype if as_declared else actual.dtype.name
        # Sums of wrong predecessors round even where those of the right ones do not: there exact means certified.
        policy = CERTIFIED if self.policy.name == "exact" and not as_expected else self.policy
        if policy.name == "exact":
            return self._judged(out, way.array, LOCAL, policy, actual, self.reference.arrays[way.array], dtype)
        if way.copy is not None:
            value = way.copy(*inputs)
            zero: Array = np.zeros(value.shape, Wide)
            return self._judged(out, way.array, LOCAL, policy, actual, value, value.dtype.name, zero)
        assert way.sums is not None
        sums = way.sums(*inputs)
        value = np.maximum(sums.value, 0) if way.relu else sums.value
        if policy.name == "certified":
            return self._judged(out, way.array, LOCAL, policy, actual, value, dtype, sums.around(dtype))
        return self._judged(out, way.array, LOCAL, policy, actual, value.astype(dtype), dtype)

    def _judged(
        self,
        out: Path,
        name: str,
        scope: str,
        policy: Policy,
        actual: Array,
        expected: Array,
        dtype: str,
        bound: Array | None = None,
        otherwise: Array | None = None,
    ) -> Judgement:
        """``expected`` may be of extended precision; ``bound`` and ``otherwise`` are the certified policy's."""
        if actual.dtype.name != dtype:
            reason = f"dtype is {actual.dtype.name}: expected {dtype}"
            return self._incomparable(out, name, scope, policy, reason)
        with np.errstate(all="ignore"):  # NaN and infinities are data here
            return self._measured(out, name, scope, policy, actual, expected, bound, otherwise)

    def _measured(
        self,
        out: Path,
        name: str,
        scope: str,
        policy: Policy,
        actual: Array,
        expected: Array,
        bound: Array | None,
        otherwise: Array | None,
    ) -> Judgement:
        same = policy.same(actual, expected)
        finite = np.isfinite(actual) & np.isfinite(expected)
        difference = np.where(finite & ~same, np.abs(actual.astype(Wide) - expected.astype(Wide)), 0)
        alternative = np.zeros(same.shape, bool) if otherwise is None else otherwise & ~same
        unknown = np.zeros(same.shape, bool)
        tolerance: Array = np.zeros(same.shape, Wide)
        if policy.name == "certified":
            assert bound is not None
            tolerance = bound
            unknown = np.isnan(tolerance) & ~alternative
            failing = ~same & ~alternative & ~unknown & ~(finite & (difference <= tolerance))
        elif policy.name == "exact":
            failing = ~same
        else:
            tolerance = policy.atol + policy.rtol * np.abs(expected.astype(Wide))
            failing = _not_allclose(actual, expected, policy)
        measured = finite & ~same & ~alternative & ~unknown
        fractions = np.where(measured, difference / np.where(tolerance > 0, tolerance, 0), 0).astype(np.float64)
        worst = int(np.argmax(fractions)) if fractions.size else 0
        verdict = MISMATCH if failing.any() or same.size == 0 else UNDECIDABLE if unknown.any() else PARITY
        fraction = float(fractions.flat[worst]) if fractions.size else 0.0
        return Judgement(
            case=self.fixture.id,
            actual=str(out),
            array=name,
            scope=scope,
            policy=policy.name,
            verdict=verdict,
            elements=int(same.size),
            differing=int(np.count_nonzero(~same)),
            failing=int(np.count_nonzero(failing)),
            undecidable=int(np.count_nonzero(unknown)),
            ambiguous=int(np.count_nonzero(alternative)),
            worst_fraction=float("inf") if (failing & ~finite).any() else fraction,
            worst_index=[int(i) for i in np.unravel_index(worst, same.shape)] if fraction > 0 else None,
        )


def _not_allclose(actual: Array, expected: Array, policy: Policy) -> Array:
    """Where ``numpy.testing.assert_allclose`` finds a mismatch: asked of the whole, then of each element."""

    def objects(a: Array, e: Array) -> bool:
        try:
            np.testing.assert_allclose(a, e, rtol=policy.rtol, atol=policy.atol, equal_nan=policy.equal_nan)
        except AssertionError:
            return True
        return False

    if not objects(actual, expected):
        return np.zeros(actual.shape, bool)
    failing = ~np.isclose(actual, expected, rtol=policy.rtol, atol=policy.atol, equal_nan=policy.equal_nan)
    return failing if failing.any() else np.ones(actual.shape, bool)


# ---- many cases ------------------------------------------------------------------------------------------------------


def verify(
    directories: Sequence[Path],
    actuals: Sequence[Path],
    glob: str = "*",
    policy: Policy | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Judges, for every case of ``directories``, what each of ``actuals`` holds for it."""
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
    wanted = {name: path for name, path in found.items() if fnmatch.fnmatchcase(name, glob)}
    if found and not wanted:
        whole.refused.append(f"--case {glob} matches none of the {len(found)} cases")
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
    for done, outcome in enumerate(_outcomes(list(wanted.values()), outs, policy, jobs or os.cpu_count() or 1), 1):
        whole.add(outcome)
        progress(done, len(wanted))
    if not whole.judgements and not whole.refused:
        whole.gaps.append("nothing was judged")
    elif whole.arrays_judged != whole.arrays_expected and not whole.refused and not whole.gaps:
        whole.gaps.append(f"{whole.arrays_judged} arrays judged, expected {whole.arrays_expected}")
    return whole


def _outcomes(paths: list[Path], outs: list[Path], policy: Policy | None, jobs: int) -> Iterator[Outcome]:
    jobs = min(jobs, len(paths) * max(1, len(outs)) // _CASES_PER_JOB)
    if jobs <= 1:
        yield from (_outcome(path, outs, policy) for path in paths)
        return
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        count = len(paths)
        yield from pool.map(_outcome, paths, [outs] * count, [policy] * count, chunksize=4)


def _outcome(path: Path, outs: list[Path], policy: Policy | None) -> Outcome:
    outcome = Outcome()
    try:
        judge = CaseJudge(read(path), policy)
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
    parser.add_argument("--case", default="*", metavar="GLOB", help="only cases whose id matches")
    parser.add_argument("--policy", type=Policy.parse, help=f"in place of the cases' own: {Policy.FORMS}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where every judgement goes, for programs")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes (default: one for each core)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    outcome = verify(options.directories, options.actual, options.case, options.policy, options.jobs, _progress())
    if options.json:
        _write(options.json, _json(outcome))
    print("\n".join(render(outcome, [str(out) for out in options.actual], time.monotonic() - started)))
    for sentence in (*outcome.refused, *outcome.gaps):
        print(f"npyparity verify: {sentence}", file=sys.stderr)
    return outcome.exit_code


def _progress() -> Callable[[int, int], None]:
    from npyparity.emit import on_terminal

    return on_terminal()


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _json(outcome: Outcome) -> str:
    def plain(judgement: Judgement) -> dict[str, Any]:
        fields = asdict(judgement)
        if not np.isfinite(judgement.worst_fraction):
            fields["worst_fraction"] = "Infinity"  # as in the audit's report.json: JSON itself has none
        return fields

    return (
        json.dumps(
            {
                "format": "1.0",
                "judge": f"numpy {np.__version__}",
                "exit_code": outcome.exit_code,
                "verdict": outcome.verdict,
                "ledger": {
                    "arrays_expected": outcome.arrays_expected,
                    "arrays_judged": outcome.arrays_judged,
                    "comparisons": len(outcome.judgements),
                    "elements": sum(j.elements for j in outcome.judgements),
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
    lines += [
        "",
        f"{cases} cases, {outcome.arrays_judged} of {outcome.arrays_expected} arrays judged, "
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
