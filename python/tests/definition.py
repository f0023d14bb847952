"""A convolution layer by its definition: nested loops over indices, in Python numbers.

No code in common with the product: where that multiplies matrices, this walks the windows; where that computes an
output size, this counts the windows that fit. Of whole numbers its results are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Sizes = dict[str, int]


def offsets(size: int, sizes: Sizes) -> list[int]:
    """Where the windows along an axis of ``size`` input pixels start, relative to the first pixel."""
    starts = []
    start = -sizes["padding"]
    while start + sizes["filter_size"] <= size + sizes["padding"]:
        starts.append(start)
        start += sizes["stride"]
    return starts


def layer(sizes: Sizes, in_data: Array, weights: Array, bias: Array, dout_data: Array) -> dict[str, Array]:
    """out_data and the gradients of the sum of out_data * dout_data, each from the definition."""
    rows = list(enumerate(offsets(sizes["in_height"], sizes)))
    columns = list(enumerate(offsets(sizes["in_width"], sizes)))
    out_data = np.zeros((sizes["batch"], len(rows), len(columns), sizes["out_depth"]))
    din_data, dweights, dbias = np.zeros(in_data.shape), np.zeros(weights.shape), np.zeros(bias.shape)
    for image, (row, top), (column, left), d in product(
        range(sizes["batch"]), rows, columns, range(sizes["out_depth"])
    ):
        z = bias[0, d]
        for q, y, x, c in _taps(sizes, top, left):
            z += in_data[image, y, x, c] * weights[q, d]
        if z <= 0:
            continue
        out_data[image, row, column, d] = z
        gradient = dout_data[image, row, column, d]
        dbias[0, d] += gradient
        for q, y, x, c in _taps(sizes, top, left):
            dweights[q, d] += gradient * in_data[image, y, x, c]
            din_data[image, y, x, c] += gradient * weights[q, d]
    return {"out_data": out_data, "dweights": dweights, "dbias": dbias, "din_data": din_data}


def _taps(sizes: Sizes, top: int, left: int) -> Iterator[tuple[int, int, int, int]]:
    """The filter's taps that lie on the image: their row in the weights, their pixel, their channel."""
    q = -1
    for kh, kw, c in product(range(sizes["filter_size"]), range(sizes["filter_size"]), range(sizes["in_depth"])):
        q += 1
        y, x = top + kh, left + kw
        if 0 <= y < sizes["in_height"] and 0 <= x < sizes["in_width"]:
            yield q, y, x, c
