"""The part of JSON Schema that this project's schemas use: enough to hold a tree against one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SPEC = Path(__file__).parent.parent / "docs" / "spec"
KNOWN = {
    *("$schema", "title", "description", "$defs", "$ref", "type", "const", "enum", "required", "properties"),
    *("additionalProperties", "propertyNames", "items", "minItems", "maxItems", "minimum", "maximum"),
    *("exclusiveMinimum", "pattern", "minLength"),
}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


def load(name: str) -> dict[str, Any]:
    """A schema of docs/spec by its file name."""
    tree: dict[str, Any] = json.loads((SPEC / name).read_text())
    return tree


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "$") -> Iterator[str]:
    """Where ``value`` breaks ``schema``, one line each; nothing when it conforms."""
    root = root or schema
    assert schema.keys() <= KNOWN, f"this validator does not know {schema.keys() - KNOWN}"
    if "$ref" in schema:
        yield from faults(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    wanted = schema.get("type", [])
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if kinds and not any(
        isinstance(value, TYPES[k]) and (k == "boolean" or not isinstance(value, bool)) for k in kinds
    ):
        yield f"{at}: {value!r} is no {' or '.join(kinds)}"
        return
    if isinstance(value, dict):
        yield from _object(value, schema, root, at)
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{at}: {len(value)} items"
        for number, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), root, f"{at}[{number}]")
    elif isinstance(value, str):
        if not re.search(schema.get("pattern", ""), value) or len(value) < schema.get("minLength", 0):
            yield f"{at}: {value!r} has the wrong form"
    elif isinstance(value, (int, float)):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high or value <= schema.get("exclusiveMinimum", value - 1):
            yield f"{at}: {value!r} is out of range"


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    yield from (f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value)
    extra = schema.get("additionalProperties", {})
    for name, member in value.items():
        yield from faults(name, schema.get("propertyNames", {}), root, f"{at} name")
        rule = schema.get("properties", {}).get(name, extra)
        if rule is False:
            yield f"{at}: {name} is not foreseen"
        else:
            yield from faults(member, rule, root, f"{at}.{name}")
