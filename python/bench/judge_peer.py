"""The judgement of fixtures as it is written in Python today, the peer of ``npyparity audit`` in ``make bench-audit``.

Each case's inputs are loaded by ``np.load``, computed by ``document.py``, and every array is compared with the expected
one by ``np.testing.assert_allclose``. It does less than the audit: no checksum, no bound, no stage judged by itself, no
report. Exit code 1 and NumPy's message at the first mismatch.

    python judge_peer.py DIR...
"""

import json
import sys
from pathlib import Path

import numpy as np

from npyparity.compute import run
from npyparity.geometry import Geometry

# What people write; where float32 cancels no relative tolerance is right, so the atol is tuned until it passes.
TOLERANCES = {"float64": {"rtol": 1e-7, "atol": 1e-12}, "float32": {"rtol": 1e-4, "atol": 1e-3}}


def judge(directory: Path) -> int:
    """The number of elements compared."""
    case = json.loads((directory / "case.json").read_text(encoding="utf-8"))
    inputs = {name: np.load(directory / array["file"]) for name, array in case["inputs"].items()}
    with np.errstate(all="ignore"):  # NaN and infinities are data here
        actual = run(case["operation"], inputs, Geometry.of(case["parameters"]))
    elements = 0
    for name, array in case["expected"].items():
        expected = np.load(directory / array["file"])
        allowed = TOLERANCES[case["dtype"]]
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(
                actual[name], expected, allowed["rtol"], allowed["atol"], err_msg=f"{case['id']} {name}"
            )
        elements += expected.size
    return elements


def main() -> int:
    cases = [path.parent for root in sys.argv[1:] for path in sorted(Path(root).glob("*/case.json"))]
    try:
        elements = sum(judge(case) for case in cases)
    except AssertionError as mismatch:
        print(mismatch, file=sys.stderr)
        return 1
    print(f"{len(cases)} cases, {elements} elements agree")
    return 0 if cases else 2


if __name__ == "__main__":
    sys.exit(main())
