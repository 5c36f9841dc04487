"""GitHub's published GraphQL schema, answered from views that are strict.

A field `headRefName` of a type is answered by the attribute or method `head_ref_name` of the view
that stands for the object; what no view has makes the query fail, so that nothing is made up.
"""

import functools
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from graphql import GraphQLError, GraphQLResolveInfo, GraphQLScalarType, GraphQLSchema, build_schema

_FILE = Path(__file__).parents[3] / ".tools" / "github" / "schema.graphql"


class Refusal(Exception):
    """An error that GitHub itself would answer; `type` is one of its words, as NOT_FOUND."""

    def __init__(self, type: str, message: str) -> None:  # noqa: A002 - GitHub's word
        super().__init__(message)
        self.type = type


class Typed(Protocol):
    """A view that may stand where the schema has an interface or a union."""

    @property
    def typename(self) -> str: ...


@functools.cache
def github_schema() -> GraphQLSchema:
    """Return the schema; it is read once per process (half a second)."""
    # As published it names two fields twice and deprecates some that interfaces do not.
    schema = build_schema(_FILE.read_text(encoding="utf-8"), assume_valid=True)
    forms = {"DateTime": _date_time, "GitObjectID": _object_id, "URI": _uri}
    for name, form in forms.items():
        scalar = schema.type_map[name]
        assert isinstance(scalar, GraphQLScalarType)
        scalar.coerce_output_value = form
    return schema


def resolve(source: object, info: GraphQLResolveInfo[None], **arguments: object) -> object:
    """Return what the view says; raise `NotImplementedError` where it says nothing."""
    name = snake(info.field_name)
    if not hasattr(type(source), name):
        unknown = f"emulator does not know {info.parent_type.name}.{info.field_name}"
        raise NotImplementedError(unknown)
    found = getattr(source, name)
    if callable(found):
        return found(**{snake(key): value for key, value in arguments.items()})
    if arguments:
        raise NotImplementedError(f"emulator does not know arguments of {info.field_name}")
    return found


def typename(value: Typed, *_: object) -> str:
    """Return which type of the schema the view stands for."""
    return value.typename


def snake(name: str) -> str:
    """Return a name of the schema as our code spells it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _date_time(value: object) -> str:
    if not isinstance(value, datetime):
        raise GraphQLError(f"no time: {value!r}")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _object_id(value: object) -> str:
    return _matching(r"[0-9a-f]{40}", value)


def _uri(value: object) -> str:
    return _matching(r"https?://\S+", value)


def _matching(pattern: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise GraphQLError(f"no {pattern}: {value!r}")
    return value
