from collections.abc import Callable

import pytest
from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample, key_for
from tuf.api.metadata import DelegatedRole, Delegations, SuccinctRoles, Targets

RULE = "delegation-form"


def delegations(targets: Targets) -> Delegations:
    assert targets.delegations is not None
    return targets.delegations


def npm(targets: Targets) -> DelegatedRole:
    roles = delegations(targets).roles
    assert roles is not None
    return roles["npm"]


def no_paths(targets: Targets) -> None:
    npm(targets).paths = []


def no_file_name(targets: Targets) -> None:
    roles = delegations(targets).roles
    assert roles is not None
    roles["../x"] = DelegatedRole(
        "../x", [key_for("@dave").keyid], 1, terminating=True, paths=["x"]
    )


def hash_prefixes(targets: Targets) -> None:
    npm(targets).paths = None
    npm(targets).path_hash_prefixes = ["00"]


def succinct(targets: Targets) -> None:
    delegations(targets).roles = None
    delegations(targets).succinct_roles = SuccinctRoles([], 1, 8, "bin")


BAD = [
    (no_paths, "npm is delegated no paths; give it some or remove it"),
    (
        no_file_name,
        (
            "'../x' is not a role name; use letters, digits and . _ - @ + (not first: . or -),"
            " at most 128"
        ),
    ),
    (hash_prefixes, "npm is delegated hash prefixes, which is not supported; use paths"),
    (succinct, "delegates to succinct hash bins, which is not supported; name each role"),
]


@pytest.mark.parametrize(("change", "problem"), BAD)
def test_forms_that_are_not_supported_are_refused(
    change: Callable[[Targets], None], problem: str
) -> None:
    event = Sample()
    event.edit("targets", change)

    found = judge(Sample(), event)

    assert said(found, RULE) == [f"error targets: {problem}"]
    assert verdict(found) == "refused"


@pytest.mark.parametrize(("change", "problem"), BAD)
def test_known_good_s_own_is_a_notice(change: Callable[[Targets], None], problem: str) -> None:
    base = Sample()
    base.edit("targets", change)
    event = base.copy()
    event.edit("targets")

    assert said(judge(base, event), RULE) == [f"notice targets: {problem}"]
