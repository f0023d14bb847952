"""The JSON Schema of ``case.json``, to which whoever writes or reads one holds it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parents[2] / "fixtures" / "case.schema.json"


@cache
def schema_validator() -> Any:
    """A validator of ``case.json``; none where the schema or jsonschema is not at hand, as in a bare container."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        return None
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))) if SCHEMA.exists() else None
