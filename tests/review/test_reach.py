"""What an event can still reach where a key is gone: the root that clients hold must accept it."""

from collections.abc import Callable

import pytest
from tests.support.sample import DELEGATE, NOW, Sample, key_for
from tuf.api.metadata import Root, Targets

from tufline.repository.review import Case, Policy, out_of_reach


def lost(name: str, main: Sample, event: Sample, policy: Policy | None = None) -> list[str]:
    """Return what cannot be reached without a person's key, in short."""
    case = Case(base=main.state(), event=event.state(), now=NOW, policy=policy or Policy())
    return [
        f"{each.delegation.role}: {len(each.signed)} of {each.delegation.threshold}"
        for each in out_of_reach(case, [key_for(name)])
    ]


def replacing_bob(main: Sample, *roles: str) -> Sample:
    """Return an event that puts @bob's second key in the place of the first. Nobody signed it."""

    def change(root: Root) -> None:
        for role in roles or ("root", "targets"):
            root.revoke_key(key_for("@bob").keyid, role)
            root.add_key(key_for("@bob#2"), role)

    event = main.copy()
    event.edit("root", change, signers=())
    return event


def two_people(change: Callable[[Root], object] | None = None) -> Sample:
    main = Sample(people=("@alice", "@bob"))
    main.edit("root", change)
    return main


def root_of_one(root: Root) -> None:
    root.roles["root"].threshold = 1


def both_of_one(root: Root) -> None:
    root_of_one(root)
    root.roles["targets"].threshold = 1


@pytest.mark.parametrize(
    ("main", "missed"),
    [
        (Sample(), []),
        (Sample(people=("@bob",), threshold=1), ["root: 0 of 1", "targets: 0 of 1"]),
        (two_people(), ["root: 1 of 2", "targets: 1 of 2"]),
        (two_people(root_of_one), ["targets: 1 of 2"]),
        (two_people(both_of_one), []),  # so it helps to lower the threshold of targets first
    ],
    ids=["two_of_three", "one_of_one", "two_of_two", "targets_alone", "one_of_two"],
)
def test_thresholds_that_stay_unmet_without_the_old_key(main: Sample, missed: list[str]) -> None:
    event = replacing_bob(main)
    assert lost("@bob", main, event) == missed
    assert lost("@carol", main, event) == []


def test_targets_stay_as_they_are_where_their_signatures_are_enough() -> None:
    main = two_people(root_of_one)
    assert lost("@bob", main, replacing_bob(main, "root")) == []


def test_signature_that_is_there_already_counts_where_the_content_stays() -> None:
    main = two_people(root_of_one)
    event = replacing_bob(main)
    event.edit("targets", signers=["@bob"])
    assert lost("@bob", main, event) == []


def test_declared_emergency_needs_no_old_key_of_targets() -> None:
    main = two_people(root_of_one)
    policy = Policy(emergency_roots=frozenset({3}))
    assert lost("@bob", main, replacing_bob(main), policy) == []


def test_delegator_can_give_a_role_another_key() -> None:
    def change(targets: Targets) -> None:
        targets.revoke_key(key_for(DELEGATE).keyid, "npm")
        targets.add_key(key_for("@carol#2"), "npm")

    main = Sample()
    event = main.copy()
    event.edit("targets", change, signers=())
    assert lost(DELEGATE, main, event) == []
