"""The state file of a signing event."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tufline.repository.format import (
    InvalidInvitations,
    Invitations,
    Owner,
    RoleName,
    parse_invitations,
    write_invitations,
)

FILE = b'{\n  "invites": {\n    "@bob": [\n      "root",\n      "npm"\n    ]\n  }\n}'
EVE, BOB = Owner("@eve"), Owner("@bob")
ROOT, NPM = RoleName("root"), RoleName("npm")
PEOPLE = st.from_regex(r"@[a-z][a-z0-9-]{0,8}", fullmatch=True).map(Owner)
ROLES = st.lists(
    st.from_regex(r"[a-z][a-z0-9.-]{0,8}", fullmatch=True).map(RoleName),
    min_size=1,
    max_size=3,
    unique=True,
)


def test_file_is_read_and_written_as_tuf_on_ci_does() -> None:
    found = parse_invitations(FILE)
    assert found.roles_of == {BOB: (ROOT, NPM)}
    assert write_invitations(found) == FILE


@given(st.dictionaries(PEOPLE, ROLES, min_size=1, max_size=4))
def test_what_is_written_is_read_again(roles_of: dict[Owner, list[RoleName]]) -> None:
    invitations = Invitations({person: tuple(roles) for person, roles in roles_of.items()})
    data = write_invitations(invitations)
    assert data is not None
    assert parse_invitations(data) == invitations


def test_names_are_read_in_lower_case() -> None:
    assert parse_invitations(b'{"invites": {"@Bob": ["root"]}}').roles_of == {BOB: (ROOT,)}


def test_nobody_invited_means_no_file() -> None:
    assert not Invitations()
    assert write_invitations(Invitations()) is None
    assert not parse_invitations(b'{"invites": {}}')


def test_a_person_is_invited_to_exactly_the_roles_given() -> None:
    both = Invitations().with_roles(BOB, [ROOT, NPM, ROOT]).with_roles(EVE, [NPM])
    assert both.roles_of == {BOB: (ROOT, NPM), EVE: (NPM,)}
    assert both.to_role(NPM) == (BOB, EVE)
    assert both.to_role(ROOT) == (BOB,)
    assert both.with_roles(BOB, []).roles_of == {EVE: (NPM,)}


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        {},
        {"invites": {}, "more": 1},
        {"invites": None},
        {"invites": "@bob"},
        {"invites": 5},
        {"invites": [5]},
        {"invites": {"bob": ["root"]}},
        {"invites": {"@bob": []}},
        {"invites": {"@bob": "root"}},
        {"invites": {"@bob": {"root": 1}}},
        {"invites": {"@bob": ["../x"]}},
        {"invites": {"@bob": [5]}},
        {"invites": {"@bob": [["root"]]}},
    ],
)
def test_what_is_no_state_file_is_refused(tree: object) -> None:
    with pytest.raises(InvalidInvitations):
        parse_invitations(json.dumps(tree).encode())


def test_one_person_under_two_spellings_is_refused() -> None:
    with pytest.raises(InvalidInvitations, match="@bob stands twice"):
        parse_invitations(b'{"invites": {"@bob": ["root"], "@Bob": ["npm"]}}')


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(InvalidInvitations):
        parse_invitations(data)
