"""The layer by PyTorch's own convolution and autograd: a worker for ``emit --oracle torch``.

A program of its own: it may run under another interpreter than npyparity, as PyTorch is large and not everywhere
installed beside it. It needs torch and NumPy and imports nothing of this package. Each message, both ways, is eight
bytes of length and an .npz file. In: the inputs of a case and ``sizes`` (filter_size, stride, padding and the shape of
in_data). Out: every array that follows; the first message is the version. Exit code 3: there is no torch.
"""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np

try:
    import torch
    from torch.nn.functional import conv2d, pad, unfold
except ImportError as missing:
    print(missing, file=sys.stderr)
    sys.exit(3)

# Both may choose Winograd's algorithm, for which the certified bound does not hold.
torch.backends.mkldnn.flags(enabled=False).__enter__()
if hasattr(torch.backends, "nnpack"):
    torch.backends.nnpack.set_flags(False)


def main() -> None:
    _answer({"version": np.array(torch.__version__)})
    while header := sys.stdin.buffer.read(8):
        with np.load(io.BytesIO(sys.stdin.buffer.read(int.from_bytes(header, "little")))) as message:
            arrays = {name: message[name] for name in message.files}
        sizes = [int(size) for size in arrays.pop("sizes")]
        _answer(layer(arrays, sizes[:3], sizes[3:]))


def layer(inputs: dict[str, Any], sizes: list[int], in_shape: list[int]) -> dict[str, Any]:
    """All arrays, as the gradients of PyTorch's functions, in NHWC and the inputs' dtype."""
    filter_size, stride, padding = sizes
    tensors = {name: _tensor(array).requires_grad_() for name, array in inputs.items()}
    weights, dout = tensors["weights"], tensors["dout_data"].detach()
    depth = weights.shape[1]
    in_data = tensors.get("in_data", torch.zeros(in_shape, dtype=dout.dtype, requires_grad=True))
    padded = pad(in_data.permute(0, 3, 1, 2), (padding,) * 4)  # NCHW
    taps = unfold(padded, filter_size, stride=stride).reshape(len(in_data), in_shape[3], filter_size**2, -1)
    windows = taps.permute(0, 3, 2, 1).reshape(-1, filter_size**2 * in_shape[3])  # (P, Q), columns (kh, kw, c)
    arrays = {}
    if "in_data" in inputs:
        kernels = weights.reshape(filter_size, filter_size, -1, depth).permute(3, 2, 0, 1).contiguous()
        z = conv2d(padded, kernels, tensors["bias"][0], stride=stride)
        out_data = torch.relu(z).permute(0, 2, 3, 1)
        wanted = {"dfilter_data": z, "dweights": weights, "dbias": tensors["bias"]}
        gradients = dict(zip(wanted, torch.autograd.grad(out_data, list(wanted.values()), dout), strict=True))
        gradients["dfilter_data"] = gradients["dfilter_data"].permute(0, 2, 3, 1).reshape(-1, depth)
        arrays = {"matric_data": windows, "filter_data": out_data.reshape(-1, depth), "out_data": out_data}
        rows = windows.detach().requires_grad_()
        (dmatric_data,) = torch.autograd.grad(rows @ weights, rows, gradients["dfilter_data"])
    else:
        rows, bias = tensors["matric_data"], torch.zeros(1, depth, dtype=dout.dtype, requires_grad=True)
        filter_data = tensors["filter_data"]
        (dfilter_data,) = torch.autograd.grad(torch.relu(filter_data), filter_data, dout.reshape(-1, depth))
        dmatric_data, dweights, dbias = torch.autograd.grad(rows @ weights + bias, [rows, weights, bias], dfilter_data)
        gradients = {"dfilter_data": dfilter_data, "dweights": dweights, "dbias": dbias}
    # Through unfold and not from conv2d's own input gradient: that never makes dmatric_data, so that its sums may lie
    # outside of what col2im of a cancelled dmatric_data allows. Each array of a fixture follows from those before it.
    dpadding_data, din_data = torch.autograd.grad(windows, [padded, in_data], dmatric_data)
    arrays |= {
        **gradients,
        "dmatric_data": dmatric_data,
        "dpadding_data": dpadding_data.permute(0, 2, 3, 1),
        "din_data": din_data,
    }
    return {name: np.array(array.tolist(), _dtype(array)).reshape(array.shape) for name, array in arrays.items()}


# By lists: this NumPy need not be the one that this torch was built for.


def _tensor(array: Any) -> Any:
    return torch.tensor(array.tolist(), dtype=getattr(torch, array.dtype.name)).reshape(array.shape)


def _dtype(tensor: Any) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _answer(arrays: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    sys.stdout.buffer.write(len(buffer.getvalue()).to_bytes(8, "little") + buffer.getvalue())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
