"""Metadata that says what it must not say, signed or not."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.attacks.attack import errors, refusals, repository, resigned, signed_change
from tests.support.judging import judge, judge_whole, rewrite, verdict
from tests.support.sample import NOW, PEOPLE, STRANGER, key_for, signer_for
from tuf.api.metadata import DelegatedRole, Root, Targets

from tufline.repository.format import canonical_json

ROOT_3 = "metadata/root_history/3.root.json"


def sign_by_hand(tree: dict[str, Any], people: tuple[str, ...] = PEOPLE) -> bytes:
    """Return the file of a JSON tree that python-tuf need not understand, truly signed."""
    payload = canonical_json(tree["signed"])
    tree["signatures"] = [signer_for(name).sign(payload).to_dict() for name in people]
    return json.dumps(tree, indent=1, sort_keys=True).encode()


@pytest.mark.parametrize("role", ["root", "targets", "npm"])
@pytest.mark.parametrize("back", [0, 1])
def test_version_is_rolled_back(role: str, back: int) -> None:
    base, event = signed_change()
    version = base.load(role).signed.version - back
    event.edit(role, lambda signed: signed.unrecognized_fields.update(x=1), version=version)
    assert "version" in errors(judge(base, event))
    assert errors(judge_whole(base, event)) & {"version", "root-history", "root-chain"}


@pytest.mark.parametrize("role", ["targets", "npm"])
def test_old_signed_file_is_put_back(role: str) -> None:
    old, base = signed_change()
    event = base.copy()
    event.files[f"metadata/{role}.json"] = old.files[f"metadata/{role}.json"]
    assert "version" in refusals(base, event)


def test_old_root_is_put_back() -> None:
    old, base = signed_change()
    event = base.copy()
    event.files["metadata/root.json"] = old.files["metadata/root.json"]
    assert {"version", "root-history"} & refusals(base, event)
    del event.files[ROOT_3]
    assert {"version", "root-history"} & refusals(base, event)


def test_history_of_roots_is_forked() -> None:
    """The other root 3 is signed by the same people; main has published one already."""
    base = repository()
    main, fork = base.copy(), base.copy()
    main.edit("root")
    fork.edit("root", lambda root: root.unrecognized_fields.update(x=1))
    fork.edit("root")
    found = refusals(main, fork)
    assert "root-history" in found


@pytest.mark.parametrize("owner", ["@alice", "@mallory"])
def test_key_bytes_are_swapped_under_an_id(owner: str) -> None:
    base = repository()
    event = base.copy()

    def swap(root: Root) -> None:
        key = root.keys[key_for("@alice").keyid]
        key.keyval = dict(key_for(STRANGER).keyval)
        key.unrecognized_fields["x-tuf-on-ci-keyowner"] = owner

    event.edit("root", swap, signers=["@bob", "@carol"])
    assert {"key-bytes", "key-id"} <= refusals(base, event)


@pytest.mark.parametrize("threshold", [0, -1, True, False, "1", 1.0, None, [], 2**53])
@pytest.mark.parametrize("name", ["root", "targets"])
def test_threshold_is_none(name: str, threshold: object) -> None:
    base = repository()
    event = base.copy()
    event.edit("root")
    tree = json.loads(event.files["metadata/root.json"])
    tree["signed"]["roles"][name]["threshold"] = threshold
    try:
        data = sign_by_hand(tree)
    except Exception:  # noqa: BLE001 - a float has no canonical form
        data = json.dumps(tree).encode()
    event.files["metadata/root.json"] = event.files[ROOT_3] = data
    assert "readable" in refusals(base, event)


@pytest.mark.parametrize("threshold", [0, -1, True, "1"])
def test_threshold_of_a_delegation_is_none(threshold: object) -> None:
    base = repository()
    event = base.copy()
    event.edit("targets")
    tree = json.loads(event.files["metadata/targets.json"])
    tree["signed"]["delegations"]["roles"][0]["threshold"] = threshold
    event.files["metadata/targets.json"] = sign_by_hand(tree)
    assert "readable" in refusals(base, event)


def test_threshold_is_out_of_reach() -> None:
    base = repository()
    event = base.copy()
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 4))
    assert "threshold" in refusals(base, event)


@pytest.mark.parametrize("name", ["root", "targets", "snapshot", "timestamp"])
def test_top_level_role_is_delegated(name: str) -> None:
    base = repository()
    event = base.copy()
    event.edit("targets")
    tree = json.loads(event.files["metadata/targets.json"])
    tree["signed"]["delegations"]["roles"][0]["name"] = name
    event.files["metadata/targets.json"] = sign_by_hand(tree)
    assert "readable" in refusals(base, event)


@pytest.mark.parametrize("name", ["../x", ".git", "a/b", "r\u043eot", "npm\u200b", "CON/x", "a b"])
def test_delegated_name_leads_elsewhere_or_deceives_the_eye(name: str) -> None:
    base = repository()
    event = base.copy()
    terms = DelegatedRole(name, [], 1, terminating=True, paths=["x/*"])

    def add(targets: Targets) -> None:
        assert targets.delegations is not None
        assert targets.delegations.roles is not None
        targets.delegations.roles[name] = terms
        targets.add_key(key_for(STRANGER), name)

    event.edit("targets", add)
    assert "delegation-form" in refusals(base, event)


@pytest.mark.parametrize("other", ["root", "snapshot", "timestamp"])
def test_delegated_role_s_file_is_of_another_type(other: str) -> None:
    base = repository()
    base.sign_online()
    event = base.copy()
    event.files["metadata/npm.json"] = event.files[f"metadata/{other}.json"]
    assert "readable" in refusals(base, event)


@pytest.mark.parametrize("depth", [500, 5_000, 100_000])
def test_json_is_deep(depth: int) -> None:
    base, event = signed_change()
    path = "metadata/npm.json"
    deep = b"[" * depth + b"]" * depth
    event.files[path] = event.files[path].replace(b'"signed": {', b'"signed": {"x": ' + deep + b",")
    assert {"readable", "signature"} & refusals(base, event)


ESCAPES: dict[str, Callable[[bytes], bytes]] = {
    "a second version": lambda data: data.replace(
        b'"version": 3', b'"version": 3, "\\u0076ersion": 9'
    ),
    "a second list of signatures": lambda data: data.replace(
        b'"signatures"', b'"signatures": [], "s\\u0069gnatures"', 1
    ),
    "a second expiry": lambda data: data.replace(
        b'"expires"', b'"e\\u0078pires": "2099-01-01T00:00:00Z", "expires"', 1
    ),
}


@pytest.mark.parametrize("name", ESCAPES)
def test_escapes_hide_a_key_that_stands_twice(name: str) -> None:
    base, event = signed_change()
    before = event.files["metadata/npm.json"]
    event.files["metadata/npm.json"] = ESCAPES[name](before)
    assert event.files["metadata/npm.json"] != before
    assert "readable" in refusals(base, event)


def test_escapes_hide_a_delegation() -> None:
    base, event = signed_change()
    terms = DelegatedRole("hidden", [], 1, terminating=False, paths=["npm/*"])

    def delegate(npm: Targets) -> None:
        from_targets = event.load("targets").signed.delegations
        npm.delegations = type(from_targets)({}, {"hidden": terms})
        npm.add_key(key_for(STRANGER), "hidden")

    event.edit("npm", delegate)
    path = "metadata/npm.json"
    event.files[path] = event.files[path].replace(b'"delegations"', b'"\\u0064elegations"')
    assert "role-file" in refusals(base, event)


@pytest.mark.parametrize("role", ["root", "targets"])
def test_role_is_expired(role: str) -> None:
    base, event = signed_change()
    event.edit(role, version=base.load(role).signed.version + 1, now=NOW - timedelta(days=366))
    assert "expiry" in refusals(base, event)


def test_role_is_valid_for_ever() -> None:
    base, event = signed_change()
    event.edit("targets", version=3, now=NOW + timedelta(days=9_000))
    assert "expiry" in refusals(base, event)


def test_artifact_is_other_than_what_is_signed() -> None:
    base, event = signed_change()
    event.files["targets/npm/keys.json"] = b"evil keys\n"
    assert "artifact-content" in refusals(base, event)


def test_artifact_of_another_role_is_claimed() -> None:
    base, event = signed_change()
    entry = event.load("npm").signed.targets["npm/keys.json"]
    event.edit(
        "targets", lambda targets: targets.targets.update({"npm/keys.json": entry}), version=3
    )
    assert {"artifact-delegation", "artifact-shadowed"} & refusals(base, event)


def test_content_is_changed_and_all_signatures_are_dropped() -> None:
    base = repository()
    event = base.copy()
    resigned(event, "targets", lambda targets: targets.targets.clear())
    rewrite(event, "targets", lambda tree: tree.update(signatures=[]))
    assert verdict(judge(base, event)) == "refused"
    assert {"version", "unsigned"} <= errors(judge_whole(base, event))
