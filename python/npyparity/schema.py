"""How JSON is read here, and the schema of ``case.json``, to which whoever writes or reads one holds it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).parents[2] / "fixtures" / "case.schema.json"


def strict_json(content: bytes) -> Any:
    """What a JSON text says. Raises ``ValueError``, also where a name stands twice or values nest too deeply."""
    try:
        return json.loads(content, object_pairs_hook=_without_repeats)
    except RecursionError as error:
        raise ValueError("values nest too deeply") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        repeated = sorted({name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1})
        raise ValueError(f"{repeated[0]} stands twice")
    return result


@cache
def schema_validator() -> Any:
    """A validator of ``case.json``; none where the schema or jsonschema is not at hand, as in a bare container."""
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        return None
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))) if SCHEMA.exists() else None
