"""What ``numpy.testing`` says of random pairs of arrays, for Java's comparisons to be held against.

    python compare_battery.py COUNT SEED

prints a line of JSON for each pair: its bits, the tolerances, the verdict and facts of ``assert_allclose``, and the
distances of ``assert_array_max_ulp``. Plain files, no package: any NumPy can run it.

    python compare_battery.py --files < PAIRS

prints what ``assert_allclose`` says, with its defaults, of the two .npy files in each line, which a tab parts.
"""

import json
import re
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.testing import assert_allclose, assert_array_max_ulp

Array = npt.NDArray[Any]

SHAPES = ((1,), (7,), (3, 5), (2, 3, 4), (4, 1, 6), (2, 3, 2, 5))
SPECIAL = (0.0, -0.0, np.nan, np.inf, -np.inf)


def pair(random: np.random.Generator, dtype: str) -> tuple[Array, Array]:
    """Two arrays that agree here and there: equal, near, far, and with special values on one side or both."""
    shape = SHAPES[random.integers(len(SHAPES))]
    info = np.finfo(dtype)
    expected = random.standard_normal(shape) * 10.0 ** random.integers(-4, 5, shape)
    expected = np.where(random.random(shape) < 0.1, random.choice([float(info.tiny), float(info.max)], shape), expected)
    with np.errstate(over="ignore"):
        near = expected * (1 + random.standard_normal(shape) * 10.0 ** random.integers(-17, -2))
    actual = np.where(random.random(shape) < random.choice([0.1, 0.9]), near, expected)
    special = random.choice([0.0, 0.0, 0.1])
    for array in (actual, expected):
        both = random.random(shape) < special
        values = random.choice(SPECIAL, shape)
        array[both] = values[both]
        if random.random() < 0.5:
            actual[both] = expected[both] = values[both]
    with np.errstate(over="ignore"):
        return actual.astype(dtype), expected.astype(dtype)


def allclose(actual: Array, expected: Array, rtol: float, atol: float, equal_nan: bool) -> dict[str, Any]:
    """The verdict, and what the message counts."""
    try:
        assert_allclose(actual, expected, rtol=rtol, atol=atol, equal_nan=equal_nan)
    except AssertionError as error:
        text = str(error)
    else:
        return {"verdict": "agree"}
    for kind in ("nan location", "inf location", "inf values", "-inf location"):
        if f"{kind} mismatch" in text:
            return {"verdict": kind}
    count = re.search(r"Mismatched elements: (\d+) / (\d+)", text)
    largest = re.findall(r"Max \w+ difference(?: among violations)?: (\S+)", text)
    if count is None or len(largest) != 2:
        raise RuntimeError(f"NumPy words a mismatch otherwise: {text}")
    return {
        "verdict": "mismatch",
        "mismatched": int(count[1]),
        "of": int(count[2]),
        "absolute": largest[0],
        "relative": largest[1],
        "indices": [json.loads(index) for index in re.findall(r"^ (\[[\d, ]*\]): ", text, re.MULTILINE)],
    }


def ulp(actual: Array, expected: Array, most: int) -> dict[str, Any]:
    """Whether at most ``most`` units lie between the arrays, and the distances by bits where NumPy's are none."""
    try:
        distances = assert_array_max_ulp(actual, expected, most)
    except AssertionError:
        return {"most": most, "agree": False}
    return {"most": most, "agree": True, "distances": [int(d) for d in distances.ravel()]}


def main() -> None:
    np.set_printoptions(precision=17, floatmode="unique", threshold=10**6)
    if sys.argv[1] == "--files":
        for names in sys.stdin:
            actual, expected = (np.load(name) for name in names.rstrip("\n").split("\t"))
            with np.errstate(all="ignore"):
                print(json.dumps(allclose(actual, expected, 1e-7, 0, True)))
        return
    random = np.random.default_rng(int(sys.argv[2]))
    print(json.dumps({"numpy": np.__version__}))
    for _ in range(int(sys.argv[1])):
        dtype = str(random.choice(["float64", "float32"]))
        actual, expected = pair(random, dtype)
        rtol, atol = float(10.0 ** random.integers(-16, 0)), float(random.choice([0, 1e-12, 1e-6, 1e-2]))
        equal_nan = bool(random.random() < 0.8)
        line = {
            "dtype": dtype,
            "shape": actual.shape,
            "actual": actual.tobytes().hex(),
            "expected": expected.tobytes().hex(),
            "rtol": rtol,
            "atol": atol,
            "equal_nan": equal_nan,
        }
        with np.errstate(all="ignore"):
            line["allclose"] = allclose(actual, expected, rtol, atol, equal_nan)
            # NumPy subtracts in the dtype's own width of integer, which wraps between numbers of opposite sign.
            same_sign = np.all(np.signbit(actual) == np.signbit(expected)) and np.isfinite([actual, expected]).all()
            line["ulp"] = ulp(actual, expected, int(2 ** random.integers(0, 24))) if same_sign else None
        print(json.dumps(line))


if __name__ == "__main__":
    main()
