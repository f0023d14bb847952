"""The SHA-256 of every .npy file under some directories, on all cores, and nothing else: no audit can be faster.

hashlib's is OpenSSL's; it lets other threads run meanwhile, so one process has all cores without waiting for others.

    python hash_files.py DIR...
"""

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    files = [file for root in sys.argv[1:] for file in sorted(Path(root).rglob("*.npy"))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        digests = list(pool.map(digest, files))
    print(f"{len(digests)} files, {sum(file.stat().st_size for file in files)} bytes hashed")


if __name__ == "__main__":
    main()
