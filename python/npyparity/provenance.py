"""Who made a case: the versions and the machine behind its arrays. Outside every identity check."""

from __future__ import annotations

import os
import platform
import re
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from npyparity import __version__


def provenance(oracle: dict[str, Any] | None = None) -> dict[str, Any]:
    """The content of ``provenance.json``, in its order; ``oracle`` is what computed in place of the document's code."""
    return {
        "generator": {"name": "npyparity", "version": __version__},
        **({"oracle": oracle} if oracle else {}),
        "numpy": np.__version__,
        "blas": _blas(),
        "python": platform.python_version(),
        "os": platform.platform(),
        "cpu": _cpu(),
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


@cache
def _blas() -> dict[str, Any]:
    """The BLAS that NumPy was built with, and, where threadpoolctl is installed, how it runs here."""
    built = _built_with()
    running: dict[str, Any] = {}
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        pass
    else:
        running = next((info for info in threadpool_info() if info.get("user_api") == "blas"), {})
    return {
        "name": _debian_alternative() or built.get("name"),
        "version": running.get("version") or built.get("version"),
        "threads": running.get("num_threads"),
        "architecture": running.get("architecture"),
    }


def _built_with() -> dict[str, Any]:
    if hasattr(np.__config__, "CONFIG"):  # NumPy 1.26 and later
        return dict(np.__config__.CONFIG["Build Dependencies"]["blas"])
    libraries = getattr(np.__config__, "blas_opt_info", {}).get("libraries", ["unknown"])
    return {"name": libraries[0]}


def _debian_alternative() -> str | None:
    """Debian exchanges the BLAS beneath one build of NumPy; the folder of the loaded library names it."""
    try:
        mapped = Path("/proc/self/maps").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"/usr/lib/[^/]+/([^/]+)/libblas\.so", mapped)
    return found[1] if found else None


@cache
def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith(("model name", "Model"))]
    name = named[0] if named else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"
