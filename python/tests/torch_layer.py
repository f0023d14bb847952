"""The layer by torch.nn.functional.conv2d and autograd, in float64: inputs.npz to outputs.npz in a directory.

A program of its own, not a test: it may run under another interpreter than the tests, as PyTorch is large and not
everywhere installed beside them. It needs torch and NumPy. Exit code 3: there is no torch.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

try:
    import torch
    from torch.nn.functional import conv2d
except ImportError as missing:
    print(missing, file=sys.stderr)
    sys.exit(3)


def main(directory: Path) -> None:
    outputs = {}
    with np.load(directory / "inputs.npz") as inputs:
        for index in sorted({name.split("/")[0] for name in inputs}):
            filter_size, stride, padding = (int(size) for size in inputs[f"{index}/sizes"])
            in_data, weights, bias, dout_data = (
                torch.tensor(inputs[f"{index}/{name}"].tolist(), dtype=torch.float64, requires_grad=True)
                for name in ("in_data", "weights", "bias", "dout_data")
            )
            kernels = weights.reshape(filter_size, filter_size, -1, bias.shape[1]).permute(3, 2, 0, 1)
            z = conv2d(in_data.permute(0, 3, 1, 2), kernels, bias[0], stride=stride, padding=padding)
            out_data = torch.relu(z).permute(0, 2, 3, 1)
            out_data.backward(dout_data)
            arrays = {"out_data": out_data, "din_data": in_data.grad, "dweights": weights.grad, "dbias": bias.grad}
            outputs.update({f"{index}/{name}": np.array(array.tolist()) for name, array in arrays.items()})
    np.savez(directory / "outputs.npz", **outputs)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
