"""Sigstore identities as people's keys, without the library for Sigstore and the network.

What they sign is tried in tests/clouds/sigstore.
"""

import io
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from securesystemslib.signer import Key
from tests.signer.helpers import Holder, git

from tufline.repository.errors import UserError
from tufline.repository.identities import TOKEN_VARIABLE, OtherIdentity, expect_same
from tufline.signer.commands._login import login_source
from tufline.signer.keys import (
    IdentityNotUsable,
    LocalMachineKeys,
    Login,
    Tokens,
    UnusableKey,
    identity_key,
    identity_uri,
)

ISSUER = "https://accounts.example.com"
URI = f"sigstore:bob@example.com?issuer={ISSUER}"
INSTALL = "pip install 'tufline-signer[sigstore]'"


def keys_with(uri: str | None) -> LocalMachineKeys:
    tokens = Tokens(None, lambda _: pytest.fail("no token was named"))
    return LocalMachineKeys(tokens, chosen=uri, known={})


def bob() -> Key:
    return identity_key(URI)


@pytest.mark.parametrize(
    "identity",
    [
        "bob@example.com",
        "https://github.com/example/tuf/.github/workflows/x.yml@refs/heads/main",
        "odd?&=%#name",
    ],
)
def test_identity_is_named_by_a_uri_and_read_from_it(identity: str) -> None:
    key = identity_key(identity_uri(identity, ISSUER))
    assert key.keyval == {"identity": identity, "issuer": ISSUER}
    assert identity_uri("bob@example.com", ISSUER) == URI


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("sigstore:", "this names no Sigstore identity"),
        (f"sigstore:?issuer={ISSUER}", "this names no Sigstore identity"),
        ("sigstore:bob@example.com", "this names no Sigstore identity"),
        (f"{URI}&ambient=true", "this names no Sigstore identity"),
        ("sigstore:bob@example.com?issuer=accounts", "the issuer is no URL"),
        (f"sigstore:bob%0a@example.com?issuer={ISSUER}", "the identity holds characters that"),
    ],
)
def test_what_names_no_identity_is_refused(uri: str, said: str) -> None:
    with pytest.raises(UnusableKey, match=said) as refused:
        keys_with(uri).new_key()
    assert "sigstore:IDENTITY?issuer=URL" in str(refused.value.hint)


@pytest.mark.skipif(find_spec("sigstore") is not None, reason="SIGSTORE IS INSTALLED HERE")
def test_without_the_library_it_is_said_what_to_install() -> None:
    keys = keys_with(URI)
    assert keys.new_key() == bob()
    for use in (keys.find, lambda key: keys.sign(key, b"payload")):
        with pytest.raises(IdentityNotUsable, match="the library for Sigstore is not") as refused:
            use(bob())
        assert refused.value.hint == INSTALL


def test_identity_of_the_settings_is_no_other_key() -> None:
    other = identity_key(identity_uri("carol@example.com", ISSUER))
    with pytest.raises(IdentityNotUsable, match=r"the Sigstore identity carol@example\.com"):
        keys_with(URI).find(other)


@pytest.mark.parametrize(
    ("names", "issuer"),
    [
        (("carol@example.com",), ISSUER),
        (("bob@example.com",), "https://accounts.example.org"),
        ((), ISSUER),
    ],
)
def test_token_of_another_identity_is_refused(names: tuple[str, ...], issuer: str) -> None:
    with pytest.raises(OtherIdentity, match="nothing was signed: the token says"):
        expect_same(bob(), names, issuer)


def test_token_of_the_identity_is_taken() -> None:
    expect_same(bob(), ("1234", "bob@example.com"), ISSUER)


def test_nobody_is_asked_to_log_in_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    wanted = Login(identity="bob@example.com", issuer=ISSUER, provider=ISSUER, hosts=("x",))
    with pytest.raises(click.UsageError, match="give --identity-token-file, or set SIGSTORE_ID"):
        login_source(None)(wanted)


@pytest.mark.parametrize("data", [b"", b"\nsecond line", b"\xff\xfe\x00token"])
def test_file_without_a_token_is_named(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "token"
    file.write_bytes(data)
    wanted = Login(identity="bob@example.com", issuer=ISSUER, provider=ISSUER, hosts=("x",))
    with pytest.raises(UserError, match=f"there is no identity token in {file}") as refused:
        login_source(file)(wanted)
    assert "token of OpenID Connect" in str(refused.value.hint)


def test_identity_is_set_and_listed(alice: Holder) -> None:
    alice.settings('user-name = "@alice"\n')
    git(alice.clone, "fetch", "--quiet")
    given = ("key", "create", "--sigstore", "bob@example.com", "--issuer", ISSUER)
    outcome = alice.yes(*given, "--set")
    assert f"signer URI: {URI}\n" in outcome.out
    shown = alice.run("key", "list").out
    assert f"the Sigstore identity bob@example.com ({ISSUER})" in shown
    assert f"    {URI}\n" in shown
    assert alice.run(*given[:4]).code == 2


def test_identity_is_not_for_a_machine_without_network(alice: Holder) -> None:
    token = alice.clone / "token"
    token.write_text("token")
    outcome = alice.run("sign", "--offline", token, "--identity-token-file", token)
    assert outcome.code == 2
    assert "an identity signs online" in outcome.err
