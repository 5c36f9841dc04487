"""`tufline import`: what is hostile, damaged or of no form of ours is refused by name, in time."""

from pathlib import Path

import pytest
from securesystemslib.signer import SSlibKey
from tests.signer.helpers import Holder, Server
from tests.signer.moving import Move, make_move, published, refused
from tests.support.foreign import EXPIRES, Foreign
from tests.support.web import served
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    Root,
    SuccinctRoles,
    TargetFile,
    Targets,
)


@pytest.fixture
def move(tmp_path: Path, people: tuple[Server, Holder, Holder]) -> Move:
    return make_move(tmp_path, *people)


def change_targets(move: Move, role: str, targets: Targets) -> Path:
    """Publish another version of a role, well signed."""
    move.old.next_version(role, targets)
    move.old.sign_online()
    return published(move)


# roots


def test_root_that_does_not_lead_to_the_next_one(move: Move) -> None:
    """Root 3 is signed by a stranger alone: the newest that is there is not what 2 names."""
    stranger = Foreign(dict.fromkeys(("alice", "online"), move.online))
    root = Metadata[Root].from_bytes(stranger.roots[0]).signed
    root.version = 3
    move.old.roots.append(stranger.signed(root, ("alice",)))

    known = move.folder / "known.json"
    known.write_bytes(move.old.roots[0])
    done = refused(move, published(move), "--root", known)

    assert "root 3 does not lead back to root 1 of --root" in done.err


def test_root_of_a_server_that_does_not_lead_on(move: Move) -> None:
    stranger = Foreign(dict.fromkeys(("alice", "online"), move.online))
    root = Metadata[Root].from_bytes(stranger.roots[0]).signed
    root.version = 3
    move.old.roots.append(stranger.signed(root, ("alice",)))
    with served(published(move)) as url:
        done = refused(move, url)

    assert "root 3 is not signed by the keys of root 2" in done.err


def test_another_root_than_is_known(move: Move) -> None:
    stranger = Foreign(dict.fromkeys(("alice", "online"), move.online))
    known = move.folder / "known.json"
    known.write_bytes(stranger.roots[0])

    done = refused(move, published(move), "--root", known)

    assert "root 1 is another one than that of --root" in done.err


def test_root_that_its_own_keys_did_not_sign(move: Move) -> None:
    root = Metadata[Root].from_bytes(move.old.roots[-1])
    root.signatures.clear()
    move.old.roots[-1] = root.to_bytes()

    done = refused(move, published(move))

    assert "root 2 is not signed by its own keys" in done.err


def test_missing_root_in_between(move: Move) -> None:
    move.old.rotate(("alice", "bob"))
    old = published(move)
    (old / "2.root.json").unlink()

    done = refused(move, old)

    assert "root 2: missing, so clients with an older root are cut off" in done.err
    assert "set oldest-root = 3 in tufline.toml" in done.err


def test_root_under_a_wrong_name(move: Move) -> None:
    old = published(move)
    (old / "3.root.json").write_bytes(move.old.roots[0])

    assert "3.root.json: says it is version 1" in refused(move, old).err


# what is below the root


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "npm"])
def test_role_that_nobody_signed(move: Move, role: str) -> None:
    move.old.sign_online(hashes=False)
    metadata = Metadata.from_bytes(move.old.roles[role])
    metadata.signatures.clear()
    move.old.roles[role] = metadata.to_bytes()
    if role in {"targets", "npm"}:
        move.old.sign_online()  # the snapshot lists it as it is

    done = refused(move, published(move))

    by = "targets" if role == "npm" else "root"
    assert f"{role} has 0 of 1 signatures by the keys of {by}" in done.err


def test_role_that_is_not_what_the_snapshot_lists(move: Move) -> None:
    old = published(move)
    (old / "3.npm.json").write_bytes(move.old.roles["npm"] + b"\n")

    assert "3.npm.json is not what the metadata above lists" in refused(move, old).err


def test_older_version_in_place_of_the_listed_one(move: Move) -> None:
    old = published(move)
    first = move.old.load("npm")
    first.signed.version = 2
    (old / "3.npm.json").write_bytes(first.to_bytes())

    done = refused(move, old)

    assert "npm.json: version 3 is listed; 3.npm.json is version 2" in done.err


def test_all_that_is_of_no_form_of_ours_is_named_at_once(move: Move) -> None:
    targets = move.old.load("targets").signed
    prefixes = DelegatedRole("bins", [], 1, terminating=False, path_hash_prefixes=["0"])
    slash = DelegatedRole("a/b", [], 1, terminating=False, paths=["a/*"])
    targets.delegations.roles |= {"bins": prefixes, "a/b": slash}
    deep = move.old.load("deep").signed
    succinct = SuccinctRoles([move.old.key("alice").keyid], 1, 4, "bin")
    deep.delegations = Delegations({}, None, succinct)
    move.old.next_version("deep", deep)

    done = refused(move, change_targets(move, "targets", targets))

    assert "deep: delegates to succinct hash bins" in done.err
    assert "bins: is delegated hash prefixes" in done.err
    assert "a/b: is a name that no metadata file can have here" in done.err
    assert "use letters, digits" in done.err


def test_key_of_a_kind_that_nobody_can_read(move: Move) -> None:
    targets = move.old.load("npm").signed
    odd = SSlibKey("1" * 64, "odd", "odd-scheme", {"public": "00"})
    targets.delegations.keys[odd.keyid] = odd
    targets.delegations.roles["deep"].keyids.append(odd.keyid)

    done = refused(move, change_targets(move, "npm", targets))

    assert f"4.npm.json: key {odd.keyid} is of a type that is not supported" in done.err


def test_key_that_signs_root_and_timestamp(
    tmp_path: Path, people: tuple[Server, Holder, Holder]
) -> None:
    server, alice, _ = people
    keys = dict.fromkeys(("alice", "online"), alice.key_file)
    old = Foreign(keys)
    old.sign_online()
    move = Move(server=server, old=old, folder=tmp_path, alice=alice, bob=alice, online=tmp_path)
    (tmp_path / "answers.toml").write_text("")

    done = alice.run("import", old.publish(tmp_path / "old"), "--yes")

    assert done.code == 1
    assert f"key {move.old.key('alice').keyid}: signs root, " in done.err
    assert "give snapshot and timestamp a key of their own" in done.err


def test_key_that_signs_targets_and_timestamp(
    tmp_path: Path, people: tuple[Server, Holder, Holder]
) -> None:
    move = make_move(tmp_path, *people, targets="online")

    done = refused(move, published(move))

    assert f"key {move.old.key('online').keyid}: signs snapshot, targets, timestamp" in done.err


def test_what_has_expired_is_told_of_a_folder_and_refused_of_a_server(
    tmp_path: Path, server: Server, alice: Holder, bob: Holder
) -> None:
    move = make_move(tmp_path, server, alice, bob)
    late = EXPIRES.replace(year=2027)
    with served(published(move)) as url:
        arguments = ("--answers", move.answers(), "--yes")
        there = move.alice.run("import", url, *arguments, at=late)
        here = move.alice.run("import", move.folder / "old", *arguments, at=late)

    assert there.code == 1
    assert "root expired at 2026-03-31 12:00 UTC; if that is known, import its files" in there.err
    assert here.code == 0, here.err
    assert "timestamp expired at 2026-03-31 12:00 UTC: its new version will not have" in here.out


# artifacts


@pytest.mark.parametrize(
    "name",
    ["../../outside.txt", "/etc/passwd", "a/../../b", ".hidden", "a\\b", "a\x1b[2Jb", "a//b"],
)
def test_name_that_leads_elsewhere(move: Move, name: str) -> None:
    targets = move.old.load("targets").signed
    targets.targets[name] = TargetFile.from_data(name, b"", ["sha256"])

    done = refused(move, change_targets(move, "targets", targets))

    assert "targets lists a name that no file can have here" in done.err
    assert "\x1b" not in done.err


def test_missing_and_wrong_contents_are_all_listed(move: Move) -> None:
    old = published(move)
    for file in (old / "targets").glob("*.file.txt"):
        file.unlink()
    for file in (old / "targets/npm").glob("*.a.txt"):
        file.write_bytes(b"of n?m\n")
    for file in (old / "targets/npm/deep").glob("*.b.txt"):
        file.write_bytes(b"longer than it should be\n")

    done = refused(move, old)

    assert "file.txt: its content is missing; put the right file there" in done.err
    assert "npm/a.txt: targets/npm/" in done.err
    assert "is not what is listed" in done.err
    assert ".b.txt is longer than 8 bytes" in done.err


def test_second_hash_counts_too(move: Move) -> None:
    """Of two algorithms one is right and one is not: it is another file for some clients."""
    targets = move.old.load("targets").signed
    targets.targets["file.txt"].hashes["sha512"] = "0" * 128

    done = refused(move, change_targets(move, "targets", targets))

    assert "file.txt: " in done.err
    assert "is not what is listed" in done.err
