"""`tufline import`: what is hostile, damaged or of no form of ours is refused by name, in time."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from securesystemslib.signer import SSlibKey
from tests.signer.conftest import set_environment
from tests.signer.helpers import Holder, Outcome, Server, make_server
from tests.signer.moving import EVENT, Move, make_move
from tests.support.foreign import EXPIRES, Foreign, write
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


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Holder, Holder]:
    """Return a server with two clones, to which no test pushes anything."""
    folder = tmp_path_factory.mktemp("people")
    with pytest.MonkeyPatch.context() as patch:
        set_environment(folder / "home", patch)
        server = make_server(folder)
        return server, server.holder("@alice"), server.holder("@bob_acme")


@pytest.fixture
def move(tmp_path: Path, people: tuple[Server, Holder, Holder]) -> Move:
    return make_move(tmp_path, *people)


def refused(move: Move, source: Path | str, *options: str | Path) -> Outcome:
    """Try to import; nothing may be pushed."""
    done = move.alice.run("import", source, "--answers", move.answers(), "--yes", *options)
    assert done.code == 1, done.out
    assert EVENT not in move.server.heads()
    assert "hint:" in done.err
    return done


def published(move: Move) -> Path:
    return move.old.publish(move.folder / "old")


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


def test_roots_without_an_end(move: Move) -> None:
    """A server that has a root for every version is not asked for ever."""
    with answering(lambda path: move.old.roots[0] if path.endswith(".root.json") else None) as url:
        done = refused(move, url)

    assert "there is no end of roots" in done.err


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


def test_link_that_leads_out_of_the_folder(move: Move) -> None:
    old = published(move)
    secret = write(move.folder / "elsewhere", {"secret.json": move.old.roles["timestamp"]})
    (old / "timestamp.json").unlink()
    (old / "timestamp.json").symlink_to(secret / "secret.json")

    done = refused(move, old)

    assert "it lies outside of the folder" in done.err


@pytest.mark.parametrize("kind", ["pipe", "endless"])
def test_file_without_an_end(move: Move, kind: str) -> None:
    old = published(move)
    (old / "timestamp.json").unlink()
    if kind == "pipe":
        os.mkfifo(old / "timestamp.json")
    else:
        with (old / "timestamp.json").open("wb") as sparse:
            sparse.truncate(10**12)

    done = refused(move, old)

    expected = "not a plain file" if kind == "pipe" else "longer than the 16384 bytes"
    assert expected in done.err


# servers


def test_server_that_sends_without_an_end(move: Move) -> None:
    old = published(move)

    def answer(path: str) -> bytes | None:
        file = old / path.lstrip("/")
        if path == "/timestamp.json":
            return b" " * 20_000_000
        return file.read_bytes() if file.is_file() else None

    with answering(answer) as url:
        done = refused(move, url)

    assert "timestamp.json: is longer than the 16384 bytes that clients take" in done.err


def test_server_that_is_not_there(move: Move) -> None:
    done = refused(move, "http://127.0.0.1:1/")

    assert "cannot be read" in done.err


def test_nothing_there(move: Move) -> None:
    (move.folder / "empty").mkdir()

    done = refused(move, move.folder / "empty")

    assert "there is no TUF repository in" in done.err


@contextmanager
def answering(answer: Callable[[str], bytes | None]) -> Iterator[str]:
    """Serve what the function gives for each path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = answer(self.path)
            self.send_response(404 if data is None else 200)
            self.end_headers()
            try:
                self.wfile.write(data or b"")
            except OSError:
                self.close_connection = True  # who asked has heard enough

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
