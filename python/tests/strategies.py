"""Random geometries and data for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from npyparity.geometry import Geometry


@st.composite
def geometries(draw: st.DrawFn) -> Geometry:
    """Small geometries of every kind: strides beyond the filter, paddings beyond it, filters as large as the input."""
    padding = draw(st.integers(0, 3))
    in_height, in_width = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    return Geometry(
        batch=draw(st.integers(1, 3)),
        in_height=in_height,
        in_width=in_width,
        in_depth=draw(st.integers(1, 3)),
        out_depth=draw(st.integers(1, 3)),
        filter_size=draw(st.integers(1, min(5, min(in_height, in_width) + 2 * padding))),
        stride=draw(st.integers(1, 4)),
        padding=padding,
    )


def whole_numbers(geometry: Geometry, *names: str, seed: int = 0) -> dict[str, npt.NDArray[Any]]:
    """Arrays of whole numbers in float64, small enough that all sums are exact."""
    random = np.random.default_rng(seed)
    return {name: random.integers(-9, 10, geometry.shapes[name]).astype(np.float64) for name in names}
