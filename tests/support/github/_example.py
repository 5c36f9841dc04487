"""The smallest value that a schema of GitHub's description accepts.

A representation starts from such an example, over which goes what the emulator knows; so it has
every field that a client may rely on, and no line of code for a field that nothing here is about.
"""

import copy
import functools
from collections.abc import Mapping
from typing import Any

from tests.support.github._openapi import document, resolve

_TEXTS = {
    "date-time": "2024-01-01T00:00:00Z",
    "date": "2024-01-01",
    "uri": "https://unused.invalid/",
    "email": "unused@unused.invalid",
}
_PLAIN: Mapping[str, Any] = {"integer": 0, "number": 0, "boolean": False}


def described(schema: str, **known: object) -> dict[str, Any]:
    """Return what the schema of this name demands, with what is known in place of examples."""
    value: dict[str, Any] = _over(_example_of(schema), known)
    return value


@functools.cache
def _example_of(name: str) -> Any:  # noqa: ANN401 - any JSON value
    return example({**document()["components"]["schemas"][name], "nullable": False})


def example(schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """Return the smallest valid value: null where that is allowed, else only what is required."""
    schema = resolve(schema)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("nullable") and "type" in schema:  # alone it allows nothing, says OpenAPI 3.0.3
        return None
    for choice in ("oneOf", "anyOf"):
        if choice in schema and "properties" not in schema:
            return example(schema[choice][0])
    if "allOf" in schema:
        return functools.reduce(_over, map(example, schema["allOf"]), {})
    return _of_type(schema)


def _of_type(schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: example(properties[name]) for name in schema.get("required", ())}
    if kind == "array":
        return [example(schema["items"])] * schema.get("minItems", 0)
    if kind == "string":
        return _TEXTS.get(schema.get("format", ""), "-" * schema.get("minLength", 0))
    return schema.get("minimum", _PLAIN[kind])


def _over(under: Any, over: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a copy of `under` with `over` laid over it, field by field."""
    if not (isinstance(under, dict) and isinstance(over, Mapping)):
        return copy.deepcopy(over)
    merged = {name: copy.deepcopy(value) for name, value in under.items() if name not in over}
    return merged | {name: _over(under.get(name), value) for name, value in over.items()}
