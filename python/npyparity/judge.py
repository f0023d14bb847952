"""Judges what was computed for one case.

Each array is judged end to end, against the expected one, and locally, against what its actual predecessors give in
extended precision: the first stage that fails locally is where the bug is.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from npyparity.bound import Wide
from npyparity.cases import DTYPES, is_policy
from npyparity.document import Array
from npyparity.fixture import Fixture, FixtureError, parse_npy, read
from npyparity.reference import Reference, Way, ways

PARITY, UNDECIDABLE, MISMATCH = "parity", "undecidable", "mismatch"
LOCAL, END_TO_END = "local", "end to end"


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
        if not is_policy(base) or (differs and not base.startswith("allclose")):
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
class Subject:
    """Which array is judged, from where it was computed, and by which policy."""

    case: str
    actual: str
    """Whose array it is: the path of the directory."""
    array: str
    scope: str
    policy: str

    def incomparable(self, reason: str) -> Judgement:
        """The verdict on an array of which no element can be compared."""
        return Judgement(**vars(self), verdict=MISMATCH, worst_fraction=float("inf"), reason=reason)


@dataclass(frozen=True, kw_only=True)
class Judgement(Subject):
    """The verdict on one array."""

    verdict: str
    elements: int = 0
    differing: int = 0
    failing: int = 0
    undecidable: int = 0
    ambiguous: int = 0
    """Elements that differ where a ReLU at its kink makes both values right."""
    worst_fraction: float
    """The largest difference as a fraction of its tolerance; infinite where that is 0."""
    worst_index: list[int] | None = None
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
    arrays_left: set[str] = field(default_factory=set)
    """Arrays that a case expects, and nobody asked for."""
    arrays_unread: set[str] = field(default_factory=set)
    """Which of them are there all the same; nobody opened them."""

    def add(self, other: Outcome) -> None:
        self.judgements += other.judgements
        self.refused += other.refused
        self.gaps += other.gaps
        self.arrays_expected += other.arrays_expected
        self.arrays_left |= other.arrays_left
        self.arrays_unread |= other.arrays_unread

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


class CaseJudge:
    """Judges everything that was computed for one case, or those arrays of it that are asked for."""

    def __init__(self, fixture: Fixture, override: Policy | None, arrays: Sequence[str] = ()) -> None:
        self.fixture = fixture
        self.asked = [name for name in fixture.expected if not arrays or name in arrays]
        self.reference = Reference(fixture)
        self.policy = override or Policy.parse(fixture.case.policy)

    def judge(self, out: Path) -> Outcome:
        """Every array of ``out/<case-id>``, locally and end to end; nothing if none is asked for."""
        outcome = Outcome(arrays_expected=len(self.asked), arrays_left=self.fixture.expected.keys() - set(self.asked))
        if not self.asked:
            return outcome
        arrays, incomparable = self._load(out, outcome)
        given = {**{name: self.reference.arrays[name] for name in self.fixture.inputs}, **arrays}
        all_ways = ways(self.reference)
        with np.errstate(all="ignore"):  # NaN and infinities are data here
            for way in all_ways:
                # What is not at hand, but only copies what is, has one right value: later stages start from it.
                if way.copy is not None and way.array not in given and given.keys() >= set(way.inputs):
                    given[way.array] = way.copy(*(given[name] for name in way.inputs)).astype(self.reference.dtype)
            for name in self.asked:
                if name in incomparable:  # nothing that comes before makes it right
                    outcome.judgements += [
                        self._subject(out, name, scope, self.policy).incomparable(incomparable[name])
                        for scope in (LOCAL, END_TO_END)
                    ]
                if name in arrays:
                    local = [
                        self._locally(out, way, given, arrays[name])
                        for way in all_ways
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
                + ", ".join(f"{name}.npy" for name in self.asked)
            )
            return arrays, incomparable
        if (directory / "case.json").exists():
            return self._load_fixture(directory, outcome), incomparable
        for name, entry in expected.items():
            path = directory / f"{name}.npy"
            where = f"{path}: array {name} of case {self.fixture.id}"
            if name not in self.asked:
                outcome.arrays_unread |= {name} if path.exists() else set()
                continue
            if not path.exists():
                outcome.gaps.append(f"case {self.fixture.id}: array {name} is missing, expected {path}")
                continue
            try:
                array = parse_npy(path.read_bytes(), where)
            except FixtureError as error:
                outcome.refused.append(str(error))
                continue
            except OSError as error:
                outcome.refused.append(f"{where}: cannot be read ({error.strerror})")
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
            outcome.arrays_unread |= outcome.arrays_left
            return {name: other.load(name) for name in self.asked}
        except FixtureError as error:
            outcome.refused.append(str(error))
            return {}

    def _subject(self, out: Path, name: str, scope: str, policy: Policy) -> Subject:
        return Subject(self.fixture.id, str(out), name, scope, policy.name)

    def end_to_end(self, out: Path, name: str, actual: Array) -> Judgement:
        """Judges one array against the expected one; ``out`` is what to call its maker."""
        expected = self.reference.arrays[name]
        bound = otherwise = None
        if self.policy.name == "certified":
            with np.errstate(all="ignore"):
                bound, otherwise = self.reference.bound(name), self.reference.legal_otherwise(name, actual)
        subject = self._subject(out, name, END_TO_END, self.policy)
        return _judged(subject, self.policy, actual, expected, self.reference.dtype, bound, otherwise)

    def _locally(self, out: Path, way: Way, given: Mapping[str, Array], actual: Array) -> Judgement:
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
        subject = self._subject(out, way.array, LOCAL, policy)
        if policy.name == "exact":
            return _judged(subject, policy, actual, self.reference.arrays[way.array], dtype)
        if way.copy is not None:
            value = way.copy(*inputs)
            zero: Array = np.zeros(value.shape, Wide)
            return _judged(subject, policy, actual, value, value.dtype.name, zero)
        assert way.sums is not None
        sums = way.sums(*inputs)
        value = np.maximum(sums.value, 0) if way.relu else sums.value
        if policy.name == "certified":
            return _judged(subject, policy, actual, value, dtype, sums.around(dtype))
        return _judged(subject, policy, actual, value.astype(dtype), dtype)


def _judged(
    subject: Subject,
    policy: Policy,
    actual: Array,
    expected: Array,
    dtype: str,
    bound: Array | None = None,
    otherwise: Array | None = None,
) -> Judgement:
    """``expected`` may be of extended precision; ``bound`` and ``otherwise`` are the certified policy's."""
    if actual.dtype.name != dtype:
        return subject.incomparable(f"dtype is {actual.dtype.name}: expected {dtype}")
    with np.errstate(all="ignore"):  # NaN and infinities are data here
        return _measured(subject, policy, actual, expected, bound, otherwise)


def _measured(
    subject: Subject, policy: Policy, actual: Array, expected: Array, bound: Array | None, otherwise: Array | None
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
        **vars(subject),
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
