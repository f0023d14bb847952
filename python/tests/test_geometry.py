"""Geometry, held to fixtures/geometry.json, which Java reads too, and to counting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from npyparity.geometry import Geometry, GeometryError
from tests.definition import offsets
from tests.strategies import geometries

SHARED = json.loads((Path(__file__).parents[2] / "fixtures" / "geometry.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", SHARED["valid"], ids=lambda entry: entry["why"])
def test_a_valid_geometry_has_the_shared_sizes_and_shapes(entry: dict[str, Any]) -> None:
    geometry = Geometry.of(entry["parameters"])
    assert geometry.out_height == entry["out_height"]
    assert geometry.out_width == entry["out_width"]
    assert {name: list(shape) for name, shape in geometry.shapes.items()} == entry["shapes"]


@pytest.mark.parametrize("entry", SHARED["invalid"], ids=lambda entry: entry["why"])
def test_an_invalid_geometry_is_refused_with_the_shared_sentence(entry: dict[str, Any]) -> None:
    with pytest.raises(GeometryError) as refusal:
        Geometry.of(entry["parameters"])
    assert str(refusal.value) == entry["message"]


def test_each_refusal_is_among_the_shared_ones() -> None:
    messages = " ".join(entry["message"] for entry in SHARED["invalid"])
    for name in SHARED["valid"][0]["parameters"]:
        assert f"{name} is " in messages
    for sentence in ("from 0 to", "from 1 to", "larger than the padded input", "elements: expected at most"):
        assert sentence in messages


@given(geometries())
def test_the_output_size_is_the_number_of_windows_that_fit(geometry: Geometry) -> None:
    assert geometry.out_height == len(offsets(geometry.in_height, geometry.parameters()))
    assert geometry.out_width == len(offsets(geometry.in_width, geometry.parameters()))


@given(geometries())
def test_the_input_is_seen_if_some_window_covers_a_pixel(geometry: Geometry) -> None:
    def seen(size: int) -> bool:
        starts = offsets(size, geometry.parameters())
        return any(0 <= start + tap < size for start in starts for tap in range(geometry.filter_size))

    assert geometry.sees_input == (seen(geometry.in_height) and seen(geometry.in_width))
