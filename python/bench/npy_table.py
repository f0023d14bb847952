"""The table of `make bench-jnpy`: what JMH measured, each beside its peer of the same run, as ratios.

python npy_table.py RESULTS.json

A ratio beyond its bar is marked and fails nothing: these machines are noisy. Exit code 2 if something was not measured.
"""

from __future__ import annotations

from pathlib import Path

from jmh import medians, print_table, require_measured

Row = tuple[str, str, str, float | None]
"""Title, ours, its peer, and the greatest ratio of the two that is good; None shows a peer without a bar."""

LOAD, OPEN, WRITE = "NpyLoadBenchmark", "NpyOpenBenchmark", "NpyWriteBenchmark"
ROWS: list[Row] = [
    ("load 400 MB float64, beside a plain mapped read", f"{LOAD}.jnpy", f"{LOAD}.plainMappedBuffer", 1.1),
    ("load 400 MB float64, beside np.load", f"{LOAD}.jnpy", f"{LOAD}.npLoad", 1.1),
    ("load 400 MB float64, beside JetBrains", f"{LOAD}.jnpy", f"{LOAD}.jetBrains", None),
    ("load 400 MB float64, beside openlca", f"{LOAD}.jnpy", f"{LOAD}.openlca", None),
    ("load 400 MB float64, beside DJL", f"{LOAD}.jnpy", f"{LOAD}.djl", None),
    ("load big-endian, beside little-endian", f"{LOAD}.jnpyBigEndian", f"{LOAD}.jnpy", 2),
    ("load float16 to double, beside float64", f"{LOAD}.jnpyFloat16", f"{LOAD}.jnpy", 2),
    ("write 400 MB, beside np.save", f"{WRITE}.memoryJnpy", f"{WRITE}.memoryNpSave", 1.3),
    ("write and force to disk, beside np.save", f"{WRITE}.forcedJnpy", f"{WRITE}.forcedNpSave", 1.3),
    ("write 400 MB, beside JetBrains", f"{WRITE}.memoryJnpy", f"{WRITE}.memoryJetBrains", None),
    ("write 400 MB, beside openlca", f"{WRITE}.memoryJnpy", f"{WRITE}.memoryOpenlca", None),
    ("open 4 GiB, beside np.load(mmap_mode='r')", f"{OPEN}.jnpyOpen", f"{OPEN}.npLoadMapped", None),
    ("read 512 MiB in runs, beside a plain mapping", f"{OPEN}.jnpySequential", f"{OPEN}.plainSequential", 1.1),
    ("read it by index, beside a plain mapping", f"{OPEN}.jnpyElementByElement", f"{OPEN}.plainElementByElement", None),
]
MOST_TO_OPEN = 10.0
"""Milliseconds."""


def table(results: Path) -> None:
    median = {name: score for name, _, score in medians(results)}
    require_measured(results, {name for row in ROWS for name in row[1:3]} - median.keys())
    print(f"{'':48}  {'jnpy, ms':>9}  {'peer, ms':>9}  {'ratio':>6}  bar")
    for title, ours, peer, bar in ROWS:
        ratio = median[ours] / median[peer]
        verdict = "" if bar is None else f"<= {bar:g}" + ("" if ratio <= bar else "  BEYOND")
        print(f"{title:48}  {median[ours]:9.3f}  {median[peer]:9.3f}  {ratio:6.2f}  {verdict}")
    opened = median[f"{OPEN}.jnpyOpen"]
    print(f"open 4 GiB: {opened:.3f} ms, of {MOST_TO_OPEN:g} at most{'' if opened <= MOST_TO_OPEN else '  BEYOND'}")


if __name__ == "__main__":
    print_table(table, __doc__)
