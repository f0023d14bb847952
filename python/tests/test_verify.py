"""The independent judge: its bound against exact arithmetic, what it passes, what it finds, and what it refuses."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from npyparity import document
from npyparity.__main__ import main
from npyparity.bound import Layer, Wide
from npyparity.cases import Case, golden
from npyparity.document import Array
from npyparity.emit import emit
from npyparity.fixture import read
from npyparity.geometry import Geometry
from npyparity.judge import LOCAL, MISMATCH, PARITY, UNDECIDABLE, CaseJudge, Outcome, Policy
from npyparity.verify import verify

GOLDEN = Path(__file__).parents[2] / "fixtures" / "golden"
GEOMETRY = Geometry(2, 5, 7, 3, 4, 3, 2, 1)
EXACT = next(case for case in golden() if case.family == "exact")
CHAINED = next(case for case in golden() if case.family == "chained" and case.operation == "conv2d")


def copied(out: Path, *cases: Case) -> Path:
    """The expected arrays of golden cases, as an implementation that agrees to the bit would write them."""
    for case in cases:
        (out / case.id).mkdir(parents=True)
        for path in (GOLDEN / case.id / "expected").iterdir():
            shutil.copy(path, out / case.id)
    return out


def one_set(tmp_path: Path, *cases: Case) -> Path:
    fixtures = tmp_path / "fixtures"
    for case in cases:
        shutil.copytree(GOLDEN / case.id, fixtures / case.id)
    return fixtures


def changed(path: Path, change: Any) -> None:
    array = np.load(path)
    np.save(path, change(array))


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {f"{judgement.array} {judgement.scope}": judgement.verdict for judgement in outcome.judgements}


# ---- the bound -------------------------------------------------------------------------------------------------------


def test_the_layer_by_views_is_the_documents_by_loops() -> None:
    random = np.random.default_rng(1)
    layer, shapes = Layer(GEOMETRY), GEOMETRY.shapes
    in_data, dmatric = (random.integers(-9, 9, shapes[name]) * 1.0 for name in ("in_data", "dmatric_data"))
    np.testing.assert_array_equal(layer.windows(in_data), document.im2col(in_data, GEOMETRY))
    padded = document.col2im(dmatric, GEOMETRY)
    np.testing.assert_array_equal(layer.accumulated(dmatric), padded)
    np.testing.assert_array_equal(layer.cropped(padded), document.without_padding(padded, GEOMETRY))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_sums_in_any_order_are_within_the_bound_of_the_exact_value_and_some_need_a_third_of_it(dtype: str) -> None:
    random = np.random.default_rng(2)
    largest = 0.0
    for _ in range(200):
        terms = random.standard_normal(4).astype(dtype)
        left, right = np.ones((1, 4), dtype), terms.reshape(4, 1)
        exact = sum(map(Fraction, terms.tolist()), Fraction(0))
        sums = Layer(GEOMETRY).dmatric_data(left, right.T)
        assert abs(Fraction(float(sums.value.item())) - exact) <= Fraction(2.0**-50) * 8
        around = Fraction(float(sums.around(dtype).item()))
        for order in ((0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 1, 0)):
            total = np.dtype(dtype).type(0)
            for index in order:
                total = total + terms[index]
            assert abs(Fraction(float(total)) - exact) <= around
            largest = max(largest, float(abs(Fraction(float(total)) - exact) / around))
    assert largest > 0.1, "the bound is far too wide"


def test_the_bound_counts_the_products_that_are_not_zero() -> None:
    left = np.array([[1.0, 0.0, 3.0], [0.0, 0.0, 0.0]])
    right = np.array([[5.0, 1.0, 0.0]]).T
    sums = Layer(GEOMETRY).dmatric_data(left, right.T)
    np.testing.assert_array_equal(sums.terms, [[1], [0]])
    unit = 2.0**-53
    expected = 2 * unit / (1 - unit) * 5 + 2 * 2.0**-1074
    np.testing.assert_allclose(sums.between("float64").astype(np.float64), [[expected], [0.0]], rtol=1e-15)


def test_where_an_infinity_takes_part_nothing_may_differ_and_where_sums_may_overflow_nothing_is_known() -> None:
    left = np.array([[1.0, np.inf], [1.0, 2.0], [1e308, 1e308]])
    sums = Layer(GEOMETRY).dmatric_data(left, np.array([[1.0, 1.5]]))
    bound = sums.between("float64").astype(np.float64)
    assert bound[0] == 0
    assert 0 < bound[1] < 1e-14
    assert np.isnan(bound[2])


def test_sums_too_long_for_the_dtype_are_undecidable() -> None:
    sums = Layer(GEOMETRY).dbias(np.ones((2**22, 1), "float32"))
    assert np.isnan(sums.between("float32")).all()
    assert not np.isnan(sums.between("float64")).any()


def test_extended_precision_is_wider_than_float64_here_or_accounted_for() -> None:
    sums = Layer(GEOMETRY).dbias(np.full((1000, 1), 0.1))
    own = sums.around("float64") - sums.between("float64") / 2
    assert 0 < own.item() < sums.between("float64").item()
    assert sums.value.dtype == Wide


# ---- the kink --------------------------------------------------------------------------------------------------------


def kinked(tmp_path: Path) -> tuple[Path, Array]:
    """A case, emitted for real, one of whose z is within its bound of 0; and where."""
    case = Case("conv2d", "chained", None, "float32", Geometry(1, 1, 1, 2, 3, 1, 1, 0), 3)
    emit([case], tmp_path)
    directory = tmp_path / case.id
    inputs = {name: np.load(directory / "inputs" / f"{name}.npy") for name in ("in_data", "weights", "bias")}
    dout = np.load(directory / "inputs" / "dout_data.npy")
    z = inputs["in_data"].reshape(1, 2).astype(np.float64) @ inputs["weights"] + inputs["bias"]
    inputs["bias"] = (inputs["bias"] - z).astype(np.float32)  # every z is 0 but for the rounding of the bias
    expected = document.conv2d({**inputs, "dout_data": dout}, case.geometry)
    content = json.loads((directory / "case.json").read_text())
    for folder, arrays in (("inputs", inputs), ("expected", expected)):
        for name, array in arrays.items():
            path = directory / folder / f"{name}.npy"
            np.save(path, array)
            content[folder][name]["sha256"] = _sha256(path)
            content[folder][name] |= {} if array.any() else {"all_zero": True}
    (directory / "case.json").write_text(json.dumps(content))
    return directory, dout


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_at_the_kink_of_relu_both_masks_are_legal_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, dout = kinked(tmp_path / "fixtures")
    monkeypatch.setattr("npyparity.judge.Reference._require_substance", lambda self: None)
    judge = CaseJudge(read(directory), None)
    assert judge.reference.kink.all()
    other = dict(judge.reference.arrays)
    other["dfilter_data"] = np.where(other["dfilter_data"] == 0, dout.reshape(1, 3), 0).astype(np.float32)
    flipped = judge.end_to_end(Path("other"), "dfilter_data", other["dfilter_data"])
    assert (flipped.verdict, flipped.ambiguous, flipped.failing) == (PARITY, 3, 0)
    layer, flip = judge.reference.layer, other["dfilter_data"]
    sums = {
        "dweights": layer.dweights(judge.reference.windows, flip),
        "dbias": layer.dbias(flip),
        "dmatric_data": layer.dmatric_data(flip, other["weights"]),
        "din_data": layer.din_data(flip, other["weights"]),
    }
    for name, sum_of in sums.items():
        assert judge.end_to_end(Path("other"), name, sum_of.value.astype(np.float32)).passes, name
    third = judge.end_to_end(Path("other"), "dfilter_data", np.full((1, 3), 7, np.float32))
    assert third.verdict == MISMATCH


# ---- verdicts --------------------------------------------------------------------------------------------------------


def test_equal_arrays_pass_and_are_counted(tmp_path: Path) -> None:
    outcome = verify([one_set(tmp_path, EXACT, CHAINED)], [copied(tmp_path / "out", EXACT, CHAINED)])
    assert outcome.exit_code == 0
    assert outcome.arrays_judged == outcome.arrays_expected == 18
    assert len(outcome.judgements) == 36


def test_one_flipped_last_bit_fails_in_family_exact_and_is_found_where_it_is(tmp_path: Path) -> None:
    out = copied(tmp_path / "out", EXACT)

    def flip(array: Array) -> Array:
        array.flat[5] = np.nextafter(array.flat[5], np.inf)
        return array

    changed(out / EXACT.id / "dmatric_data.npy", flip)
    outcome = verify([one_set(tmp_path, EXACT)], [out])
    assert outcome.exit_code == 1
    failed = [name for name, verdict in verdicts(outcome).items() if verdict != PARITY]
    assert failed == ["dmatric_data local", "dmatric_data end to end"]
    assert next(j.worst_index for j in outcome.judgements if j.array == "dmatric_data") == [0, 5]


def test_a_weight_off_by_a_relative_1e_9_is_found_and_allclose_passes_it(tmp_path: Path) -> None:
    case = next(c for c in golden() if c.family == "document" and c.dtype == "float64")
    out = copied(tmp_path / "out", case)
    changed(out / case.id / "dmatric_data.npy", lambda array: array * (1 + 1e-9))
    fixtures = one_set(tmp_path, case)
    assert verify([fixtures], [out]).verdict == MISMATCH
    assert verify([fixtures], [out], policy=Policy.parse("allclose")).verdict == PARITY


def test_a_sum_of_wrong_predecessors_is_right_locally(tmp_path: Path) -> None:
    out = copied(tmp_path / "out", CHAINED)
    wrong = np.load(out / CHAINED.id / "dfilter_data.npy") * 2
    weights = np.load(GOLDEN / CHAINED.id / "inputs" / "weights.npy")
    np.save(out / CHAINED.id / "dfilter_data.npy", wrong)
    np.save(out / CHAINED.id / "dmatric_data.npy", wrong @ weights.T)
    found = verdicts(verify([one_set(tmp_path, CHAINED)], [out]))
    assert found["dfilter_data local"] == MISMATCH
    assert found["dmatric_data local"] == PARITY
    assert found["dmatric_data end to end"] == MISMATCH


def test_zeros_of_the_other_sign_pass_unless_asked(tmp_path: Path) -> None:
    out = copied(tmp_path / "out", EXACT)
    changed(out / EXACT.id / "dfilter_data.npy", lambda array: np.where(array == 0, -0.0, array))
    fixtures = one_set(tmp_path, EXACT)
    assert verify([fixtures], [out]).exit_code == 0
    assert verify([fixtures], [out], policy=Policy.parse("exact:signed-zeros")).exit_code == 1


def test_a_nan_for_a_number_and_a_number_for_a_nan_fail(tmp_path: Path) -> None:
    case = next(c for c in golden() if c.variant == "nan" and c.operation == "conv2d")
    out = copied(tmp_path / "out", case)
    changed(out / case.id / "dbias.npy", np.nan_to_num)
    changed(out / case.id / "out_data.npy", lambda array: np.where(array == array.flat[0], np.nan, array))
    found = verdicts(verify([one_set(tmp_path, case)], [out]))
    assert found["dbias end to end"] == found["out_data end to end"] == MISMATCH


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda array: array.astype(np.float64), "dtype is float64: expected float32"),
        (lambda array: array[:-1], "shape is "),
        (lambda array: array.astype(np.int32), "dtype is int32: expected float32"),
        (np.asfortranarray, "order is Fortran"),
    ],
)
def test_another_dtype_shape_or_order_is_a_mismatch_and_says_so(tmp_path: Path, change: Any, reason: str) -> None:
    case = next(c for c in golden() if c.dtype == "float32" and c.family == "exact")
    out = copied(tmp_path / "out", case)
    changed(out / case.id / "dweights.npy", change)
    outcome = verify([one_set(tmp_path, case)], [out])
    assert outcome.exit_code == 1
    assert reason in next(j.reason or "" for j in outcome.judgements if j.array == "dweights" and j.scope != LOCAL)


def test_an_undecidable_array_is_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("npyparity.bound.LARGEST_NU", 0.0)
    outcome = verify([one_set(tmp_path, CHAINED)], [copied(tmp_path / "out", CHAINED)])
    assert outcome.verdict == UNDECIDABLE
    assert outcome.exit_code == 1


@pytest.mark.parametrize("glob", ["!*-exact-*", "*-chained-*,*-exact-*,!*-exact-*"])
def test_a_glob_after_an_exclamation_mark_leaves_out_what_matches(tmp_path: Path, glob: str) -> None:
    outcome = verify([one_set(tmp_path, EXACT, CHAINED)], [copied(tmp_path / "out", EXACT, CHAINED)], glob)
    assert {judgement.case for judgement in outcome.judgements} == {CHAINED.id}


def test_a_glob_that_is_given_twice_is_two_globs(tmp_path: Path) -> None:
    fixtures, out = one_set(tmp_path, EXACT, CHAINED), copied(tmp_path / "out", EXACT, CHAINED)
    arguments = ["verify", str(fixtures), "--actual", str(out), "--json", str(tmp_path / "said.json")]
    assert main([*arguments, "--case", "!*-exact-*", "--case", "conv2d-*"]) == 0
    assert {j["case"] for j in json.loads((tmp_path / "said.json").read_text())["judgements"]} == {CHAINED.id}


def test_where_the_judgements_cannot_be_written_the_verdict_is_said_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixtures, out = one_set(tmp_path, EXACT), copied(tmp_path / "out", EXACT)
    (tmp_path / "taken").mkdir()
    for place, reason in (
        (tmp_path / "taken", "Is a directory"),
        (tmp_path / "no" / "said.json", "No such file"),
        (fixtures / EXACT.id / "case.json" / "said.json", "Not a directory"),
    ):
        assert main(["verify", str(fixtures), "--actual", str(out), "--json", str(place)]) == 2
        said = capsys.readouterr()
        assert "1 case, 9 of 9 arrays judged" in said.out
        assert "PARITY  " in said.out
        assert f"npyparity: --json {place}: cannot be written ({reason}" in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fixtures", "out", "taken"]


# ---- the ledger ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "code", "sentence"),
    [
        (lambda out: shutil.rmtree(out / EXACT.id), 1, "nothing was computed"),
        (lambda out: (out / EXACT.id / "dbias.npy").unlink(), 1, "array dbias is missing"),
        (lambda out: (out / EXACT.id / "mine.npy").write_bytes(b""), 1, "is no array of this case"),
        (lambda out: (out / "stray").mkdir(), 1, "belongs to no case"),
        (lambda out: (out / EXACT.id / "dbias.npy").write_bytes(b"\x93NUMPY"), 2, "is no whole .npy file"),
        (lambda out: shutil.rmtree(out), 2, "is not a directory"),
    ],
)
def test_what_is_missing_or_strange_is_named_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: Any, code: int, sentence: str
) -> None:
    out = copied(tmp_path / "out", EXACT)
    damage(out)
    assert main(["verify", str(one_set(tmp_path, EXACT)), "--actual", str(out)]) == code
    assert sentence in capsys.readouterr().err


def test_names_that_start_with_a_dot_are_neither_too_much_nor_what_is_missing(tmp_path: Path) -> None:
    fixtures = one_set(tmp_path, EXACT)
    out = copied(tmp_path / "out", EXACT)
    (out / ".DS_Store").touch()
    (out / EXACT.id / ".DS_Store").touch()
    assert verify([fixtures], [out]).exit_code == 0
    (out / EXACT.id / "dbias.npy").rename(out / EXACT.id / ".dbias.npy")
    outcome = verify([fixtures], [out])
    assert outcome.exit_code == 1
    assert "array dbias is missing" in outcome.gaps[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("expected/dbias.npy", b"\x93", b"\x92", "sha256 is "),
        ("case.json", b'"stride": 1', b'"stride": 2', "id is "),
        ("case.json", b'"format": "1.0"', b'"format": "2.0"', "format is 2.0: this npyparity reads 1.x"),
        ("case.json", b'"seed":', b'"seed": 1, "seed":', "seed stands twice"),
        ("case.json", b'"dtype"', b'"type"', "(case.schema.json)"),
    ],
)
def test_an_edited_fixture_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, old: bytes, new: bytes, sentence: str
) -> None:
    fixtures = one_set(tmp_path, EXACT)
    path = fixtures / EXACT.id / file
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    assert main(["verify", str(fixtures), "--actual", str(copied(tmp_path / "out", EXACT))]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert EXACT.id in error


def test_zeros_that_the_geometry_does_not_force_are_refused(tmp_path: Path) -> None:
    fixtures = one_set(tmp_path, EXACT)
    directory = fixtures / EXACT.id
    changed(directory / "expected" / "dbias.npy", np.zeros_like)
    content = json.loads((directory / "case.json").read_text())
    content["expected"]["dbias"] |= {"sha256": _sha256(directory / "expected" / "dbias.npy"), "all_zero": True}
    (directory / "case.json").write_text(json.dumps(content))
    outcome = verify([fixtures], [copied(tmp_path / "out", EXACT)])
    assert outcome.exit_code == 2
    assert "the geometry does not force it" in outcome.refused[0]


# ---- some arrays only -----------------------------------------------------------------------------------------------

DIRECT = ["filter_data", "dweights", "dbias", "din_data"]


def direct_port(out: Path, case: Case) -> Path:
    """Only the arrays of a kernel that never makes the (P, Q) matrices are left."""
    for path in (copied(out, case) / case.id).iterdir():
        if path.stem not in DIRECT:
            path.unlink()
    return out


def test_a_direct_port_is_judged_by_the_arrays_that_it_makes_and_the_rest_is_said_to_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixtures, out = one_set(tmp_path, EXACT), direct_port(tmp_path / "out", EXACT)
    (out / EXACT.id / "matric_data.npy").write_bytes(b"no array")
    assert main(["verify", str(fixtures), "--actual", str(out)]) == 2
    assert main(["verify", str(fixtures), "--actual", str(out), "--arrays", ",".join(DIRECT)]) == 0
    printed = capsys.readouterr().out
    assert "left out by --arrays: dfilter_data, dmatric_data, dpadding_data, matric_data, out_data" in printed
    assert "there but not opened: matric_data" in printed
    outcome = verify([fixtures], [out], arrays=DIRECT)
    assert (outcome.arrays_expected, outcome.arrays_judged) == (4, 4)
    assert len(outcome.judgements) == 8, "each locally too: what only copies is recomputed"


@pytest.mark.parametrize("array", DIRECT)
def test_what_a_direct_port_gets_wrong_is_found_where_it_is_made(tmp_path: Path, array: str) -> None:
    out = direct_port(tmp_path / "out", EXACT)
    changed(out / EXACT.id / f"{array}.npy", lambda values: values + 1)
    found = verdicts(verify([one_set(tmp_path, EXACT)], [out], arrays=DIRECT))
    assert found[f"{array} local"] == found[f"{array} end to end"] == MISMATCH
    (out / EXACT.id / f"{array}.npy").unlink()
    outcome = verify([tmp_path / "fixtures"], [out], arrays=DIRECT)
    assert outcome.exit_code == 1
    assert f"array {array} is missing" in outcome.gaps[0]


def test_a_case_with_none_of_the_arrays_is_left_and_a_name_of_no_case_is_refused(tmp_path: Path) -> None:
    backward = next(case for case in golden() if case.operation == "conv2d_backward")
    fixtures = one_set(tmp_path, EXACT, backward)
    out = copied(tmp_path / "out", EXACT)
    outcome = verify([fixtures], [out], arrays=["filter_data"])
    assert (outcome.exit_code, outcome.arrays_judged) == (0, 1)
    for arrays, glob in (["dweight", "dbias"], "*"), (["filter_data"], "conv2d_backward-*"):
        outcome = verify([fixtures], [out], glob, arrays=arrays)
        assert (outcome.exit_code, outcome.judgements) == (2, [])
        expected = f"--arrays {arrays[0]}: no case asked for expects such an array, expected some of "
        assert outcome.refused[0].startswith(expected)
        assert "din_data" in outcome.refused[0]


# ---- the other side may be a fixture directory -----------------------------------------------------------------------


def test_a_fixture_directory_can_be_judged_if_its_inputs_are_the_same(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    emit([EXACT, CHAINED], theirs, oracle_name="exact")
    assert verify([one_set(tmp_path, EXACT, CHAINED)], [theirs]).exit_code == 0

    directory = theirs / CHAINED.id
    changed(directory / "inputs" / "bias.npy", lambda array: array + 1)
    content = json.loads((directory / "case.json").read_text())
    content["inputs"]["bias"]["sha256"] = _sha256(directory / "inputs" / "bias.npy")
    (directory / "case.json").write_text(json.dumps(content))
    outcome = verify([tmp_path / "fixtures"], [theirs])
    assert outcome.exit_code == 2
    assert "arrays of other inputs cannot be compared" in outcome.refused[0]


# ---- what is printed -------------------------------------------------------------------------------------------------


def test_the_table_is_aligned_and_worst_first_and_the_json_holds_every_judgement(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = copied(tmp_path / "out", EXACT, CHAINED)
    changed(out / CHAINED.id / "dbias.npy", lambda array: array * 2)
    json_file = tmp_path / "verify.json"
    code = main(
        ["verify", str(one_set(tmp_path, EXACT, CHAINED)), "--actual", str(out), "--json", str(json_file)],
    )
    assert code == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].split()[:2] == ["mismatch", "dbias"]
    assert printed[-1].startswith("MISMATCH")
    for column in ("array", "scope", "the worst"):
        start = printed[0].index(column)
        assert all(line[start - 1] == " " != line[start] for line in printed[1:13])
    content = json.loads(json_file.read_text())
    assert (content["exit_code"], len(content["judgements"])) == (1, 36)
    assert [j["array"] for j in content["judgements"] if j["verdict"] != PARITY] == ["dbias", "dbias"]


@pytest.mark.parametrize(
    "text", ["exactly", "allclose:rtol", "exact:nan-differs", "allclose:rtol=-1", "allclose:rtol=1e999"]
)
def test_a_policy_that_is_none_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["verify", "fixtures", "--actual", "out", "--policy", text])
    assert exit_info.value.code == 2
    assert f"policy is {text}: expected exact" in capsys.readouterr().err
