"""Names of roles and people: what may become a file name, a part of a URL, a mention."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tufline.repository.errors import UserError
from tufline.repository.format import (
    TOP_LEVEL_ROLES,
    InvalidOwner,
    InvalidRoleName,
    delegated_role_name,
    owner,
    role_name,
)

ODD_VALUES = [None, 1, True, ["npm"], {"npm": 1}, b"npm"]


@pytest.mark.parametrize(
    "name",
    ["root", "npm", "registry.example.org", "a", "_x", "@scope", "+1", "v1.0-rc_2", "A" * 128],
)
def test_role_name_is_kept_as_it_is(name: str) -> None:
    assert role_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".hidden",
        "..",
        "-rf",
        "a/b",
        "a\\b",
        "../x",
        "a b",
        "a\n",
        "\na",
        "a\0",
        "é",
        "r\u043eot",  # a Cyrillic o
        "npm\u200b",
        "a%2fb",
        "a" * 129,
        "\ud800",
    ],
)
def test_name_that_no_file_should_have_is_refused(name: str) -> None:
    with pytest.raises(InvalidRoleName) as caught:
        role_name(name)
    assert str(caught.value) == f"{name!r} is not a role name"
    assert caught.value.hint == "use letters, digits and . _ - @ + (not first: . or -), at most 128"


@pytest.mark.parametrize("value", ODD_VALUES)
def test_only_text_is_a_name(value: object) -> None:
    with pytest.raises(InvalidRoleName):
        role_name(value)
    with pytest.raises(InvalidOwner):
        owner(value)


@pytest.mark.parametrize("name", sorted(TOP_LEVEL_ROLES))
def test_top_level_role_cannot_be_delegated(name: str) -> None:
    with pytest.raises(InvalidRoleName):
        delegated_role_name(name)


def test_delegated_role_may_have_any_other_role_name() -> None:
    assert delegated_role_name("root.json") == "root.json"
    assert delegated_role_name("Root") == "Root"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("@alice", "@alice"),
        ("@Alice-B", "@alice-b"),
        ("@jane_acme", "@jane_acme"),
        ("@j.doe", "@j.doe"),
        ("@_x", "@_x"),
        ("@" + "a" * 100, "@" + "a" * 100),
    ],
)
def test_owner_is_lower_case(text: str, name: str) -> None:
    assert owner(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "alice",
        "@@alice",
        "@-x",
        "@.x",
        "@a b",
        "@a\n",
        "@a/b",
        "@é",
        "@\u212aevin",  # the Kelvin sign, of which the lower case is an ASCII k
        "@" + "a" * 101,
    ],
)
def test_text_that_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(InvalidOwner) as caught:
        owner(text)
    assert str(caught.value) == f"{text!r} is not a user name"
    assert caught.value.hint == "write a user as @name: letters, digits and . _ -, at most 100"


@given(st.text())
def test_names_are_ascii_and_stable(text: str) -> None:
    for checked in (role_name, delegated_role_name, owner):
        try:
            name = checked(text)
        except UserError:
            continue
        assert name.isascii()
        assert not set(name) & set("/\\ \0\n%")
        assert checked(name) == name
