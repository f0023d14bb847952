"""The judgement of fixtures as it is written in Python, the peer of ``npyparity audit`` in ``make bench-audit``.

Each case's inputs are loaded by ``np.load``, computed by ``document.py``, and every array is compared with the expected
one by ``np.testing.assert_allclose``: no checksum, no bound, no stage judged by itself, no report.

With ``--proven`` it judges as the audit does: each file's SHA-256, the rounding bound of each array from the layer on
absolute values, and all stages a second time from the expected arrays before them.

    python judge_peer.py [--proven] DIR...

Exit code 1 and NumPy's message at the first mismatch.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from npyparity import document
from npyparity.compute import gamma, run
from npyparity.geometry import Geometry

Array = npt.NDArray[Any]

# What people write: the atol is tuned until it passes.
TOLERANCES = {"float64": {"rtol": 1e-7, "atol": 1e-12}, "float32": {"rtol": 1e-4, "atol": 1e-3}}


def judge(directory: Path, proven: bool) -> int:
    """The number of elements compared."""
    case = json.loads((directory / "case.json").read_text(encoding="utf-8"))
    geometry = Geometry.of(case["parameters"])
    inputs = {name: np.load(directory / array["file"]) for name, array in case["inputs"].items()}
    actual = run(case["operation"], inputs, geometry)
    expected = {name: np.load(directory / array["file"]) for name, array in case["expected"].items()}
    allowed = TOLERANCES[case["dtype"]]
    for name, array in expected.items():
        np.testing.assert_allclose(
            actual[name], array, rtol=allowed["rtol"], atol=allowed["atol"], err_msg=f"{case['id']} {name}"
        )
    if proven:
        _check_sums(directory, case)
        _check_bounds(case, geometry, inputs, expected, actual)
    return sum(array.size for array in expected.values())


def _check_sums(directory: Path, case: dict[str, Any]) -> None:
    for array in (case["inputs"] | case["expected"]).values():
        digest = hashlib.sha256((directory / array["file"]).read_bytes()).hexdigest()
        if digest != array["sha256"]:
            raise AssertionError(f"{case['id']}: {array['file']} has another checksum")


def _check_bounds(
    case: dict[str, Any],
    geometry: Geometry,
    inputs: dict[str, Array],
    expected: dict[str, Array],
    actual: dict[str, Array],
) -> None:
    """Every array within 2 γ(n) S + 2 n η, end to end and by stages from the expected arrays, n the largest of all."""
    magnitudes = {
        name: np.abs(np.where(np.isfinite(array), array, 0)).astype(np.float64)
        for name, array in (inputs | expected).items()
    }
    forward = document.conv2d_forward(magnitudes, geometry) if case["operation"] == "conv2d" else {}
    mask = (inputs | expected)["filter_data"]
    sums = forward | document.conv2d_backward(magnitudes | forward | {"filter_data": mask}, geometry)
    n = max(geometry.positions, geometry.taps + 1, geometry.out_depth * geometry.taps)
    least = float(np.finfo(case["dtype"]).smallest_subnormal)
    for name, array in (*actual.items(), *_by_stages(geometry, inputs | expected).items()):
        bound = 2 * gamma(n, case["dtype"]) * sums[name] + 2 * n * least
        same = np.isnan(array) & np.isnan(expected[name]) | (array == expected[name])
        if not np.all(same | (np.abs(array - expected[name]) <= bound)):
            raise AssertionError(f"{case['id']}: {name} is outside its bound")


def _by_stages(geometry: Geometry, arrays: dict[str, Array]) -> dict[str, Array]:
    g = geometry
    rows = document.rows_of(arrays["dout_data"], g)
    return {
        "dfilter_data": document.relu_gradient(rows, arrays["filter_data"], g),
        "dweights": document.weights_gradient(arrays["matric_data"], arrays["dfilter_data"], g),
        "dbias": document.bias_gradient(arrays["dfilter_data"], g),
        "dmatric_data": document.matric_gradient(arrays["dfilter_data"], arrays["weights"], g),
        "dpadding_data": document.col2im(arrays["dmatric_data"], g),
        "din_data": document.without_padding(arrays["dpadding_data"], g),
    }


def main() -> int:
    proven = "--proven" in sys.argv
    roots = [Path(argument) for argument in sys.argv[1:] if argument != "--proven"]
    cases = [path.parent for root in roots for path in sorted(root.glob("*/case.json"))]
    try:
        with np.errstate(all="ignore"):  # NaN and infinities are data here
            elements = sum(judge(case, proven) for case in cases)
    except AssertionError as mismatch:
        print(mismatch, file=sys.stderr)
        return 1
    print(f"{len(cases)} cases, {elements} elements agree")
    return 0 if cases else 2


if __name__ == "__main__":
    sys.exit(main())
