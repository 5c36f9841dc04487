import pytest
from tests.support.judging import judge, said
from tests.support.sample import Sample
from tuf.api.metadata import Targets

RULE = "expiry-period"
EXPIRY, SIGNING = "x-tuf-on-ci-expiry-period", "x-tuf-on-ci-signing-period"


def stating(expiry: object, signing: object) -> Sample:
    sample = Sample()

    def change(role: Targets) -> None:
        role.unrecognized_fields.update({EXPIRY: expiry, SIGNING: signing})
        for name in (EXPIRY, SIGNING):
            if role.unrecognized_fields[name] is None:
                del role.unrecognized_fields[name]

    sample.edit("npm", change)
    return sample


BAD = [
    (None, None, "states no expiry period; state one in days"),
    (365, None, "states no signing period; state one in days"),
    (None, 60, "x-tuf-on-ci-expiry-period is None, not a number of days up to 36500"),
    ("365", 60, "x-tuf-on-ci-expiry-period is '365', not a number of days up to 36500"),
    (-1, 60, "x-tuf-on-ci-expiry-period is -1, not a number of days up to 36500"),
    (365, True, "x-tuf-on-ci-signing-period is True, not a number of days up to 36500"),
    (365, 0, "the signing period is under one day"),
    (60, 60, "the expiry period, 60 days, must be longer than the signing period, 60"),
]


@pytest.mark.parametrize(("expiry", "signing", "problem"), BAD)
def test_periods_that_nobody_can_work_with_are_refused(
    expiry: object, signing: object, problem: str
) -> None:
    found = judge(Sample(), stating(expiry, signing))

    assert said(found, RULE) == [f"error npm: npm: {problem}"]


@pytest.mark.parametrize(("expiry", "signing", "problem"), BAD)
def test_what_known_good_states_too_is_a_notice(
    expiry: object, signing: object, problem: str
) -> None:
    base = stating(expiry, signing)
    event = base.copy()
    event.edit("npm")

    assert said(judge(base, event), RULE) == [f"notice npm: npm: {problem}"]


def test_the_periods_of_online_roles_stand_in_root() -> None:
    event = Sample()
    event.edit("root", lambda root: root.roles["timestamp"].unrecognized_fields.clear())

    assert said(judge(Sample(), event), RULE) == [
        "error root: timestamp: states no expiry period; state one in days"
    ]
