"""`tufline delegate`: what it changes, and when it refuses."""

import pytest
from tests.signer.helpers import EVENT, NEXT, NOW, Holder, Server, root_of, targets_of, write_key
from tests.support.sample import Sample
from tuf.api.metadata import Targets

from tufline.repository.edit import Draft, UnusablePeriods
from tufline.repository.format import TARGETS
from tufline.signer._delegating import Wish, apply_wish


def test_start_makes_root_and_targets_and_invites(
    server: Server, alice: Holder, bob: Holder
) -> None:
    online = server.folder / "kms.pem"
    write_key(online)
    alice.yes(
        *("delegate", EVENT, "root", "--signers", "@alice,bob_acme", "--threshold", "2"),
        *("--targets-signers", "@alice", "--expiry-period", "100"),
        *("--online-key", "gcpkms:projects/x", "--online-public-key", f"{online}.pub"),
    )
    root, targets = root_of(server, EVENT), targets_of(server, event=EVENT)
    assert (root.version, root.roles["root"].threshold) == (1, 2)
    assert root.roles["targets"].threshold == 1
    assert targets.unrecognized_fields == {
        "x-tuf-on-ci-expiry-period": 100,
        "x-tuf-on-ci-signing-period": 50,
    }
    assert root.roles["timestamp"].unrecognized_fields == {
        "x-tuf-on-ci-expiry-period": 7,
        "x-tuf-on-ci-signing-period": 4,
    }
    with server.event() as event:
        invited = event.proposed.invitations()
    assert invited.roles_of == {  # type: ignore[union-attr]
        "@alice": ("root", "targets"),
        "@bob_acme": ("root",),
    }
    del bob


@pytest.mark.parametrize(
    ("given", "flag"),
    [
        ((), "--signers"),
        (("--signers", "@alice"), "--online-key"),
        (("--signers", "@alice", "--online-key", "file2:x"), "--online-public-key"),
    ],
)
def test_start_without_a_terminal_names_the_missing_flag(
    server: Server, alice: Holder, given: tuple[str, ...], flag: str
) -> None:
    outcome = alice.run("delegate", EVENT, "root", *given, "--yes")
    assert outcome.code == 2
    assert f"Error: there is no terminal to ask at: give {flag}\n" in outcome.err
    assert EVENT not in server.heads()


def test_any_of_two_online_keys_signs(server: Server, alice: Holder) -> None:
    first, second = server.folder / "one.pem", server.folder / "two.pem"
    write_key(first)
    write_key(second)
    alice.yes(
        *("delegate", EVENT, "root", "--signers", "@alice"),
        *("--online-key", "gcpkms:one", "--online-public-key", f"{first}.pub"),
        *("--online-key", "awskms:two", "--online-public-key", f"{second}.pub"),
    )

    root = root_of(server, EVENT)
    for role in (root.roles["timestamp"], root.roles["snapshot"]):
        uris = [
            root.keys[keyid].unrecognized_fields["x-tuf-on-ci-online-uri"] for keyid in role.keyids
        ]
        assert (role.threshold, uris) == (1, ["gcpkms:one", "awskms:two"])


def test_each_online_key_needs_its_public_key(server: Server, alice: Holder) -> None:
    key = server.folder / "one.pem"
    write_key(key)
    outcome = alice.run(
        *("delegate", EVENT, "root", "--signers", "@alice", "--yes"),
        *("--online-key", "gcpkms:one", "--online-key", "awskms:two"),
        *("--online-public-key", f"{key}.pub"),
    )

    assert outcome.code == 1
    assert "error: 2 online keys and 1 public keys are given" in outcome.err
    assert EVENT not in server.heads()


def test_public_key_must_be_one(server: Server, alice: Holder) -> None:
    given = ("--signers", "@alice", "--online-key", "file2:x", "--online-public-key")
    outcome = alice.run("delegate", EVENT, "root", *given, alice.clone / "README.md", "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(
        f"error: {alice.clone}/README.md is not a usable public key: unable to load pem file."
    )
    assert EVENT not in server.heads()


def test_nothing_is_pushed_without_a_yes(server: Server, alice: Holder) -> None:
    online = server.folder / "kms.pem"
    write_key(online)
    outcome = alice.run(
        *("delegate", EVENT, "root", "--signers", "@alice"),
        *("--online-key", "file2:x", "--online-public-key", f"{online}.pub"),
    )
    assert outcome.code == 2
    assert "WAITING" in outcome.out
    assert "Error: there is no terminal to ask at: give --yes\n" in outcome.err
    assert EVENT not in server.heads()


def test_new_role_gets_terms_paths_and_invitations(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "npm", "--signers", "@carol", "--no-terminating")
    delegations = targets_of(started).delegations
    assert delegations is not None
    assert delegations.roles is not None
    role = delegations.roles["npm"]
    assert (role.threshold, role.terminating, role.keyids) == (1, False, [])
    assert role.paths == ["npm/*", "npm/*/*", "npm/*/*/*", "npm/*/*/*/*"]
    assert targets_of(started, "npm").version == 1


def test_role_signed_online_needs_no_people(started: Server, alice: Holder) -> None:
    key = alice.clone.parent / "role.pem"
    write_key(key)
    alice.yes(
        *("delegate", NEXT, "nightly", "--path", "nightly/*"),
        *("--online-key", "gcpkms:n", "--online-public-key", f"{key}.pub"),
    )
    (role,) = [each for each in started.review(NEXT).roles if each.name == "nightly"]
    assert role.missing == ("gcpkms:n",)


def test_only_what_is_given_changes(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    alice.yes("sign", NEXT)
    alice.yes("delegate", NEXT, "npm", "--path", "npm/*", "--terminating")
    delegations = targets_of(started).delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert delegations.roles["npm"].paths == ["npm/*"]
    assert len(delegations.roles["npm"].keyids) == 1


def test_signers_who_are_left_out_lose_their_key(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "targets", "--signers", "@alice,@carol", "--threshold", "1")
    root = root_of(started)
    owners = [
        root.keys[keyid].unrecognized_fields["x-tuf-on-ci-keyowner"]
        for keyid in root.roles["targets"].keyids
    ]
    assert (owners, root.roles["targets"].threshold) == (["@alice"], 1)
    with started.event(NEXT) as event:
        assert event.proposed.invitations().roles_of == {  # type: ignore[union-attr]
            "@carol": ("targets",)
        }


def test_online_key_is_replaced_for_both_roles(started: Server, alice: Holder) -> None:
    key = alice.clone.parent / "next.pem"
    write_key(key)
    given = ("--online-key", f"file2:{key}", "--online-public-key", f"{key}.pub")
    alice.yes("delegate", NEXT, "timestamp", *given)
    root = root_of(started)
    assert root.roles["timestamp"].keyids == root.roles["snapshot"].keyids
    (keyid,) = root.roles["timestamp"].keyids
    assert root.keys[keyid].unrecognized_fields == {"x-tuf-on-ci-online-uri": f"file2:{key}"}


def test_online_key_is_replaced_for_one_role_when_asked(started: Server, alice: Holder) -> None:
    key = alice.clone.parent / "next.pem"
    write_key(key)
    given = ("--online-key", f"file2:{key}", "--online-public-key", f"{key}.pub", "--only")
    alice.yes("delegate", NEXT, "timestamp", *given)
    root = root_of(started)
    assert root.roles["timestamp"].keyids != root.roles["snapshot"].keyids


def test_period_of_the_timestamp_stands_in_root(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "timestamp", "--expiry-period", "5", "--signing-period", "2")
    assert root_of(started).roles["timestamp"].unrecognized_fields == {
        "x-tuf-on-ci-expiry-period": 5,
        "x-tuf-on-ci-signing-period": 2,
    }


def test_existing_role_without_a_wish_is_an_error(started: Server, alice: Holder) -> None:
    outcome = alice.run("delegate", NEXT, "root", "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        "error: root exists already, and nothing to change in it was given\n"
        "hint: see `tufline delegate --help` for what can be changed\n"
    )
    assert NEXT not in started.heads()


def test_threshold_alone_can_change(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "targets", "--threshold", "1")
    root = root_of(started)
    assert (root.roles["targets"].threshold, root.roles["root"].threshold) == (1, 2)


def test_delegator_that_does_not_delegate_yet_does_so(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    alice.yes("sign", NEXT)
    alice.yes(
        "delegate",
        NEXT,
        "keys",
        "--delegator",
        "npm",
        "--path",
        "npm/keys/*",
        "--signers",
        "@alice",
    )
    delegations = targets_of(started, "npm").delegations
    assert delegations is not None
    assert delegations.roles is not None
    assert list(delegations.roles) == ["keys"]


@pytest.mark.parametrize("stated", [{}, {"x-tuf-on-ci-expiry-period": "long"}])
def test_periods_that_are_not_stated_must_be_given(stated: dict[str, object]) -> None:
    sample = Sample()
    sample.edit("targets", lambda targets: _state_periods(targets, stated))
    draft = Draft(known_good=sample.state(), event=sample.state(), now=NOW)
    with pytest.raises(UnusablePeriods) as caught:
        apply_wish(Wish(role=TARGETS, signing=10), draft)
    assert str(caught.value) == (
        "periods of targets: no expiry period is stated, so --expiry-period is needed"
    )
    apply_wish(Wish(role=TARGETS, expiry=100), draft)
    assert draft.targets(TARGETS).unrecognized_fields == {
        "x-tuf-on-ci-expiry-period": 100,
        "x-tuf-on-ci-signing-period": 50,
    }


def _state_periods(targets: Targets, stated: dict[str, object]) -> None:
    targets.unrecognized_fields = dict(stated)
