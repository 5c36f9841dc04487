"""Judging only the change must find whatever judging everything would find.

For random repositories and random changes: if known good is sound and the event has no finding,
then what main will hold is sound. Signatures are left out; other tests are about them.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.delegating import delegate, terms_of
from tests.support.judging import judge, judge_whole
from tests.support.sample import Sample
from tuf.api.metadata import DelegatedRole, Delegations, TargetFile

from tufline.repository.review import Review

pytestmark = pytest.mark.no_cover  # the same code over very many cases

RULES = {
    "artifact-content",
    "artifact-delegation",
    "artifact-missing",
    "artifact-owner",
    "artifact-shadowed",
    "artifact-unlisted",
    "lookup-depth",
    "path-collision",
    "path-kind",
    "path-name",
    "role-file",
    "root-history",
}
ROLES = ("targets", "npm", "one", "two")
PATTERNS = ("npm/*", "npm/*/*", "npm/sub/*", "*/keys.json", "one/*", "one/?", "*", "*/*", "ONE/*")
ARTIFACTS = ("file.txt", "top", "npm/keys.json", "npm/sub/x", "one/x", "one/long", "ONE/x", "npm")

roles, artifacts = st.sampled_from(ROLES), st.sampled_from(ARTIFACTS)
contents = st.sampled_from((b"1", b"2"))
edits = st.one_of(
    st.tuples(st.just("file"), artifacts, st.none() | contents),
    st.tuples(st.just("entry"), roles, artifacts, st.none() | contents),
    st.tuples(st.just("both"), roles, artifacts, contents),
    st.tuples(
        st.just("delegation"),
        roles,
        st.sampled_from(ROLES[1:]),
        st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3),
        st.tuples(st.booleans(), st.booleans()),
    ),
    st.tuples(st.just("terminating"), roles, st.sampled_from(ROLES[1:])),
    st.tuples(st.just("order"), roles),
    st.tuples(st.just("no delegation"), roles, st.sampled_from(ROLES[1:])),
    st.tuples(st.just("role file"), st.sampled_from(ROLES[1:]), st.booleans()),
)


def _overlapping() -> Sample:
    """Return a sound repository whose roles may list some of each other's artifacts."""
    sample = Sample()
    terms_of(sample, "npm", lambda terms: setattr(terms, "terminating", False))
    delegate(sample, "one", ["one/*", "npm/*"], {"one/x": b"1"}, terminating=False)
    delegate(sample, "two", ["npm/sub/*"], {"npm/sub/x": b"1"}, by="npm", terminating=False)
    return sample


SAMPLE = _overlapping()


@settings(max_examples=400, deadline=None)
@given(st.lists(edits, max_size=4), st.lists(edits, min_size=1, max_size=5))
def test_sound_base_and_clean_event_make_a_sound_main(before: list[Any], change: list[Any]) -> None:
    base = _edited(SAMPLE, before)
    assume(not _problems(judge_whole(None, base)))
    event = _edited(base, change)
    if not _problems(judge(base, event)):
        assert _problems(judge_whole(base, event)) == set()


@settings(max_examples=150, deadline=None)
@given(st.lists(edits, min_size=1, max_size=6))
def test_import_is_judged_as_strictly_as_main(change: list[Any]) -> None:
    event = _edited(SAMPLE, change)
    assert _problems(judge_whole(None, event)) <= _problems(judge(None, event))


def _problems(found: Review) -> set[tuple[str, str | None, str | None]]:
    problems = {*found.errors, *(each for each in found.findings if each.waits)}
    return {(each.rule, each.role, each.path) for each in problems if each.rule in RULES}


def _edited(sample: Sample, change: list[Any]) -> Sample:
    edited = sample.copy()
    for kind, *details in change:
        EDITS[kind](edited, *details)
    return edited


def _file(sample: Sample, artifact: str, data: bytes | None) -> None:
    if data is None:
        sample.files.pop(f"targets/{artifact}", None)
    else:
        sample.files[f"targets/{artifact}"] = data


def _entry(sample: Sample, role: str, artifact: str, data: bytes | None) -> None:
    metadata = _load(sample, role)
    if data is None:
        metadata.signed.targets.pop(artifact, None)
    else:
        entry = TargetFile.from_data(artifact, data, ["sha256"])
        metadata.signed.targets[artifact] = entry
    sample.write(role, metadata)


def _both(sample: Sample, role: str, artifact: str, data: bytes) -> None:
    _file(sample, artifact, data)
    _entry(sample, role, artifact, data)


def _delegation(
    sample: Sample, by: str, role: str, paths: list[str], form: tuple[bool, bool]
) -> None:
    metadata = _load(sample, by)
    terminating, first = form
    delegations: Any = metadata.signed.delegations or Delegations({}, {})
    delegations.roles.pop(role, None)
    new = {role: DelegatedRole(role, ["0" * 64], 1, terminating=terminating, paths=paths)}
    delegations.roles = {**new, **delegations.roles} if first else {**delegations.roles, **new}
    metadata.signed.delegations = delegations
    sample.write(by, metadata)
    sample.write(role, _load(sample, role))


def _terminating(sample: Sample, by: str, role: str) -> None:
    metadata = _load(sample, by)
    roles = metadata.signed.delegations.roles if metadata.signed.delegations else {}
    if role in roles:
        roles[role].terminating = not roles[role].terminating
    sample.write(by, metadata)


def _order(sample: Sample, by: str) -> None:
    metadata = _load(sample, by)
    if metadata.signed.delegations:
        reverse = dict(reversed(metadata.signed.delegations.roles.items()))
        metadata.signed.delegations.roles = reverse
    sample.write(by, metadata)


def _no_delegation(sample: Sample, by: str, role: str) -> None:
    metadata = _load(sample, by)
    if metadata.signed.delegations:
        metadata.signed.delegations.roles.pop(role, None)
    sample.write(by, metadata)


def _role_file(sample: Sample, role: str, there: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    if there:
        sample.write(role, _load(sample, role))
    else:
        sample.files.pop(f"metadata/{role}.json", None)


def _load(sample: Sample, role: str) -> Any:  # noqa: ANN401 - python-tuf's metadata
    if f"metadata/{role}.json" in sample.files:
        return sample.load(role)
    metadata = SAMPLE.load("one")
    metadata.signed.targets.clear()
    return metadata


EDITS: dict[str, Callable[..., None]] = {
    "file": _file,
    "entry": _entry,
    "both": _both,
    "delegation": _delegation,
    "terminating": _terminating,
    "order": _order,
    "no delegation": _no_delegation,
    "role file": _role_file,
}
