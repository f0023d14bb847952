"""Fixture directories: deterministic, incremental, whole or absent, and careful with what is not theirs."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import pty
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import npyparity
from npyparity.__main__ import main
from npyparity.cases import Case, golden
from npyparity.emit import JOURNAL, EmitError, _generator, _used_by, emit
from npyparity.geometry import Geometry

CASES = golden()[:6]


def snapshot(directory: Path, *, provenance: bool = False) -> dict[str, str]:
    """SHA-256 of every file, by path; hidden files and, unless asked for, provenance left out."""
    return {
        path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and (provenance or path.name != "provenance.json")
    }


def assert_whole(case: Path) -> None:
    """Every file that case.json names is there with its checksum, and so is the provenance."""
    described = json.loads((case / "case.json").read_bytes())
    for array in [*described["inputs"].values(), *described["expected"].values()]:
        assert hashlib.sha256((case / array["file"]).read_bytes()).hexdigest() == array["sha256"]
    json.loads((case / "provenance.json").read_bytes())


def visible(directory: Path) -> list[Path]:
    return [entry for entry in sorted(directory.iterdir()) if not entry.name.startswith(".")]


def test_the_same_cases_give_the_same_bytes_alone_and_in_parallel(tmp_path: Path) -> None:
    cases = golden()
    emit(cases, tmp_path / "alone", jobs=1)
    emit(list(reversed(cases)), tmp_path / "parallel", jobs=2)
    assert snapshot(tmp_path / "alone") == snapshot(tmp_path / "parallel")
    assert {entry.name for entry in visible(tmp_path / "alone")} == {case.id for case in cases}


def test_what_is_current_is_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emit(CASES, tmp_path)
    monkeypatch.setattr("npyparity.emit.compute", lambda case: pytest.fail(f"computed {case.id}"))
    assert len(emit(CASES, tmp_path).current) == len(CASES)


def test_nothing_to_do_takes_under_a_second_from_the_shell(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "npyparity", "emit", "--set", "golden", "--out", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    before = os.times()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    after = os.times()
    # Processor time, which other work on the machine does not stretch; nothing here waits for anything else.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 1
    assert f"{len(golden())} cases, 0 written, {len(golden())} unchanged, 0 removed" in done.stdout


@pytest.mark.parametrize("damage", ["deleted", "truncated", "edited", "case.json edited", "provenance deleted"])
def test_a_damaged_case_is_made_again(tmp_path: Path, damage: str) -> None:
    emit(CASES, tmp_path)
    before = snapshot(tmp_path)
    case = tmp_path / CASES[0].id
    array = case / "expected" / "dweights.npy"
    content = array.read_bytes()
    if damage == "deleted":
        array.unlink()
    elif damage == "truncated":
        array.write_bytes(content[:-1])
    elif damage == "edited":
        array.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "case.json edited":
        (case / "case.json").write_text((case / "case.json").read_text().replace('"seed": ', '"seed": 1'))
    else:
        (case / "provenance.json").unlink()
    summary = emit(CASES, tmp_path)
    assert summary.written == [CASES[0].id]
    assert snapshot(tmp_path) == before
    assert_whole(case)


def test_a_case_with_the_same_bytes_keeps_its_provenance(tmp_path: Path) -> None:
    emit(CASES, tmp_path)
    old = tmp_path / CASES[0].id / "provenance.json"
    old.write_text(old.read_text().replace('"npyparity"', '"npyparity of old"'))
    before = snapshot(tmp_path, provenance=True)
    summary = emit(CASES, tmp_path, force=True)
    assert len(summary.unchanged) == len(CASES)
    assert snapshot(tmp_path, provenance=True) == before


def test_another_why_changes_case_json_and_nothing_else(tmp_path: Path) -> None:
    emit(CASES[:1], tmp_path)
    before = snapshot(tmp_path)
    case = CASES[0]
    other = Case(case.operation, case.family, None, case.dtype, case.geometry, case.seed, why="Another reason.")
    assert emit([other], tmp_path).written == [case.id]
    changed = {name for name, digest in snapshot(tmp_path).items() if digest != before[name]}
    assert changed == {f"{case.id}/case.json"}


def test_a_case_that_left_the_table_is_removed(tmp_path: Path) -> None:
    emit(CASES, tmp_path)
    summary = emit(CASES[1:], tmp_path)
    assert summary.removed == [CASES[0].id]
    assert {entry.name for entry in visible(tmp_path)} == {case.id for case in CASES[1:]}


def loaded_by_emission() -> set[str]:
    """The modules of the package that are there once emission has been imported, asked of Python itself."""
    ask = "import sys, npyparity.emit; print(*(name for name in sys.modules if name.startswith('npyparity')))"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return {name.partition(".")[2] or "__init__" for name in run.stdout.split()}


def test_the_journal_notices_a_change_of_every_module_that_emission_uses_and_of_no_other(tmp_path: Path) -> None:
    package = Path(shutil.copytree(Path(npyparity.__file__).parent, tmp_path / "npyparity"))
    used = _used_by("emit", package)
    assert used == loaded_by_emission() | {"torch_layer"}  # which runs in PyTorch's own interpreter
    assert used.isdisjoint({"verify", "judge", "drift", "serve", "fixture", "npy_battery", "needs", "__main__"})
    before = _generator(package)
    noticed = set()
    for source in sorted(package.glob("*.py")):
        content = source.read_text(encoding="utf-8")
        source.write_text(content + "# changed", encoding="utf-8")
        _generator.cache_clear()
        if _generator(package) != before:
            noticed.add(source.stem)
        source.write_text(content, encoding="utf-8")
    _generator.cache_clear()
    assert noticed == used - {"cases"}  # whose values are hashed case by case


def test_what_is_no_case_of_this_generator_is_named_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere, tmp_path = tmp_path / "elsewhere", tmp_path / "out"
    emit(CASES[:1], elsewhere)
    emit(CASES[1:], tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "my-case-0123abcd").mkdir()
    (tmp_path / CASES[0].id).symlink_to(elsewhere / CASES[0].id)
    with_notes = tmp_path / CASES[2].id / "notes.txt"  # a case that leaves the table, but with something of the user's
    with_notes.write_text("mine")
    foreign_maker = tmp_path / CASES[3].id / "provenance.json"
    foreign_maker.write_text(foreign_maker.read_text().replace('"npyparity"', '"another"'))
    kept = {"notes.txt", "my-case-0123abcd", CASES[0].id, CASES[2].id, CASES[3].id}

    summary = emit(CASES[4:], tmp_path)
    assert set(summary.foreign) == kept
    assert summary.removed == [CASES[1].id]
    assert with_notes.read_text() == "mine"

    cases_json = tmp_path / ".cases.json"
    g = CASES[4].geometry.parameters()
    cases_json.write_text(json.dumps([{"operation": "conv2d", "family": "exact", "dtype": "float64", "seed": 1, **g}]))
    assert main(["emit", "--cases", str(cases_json), "--out", str(tmp_path)]) == 0
    errors = capsys.readouterr().err
    for name in kept:
        assert f"{tmp_path / name}: no case of this generator, left as it is" in errors


def test_a_foreign_file_in_a_case_is_not_overwritten_but_named(tmp_path: Path) -> None:
    emit(CASES, tmp_path)
    notes = tmp_path / CASES[0].id / "notes.txt"
    notes.write_text("mine")
    with pytest.raises(EmitError, match=r"holds notes\.txt, which is no part of the case: move it elsewhere"):
        emit(CASES, tmp_path)
    assert notes.read_text() == "mine"
    assert_whole(notes.parent)


def test_killed_at_any_moment_it_leaves_whole_cases_and_the_next_run_finishes(tmp_path: Path) -> None:
    shapes = [Geometry(2, height, 9, 3, 4, 3, 1, 1) for height in range(3, 20)]
    entries = [
        {"operation": "conv2d", "family": "exact", "dtype": dtype, "seed": seed, **shape.parameters()}
        for shape in shapes
        for dtype in ("float64", "float32")
        for seed in range(2)
    ]
    (tmp_path / "cases.json").write_text(json.dumps(entries))
    base = [sys.executable, "-m", "npyparity", "emit", "--jobs", "2", "--cases", str(tmp_path / "cases.json"), "--out"]
    subprocess.run([*base, str(tmp_path / "whole")], check=True, capture_output=True)

    out = tmp_path / "killed"
    for finished in (1, 15, 40):
        process = subprocess.Popen([*base, str(out)], stdout=subprocess.DEVNULL)
        while not out.exists() or len(visible(out)) < finished:
            assert process.poll() is None, "finished before it could be killed"
            time.sleep(0.002)
        process.kill()
        process.wait()
        assert len(visible(out)) < len(entries), "killed too late to tell anything"
        for case in visible(out):
            assert_whole(case)

    subprocess.run([*base, str(out)], check=True, capture_output=True)
    assert snapshot(out) == snapshot(tmp_path / "whole")
    assert [entry.name for entry in out.iterdir() if entry.name.startswith(".")] == [JOURNAL]


# Where two directories cannot change places in one step, a kill after the first rename leaves a gap.
@pytest.mark.parametrize("renames", [0, 1] if sys.platform == "linux" else [0])
def test_killed_while_it_replaces_a_case_it_leaves_the_old_one_or_the_new_one(
    renames: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = golden()[0]
    emit([replace(case, why="The old one.")], tmp_path, jobs=1)
    rename, calls = Path.rename, []

    def killed_after(source: Path, target: Path) -> Path:
        calls.append(source)
        if len(calls) > renames:
            raise KeyboardInterrupt
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", killed_after)
    with contextlib.suppress(KeyboardInterrupt):
        emit([replace(case, why="The new one.")], tmp_path, jobs=1)
    monkeypatch.undo()
    assert calls
    why = json.loads((tmp_path / case.id / "case.json").read_text())["why"]
    assert why in ("The old one.", "The new one.")


def test_two_emissions_into_one_directory_wait_for_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "npyparity", "emit", "--set", "golden", "--out", str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    outputs = sorted(process.communicate()[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert f"0 written, {len(golden())} unchanged" in outputs[0]
    assert f"{len(golden())} written, 0 unchanged" in outputs[1]


def test_processes_do_not_outlive_a_killed_emission(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "npyparity", "emit", "--set", "generated", "--jobs", "2", "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while not any(tmp_path.iterdir()):
        time.sleep(0.02)
    time.sleep(0.5)
    process.kill()
    process.wait()
    for _ in range(100):
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("processes are left")


def test_progress_is_shown_on_a_terminal_and_not_in_a_pipe(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "npyparity", "emit", "--set", "golden", "--out", str(tmp_path)]
    piped = subprocess.run(command, check=True, capture_output=True, text=True)
    assert piped.stderr == ""
    controller, terminal = pty.openpty()
    subprocess.run([*command, "--force"], check=True, stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    assert f"{len(golden())}/{len(golden())} cases".encode() in os.read(controller, 1 << 16)
    os.close(controller)


def test_files_are_c_order_little_endian_and_of_the_declared_shape_and_dtype(tmp_path: Path) -> None:
    emit(CASES, tmp_path)
    for case in CASES:
        described = json.loads((tmp_path / case.id / "case.json").read_bytes())
        for array in [*described["inputs"].values(), *described["expected"].values()]:
            with (tmp_path / case.id / array["file"]).open("rb") as file:
                assert np.lib.format.read_magic(file) == (1, 0)
                shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
            assert not fortran_order
            assert (list(shape), dtype.name, dtype.str[0]) == (array["shape"], array["dtype"], "<")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "required"),
        (["emit"], "required"),
        (["emit", "--set", "silver", "--out", "x"], "invalid choice: 'silver'"),
        (["emit", "--set", "golden", "--cases", "x", "--out", "x"], "not allowed with"),
        (["emit", "--set", "golden", "--out", "x", "--jobs", "0"], "0: expected a whole number of at least 1"),
        (["emit", "--set", "golden", "--out", "x", "--jobs", "two"], "two: expected a whole number of at least 1"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert sentence in capsys.readouterr().err


def test_a_wrong_list_exits_with_2_and_one_sentence_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text('[{"operation": "conv2d"}]')
    assert main(["emit", "--cases", str(cases), "--out", str(tmp_path / "out")]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"npyparity: {cases}: case 0: family is missing: expected the fields operation, ")
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert not (tmp_path / "out").exists()


def test_a_directory_that_cannot_be_written_exits_with_2_and_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["emit", "--set", "golden", "--out", str(tmp_path / "file")]) == 2
    sentence = f"npyparity: {tmp_path / 'file'}: cannot be made (File exists): expected a place for a directory\n"
    assert capsys.readouterr().err == sentence


def test_a_full_disk_is_a_sentence_and_leaves_nothing_of_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    emit(CASES[:1], tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EmitError, match=rf"{CASES[1].id}: cannot be written \(No space left on device\)"):
        emit(CASES[:2], tmp_path)
    assert {entry.name for entry in tmp_path.iterdir()} == {".emitted", CASES[0].id}


def test_a_case_that_memory_cannot_hold_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 10_000}.__getitem__)
    large = Case("conv2d", "exact", None, "float64", Geometry(8, 32, 48, 16, 32, 3, 1, 1), 1)
    with pytest.raises(EmitError, match=rf"{large.id}: its arrays take 0\.0 GB, and memory has to hold them 3 times"):
        emit([*CASES[:1], large], tmp_path / "out")
    assert not (tmp_path / "out").exists()
