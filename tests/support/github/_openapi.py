"""GitHub's own description of its REST API, which every request and answer is held against.

The description (OpenAPI 3.0.3) is read once per process, and only the operations that are met are
looked at.
"""

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Specification
from tests.support.github import _known_wrong

DESCRIPTION = Path(__file__).parents[3] / ".tools/github/api.github.com.json"
_URI = "urn:github"
_LONG = re.compile(r"(?s)(?<=^.{150}).+(?=.{60}$)")

# Operations list the errors of their own; these any operation may answer, in the common form.
_COMMON_ERRORS = frozenset({401, 403, 404, 429, 500, 502, 503})


class NoDescription(AssertionError):
    """GitHub's API description is not installed."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} is missing in {path.parent.parent.name}: run `make tools`")


@functools.cache
def document() -> Mapping[str, Any]:
    """Return the description; raise `NoDescription` where it is not installed."""
    try:
        text = DESCRIPTION.read_bytes()
    except FileNotFoundError:
        raise NoDescription(DESCRIPTION) from None
    described: Mapping[str, Any] = json.loads(text)
    return described


def resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the schema, parameter or answer refers to, or itself."""
    while "$ref" in schema:
        found: Any = document()
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        schema = found
    return schema


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, named as the description names it: `GET`, `/repos/{owner}/{repo}`."""

    method: str
    template: str

    def request_problems(
        self, path: Mapping[str, str], query: Mapping[str, str], body: object
    ) -> Iterator[str]:
        """Yield what GitHub would not have understood in a request."""
        described = self._described()
        parameters = [resolve(each) for each in described.get("parameters", ())]
        yield from _parameter_problems(parameters, "path", path)
        yield from _parameter_problems(parameters, "query", query)
        yield from self._body_problems(described.get("requestBody"), body)

    def answer_problems(self, status: int, body: object) -> Iterator[str]:
        """Yield what GitHub would not have answered."""
        answers = self._described()["responses"]
        if str(status) in answers:
            content = resolve(answers[str(status)]).get("content", {})
            schema = content.get("application/json", {}).get("schema")
        elif status in _COMMON_ERRORS or status == _known_wrong.UNLISTED.get(
            (self.method, self.template)
        ):
            schema = {"$ref": "#/components/schemas/basic-error"}
        else:
            yield f"answer {status} is none of {', '.join(answers)}"
            return
        if schema is not None:
            yield from (f"answer {status}: {each}" for each in problems(schema, body))
        elif body is not None and status < 400:
            yield f"answer {status} has a body, and should have none"

    def _body_problems(self, described: Mapping[str, Any] | None, body: object) -> Iterator[str]:
        if body is None:
            if described and described.get("required"):
                yield "the body is missing"
            return
        if described is None:
            if body != {}:
                yield "there is a body, and should be none"
            return
        body = _known_wrong.as_described(self.method, self.template, body)
        schema = resolve(described)["content"]["application/json"]["schema"]
        yield from (f"body: {each}" for each in problems(schema, body))
        unknown = _unknown_fields(schema, body)
        yield from (f"body: {name!r} is no field of this operation" for name in unknown)

    def _described(self) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = document()["paths"][self.template][self.method.lower()]
        except KeyError:
            raise AssertionError(f"GitHub has no {self.method} {self.template}") from None
        return found


def problems(schema: Mapping[str, Any], value: object) -> Iterator[str]:
    """Yield what is wrong with the value, each with its place in it."""
    for error in _validator(json.dumps(schema)).iter_errors(value):
        if not _known_wrong.is_nullable_choice(error):
            yield f"{error.json_path}: {_LONG.sub(' ... ', error.message)}"


@functools.cache
def _validator(schema: str) -> Any:  # noqa: ANN401 - made by a factory without types
    absolute = json.loads(schema.replace('"#/', f'"{_URI}#/'))
    return OAS30Validator(absolute, registry=_registry(), format_checker=oas30_format_checker)


@functools.cache
def _registry() -> Registry[Any]:
    # Opaque: within properties the word "id" is a name, and no identifier of a schema.
    empty: Registry[Any] = Registry()
    whole: Registry[Any] = empty.with_resource(
        _URI, Specification.OPAQUE.create_resource(document())
    )
    return whole


def _parameter_problems(
    parameters: Sequence[Mapping[str, Any]], place: str, given: Mapping[str, str]
) -> Iterator[str]:
    known = {each["name"]: each for each in parameters if each["in"] == place}
    for name, parameter in known.items():
        if name in given:
            value = _typed(resolve(parameter["schema"]), given[name])
            found = problems(parameter["schema"], value)
            yield from (f"{place} parameter {name!r}: {each}" for each in found)
        elif parameter.get("required"):
            yield f"{place} parameter {name!r} is missing"
    yield from (f"{place} parameter {name!r} is unknown" for name in given if name not in known)


def _typed(schema: Mapping[str, Any], text: str) -> object:
    """Return a parameter's text as what its schema says it is, where it can be that."""
    kinds = {schema.get("type")} | {each.get("type") for each in schema.get("oneOf", ())}
    if "integer" in kinds and text.isdecimal():
        return int(text)
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text.split(",") if kinds == {"array"} else text


def _unknown_fields(schema: Mapping[str, Any], body: object) -> list[str]:
    """Return the fields that GitHub would silently ignore, where the schema lists all fields."""
    schema = resolve(schema)
    if not isinstance(body, dict) or "properties" not in schema:
        return []
    if any(word in schema for word in ("oneOf", "anyOf", "allOf")):
        return []
    return [] if schema.get("additionalProperties") else sorted(body.keys() - schema["properties"])
