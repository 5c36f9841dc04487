"""People whose key is a Sigstore identity, by the commands that they run."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.signer.conftest import set_environment
from tests.signer.helpers import EVENT, NEXT, NOW, Holder, Outcome, Server, converse, make_server
from tests.support.sigstore import Instance, Sigstore, python_sigstore
from tuf.api.metadata import Metadata, Targets

from tufline.repository.history import open_history
from tufline.repository.identities import (
    TOKEN_VARIABLE,
    PinnedTrust,
    sign_as_identity,
    verifier_for,
)
from tufline.repository.jobs import load_event
from tufline.repository.review import Ready, Review, RoleReview
from tufline.signer.keys import identity_key, identity_uri

BOB = "bob@example.com"
BROWSER = f"""#!{sys.executable}
import sys, urllib.request
urllib.request.urlopen(sys.argv[1]).read()
"""


@dataclass(frozen=True, kw_only=True)
class People:
    """Alice, who holds a key, and Bob, who is invited to sign npm, and has an identity."""

    server: Server
    sigstore: Sigstore
    alice: Holder
    bob: Holder

    def as_bob(self, *arguments: str, token: str | None = None) -> Outcome:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(TOKEN_VARIABLE, token or self.sigstore.token(BOB))
            return self.bob.run(*arguments)

    def review(self) -> Review:
        with open_history(self.server.path) as history:
            return load_event(history, NEXT, verifiers=verifier_for).review(now=NOW)

    def targets(self) -> Targets:
        data = self.server.read("metadata/targets.json", NEXT)
        return Metadata[Targets].from_bytes(data).signed

    def npm(self) -> Metadata[Targets]:
        return Metadata[Targets].from_bytes(self.server.read("metadata/npm.json", NEXT))


@pytest.fixture
def people(tmp_path: Path, sigstore: Sigstore) -> Iterator[People]:
    with pytest.MonkeyPatch.context() as patch:
        set_environment(tmp_path / "home", patch)
        patch.delenv(TOKEN_VARIABLE, raising=False)
        server = make_server(tmp_path)
        alice, bob = server.holder("@alice"), server.holder("@bob")
        server.start(alice, alice)
        alice.yes("sign", EVENT)
        server.merge()
        _pin(server, alice, sigstore.instance)
        alice.yes("delegate", NEXT, "npm", "--signers", "@bob")
        bob.settings('user-name = "@bob"\n')
        issuer = ("--issuer", sigstore.issuer.url)
        bob.yes("key", "create", "--sigstore", BOB, *issuer, "--set")
        yield People(server=server, sigstore=sigstore, alice=alice, bob=bob)


def _pin(server: Server, alice: Holder, instance: Instance) -> None:
    files = {
        "trusted_root.json": instance.trusted_root(),
        "signing_config.v0.2.json": instance.signing_config(),
    }
    for name, data in files.items():
        (server.folder / name).write_bytes(data)
    alice.yes("target", "add", NEXT, *(server.folder / name for name in files))
    alice.yes("sign", NEXT)
    server.merge(NEXT)


def test_event_is_signed_by_an_identity_and_a_key(people: People) -> None:
    token = people.server.folder / "token"
    token.write_text(people.sigstore.token(BOB) + "\n")
    signed = people.bob.run_apart("sign", NEXT, "--yes", "--identity-token-file", str(token))
    assert signed.code == 0, signed.err
    who = f"the Sigstore identity {BOB} ({people.sigstore.issuer.url})"
    assert f"accepted: @bob signs npm with {who}" in signed.out
    assert f"signed: npm version 1 with {who}, online" in signed.out
    assert f"a public log keeps the name\n  {BOB} for ever\n" in signed.err

    shown = people.alice.yes("sign", NEXT).out

    squeezed = " ".join(shown.split())
    assert f"; signed by {BOB} ({people.sigstore.issuer.url}), verified" in squeezed
    assert "a value unknown to Tufline" not in shown
    assert shown.endswith(f"{NEXT} is ready to be merged\n")
    assert people.review().verdict == Ready()


def test_person_logs_in_by_the_browser(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    people.sigstore.issuer.visitor = BOB
    browser = people.server.folder / "browser"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    without = people.bob.run("sign", NEXT, "--yes")
    assert without.code == 2
    assert "there is no terminal to ask at: give --identity-token-file, or set" in without.err
    assert not people.npm().signatures

    talk = [("is this right? [y/N]: ", "y"), ("sign npm version 1 with ", "y")]
    shown = converse(people.bob, ["sign", NEXT], talk)

    assert "your browser opens at http://127.0.0.1:" in shown
    assert (
        "npm, version 1: needs 1 signature, has 1, complete" in people.alice.run("sign", NEXT).out
    )


def test_identity_is_replaced_without_going_online(people: People) -> None:
    assert people.as_bob("sign", NEXT, "--yes").code == 0
    uri = identity_uri("robert@example.com", people.sigstore.issuer.url)

    replaced = people.bob.run("key", "replace", NEXT, "--key", uri, "--yes")

    assert replaced.code == 0, replaced.err
    assert "signed a proof" not in replaced.out
    assert "and a public log would keep it" in replaced.out
    assert "goes online" not in replaced.err
    delegations = people.targets().delegations
    assert delegations is not None
    (key,) = delegations.keys.values()
    assert key.keyval["identity"] == "robert@example.com"
    robert = people.sigstore.token("robert@example.com")
    assert people.as_bob("sign", NEXT, "--yes", token=robert).code == 0
    assert _npm_of(people.review()).signed == ("@bob",)


def test_token_of_somebody_else_signs_nothing(people: People) -> None:
    tokens = people.sigstore.token
    refused = people.as_bob("sign", NEXT, "--yes", token=tokens("carol@example.com"))  # accepts
    assert refused.code == 1
    assert "error: nothing was signed: the token says carol@example.com (" in refused.err
    before = people.server.heads()
    for token, said in (
        (tokens(BOB, iss="https://evil.example.com"), f"{BOB} (https://evil.example.com), and"),
        (tokens(BOB, aud="else"), "the identity token cannot be used: "),
    ):
        refused = people.as_bob("sign", NEXT, "--yes", token=token)
        assert refused.code == 1
        assert said in refused.err
        assert "\nhint: " in refused.err
    assert people.server.heads() == before
    assert not people.npm().signatures


def test_attack_signature_by_another_sigstore_does_not_count(
    people: People, tmp_path: Path
) -> None:
    assert people.as_bob("sign", NEXT, "--yes").code == 0
    assert _npm_of(people.review()).signed == ("@bob",)
    metadata = people.npm()
    (keyid,) = metadata.signatures
    key = identity_key(identity_uri(BOB, people.sigstore.issuer.url))
    key.keyid = keyid
    with python_sigstore(tmp_path / "other") as other:  # speaks in the true issuer's name
        other.issuer.url = people.sigstore.issuer.url
        trust = PinnedTrust(
            trusted_root=other.instance.trusted_root(),
            signing_config=other.instance.signing_config(),
        )
        payload = metadata.signed_bytes
        metadata.signatures[keyid] = sign_as_identity(key, trust, other.token(BOB), payload)
    people.server.commit(NEXT, "metadata/npm.json", metadata.to_bytes().decode())

    judged = _npm_of(people.review())

    assert (judged.signed, judged.unverified, judged.ready) == ((), ("@bob",), False)
    assert people.alice.yes("sign", NEXT).last == f"{NEXT} is waiting for @bob"


def test_doctor_looks_without_going_online(people: People) -> None:
    found = people.bob.run("doctor", "--json").out
    outcomes = {each["name"]: each for each in json.loads(found)["checks"]}
    assert outcomes["key"]["outcome"] == "ok"
    assert f"the Sigstore identity {BOB} (" in outcomes["key"]["said"]
    assert "a public log would keep the trial" in outcomes["signature"]["said"]


def test_attack_identity_is_nobody_who_signs_root(people: People) -> None:
    people.alice.yes("delegate", "sign/root", "root", "--signers", "@alice,@bob")
    refused = people.as_bob("sign", "sign/root", "--yes")
    assert refused.code == 1
    assert refused.err.startswith(f"error: the Sigstore identity {BOB} cannot sign root\n")


def _npm_of(review: Review) -> RoleReview:
    (found,) = (each for each in review.roles if each.name == "npm")
    return found
