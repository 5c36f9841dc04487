"""`tufline import`: what is asked, of a person or of a file."""

import tomllib
from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, converse
from tests.signer.moving import EVENT, Move, make_move
from tuf.api.metadata import Metadata, Root

from tufline.repository.format import key_owner, online_uri, role_periods


@pytest.fixture
def move(tmp_path: Path, server: Server, alice: Holder, bob: Holder) -> Move:
    return make_move(tmp_path, server, alice, bob)


@pytest.fixture
def old(move: Move) -> Path:
    return move.old.publish(move.folder / "old")


def root_of(move: Move) -> Root:
    return Metadata[Root].from_bytes(move.server.read("metadata/root.json", EVENT)).signed


def test_template_asks_for_all_and_is_an_answer_once_it_is_filled_in(move: Move, old: Path) -> None:
    file = move.folder / "new.toml"

    written = move.alice.run("import", old, "--write-answers", file)
    text = file.read_text()
    for name, holder in {"alice": "@alice", "bob": "bob_acme"}.items():
        place = text.index(f'[keys."{move.old.key(name).keyid}"]')
        text = text[:place] + text[place:].replace('owner = ""', f'owner = "{holder}"', 1)
    file.write_text(text.replace('online = ""\n', f'online = "file2:{move.online}"\n'))
    move.alice.yes("import", old, "--answers", file)

    assert written.code == 0
    assert "fill it in, and give it with --answers" in written.out
    root = root_of(move)
    owners = [key_owner(root.keys[keyid]) for keyid in root.roles["root"].keyids]
    assert owners == ["@alice", "@bob_acme"]
    uris = [online_uri(root.keys[keyid]) for keyid in root.roles["timestamp"].keyids]
    assert uris == [f"file2:{move.online}"]
    periods = role_periods(root.roles["timestamp"])
    assert periods is not None
    assert (periods.expiry.days, periods.signing_or_default.days) == (7, 4)


def test_template_says_of_each_key_what_it_signs(move: Move, old: Path) -> None:
    file = move.folder / "new.toml"
    move.alice.run("import", old, "--write-answers", file)

    tree = tomllib.loads(file.read_text())
    assert set(tree["keys"]) == {move.old.key(each).keyid for each in ("alice", "bob", "online")}
    assert set(tree["roles"]) == {"root", "snapshot", "timestamp", "targets", "npm", "deep"}
    assert "# ecdsa, signs root, targets, deep\n" in file.read_text()
    assert move.server.heads().keys() == {"main"}


def test_template_replaces_no_file(move: Move, old: Path) -> None:
    file = move.folder / "mine.toml"
    file.write_text("mine")

    done = move.alice.run("import", old, "--write-answers", file)

    assert done.code == 2
    assert "is there already: name a new file" in done.err
    assert file.read_text() == "mine"


def test_without_a_terminal_all_that_is_open_is_listed(move: Move, old: Path) -> None:
    file = move.folder / "some.toml"
    file.write_text(f'[keys."{move.old.key("alice").keyid}"]\nowner = "@alice"\n')

    done = move.alice.run("import", old, "--answers", file, "--yes")

    assert done.code == 1
    assert move.old.key("alice").keyid[:16] not in done.err
    assert (
        f"holder of key {move.old.key('bob').keyid[:16]} (ecdsa), which signs root, npm" in done.err
    )
    assert "(signer URI)" in done.err
    assert "periods of deep" in done.err
    assert "--write-answers FILE" in done.err


def test_person_is_asked_at_the_terminal_and_again_where_it_cannot_be(
    move: Move, old: Path
) -> None:
    text = move.answers().read_text()
    keyid = move.old.key("alice").keyid
    asked = move.folder / "asked.toml"
    asked.write_text(
        text.replace(f'[keys."{keyid}"]\nowner = "@alice"\n', "").replace(
            '[roles."deep"]\nexpiry-period = 100\nsigning-period = 20', ""
        )
    )

    screen = converse(
        move.alice,
        ["import", str(old), "--answers", str(asked)],
        [
            (f"holder of key {keyid[:16]}", "gcpkms:somewhere"),
            ("must hold it", "alice"),
            ("days that a version of deep is valid [365]", "soon"),
            ("a number of days is wanted", "90"),
            ("days before its end when signing of deep starts [60]", ""),
            ("push this to sign/import?", "y"),
        ],
    )

    assert "sign/import is waiting for @alice, @bob_acme" in screen
    deep = Metadata.from_bytes(move.server.read("metadata/deep.json", EVENT)).signed
    periods = role_periods(deep)
    assert periods is not None
    assert (periods.expiry.days, periods.signing_or_default.days) == (90, 60)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("keys = 3", "keys is no table"),
        ("[keys]\nabc = 3", "keys.abc is no table"),
        ("[keys.abc]\nowner = '@a'", "keys has 'abc', which nothing asks for"),
        ("[roles.other]\nexpiry-period = 3", "roles has 'other', which nothing asks for"),
        ("[role.root]", "it has 'role', which nothing asks for"),
        ("= 3", "Invalid"),
        ("[roles.root]\nexpiry-period = '3'", "roles.root.expiry-period is no number of days: '3'"),
        ("[roles.root]\nsigning-period = 3", "roles.root.expiry-period is no number of days: None"),
        ("[roles.root]\nexpiry-period = 0", "roles.root.expiry-period is no number of days: 0"),
        ("[keys.ALICE]\nowner = 3", ".owner is no text"),
        ("[keys.ALICE]\nowner = '@a'\nonline = 'x:y'", "has an owner and an online URI"),
        ("[keys.ALICE]\nowner = 'gcpkms:x'", ".owner is no @name"),
        (
            "[keys.ALICE]\nonline = 'gcpkms:x'",
            "signs root, targets, deep, so a person must hold it",
        ),
        ("[keys.ALICE]\nowner = '@a b'", "is not a user name"),
        ("[keys.ALICE]\nwho = '@a'", "has 'who', which nothing asks for"),
        ("[keys.ONLINE]\nonline = '@a'", "signs snapshot, timestamp online: '@a' is no URI"),
    ],
)
def test_answers_that_cannot_be_used(move: Move, old: Path, text: str, problem: str) -> None:
    file = move.folder / "wrong.toml"
    for name in ("alice", "online"):
        text = text.replace(name.upper(), move.old.key(name).keyid)
    file.write_text(text)

    done = move.alice.run("import", old, "--answers", file, "--yes")

    assert done.code == 1
    assert problem in done.err
    assert "the answers cannot be used" in done.err
    assert move.server.heads().keys() == {"main"}


def test_periods_that_cannot_be_kept(move: Move, old: Path) -> None:
    file = move.answers()
    file.write_text(file.read_text().replace("signing-period = 20", "signing-period = 100"))

    done = move.alice.run("import", old, "--answers", file, "--yes")

    assert done.code == 1
    assert "periods of " in done.err


def test_key_that_nobody_uses_stays_behind(move: Move) -> None:
    root = Metadata[Root].from_bytes(move.old.roots[-1]).signed
    root.version = 3
    root.add_key(move.old.key("online"), "targets")
    root.roles["targets"].keyids.remove(move.old.key("online").keyid)
    stranger = move.old.load("npm").signed.delegations.keys
    for key in stranger.values():
        root.keys.setdefault(key.keyid, key)
    move.old.add_root(root, ("alice", "bob"))

    move.answer(move.old.publish(move.folder / "old"))

    new = root_of(move)
    used = {keyid for role in new.roles.values() for keyid in role.keyids}
    assert new.keys.keys() == used
