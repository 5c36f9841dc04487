"""Content that a key holder would sign without having seen it."""

from datetime import timedelta

import pytest
from tests.attacks.attack import errors, repository
from tests.support.delegating import delegate
from tests.support.judging import consents, judge, judge_whole, said, verdict
from tests.support.sample import STRANGER, Sample, key_for, keyid_of, signer_for
from tuf.api.metadata import Root, Targets

from tufline.repository.changes import changes_between
from tufline.repository.report import terminal
from tufline.repository.review import Policy


def shown(base: Sample, event: Sample) -> str:
    changes = changes_between(base.state(), event.state())
    return terminal(judge(base, event), changes, title="x", style=lambda _, line: line)


def with_orphan() -> tuple[Sample, Sample]:
    """Return a main with a file of a role that nobody delegates to, and one where somebody does."""
    base = repository()
    adopting = base.copy()
    delegate(adopting, "evil", ["evil/*"], {"evil/x": b"x"})
    delegate(adopting, "worse", ["evil/worse"], {}, by="evil")
    base.files |= {
        path: data for path, data in adopting.files.items() if "evil" in path or "worse" in path
    }
    return base, adopting


ADDED = [
    f"notice {delegator}: {role} is trusted for '{path}', signed by 1 of @dave; "
    "the search for these paths ends there"
    for delegator, role, path in (("targets", "evil", "evil/*"), ("evil", "worse", "evil/worse"))
]


def test_attack_left_over_file_comes_into_force_in_full_view() -> None:
    base, event = with_orphan()

    text = shown(base, event)

    assert "evil/x" in text
    assert "Role worse (metadata/worse.json" in text
    assert consents(judge(base, event), "delegation-added")
    assert said(judge(base, event), "delegation-added") == ADDED


def test_attack_left_over_file_is_changed_as_it_comes_into_force() -> None:
    base, event = with_orphan()
    metadata = event.load("evil")
    metadata.signed.version += 1
    metadata.signatures.clear()
    event.write("evil", metadata)

    assert "evil/x" in shown(base, event)
    assert said(judge(base, event), "delegation-added") == ADDED


def test_attack_left_over_file_comes_into_force_on_main_and_is_judged_like_a_new_one() -> None:
    """Else online signing would take what publishing, which knows no past, refuses for ever."""
    base, main = with_orphan()
    sample = main.load("evil")
    sample.signed.unrecognized_fields["x-tuf-on-ci-expiry-period"] = 20_000
    sample.signatures.clear()
    sample.sign(signer_for("@dave"))
    for each in (base, main):
        each.write("evil", sample)
    policy = Policy(longest_expiry={"*": timedelta(days=400)})

    found = judge_whole(base, main, policy=policy)

    assert errors(found) == errors(judge_whole(None, main, policy=policy)) == {"longest-expiry"}


def widen(targets: Targets) -> None:
    roles = (targets.delegations and targets.delegations.roles) or {}
    roles["npm"].paths = ["*"]


def lower(root: Root) -> None:
    root.roles["targets"].threshold = 1


@pytest.mark.parametrize("signers", [[], ["@alice"], [STRANGER]])
def test_attack_main_brings_what_nobody_signed_for_the_next_event_to_carry(
    signers: list[str],
) -> None:
    """Who signs version 4 would see nothing of what version 3 changed."""
    base = repository()
    base.edit("targets", widen, signers=signers)
    event = base.copy()
    event.put("file.txt", b"harmless\n")

    assert "known-good" in errors(judge(base, event))


def test_attack_missing_signatures_are_asked_for_a_change_that_nobody_is_shown() -> None:
    base = repository()
    base.edit("targets", widen, signers=["@alice"])
    event = base.copy()
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])

    assert "known-good" in errors(judge(base, event))


def test_attack_main_brings_a_root_that_nobody_signed() -> None:
    base = repository()
    base.edit("root", lower, signers=[STRANGER])
    event = base.copy()
    event.put("file.txt", b"harmless\n")

    [text] = said(judge(base, event), "known-good")
    assert text == (
        "error root: main's version 3 lacks signatures, so nobody would see what it changed; "
        "revert it on main first"
    )


def test_attack_main_brings_a_root_that_only_its_own_people_signed() -> None:
    base = repository()

    def take_over(root: Root) -> None:
        for role in ("root", "targets"):
            root.add_key(key_for(STRANGER), role)
            root.roles[role].threshold = 1

    base.edit("root", take_over, signers=[STRANGER])
    event = base.copy()
    event.put("file.txt", b"harmless\n")

    assert "known-good" in errors(judge(base, event))


def test_event_that_leaves_alone_what_main_holds_unsigned_is_not_stopped() -> None:
    base = repository()
    base.edit("npm", signers=[])
    event = base.copy()
    event.put("file.txt", b"harmless\n")

    assert verdict(judge(base, event)) == "ready"


def uri_key(uri: str) -> object:
    key = key_for(STRANGER)
    key.unrecognized_fields = {"x-tuf-on-ci-online-uri": uri}
    key.keyid = keyid_of(key)
    return key


@pytest.mark.parametrize("uri", ["@alice", "alice", "file2", "", " file2:x", "file2: x\n", "1:x"])
def test_attack_online_uri_that_is_none_passes_as_nobody(uri: str) -> None:
    base = repository()
    event = base.copy()
    key = uri_key(uri)

    def give(targets: Targets) -> None:
        ((targets.delegations and targets.delegations.roles) or {})["npm"].keyids = []
        targets.add_key(key, "npm")  # type: ignore[arg-type] # a key

    event.edit("targets", give)
    metadata = event.load("npm")
    metadata.signed.version += 1
    metadata.signatures.clear()
    signature = signer_for(STRANGER).sign(b"x")
    signature.keyid = key.keyid  # type: ignore[attr-defined] # as above
    metadata.signatures[signature.keyid] = signature
    event.write("npm", metadata)

    found = judge(base, event)

    assert "online-uri" in errors(found) or "key-owner" in errors(found)
    [npm] = [role for role in found.roles if role.name == "npm"]
    assert (*npm.signed, *npm.missing) == (key.keyid,)  # type: ignore[attr-defined] # as above
    assert all("of @alice" not in each.message for each in found.findings)


@pytest.mark.parametrize("role", ["npm", "fresh"])
def test_attack_known_name_signs_another_role_with_another_key(role: str) -> None:
    """@alice signs root with a key of hers; here comes one that @mallory made in her name."""
    base = repository()
    event = base.copy()
    if role == "fresh":
        delegate(event, role, [f"{role}/*"], {})

    def give(targets: Targets) -> None:
        targets.add_key(key_for("@alice#2"), role)

    event.edit("targets", give, version=3)

    found = judge(base, event)

    [text] = said(found, "key-replaced")
    assert "@alice" in text
    assert key_for("@alice#2").keyid in text
    assert key_for("@alice").keyid in text
    assert consents(found, "key-replaced")
