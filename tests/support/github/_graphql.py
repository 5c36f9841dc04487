"""GitHub's GraphQL API: real queries, judged by GitHub's own schema, answered from the hub's state.

    status, content = answer(hub, token, {"query": "{ viewer { login } }"})

The caller holds the lock. A query that the schema does not allow is answered by errors, as GitHub
does. What the emulator cannot answer, or answers against the schema, is an error as well, and is
kept in `violations`, so that the test fails even if the client goes on.
"""

from collections.abc import Mapping
from typing import Any

import graphql
from tests.support.github._graphql_people import Viewer
from tests.support.github._graphql_roots import Mutation, Query
from tests.support.github._graphql_schema import Refusal, github_schema, resolve, typename
from tests.support.github._state import State, Token

Json = dict[str, Any]


def answer(hub: State, token: Token, request: Mapping[str, Any]) -> tuple[int, Json]:
    """Return the status, which is 200 whatever went wrong, and the content of the answer."""
    try:
        document = graphql.parse(request["query"])
    except graphql.GraphQLError as error:
        return 200, {"errors": [error.formatted]}
    invalid = graphql.validate(github_schema(), document)
    if invalid:
        return 200, {"errors": [error.formatted for error in invalid]}
    result = _execute(document, Viewer(hub, token), request)
    errors = result.errors or []
    hub.violations += [str(error) for error in errors if _is_ours(error)]
    content: Json = {"data": result.data}
    if errors:
        content["errors"] = [_shown(error) for error in errors]
    return 200, content


def _execute(
    document: graphql.DocumentNode, viewer: Viewer, request: Mapping[str, Any]
) -> graphql.ExecutionResult:
    name = request.get("operationName")
    operation = graphql.get_operation_ast(document, name)
    mutates = operation and operation.operation is graphql.OperationType.MUTATION
    return graphql.execute_sync(
        github_schema(),
        document,
        root_value=Mutation(viewer) if mutates else Query(viewer),
        variable_values=request.get("variables"),
        operation_name=name,
        field_resolver=resolve,
        type_resolver=typename,
    )


def _is_ours(error: graphql.GraphQLError) -> bool:
    """Return whether the emulator is at fault, and not the request or its token."""
    return error.path is not None and not isinstance(error.original_error, Refusal)


def _shown(error: graphql.GraphQLError) -> Json:
    shown: Json = dict(error.formatted)
    if isinstance(error.original_error, Refusal):
        shown["type"] = error.original_error.type
    return shown
