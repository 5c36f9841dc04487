"""What is said of the protection of branches, and of secrets."""

from dataclasses import replace

import pytest
from tests.init.facts import ADMINISTRATION, GOOD, MAIN, not_fine, on_main

from tufline.repository.init import Protection


def test_protection_that_is_read_is_enough_whatever_else_there_may_be() -> None:
    assert not_fine(on_main(MAIN, unread=ADMINISTRATION)) == []


def test_rules_add_up_over_protections() -> None:
    one = Protection(name="one", pull_request=True, checks=frozenset({"signing-event"}))
    other = Protection(name="other", code_owners=True, keeps_history=True, keeps_branch=True)

    assert not_fine(on_main(one, other)) == []


def test_who_is_not_bound_is_named() -> None:
    facts = on_main(replace(MAIN, bypass=("administrators", "App bot")))

    assert not_fine(facts) == [
        ("unsafe", f"{rule}, but this does not bind App bot, administrators")
        for rule in (
            "main changes by pull requests only",
            "what Code Owners own on main takes their review",
            "main takes only what has the status signing-event",
            "main cannot be force-pushed",
            "main cannot be deleted",
        )
    ]


def test_exception_of_one_protection_is_closed_by_another() -> None:
    assert not_fine(on_main(replace(MAIN, bypass=("administrators",)), MAIN)) == []


@pytest.mark.parametrize(
    "name",
    [
        "TUFLINE_APP_PRIVATE_KEY",
        "GCP_SA_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AZURE_CLIENT_SECRET",
        "AZURE_CREDENTIALS",
        "gcloud_key",
    ],
)
def test_secret_that_is_a_key_is_unsafe(name: str) -> None:
    facts = replace(GOOD, secrets=("OTHER", name))

    assert not_fine(facts) == [("unsafe", f"a key that lasts is in: {name}")]
