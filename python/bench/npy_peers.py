"""NumPy for the benchmarks: commands on standard input, an answer when each is done.

load FILE       np.load(FILE), and one element read so that nothing stays lazy
open FILE       np.load(FILE, mmap_mode="r")
make FILE N T   np.save of N elements of dtype T, and kept
save FILE       np.save of what make kept
fsync FILE      the same, and forced to disk
sync -          the disk has written everything when this is done
pair A B RTOL   np.load of both, and kept
allclose -      np.testing.assert_allclose of what pair kept
"""

import os
import sys

import numpy as np
import numpy.typing as npt


def main() -> None:
    kept: npt.NDArray[np.generic] = np.zeros(1)
    pair: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] = (np.zeros(1), np.zeros(1))
    rtol = 0.0
    for line in sys.stdin:
        command, file, *rest = line.split()
        if command == "load":
            loaded = np.load(file)
            loaded.flat[loaded.size - 1]
            del loaded
        elif command == "open":
            np.load(file, mmap_mode="r")
        elif command == "pair":
            pair, rtol = (np.load(file), np.load(rest[0])), float(rest[1])
        elif command == "allclose":
            np.testing.assert_allclose(*pair, rtol=rtol)
        elif command == "sync":
            os.sync()
        elif command == "make":
            kept = np.random.default_rng(1).standard_normal(int(rest[0])).astype(rest[1])
            with open(file, "wb") as out:  # noqa: PTH123
                np.save(out, kept)
                os.fsync(out.fileno())  # or the disk is busy with it while others are measured
        else:
            with open(file, "wb") as out:  # noqa: PTH123
                np.save(out, kept)
                if command == "fsync":
                    out.flush()
                    os.fsync(out.fileno())
        print("done", flush=True)


if __name__ == "__main__":
    main()
