"""The table of `make bench-compare`: judging two arrays in Java beside np.testing.assert_allclose, of one run.

python compare_table.py RESULTS.json

A row is a dtype, a number of elements and how far apart the two arrays are. `times` says how many times the throughput
of assert_allclose is reached by the same judgement; it is to be at least 15. `sweep` is a loop on all cores that does
nothing but read both arrays: no judgement can be faster, and `ceiling` is what it would reach.

Exits with 2 if something was not measured, otherwise with 0.
"""

from __future__ import annotations

from pathlib import Path

from jmh import medians, print_table, require_measured

BAR = 15
METHODS = ["assertAllclose", "allclose", "certified", "exact", "sweep"]


def table(results: Path) -> None:
    median: dict[tuple[str, int, int], dict[str, float]] = {}
    for name, setting, score in medians(results):
        elements = int(setting["elements"])
        row = median.setdefault((setting["dtype"], elements, int(setting["ulps"])), {})
        row[name.rsplit(".", 1)[1]] = score / elements
    missing = {f"{method} of {setting}" for setting, row in median.items() for method in METHODS if method not in row}
    require_measured(results, missing if median else {"anything"})
    print(
        "ns per element     elements  ULP apart  assert_allclose  allclose  certified  exact*  sweep   times  ceiling"
    )
    for (dtype, elements, ulps), row in sorted(median.items(), reverse=True):
        numpy, ours, certified, exact, sweep = (row[method] for method in METHODS)
        verdict = "met" if numpy / ours >= BAR else "MISSED"
        print(
            f"{dtype.lower():14}  {elements:11}  {ulps:9}  {numpy:15.2f}  {ours:8.3f}  {certified:9.3f}  {exact:6.3f}"
            f"  {sweep:5.3f}  {numpy / ours:6.1f}  {numpy / sweep:7.1f}  >= {BAR} {verdict}"
        )
    print("* of two equal arrays")


if __name__ == "__main__":
    print_table(table, __doc__)
