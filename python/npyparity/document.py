"""The document's code, one function per stage, to be read beside it: a convolution layer by large matrix products.

Arrays are NHWC and keep the document's names and loops; shapes are written with P = batch * out_height * out_width,
Q = filter_size * filter_size * in_depth (ordered kh, kw, c) and D = out_depth. The backward pass is the code that the
document prints; the forward pass is written from the three steps that it describes.

The document reached us as a scan. What was mended, and nothing else:

- underscores lost in names: ``filter size``, ``out size``, ``matric data``, ``dfilter data``, ``dmatric data``,
  ``din data``, ``dpadding data``, ``i batch``, ``i batch size``, ``height ef``;
- the loops' indentation (lines 21 to 26 and 42 to 47), flattened, and that of lines 31 to 33, indented by mistake;
- code cut in two at the line's end: the index of ``dout_data`` (26), the shape of ``np.zeros`` (38), the ``range``
  of the rows (44), ``.resh|ape`` (47); comments likewise (14, 19, 28, 48);
- the listing cut in two blocks after line 20, and line labels lost or slipped below their lines (22, 24, 27, 31, 34,
  44, 45). Counted through, no line of code is missing.

What was changed, because the code as printed holds for its one configuration only:

- its global sizes are a ``Geometry``, so that ``out_height`` and ``out_width`` are computed instead of hard-coded:
  its ``zip`` of windows and offsets would drop what does not fit without a word. Shapes are checked before each
  stage;
- ``np.zeros`` is given the dtype of the data: without one it makes a float32 gradient float64;
- the arguments are left as they are: the ReLU mask is applied to the new ``dfilter_data``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from npyparity.geometry import Geometry

Array = npt.NDArray[Any]


def conv2d(inputs: Mapping[str, Array], geometry: Geometry) -> dict[str, Array]:
    """The whole layer, forward then backward: every array that follows from the four inputs.

    ``inputs`` holds ``in_data``, ``weights``, ``bias`` and ``dout_data``.
    """
    forward = conv2d_forward(inputs, geometry)
    return forward | conv2d_backward({**inputs, **forward}, geometry)


def conv2d_forward(inputs: Mapping[str, Array], geometry: Geometry) -> dict[str, Array]:
    """The document's three forward steps: what follows from ``in_data``, ``weights`` and ``bias``."""
    matric_data = im2col(inputs["in_data"], geometry)
    filter_data = fully_connected_relu(matric_data, inputs["weights"], inputs["bias"], geometry)
    return {
        "matric_data": matric_data,
        "filter_data": filter_data,
        "out_data": feature_map(filter_data, geometry),
    }


def conv2d_backward(inputs: Mapping[str, Array], geometry: Geometry) -> dict[str, Array]:
    """The document's code from its line 20: every gradient that follows from ``dout_data`` and the forward pass.

    ``inputs`` holds ``dout_data``, ``matric_data``, ``filter_data`` and ``weights``.
    """
    dfilter_data = relu_gradient(rows_of(inputs["dout_data"], geometry), inputs["filter_data"], geometry)
    dmatric_data = matric_gradient(dfilter_data, inputs["weights"], geometry)
    dpadding_data = col2im(dmatric_data, geometry)
    return {
        "dfilter_data": dfilter_data,
        "dweights": weights_gradient(inputs["matric_data"], dfilter_data, geometry),
        "dbias": bias_gradient(dfilter_data, geometry),
        "dmatric_data": dmatric_data,
        "dpadding_data": dpadding_data,
        "din_data": without_padding(dpadding_data, geometry),
    }


# ---- forward -------------------------------------------------------------------------------------------------------


def im2col(in_data: Array, geometry: Geometry) -> Array:
    """Forward (1): the feature map (batch, in_height, in_width, C) as a matrix (P, Q), one row for each window."""
    _expect("in_data", in_data, geometry)
    batch, out_height, out_width = geometry.batch, geometry.out_height, geometry.out_width
    filter_size, stride, padding = geometry.filter_size, geometry.stride, geometry.padding
    out_size = out_width * out_height

    padding_data = np.zeros(geometry.shapes["dpadding_data"], dtype=in_data.dtype)
    padding_data[:, padding : padding + geometry.in_height, padding : padding + geometry.in_width, :] = in_data

    matric_data = np.zeros(geometry.shapes["matric_data"], dtype=in_data.dtype)
    height_ef = geometry.padding_height - filter_size + 1
    width_ef = geometry.padding_width - filter_size + 1
    for i_batch in range(batch):
        i_batch_size = i_batch * out_size
        for i_h, i_height in zip(range(out_height), range(0, height_ef, stride), strict=True):
            i_height_size = i_batch_size + i_h * out_width
            for i_w, i_width in zip(range(out_width), range(0, width_ef, stride), strict=True):
                matric_data[i_height_size + i_w, :] = padding_data[
                    i_batch, i_height : i_height + filter_size, i_width : i_width + filter_size, :
                ].reshape(-1)
    return matric_data


def fully_connected_relu(matric_data: Array, weights: Array, bias: Array, geometry: Geometry) -> Array:
    """Forward (2): relu(matric_data (P, Q) . weights (Q, D) + bias (1, D)), (P, D). ReLU is np.maximum(z, 0)."""
    _expect("matric_data", matric_data, geometry)
    _expect("weights", weights, geometry)
    _expect("bias", bias, geometry)
    filter_data: Array = np.maximum(np.dot(matric_data, weights) + bias, 0)
    return filter_data


def feature_map(filter_data: Array, geometry: Geometry) -> Array:
    """Forward (3): ``filter_data`` (P, D) as a feature map (batch, out_height, out_width, D)."""
    _expect("filter_data", filter_data, geometry)
    batch, out_height, out_width = geometry.batch, geometry.out_height, geometry.out_width
    out_size = out_width * out_height

    out_data = np.zeros(geometry.shapes["out_data"], dtype=filter_data.dtype)
    for i_batch in range(batch):
        i_batch_size = i_batch * out_size
        for i_height in range(out_height):
            i_height_size = i_batch_size + i_height * out_width
            for i_width in range(out_width):
                out_data[i_batch, i_height, i_width, :] = filter_data[i_height_size + i_width, :]
    return out_data


# ---- backward ------------------------------------------------------------------------------------------------------


def rows_of(dout_data: Array, geometry: Geometry) -> Array:
    """Backward (1): ``dout_data`` (batch, out_height, out_width, D) as a matrix (P, D), one row for each window."""
    _expect("dout_data", dout_data, geometry)
    batch, out_height, out_width = geometry.batch, geometry.out_height, geometry.out_width
    out_size = out_width * out_height

    dfilter_data = np.zeros(geometry.shapes["dfilter_data"], dtype=dout_data.dtype)
    for i_batch in range(batch):
        i_batch_size = i_batch * out_size
        for i_height in range(out_height):
            i_height_size = i_batch_size + i_height * out_width
            for i_width in range(out_width):
                dfilter_data[i_height_size + i_width, :] = dout_data[i_batch, i_height, i_width, :]
    return dfilter_data


def relu_gradient(dfilter_data: Array, filter_data: Array, geometry: Geometry) -> Array:
    """Backward (2), the activation: ``dfilter_data`` (P, D), but 0 wherever ``filter_data`` (P, D) <= 0.

    A NaN in ``filter_data`` lets the gradient pass, since NaN <= 0 is false; -0.0 does not.
    """
    _expect("dfilter_data", dfilter_data, geometry)
    _expect("filter_data", filter_data, geometry)
    dfilter_data = dfilter_data.copy()
    dfilter_data[filter_data <= 0] = 0
    return dfilter_data


def weights_gradient(matric_data: Array, dfilter_data: Array, geometry: Geometry) -> Array:
    """Backward (2), the kernels: ``dweights`` (Q, D)."""
    _expect("matric_data", matric_data, geometry)
    _expect("dfilter_data", dfilter_data, geometry)
    dweights: Array = np.dot(matric_data.T, dfilter_data)
    return dweights


def bias_gradient(dfilter_data: Array, geometry: Geometry) -> Array:
    """Backward (2), the bias: ``dbias`` (1, D)."""
    _expect("dfilter_data", dfilter_data, geometry)
    dbias: Array = np.sum(dfilter_data, axis=0, keepdims=True)
    return dbias


def matric_gradient(dfilter_data: Array, weights: Array, geometry: Geometry) -> Array:
    """Backward (2), the layer's input as a matrix: ``dmatric_data`` (P, Q)."""
    _expect("dfilter_data", dfilter_data, geometry)
    _expect("weights", weights, geometry)
    dmatric_data: Array = np.dot(dfilter_data, weights.T)
    return dmatric_data


def col2im(dmatric_data: Array, geometry: Geometry) -> Array:
    """Backward (3): ``dmatric_data`` (P, Q) as the gradient of the padded input.

    The result ``dpadding_data`` is (batch, in_height + 2*padding, in_width + 2*padding, C). A pixel gets its gradient
    by as many paths as windows cover it, so they accumulate; one that no window covers gets 0.
    """
    _expect("dmatric_data", dmatric_data, geometry)
    batch, out_height, out_width = geometry.batch, geometry.out_height, geometry.out_width
    filter_size, stride = geometry.filter_size, geometry.stride
    out_size = out_width * out_height

    dpadding_data = np.zeros(geometry.shapes["dpadding_data"], dtype=dmatric_data.dtype)
    height_ef = geometry.padding_height - filter_size + 1
    width_ef = geometry.padding_width - filter_size + 1
    for i_batch in range(batch):
        i_batch_size = i_batch * out_size
        for i_h, i_height in zip(range(out_height), range(0, height_ef, stride), strict=True):
            i_height_size = i_batch_size + i_h * out_width
            for i_w, i_width in zip(range(out_width), range(0, width_ef, stride), strict=True):
                dpadding_data[i_batch, i_height : i_height + filter_size, i_width : i_width + filter_size, :] += (
                    dmatric_data[i_height_size + i_w, :].reshape(filter_size, filter_size, -1)
                )
    return dpadding_data


def without_padding(dpadding_data: Array, geometry: Geometry) -> Array:
    """Backward (3), the end: ``din_data`` (batch, in_height, in_width, C), the part that is not padding."""
    _expect("dpadding_data", dpadding_data, geometry)
    padding = geometry.padding
    if padding:
        din_data = dpadding_data[:, padding:-padding, padding:-padding, :]
    else:
        din_data = dpadding_data
    return din_data


def _expect(name: str, array: Array, geometry: Geometry) -> None:
    expected = geometry.shapes[name]
    if array.shape != expected:
        raise ValueError(f"{name} has shape {array.shape}: expected {expected}")
