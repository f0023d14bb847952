"""What this Python has to have, said in a sentence before an import fails on it."""

from __future__ import annotations

import importlib
import sys

OLDEST_PYTHON = (3, 10)
OLDEST_NUMPY = (1, 24)
"""What containers are held to; the tests run on newer ones, see pyproject.toml."""


def require() -> None:
    """Ends the process with exit code 2 and one sentence where ``lacking`` says one."""
    sentence = lacking()
    if sentence:
        print(f"npyparity: {sentence}", file=sys.stderr)
        sys.exit(2)


def lacking() -> str:
    """What is missing or too old here, and what to do about it; empty if nothing is."""
    if sys.version_info < OLDEST_PYTHON:
        return f"Python is {sys.version.split()[0]}: expected {_text(OLDEST_PYTHON)} or newer"
    try:
        version: str = importlib.import_module("numpy").__version__
    except ImportError as error:
        return (
            f"{sys.executable} cannot import NumPy ({error}): "
            f"expected NumPy {_text(OLDEST_NUMPY)} or newer; install it, or name an interpreter that has it"
        )
    if _numbers(version) < OLDEST_NUMPY:
        return f"NumPy is {version}: expected {_text(OLDEST_NUMPY)} or newer"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    """Major and minor of such as ``2.0.0rc1``."""
    return tuple(int(part) if part.isdigit() else 0 for part in version.split(".")[:2])


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
