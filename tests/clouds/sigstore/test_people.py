"""People whose key is a Sigstore identity, by the commands that they run."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.signer.conftest import set_environment
from tests.signer.helpers import EVENT, NEXT, NOW, Holder, Outcome, Server, make_server
from tests.support.sigstore import Instance, Sigstore
from tuf.api.metadata import Metadata, Targets

from tufline.repository.history import open_history
from tufline.repository.identities import (
    TOKEN_VARIABLE,
    verifier_for,
)
from tufline.repository.jobs import load_event
from tufline.repository.review import Ready, Review

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
        environment = {TOKEN_VARIABLE: self.sigstore.token(BOB) if token is None else token}
        return self.bob.run_apart(*arguments, environment=environment)

    def review(self) -> Review:
        with open_history(self.server.path) as history:
            return load_event(history, NEXT, verifiers=verifier_for).review(now=NOW)

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


def test_invitation_is_accepted_and_the_event_signed_by_an_identity(people: People) -> None:
    outcome = people.as_bob("sign", NEXT, "--yes")
    outcome = people.alice.yes("sign", NEXT)
    assert people.review().verdict == Ready()
