"""The geometry of a convolution layer: its eight sizes, what they imply, and which of them are refused.

The output-size formula and the sentences of refusal stand here once for Python. Java repeats the sentences word for
word; ``fixtures/geometry.json`` holds both languages to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from math import prod

LARGEST_INT = 2**31 - 1
"""The largest size and element count: Java's ``int``, which indexes its arrays."""

SMALLEST = {"padding": 0}
"""The smallest value of each parameter where that is not 1."""

Shape = tuple[int, ...]


class GeometryError(ValueError):
    """A geometry that no convolution layer can have, or none that fits the limits; the message is the refusal."""


@dataclass(frozen=True)
class Geometry:
    """A convolution layer's eight sizes, checked when made. Square filter, one stride, symmetric zero padding."""

    batch: int
    in_height: int
    in_width: int
    in_depth: int
    out_depth: int
    filter_size: int
    stride: int
    padding: int

    def __post_init__(self) -> None:
        for name, value in self.parameters().items():
            smallest = SMALLEST.get(name, 1)
            if type(value) is not int or not smallest <= value <= LARGEST_INT:
                raise GeometryError(
                    f"{name} is {json.dumps(value)}: expected an integer from {smallest} to {LARGEST_INT}"
                )
        if self.filter_size > min(self.padding_height, self.padding_width):
            raise GeometryError(
                f"filter_size is {self.filter_size}: larger than the padded input of "
                f"{self.padding_height} x {self.padding_width}, "
                f"expected at most {min(self.padding_height, self.padding_width)}"
            )
        for name, shape in self.shapes.items():
            if prod(shape) > LARGEST_INT:
                raise GeometryError(f"{name} would have {prod(shape)} elements: expected at most {LARGEST_INT}")

    @staticmethod
    def of(parameters: Mapping[str, int]) -> Geometry:
        """The geometry of ``parameters``, which must hold the eight sizes and may hold more."""
        return Geometry(**{name: parameters[name] for name in PARAMETERS})

    def parameters(self) -> dict[str, int]:
        """The eight sizes by name, in the order of ``case.json``."""
        return asdict(self)

    @property
    def padding_height(self) -> int:
        return self.in_height + 2 * self.padding

    @property
    def padding_width(self) -> int:
        return self.in_width + 2 * self.padding

    @property
    def out_height(self) -> int:
        return self._windows_along(self.padding_height)

    @property
    def out_width(self) -> int:
        return self._windows_along(self.padding_width)

    def _windows_along(self, padded: int) -> int:
        """How many windows fit along a padded axis: floor((in + 2*padding - K) / stride) + 1."""
        return (padded - self.filter_size) // self.stride + 1

    @property
    def positions(self) -> int:
        """P = batch * out_height * out_width: the rows of ``matric_data``, one for each window."""
        return self.batch * self.out_height * self.out_width

    @property
    def taps(self) -> int:
        """Q = K * K * in_depth: the columns of ``matric_data``, ordered (kh, kw, c)."""
        return self.filter_size * self.filter_size * self.in_depth

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shape of every array of the layer, by name."""
        in_shape = (self.batch, self.in_height, self.in_width, self.in_depth)
        out_shape = (self.batch, self.out_height, self.out_width, self.out_depth)
        padding_shape = (self.batch, self.padding_height, self.padding_width, self.in_depth)
        matric_shape = (self.positions, self.taps)
        filter_shape = (self.positions, self.out_depth)
        weights_shape = (self.taps, self.out_depth)
        bias_shape = (1, self.out_depth)
        return {
            "in_data": in_shape,
            "weights": weights_shape,
            "bias": bias_shape,
            "matric_data": matric_shape,
            "filter_data": filter_shape,
            "out_data": out_shape,
            "dout_data": out_shape,
            "dfilter_data": filter_shape,
            "dweights": weights_shape,
            "dbias": bias_shape,
            "dmatric_data": matric_shape,
            "dpadding_data": padding_shape,
            "din_data": in_shape,
        }

    @property
    def sees_input(self) -> bool:
        """Whether any window covers an input pixel: with padding and a stride beyond the filter, none may."""
        return self._sees_along(self.in_height, self.out_height) and self._sees_along(self.in_width, self.out_width)

    def _sees_along(self, pixels: int, windows: int) -> bool:
        first, past = self.padding, self.padding + pixels
        return any(
            window * self.stride < past and window * self.stride + self.filter_size > first for window in range(windows)
        )


PARAMETERS = tuple(field.name for field in fields(Geometry))
"""The names of the eight sizes, in the order of ``case.json``."""
