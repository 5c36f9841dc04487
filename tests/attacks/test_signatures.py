"""Signatures that are not what they seem."""

import json
from typing import Any

import pytest
from tests.attacks.attack import errors, refusals, repository, signed_change
from tests.support.judging import judge, judge_whole, rewrite, verdict
from tests.support.sample import STRANGER, Sample, key_for, signer_for
from tuf.api.metadata import Root, Targets

ROLES = ("root", "targets", "npm")


def flip_bit(text: str, bit: int) -> str:
    return f"{int(text, 16) ^ (1 << bit):0{len(text)}x}"


def signature_of(sample: Sample, role: str, name: str) -> Any:  # noqa: ANN401 - python-tuf's
    return sample.load(role).signatures[key_for(name).keyid]


def put_signature(sample: Sample, role: str, signature: Any) -> None:  # noqa: ANN401 - python-tuf's
    metadata = sample.load(role)
    metadata.signatures[signature.keyid] = signature
    sample.write(role, metadata)


def test_the_change_that_is_attacked_here_is_ready() -> None:
    base, event = signed_change()
    assert verdict(judge(base, event)) == verdict(judge_whole(base, event)) == "ready"


@pytest.mark.parametrize("bit", [0, 7, 200, 500])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("role", ["root", "targets"])
def test_a_bit_of_any_signature_is_flipped(role: str, place: int, bit: int) -> None:
    base, event = signed_change()

    def flip(tree: Any) -> None:  # noqa: ANN401 - JSON is any type
        entry = tree["signatures"][place]
        entry["sig"] = flip_bit(entry["sig"], bit)

    rewrite(event, role, flip)
    if role == "root":
        event.files["metadata/root_history/3.root.json"] = event.files["metadata/root.json"]
    assert "signature" in errors(judge(base, event))
    assert "signature" in errors(judge_whole(base, event))


@pytest.mark.parametrize("role", ROLES)
def test_a_signed_byte_is_changed(role: str) -> None:
    base, event = signed_change()
    path = f"metadata/{role}.json"
    event.files[path] = event.files[path].replace(b'"expires": "20', b'"expires": "21')
    if role == "root":
        event.files["metadata/root_history/3.root.json"] = event.files[path]
    assert {"signature", "expiry"} <= refusals(base, event)


@pytest.mark.parametrize("place", [b'"threshold": 2', b'"threshold": 1'])
def test_a_threshold_is_changed_after_signing(place: bytes) -> None:
    base, event = signed_change()
    data = event.files["metadata/root.json"]
    assert place in data
    event.files["metadata/root.json"] = data.replace(place, b'"threshold": 3')
    event.files["metadata/root_history/3.root.json"] = event.files["metadata/root.json"]
    assert "signature" in refusals(base, event)


def test_a_signature_is_copied_from_another_role() -> None:
    base, event = signed_change()
    put_signature(event, "targets", signature_of(event, "root", "@alice"))
    assert "signature" in refusals(base, event)


def test_a_signature_is_copied_from_another_version() -> None:
    base, event = signed_change()
    put_signature(event, "targets", signature_of(base, "targets", "@alice"))
    assert "signature" in refusals(base, event)


def test_a_signature_stands_under_another_person_s_key() -> None:
    base, event = signed_change()
    stolen = signature_of(event, "targets", "@alice")
    stolen.keyid = key_for("@bob").keyid
    put_signature(event, "targets", stolen)
    assert "signature" in refusals(base, event)


def test_a_stranger_signs() -> None:
    base = repository()
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), [STRANGER])
    assert refusals(base, event) == {"signature-unknown"}


def test_a_delegate_signs_for_its_delegator() -> None:
    base = repository()
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), ["@dave"])
    assert refusals(base, event) == {"signature-unknown"}


def take_over(targets: Targets) -> None:
    assert targets.delegations is not None
    assert targets.delegations.roles is not None
    targets.delegations.roles["npm"].keyids.clear()
    targets.add_key(key_for(STRANGER), "npm")


def test_a_stranger_delegates_to_a_key_of_its_own() -> None:
    base = repository()
    event = base.copy()
    event.edit("targets", take_over, signers=[STRANGER])
    event.edit("npm", signers=[STRANGER])
    assert "signature-unknown" in refusals(base, event)
    assert "unsigned" in errors(judge_whole(base, event))


def test_a_new_delegate_s_signature_alone_does_not_make_it_ready() -> None:
    base = repository()
    event = base.copy()
    event.edit("targets", take_over, signers=[])
    event.edit("npm", signers=[STRANGER])
    assert verdict(judge(base, event)) == "waiting"
    assert "unsigned" in errors(judge_whole(base, event))


def test_a_stranger_makes_itself_root() -> None:
    base = repository()
    event = base.copy()

    def usurp(root: Root) -> None:
        root.roles["root"].keyids.clear()
        root.roles["root"].threshold = 1
        root.add_key(key_for(STRANGER), "root")

    event.edit("root", usurp, signers=[STRANGER])
    found = judge(base, event)
    assert verdict(found) == "waiting"  # for the people of the old root, who are shown all of it
    assert {"signer-added", "signer-removed", "threshold-lowered"} <= {
        each.rule for each in found.findings
    }
    assert {"root-chain", "unsigned"} <= errors(judge_whole(base, event))


def test_one_key_under_two_ids_counts_once() -> None:
    base = repository()
    event = base.copy()
    twin = key_for("@alice")
    twin.unrecognized_fields["x"] = 1
    twin.keyid = "ab" * 32

    event.edit("root", lambda root: (root.add_key(twin, "root"), root.add_key(twin, "targets")))
    assert {"key-id", "key-shared"} <= errors(judge(base, event))
    targets = event.load("targets")
    targets.signed.version += 1
    targets.signatures.clear()
    mine = targets.sign(signer_for("@alice"))
    targets.signatures[twin.keyid] = type(mine)(twin.keyid, mine.signature)
    event.write("targets", targets)
    found = judge(base, event)
    assert [role.ready for role in found.roles if role.name == "targets"] == [False]
    assert "unsigned" in errors(judge_whole(base, event))


@pytest.mark.parametrize("sig", ["", "00", "zz", "\u0660\u0660", " ", "0" * 4096])
def test_a_signature_is_nonsense(sig: str) -> None:
    base, event = signed_change()
    rewrite(event, "npm", lambda tree: tree["signatures"][0].update(sig=sig))
    found = judge(base, event)
    assert verdict(found) == ("refused" if sig else "waiting")
    assert "unsigned" in errors(judge_whole(base, event))


def test_a_signature_is_repeated_to_reach_the_threshold() -> None:
    base = repository()
    event = base.copy()
    event.edit("targets", signers=["@alice"])
    tree = json.loads(event.files["metadata/targets.json"])
    tree["signatures"] = [each for each in tree["signatures"] if each["sig"]] * 2
    event.files["metadata/targets.json"] = json.dumps(tree).encode()
    assert "readable" in refusals(base, event)
