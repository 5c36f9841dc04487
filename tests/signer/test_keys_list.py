"""`tufline key list`: what is attached and what it may sign, without any PIN."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.signer.helpers import Holder, Server, git, root_of, sign
from tests.support.slots import add_key
from tests.support.tokens import LABEL, empty_token, lock, plug_in

from tufline.signer.keys import make_file, public_file_of

URI = "hsm:{number}?label=YubiKey+PIV+%2315835999"


def listed(person: Holder, **environment: str) -> dict[str, Any]:
    outcome = person.run_apart("key", "list", "--json", environment=environment)
    assert outcome.code == 0, outcome.err
    answer: dict[str, Any] = json.loads(outcome.out)
    return answer


def test_token_shows_what_its_keys_may_sign(accepted: Server, dora: Holder, pin_file: Path) -> None:
    assert dora.token
    assert sign(dora, "--pin-file", pin_file).code == 0
    accepted.merge()
    git(dora.clone, "fetch", "--quiet", "origin")
    add_key(dora.token, 24, "secp384r1")
    (mine,) = root_of(accepted, "main").roles["root"].keyids
    found = listed(dora)
    used, other = found["keys"]
    assert found["problems"] == []
    assert found["roles-unknown"] is None
    assert {**used, "serial": None} == {
        "uri": URI.format(number=2),
        "module": str(dora.token.module),
        "token": LABEL,
        "serial": None,
        "slot": "9c",
        "object": 2,
        "keytype": "ecdsa",
        "scheme": "ecdsa-sha2-nistp256",
        "keyid": mine,
        "holder": "@dora",
        "roles": ["root", "targets"],
    }
    assert len(used["serial"]) == 16
    assert (other["slot"], other["scheme"]) == ("95", "ecdsa-sha2-nistp384")
    assert (other["holder"], other["roles"]) == (None, [])
    assert dora.run_apart("key", "list").out == (
        f"{LABEL}\n"
        f"  module {dora.token.module}\n"
        "  slot 9c: ecdsa-sha2-nistp256\n"
        f"    key id {mine}\n"
        "    @dora may sign root, targets\n"
        f"    {URI.format(number=2)}\n"
        "  slot 95: ecdsa-sha2-nistp384\n"
        f"    key id {other['keyid']}\n"
        "    main does not name it: it may sign nothing yet\n"
        f"    {URI.format(number=24)}\n"
    )


def test_nothing_attached_is_a_clear_answer(dora: Holder) -> None:
    assert dora.token
    for token in dora.token.folder.glob("tokens/*"):
        token.rename(dora.token.folder / "unplugged")
    outcome = dora.run_apart("key", "list")
    assert outcome.code == 0
    assert outcome.out == (
        "tokens: no token found\nno key is attached; plug in a token, or run `tufline key create`\n"
    )


def test_key_that_may_sign_nothing_has_the_id_that_it_would_have(
    server: Server, alice: Holder, dora: Holder
) -> None:
    would_be = listed(dora)["keys"][0]["keyid"]
    server.start(alice, dora)
    assert dora.run_apart("sign", "sign/start", "--yes").code == 2  # accepted; there is no PIN
    assert root_of(server, "sign/start").roles["root"].keyids == [would_be]


@pytest.mark.usefixtures("started")
def test_files_of_the_settings_are_listed(alice: Holder, tmp_path: Path) -> None:
    git(alice.clone, "fetch", "--quiet", "origin")
    closed, gone = tmp_path / "closed.pem", tmp_path / "gone.pem"
    make_file(closed, "ml-dsa-65", "correct horse battery staple")
    opened = tmp_path / "opened.pem"
    make_file(opened, "ml-dsa-65", "correct horse battery staple")
    public_file_of(closed).unlink()
    alice.settings(
        f'user-name = "@alice"\nkey = "file2:{alice.key_file}"\n[signing-keys]\n'
        f'a = "file2:{closed}"\nb = "file2:{gone}"\nc = "file2:{opened}"\nd = "floppy:a"\n'
        f'e = "tkey:?digest=1"\n'
    )
    found = listed(alice, PYKCS11LIB="/nowhere.so")
    keys = {each["uri"].rpartition("/")[2]: each for each in found["keys"]}
    assert list(keys) == [alice.key_file.name, "closed.pem", "opened.pem"]
    assert keys[alice.key_file.name]["roles"] == ["root", "targets"]
    assert keys[alice.key_file.name]["holder"] == "@alice"
    assert keys["closed.pem"]["keyid"] is None
    assert keys["opened.pem"]["scheme"] == "ml-dsa-65/1"
    assert {each["place"]: each["problem"] for each in found["problems"]} == {
        "tokens": "the PKCS#11 module /nowhere.so does not exist; "
        "correct the variable PYKCS11LIB or the setting pykcs11lib",
        str(closed): "it is encrypted, and there is no public key beside it",
        str(gone): f"file2:{gone}: no such file or directory",
        "floppy:a": "keys of this kind cannot be used here",
    }


def test_token_that_cannot_sign_says_why(server: Server, tmp_path: Path) -> None:
    token = plug_in(tmp_path / "token", "locked")
    lock(token)
    empty = empty_token(tmp_path / "empty")
    dora = server.holder("@dora", token=token)
    locked = listed(dora)
    assert [each["token"] for each in locked["keys"]] == ["locked"]
    assert [each["problem"] for each in locked["problems"]] == ["its PIN is locked"]
    problems = listed(dora, **empty.environment)["problems"]
    assert [each["problem"] for each in problems] == ["it has no P-256 or P-384 key"]


def test_outside_of_a_repository_keys_are_listed_without_roles(
    tmp_path: Path, server: Server
) -> None:
    dora = server.holder("@dora", token=plug_in(tmp_path / "token"))
    (dora.clone / ".tufline-sign.toml").unlink()
    found = listed(dora)
    assert [each["keyid"] for each in found["keys"]] == [None]
    assert found["roles-unknown"] == f"there is no .tufline-sign.toml in {dora.clone}"
