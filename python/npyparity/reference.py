"""What the arrays of a case should be: their bounds between two correct computations, and every way to each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from npyparity.bound import Layer, Sums, Wide
from npyparity.document import Array
from npyparity.fixture import Fixture, FixtureError


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
            return np.asarray((values == self.dout) | (np.isnan(values) & np.isnan(self.dout)) | (values == 0))

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
class Way:
    """A stage that makes an array from others: by moving them, or by sums of products and perhaps a ReLU."""

    array: str
    inputs: tuple[str, ...]
    copy: Callable[..., Array] | None = None
    sums: Callable[..., Sums] | None = None
    relu: bool = False


def ways(reference: Reference) -> list[Way]:
    """Every way to each array, the document's own first, in the order of computation."""
    layer, shapes = reference.layer, reference.fixture.case.geometry.shapes
    forward = [
        Way("matric_data", ("in_data",), copy=layer.windows),
        Way("filter_data", ("matric_data", "weights", "bias"), sums=layer.z, relu=True),
        Way(
            "filter_data",
            ("in_data", "weights", "bias"),
            sums=lambda in_data, weights, bias: layer.z(layer.windows(in_data), weights, bias),
            relu=True,
        ),
        Way("out_data", ("filter_data",), copy=lambda rows: rows.reshape(shapes["out_data"])),
    ]
    direct_dweights = Way(
        "dweights", ("in_data", "dfilter_data"), sums=lambda image, d: layer.dweights(layer.windows(image), d)
    )
    backward = [
        Way(
            "dfilter_data",
            ("dout_data", "filter_data"),
            copy=lambda dout, mask: np.where(mask <= 0, 0, dout.reshape(mask.shape)).astype(dout.dtype),
        ),
        Way("dweights", ("matric_data", "dfilter_data"), sums=layer.dweights),
        *([direct_dweights] if reference.whole else []),
        Way("dbias", ("dfilter_data",), sums=layer.dbias),
        Way("dmatric_data", ("dfilter_data", "weights"), sums=layer.dmatric_data),
        Way("dpadding_data", ("dmatric_data",), sums=layer.col2im),
        Way("dpadding_data", ("dfilter_data", "weights"), sums=layer.dpadding_data),
        Way("din_data", ("dpadding_data",), copy=layer.cropped),
        Way("din_data", ("dfilter_data", "weights"), sums=layer.din_data),
    ]
    return [*(forward if reference.whole else []), *backward]
