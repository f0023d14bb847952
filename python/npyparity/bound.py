"""The certified bound in extended precision: how far two correct computations of the layer can be apart.

Every array of the layer is a copy, or sums of products. A sum of n nonzero products, in any order, with or without
FMA, in the dtype or wider, is within γ(n) S + n η of its exact value: each product passes through n roundings at most,
γ(n) = n u / (1 - n u) bounds what n factors (1 + δ), |δ| <= u, do together (Higham, Accuracy and Stability of Numerical
Algorithms, 2nd ed., lemma 3.1), S sums the products' magnitudes, and a product that underflows loses at most half of η,
the smallest subnormal, while sums never underflow (§2.8). Two computations differ by twice that.

Written for this judge from that mathematics; it shares nothing with the Java one. What differs: all sums are made in
``longdouble``, n counts the very products that are not zero, element by element, and what the own sums may be off is
accounted for by the unit roundoff of ``longdouble``, whatever that is on the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from npyparity.document import Array
from npyparity.geometry import Geometry

Wide = np.longdouble

WIDE_ROUNDOFF = max(float(np.finfo(Wide).eps) / 2, 2.0**-64)
"""The unit roundoff of extended precision: 2^-64 where it has x87's format; 2^-53 where it is no wider than float64."""

LARGEST_NU = 1 / 8
"""Past this n u the bound is worth nothing."""

_OUTWARD = Wide(1 + 32 * WIDE_ROUNDOFF)  # more than the few roundings in a bound's own formula, and in a difference

Product = Callable[[Array, Array], Array]
"""A map that is linear in each of two arrays: an element of its result is a sum of products of their elements."""


@dataclass(frozen=True)
class Sums:
    """The sums that a product of two arrays is made of."""

    product: Product
    left: Array
    right: Array

    @cached_property
    def value(self) -> Array:
        """Each sum in extended precision, off by γ(n) S of that at most; NaN and infinities as in the dtype."""
        return self.product(self.left.astype(Wide), self.right.astype(Wide))

    @cached_property
    def terms(self) -> Array:
        """n: how many products are not zero, exactly; in float64."""
        return self.product((self.left != 0).astype(np.float64), (self.right != 0).astype(np.float64))

    @cached_property
    def magnitude(self) -> Array:
        """S, rounded outward; NaN and infinite operands count as 0."""
        computed = self.product(_finite_magnitudes(self.left), _finite_magnitudes(self.right))
        lost = self.terms * Wide(np.finfo(Wide).smallest_subnormal)
        return np.where(self.terms > 0, (computed + lost) / (1 - _gamma(self.terms + 2, WIDE_ROUNDOFF)) * _OUTWARD, 0)

    @cached_property
    def decided(self) -> Array:
        """Where a NaN or an infinity is among the factors: zeros are multiplied too, so it decides the value."""
        if np.isfinite(self.left).all() and np.isfinite(self.right).all():
            return np.zeros(self.terms.shape, bool)
        strange = (np.where(np.isfinite(operand), 0.0, 1.0) for operand in (self.left, self.right))
        ones = (np.ones(operand.shape) for operand in (self.left, self.right))
        (left, right), (left_ones, right_ones) = strange, ones
        return (self.product(left, right_ones) + self.product(left_ones, right)) > 0

    def between(self, dtype: str) -> Array:
        """How far two computations in ``dtype`` can be apart: 0 where the value is decided, NaN where unknown."""
        return self._bound(dtype, sides=2, own=0)

    def around(self, dtype: str) -> Array:
        """How far one computation in ``dtype`` can be from ``value``, which is itself rounded."""
        return self._bound(dtype, sides=1, own=1)

    def _bound(self, dtype: str, sides: int, own: int) -> Array:
        info = np.finfo(dtype)
        n, s = self.terms.astype(Wide), self.magnitude
        gamma = _gamma(n, float(info.eps) / 2)
        bound = (sides * gamma + own * _gamma(n, WIDE_ROUNDOFF)) * s
        bound = (bound + (sides + own) * n * Wide(info.smallest_subnormal)) * _OUTWARD
        known = s * (1 + gamma) < Wide(info.max)  # no partial sum overflows; false where gamma is NaN
        return np.where(n == 0, Wide(0), np.where(known, np.where(self.decided, Wide(0), bound), Wide(np.nan)))


def _gamma(n: Array, roundoff: float) -> Array:
    nu = n.astype(Wide) * Wide(roundoff)
    return np.where(nu <= LARGEST_NU, nu / (1 - np.minimum(nu, LARGEST_NU)), Wide(np.nan))


def _finite_magnitudes(array: Array) -> Array:
    return np.abs(np.where(np.isfinite(array), array, 0)).astype(Wide)


# ---- the layer as products -------------------------------------------------------------------------------------------


class Layer:
    """The layer's linear maps over one geometry, for arrays of any dtype, without a loop over windows or pixels."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry

    def windows(self, in_data: Array) -> Array:
        """``in_data`` (batch, in_height, in_width, C) to ``matric_data`` (P, Q)."""
        g = self.geometry
        padded = np.pad(in_data, ((0, 0), (g.padding, g.padding), (g.padding, g.padding), (0, 0)))
        views = np.lib.stride_tricks.sliding_window_view(padded, (g.filter_size, g.filter_size), axis=(1, 2))
        return views[:, :: g.stride, :: g.stride].transpose(0, 1, 2, 4, 5, 3).reshape(g.positions, g.taps)

    def accumulated(self, dmatric_data: Array) -> Array:
        """``dmatric_data`` (P, Q) to ``dpadding_data``: tap by tap, each lands on one pixel of every window."""
        g = self.geometry
        taps = dmatric_data.reshape(g.batch, g.out_height, g.out_width, g.filter_size, g.filter_size, g.in_depth)
        result = np.zeros(g.shapes["dpadding_data"], dmatric_data.dtype)
        for kh in range(g.filter_size):
            for kw in range(g.filter_size):
                rows = slice(kh, kh + g.stride * (g.out_height - 1) + 1, g.stride)
                columns = slice(kw, kw + g.stride * (g.out_width - 1) + 1, g.stride)
                result[:, rows, columns] += taps[:, :, :, kh, kw]
        return result

    def cropped(self, dpadding_data: Array) -> Array:
        """``dpadding_data`` to ``din_data``."""
        g = self.geometry
        return dpadding_data[:, g.padding : g.padding + g.in_height, g.padding : g.padding + g.in_width]

    def z(self, matric_data: Array, weights: Array, bias: Array) -> Sums:
        """matric_data (P, Q) · weights (Q, D) + bias (1, D): the bias is one more product, by 1."""
        ones = np.ones((len(matric_data), 1), matric_data.dtype)
        return Sums(np.matmul, np.hstack([matric_data, ones]), np.vstack([weights, bias]))

    def dweights(self, matric_data: Array, dfilter_data: Array) -> Sums:
        """matric_data (P, Q) transposed · dfilter_data (P, D). Of all gradients dfilter_data is the left operand."""
        return Sums(lambda d, m: np.matmul(m.T, d), dfilter_data, matric_data)

    def dbias(self, dfilter_data: Array) -> Sums:
        """The column sums of dfilter_data (P, D): its product with a row of ones."""
        return Sums(
            lambda d, ones: np.matmul(ones, d), dfilter_data, np.ones((1, len(dfilter_data)), dfilter_data.dtype)
        )

    def dmatric_data(self, dfilter_data: Array, weights: Array) -> Sums:
        """dfilter_data (P, D) · weights (Q, D) transposed."""
        return Sums(lambda d, w: np.matmul(d, w.T), dfilter_data, weights)

    def col2im(self, dmatric_data: Array) -> Sums:
        """dpadding_data from dmatric_data (P, Q) alone: the addends are products by 1."""
        return Sums(lambda d, one: self.accumulated(d * one), dmatric_data, np.ones((1, 1), dmatric_data.dtype))

    def dpadding_data(self, dfilter_data: Array, weights: Array) -> Sums:
        """The same from dfilter_data: all products of a pixel are one sum."""
        return Sums(lambda d, w: self.accumulated(np.matmul(d, w.T)), dfilter_data, weights)

    def din_data(self, dfilter_data: Array, weights: Array) -> Sums:
        """And without the padding."""
        return Sums(lambda d, w: self.cropped(self.accumulated(np.matmul(d, w.T))), dfilter_data, weights)
