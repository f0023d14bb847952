"""The peers in Python of the convolution benchmark: a program that measures one after the other, as it is told.

Each line of standard input is a request in JSON, each answer a line of it:

    {"peer": "torch", "dtype": "float32", "seconds": 0.4, "layer": {"batch": 8, "in_height": 32, ...}}
    {"ms": 3.21, "note": "channels_last"}

or ``{"unavailable": why}``. A request without a peer is answered with versions. ``THREADS`` of the environment is how
many threads PyTorch takes; BLAS libraries read variables of their own. Before a peer is measured its gradients are
compared with those of the document's code, on a small layer.

What is measured is the same for all: from ``in_data``, ``dfilter_data`` and ``weights`` to ``dweights``, ``dbias`` and
``din_data``. Only the document's code is handed ``matric_data``, which its listing has from the forward pass.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from npyparity import document
from npyparity.geometry import Geometry

Array = npt.NDArray[Any]


def document_peer(geometry: Geometry, arrays: dict[str, Array]) -> dict[str, Callable[[], object]]:
    """The document's code: loops over windows, GEMM."""
    matric_data = document.im2col(arrays["in_data"], geometry)
    dfilter_data, weights = arrays["dfilter_data"], arrays["weights"]

    def run() -> object:
        din_data = document.without_padding(
            document.col2im(document.matric_gradient(dfilter_data, weights, geometry), geometry), geometry
        )
        dweights = document.weights_gradient(matric_data, dfilter_data, geometry)
        return dweights, document.bias_gradient(dfilter_data, geometry), din_data

    return {"": run}


def numpy_peer(geometry: Geometry, arrays: dict[str, Array]) -> dict[str, Callable[[], object]]:
    """NumPy as one writes it for speed: windows as a view, GEMM, and col2im by K * K slices."""
    in_data, dfilter_data, weights = arrays["in_data"], arrays["dfilter_data"], arrays["weights"]
    k, s, p = geometry.filter_size, geometry.stride, geometry.padding
    rows, columns = geometry.out_height, geometry.out_width
    patch = k * k * geometry.in_depth

    def run() -> object:
        padded = np.pad(in_data, ((0, 0), (p, p), (p, p), (0, 0))) if p else in_data
        windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(1, 2))[:, ::s, ::s]
        matric_data = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, patch)
        dweights = matric_data.T @ dfilter_data
        dmatric_data = (dfilter_data @ weights.T).reshape(geometry.batch, rows, columns, k, k, geometry.in_depth)
        dpadding_data = np.zeros_like(padded)
        for kh in range(k):
            for kw in range(k):
                dpadding_data[:, kh : kh + rows * s : s, kw : kw + columns * s : s] += dmatric_data[:, :, :, kh, kw]
        din_data = dpadding_data[:, p : p + geometry.in_height, p : p + geometry.in_width]
        return dweights, dfilter_data.sum(axis=0, keepdims=True), din_data

    return {"": run}


def torch_peer(geometry: Geometry, arrays: dict[str, Array]) -> dict[str, Callable[[], object]]:
    """``aten::convolution_backward`` in both layouts."""
    import torch

    torch.set_num_threads(int(os.environ["THREADS"]))
    k, c, d = geometry.filter_size, geometry.in_depth, geometry.out_depth
    shape = (geometry.batch, geometry.out_height, geometry.out_width, d)
    nchw = [
        torch.from_numpy(arrays["dfilter_data"].reshape(shape)).permute(0, 3, 1, 2),
        torch.from_numpy(arrays["in_data"]).permute(0, 3, 1, 2),
        torch.from_numpy(arrays["weights"].reshape(k, k, c, d)).permute(3, 2, 0, 1),
    ]

    def runner(layout: Any) -> Callable[[], object]:
        dout, x, w = (t.contiguous(memory_format=layout) for t in nchw)
        stride, padding = [geometry.stride] * 2, [geometry.padding] * 2

        def run() -> object:
            return torch.ops.aten.convolution_backward(
                dout, x, w, [d], stride, padding, [1, 1], False, [0, 0], 1, [True, True, True]
            )

        return run

    return {"contiguous": runner(torch.contiguous_format), "channels_last": runner(torch.channels_last)}


PEERS = {"document": document_peer, "numpy": numpy_peer, "torch": torch_peer}


def median_ms(run: Callable[[], object], seconds: float) -> float:
    """The median time of a call, over at least ``seconds`` and three calls, after a warm-up of half as long."""
    end = time.perf_counter() + seconds / 2
    run()
    while time.perf_counter() < end:
        run()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e3


def draw(geometry: Geometry, dtype: str) -> dict[str, Array]:
    random = np.random.default_rng(1)
    return {
        name: random.standard_normal(geometry.shapes[name]).astype(dtype)
        for name in ("in_data", "weights", "dfilter_data")
    }


def as_document(gradients: Any, geometry: Geometry) -> list[Array]:
    """A peer's gradients in the document's order and layout."""
    if not isinstance(gradients[0], np.ndarray):
        din, dw, db = (np.ascontiguousarray(g.numpy()) for g in gradients)
        gradients = dw.transpose(2, 3, 1, 0).reshape(-1, geometry.out_depth), db[np.newaxis], din.transpose(0, 2, 3, 1)
    return list(gradients)


def check(peer: str) -> None:
    """Compares the gradients of ``peer`` with those of the document's code.

    The layer has distinct sizes, a stride that does not divide and padding. The sums are short (at most 90 addends of
    size 1): 1e-10 is far above their rounding errors and far below any mistake.
    """
    geometry = Geometry(2, 9, 12, 3, 5, 3, 2, 1)
    arrays = draw(geometry, "float64")
    expected = as_document(document_peer(geometry, arrays)[""](), geometry)
    for layout, run in PEERS[peer](geometry, arrays).items():
        for name, actual, desired in zip(
            ("dweights", "dbias", "din_data"), as_document(run(), geometry), expected, strict=True
        ):
            np.testing.assert_allclose(actual, desired, rtol=0, atol=1e-10, err_msg=f"{peer} {layout} {name}")


def measure(request: dict[str, Any]) -> dict[str, Any]:
    geometry = Geometry(**request["layer"])
    try:
        check(request["peer"])
        runners = PEERS[request["peer"]](geometry, draw(geometry, request["dtype"]))
    except ImportError as e:
        return {"unavailable": str(e)}
    times = {name: median_ms(run, request["seconds"]) for name, run in runners.items()}
    best = min(times, key=lambda name: times[name])
    return {"ms": times[best], "note": best}


def versions() -> dict[str, str]:
    from threadpoolctl import threadpool_info

    found = {"Python": sys.version.split()[0], "NumPy": np.__version__}
    for library in threadpool_info():
        if library["user_api"] == "blas":
            found["NumPy's BLAS"] = " ".join(str(library.get(k)) for k in ("internal_api", "version", "architecture"))
    return found


def torch_version() -> dict[str, str]:
    try:
        import torch
    except ImportError:
        return {}
    return {"PyTorch": torch.__version__}


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        if request.get("peer"):
            answer = measure(request)
        else:
            answer = torch_version() if request.get("torch") else versions()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
