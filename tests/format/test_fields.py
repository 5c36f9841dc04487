"""The custom fields of keys and roles."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Role, Root, Targets

from tufline.repository.format import (
    FIELD_MEANINGS,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    InvalidPeriod,
    Owner,
    Periods,
    RoleName,
    key_owner,
    online_uri,
    periods_holder,
    role_periods,
    set_key_owner,
    set_online_uri,
    set_role_periods,
    signer_label,
    stated_owner,
)

EXPIRY, SIGNING = "x-tuf-on-ci-expiry-period", "x-tuf-on-ci-signing-period"
OWNER, URI = "x-tuf-on-ci-keyowner", "x-tuf-on-ci-online-uri"


def role_with(**fields: object) -> Role:
    names = {"expiry": EXPIRY, "signing": SIGNING}
    return Role([], 1, {names[name]: value for name, value in fields.items()})


def days(number: int) -> timedelta:
    return timedelta(days=number)


def test_person_s_key_and_online_key() -> None:
    person, online = key_for("@alice"), key_for("file2:online")
    assert (key_owner(person), online_uri(person)) == ("@alice", None)
    assert (key_owner(online), online_uri(online)) == (None, "file2:online")
    assert (signer_label(person), signer_label(online)) == ("@alice", "file2:online")


def test_key_of_nobody_is_named_by_its_id() -> None:
    key = key_for("@alice")
    key.unrecognized_fields.clear()
    assert signer_label(key) == key.keyid
    assert stated_owner(key) is None


def test_owner_is_read_in_lower_case() -> None:
    key = key_for("@alice")
    key.unrecognized_fields[OWNER] = "@Alice"
    assert key_owner(key) == "@alice"
    assert stated_owner(key) == "@Alice"


@pytest.mark.parametrize("value", [None, 5, "", "alice", "@a b", ["@alice"], {}])
def test_invalid_owner_is_none_and_is_still_stated(value: object) -> None:
    key = key_for("@alice")
    key.unrecognized_fields[OWNER] = value
    assert key_owner(key) is None
    assert stated_owner(key) == value
    assert signer_label(key) == key.keyid


@pytest.mark.parametrize("value", [None, 5, ["file:x"]])
def test_uri_that_is_no_text_is_none(value: object) -> None:
    key = key_for("file2:online")
    key.unrecognized_fields[URI] = value
    assert online_uri(key) is None


def test_a_key_is_a_person_s_or_online_never_both() -> None:
    key = key_for("@alice")
    set_online_uri(key, "gcpkms:x")
    assert key.unrecognized_fields == {URI: "gcpkms:x"}
    set_key_owner(key, Owner("@bob"))
    assert key.unrecognized_fields == {OWNER: "@bob"}


def test_periods_are_days() -> None:
    found = role_periods(role_with(expiry=365, signing=60))
    assert found == Periods(expiry=days(365), signing=days(60))


def test_role_without_periods_has_none() -> None:
    assert role_periods(role_with()) is None


@pytest.mark.parametrize(("expiry", "half"), [(365, 182), (7, 3), (1, 0)])
def test_missing_signing_period_is_half_of_the_expiry_period(expiry: int, half: int) -> None:
    found = role_periods(role_with(expiry=expiry))
    assert found == Periods(expiry=days(expiry))
    assert found is not None
    assert found.signing_or_default == days(half)


@pytest.mark.parametrize("value", [None, True, -1, "365", 36_501, 10**15, [], {}])
@pytest.mark.parametrize("field", [EXPIRY, SIGNING])
def test_period_that_is_no_number_of_days_is_refused(field: str, value: object) -> None:
    fields = {EXPIRY: 365, SIGNING: 60, field: value}
    with pytest.raises(InvalidPeriod, match=f"^{field} is .*, not a number of days up to 36500$"):
        role_periods(Role([], 1, fields))


def test_signing_period_alone_is_refused() -> None:
    with pytest.raises(InvalidPeriod, match="expiry-period is None"):
        role_periods(role_with(signing=60))


@pytest.mark.parametrize(
    "periods", [Periods(expiry=days(9), signing=days(2)), Periods(expiry=days(9))]
)
def test_both_periods_are_written(periods: Periods) -> None:
    holder = role_with()
    set_role_periods(holder, periods)
    assert holder.unrecognized_fields == {
        EXPIRY: 9,
        SIGNING: periods.signing_or_default.days,
    }


def test_root_holds_the_periods_of_online_roles() -> None:
    root: Root = Sample().load("root").signed
    targets: Targets = Sample().load("targets").signed
    expected: list[tuple[RoleName, Any, Any]] = [
        (ROOT, root, root),
        (SNAPSHOT, root, root.roles["snapshot"]),
        (TIMESTAMP, root, root.roles["timestamp"]),
        (TARGETS, targets, targets),
    ]
    for role, signed, holder in expected:
        assert periods_holder(role, signed) is holder


def test_every_field_that_is_read_has_a_meaning_to_show() -> None:
    assert set(FIELD_MEANINGS) == {OWNER, URI, EXPIRY, SIGNING}
