"""Bringing signatures back: what counts is pushed, anything else is refused and pushes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.signer.carrying import job, offline, root_fingerprint
from tests.signer.helpers import NEXT, Holder, Server, git


@pytest.fixture
def opened(started: Server, alice: Holder) -> Server:
    alice.yes("delegate", NEXT, "root", "--expiry-period", "300")
    return started


@pytest.fixture
def signatures(opened: Server, bob: Holder, tmp_path: Path) -> Path:
    """Return what bob brings back for the event."""
    return _signatures(opened, bob, tmp_path, "signatures")


def _signatures(server: Server, person: Holder, folder: Path, name: str) -> Path:
    payload, output = folder / f"{name}-payload", folder / name
    assert person.run("payload", NEXT, "-o", payload).code == 0
    done = offline(
        *(person, payload, output, "--yes", "--root-fingerprint", root_fingerprint(server))
    )
    assert done.code == 0, done.err
    return output


def _changed(file: Path, name: str, **fields: Any) -> Path:  # noqa: ANN401 - JSON
    tree = json.loads(file.read_bytes())
    tree["signatures"][0] |= fields
    changed = file.with_name(name)
    changed.write_text(json.dumps(tree))
    return changed


def test_attack_what_does_not_count_is_refused_and_pushes_nothing(
    opened: Server, bob: Holder, signatures: Path
) -> None:
    before = opened.heads()
    sig = json.loads(signatures.read_bytes())["signatures"][0]["sig"]
    cases = {
        "the signature of @bob_acme does not verify": {"sig": sig[:-2] + "00"},
        f"key {'ab' * 32} may not sign root": {"keyid": "ab" * 32},
        "the content has changed since": {"payload-sha256": "ab" * 32},
        "the event has root in version 2 only": {"version": 3},
        "root version 1: the event has version 2 now": {"version": 1},
        "the event has no role pypi that people sign": {"role": "pypi"},
        "the event has no role snapshot that people sign": {"role": "snapshot"},
        "'../root' is not a role name": {"role": "../root"},
        "keyid is not in lower-case hex": {"keyid": "AB" * 32},
        "not an object with exactly": {"bundle": {}},
    }
    for reason, fields in cases.items():
        outcome = bob.run("signature", "add", _changed(signatures, "bad", **fields))
        assert outcome.code == 1, reason
        assert reason in outcome.err
        assert opened.heads() == before


def test_attack_file_that_is_none(opened: Server, bob: Holder, signatures: Path) -> None:
    before, folder = opened.heads(), signatures.parent
    tree = json.loads(signatures.read_bytes())
    (folder / "link").symlink_to(signatures)
    bad = {
        "giant": b" " * (2**20 + 1),
        "empty": b"",
        "list": b"[]",
        "thousands": json.dumps(tree | {"signatures": tree["signatures"] * 1000}).encode(),
        "twice": json.dumps(tree | {"signatures": tree["signatures"] * 2}).encode(),
        "none": json.dumps(tree | {"signatures": []}).encode(),
        "extra": json.dumps(tree | {"trusted": True}).encode(),
        "newer": json.dumps(tree | {"version": 2}).encode(),
        "event": json.dumps(tree | {"event": 1}).encode(),
        "main": json.dumps(tree | {"event": "main"}).encode(),
        "escape": json.dumps(tree | {"event": "sign/\x1b[2J"}).encode(),
        "digest": json.dumps(tree | {"payload-file": "\x1b[2J"}).encode(),
    }
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    for name in (*bad, "link", "absent"):
        outcome = bob.run("signature", "add", folder / name)
        assert outcome.code == 1, name
        assert outcome.err.startswith("error: "), name
        assert opened.heads() == before
    for event in ("main", "sign/none"):
        assert bob.run("signature", "add", signatures, event).code == 1
    assert "main is not a signing event" in bob.run("signature", "add", signatures, "main").err
    assert opened.heads() == before


def test_signature_of_content_that_changed_meanwhile(
    opened: Server, alice: Holder, bob: Holder, signatures: Path
) -> None:
    alice.yes("delegate", NEXT, "root", "--expiry-period", "310")
    before = opened.heads()
    outcome = bob.run("signature", "add", signatures)
    assert outcome.code == 1
    assert outcome.err == (
        f"error: not for {NEXT} as it is now: root version 2: the content has changed since\n"
        "hint: nothing was pushed; make the payload anew, look at what changed, and sign that\n"
    )
    assert opened.heads() == before


def test_content_that_changes_between_add_and_job_voids_the_signature_by_name(
    opened: Server, alice: Holder, bob: Holder, signatures: Path
) -> None:
    assert bob.run("signature", "add", signatures).code == 0
    alice.yes("delegate", NEXT, "root", "--expiry-period", "310")
    assert job(opened) == "waiting"
    said = git(opened.path, "log", "-1", "--format=%B", NEXT)
    expected = (
        "- the signature of root version 2 by @bob_acme is void, the content has changed since"
    )
    assert expected in said
    assert ".signatures" not in git(opened.path, "ls-tree", "-r", "--name-only", NEXT)


def test_attack_someone_with_git_alone_pushes_a_bad_file(
    opened: Server, alice: Holder, bob: Holder, signatures: Path
) -> None:
    entry = json.loads(signatures.read_bytes())["signatures"][0]
    path = f"metadata/.signatures/root/2/{entry['keyid']}.json"
    opened.commit(NEXT, path, json.dumps(entry | {"sig": "ab" * 70}))
    assert job(opened) == "refused"
    refused = alice.run("sign", NEXT, "--yes", "--no-wire")
    assert refused.code == 1
    assert "detached-signature" in refused.out.replace("\n", "")
    assert "is refused: 1 error" in refused.err
    assert bob.run("payload", NEXT, "-o", signatures).code == 1
    opened.commit(NEXT, path, json.dumps(entry))
    assert job(opened) == "waiting"
    assert alice.run("sign", NEXT, "--yes", "--no-wire").code == 0
    assert job(opened) == "ready"


def test_attack_symbolic_link_at_the_path(opened: Server, signatures: Path) -> None:
    entry = json.loads(signatures.read_bytes())["signatures"][0]
    somebody = opened.folder / "somebody"
    git(opened.folder, "clone", "--quiet", opened.path, somebody)
    git(somebody, "checkout", "--quiet", "--detach", f"origin/{NEXT}")
    link = somebody / f"metadata/.signatures/root/2/{entry['keyid']}.json"
    link.parent.mkdir(parents=True)
    link.symlink_to("../../../root.json")
    git(somebody, "add", "metadata")
    git(somebody, "commit", "--quiet", "-m", "link")
    git(somebody, "push", "--quiet", "origin", f"HEAD:refs/heads/{NEXT}")
    before = opened.heads()
    assert job(opened) == "refused"
    assert opened.heads() == before


def test_half_offline_half_in_a_clone(
    opened: Server, alice: Holder, bob: Holder, signatures: Path
) -> None:
    assert alice.run("sign", NEXT, "--yes", "--no-wire").code == 0
    assert bob.run("signature", "add", signatures).code == 0
    assert job(opened) == "ready"
