"""A Sigstore, the repository that delivers its trust, and clients at work with both."""

from dataclasses import dataclass
from pathlib import Path

from tests.support.sigstore import Sigstore
from tests.support.sigstore._clients import Client
from tests.support.sigstore._delivery import Repository
from tests.support.sigstore._place import Identity, Place, Said

ALICE, BOB = "alice@example.com", "bob@example.com"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Everything of one test, below `folder`."""

    folder: Path
    sigstore: Sigstore
    repository: Repository

    def place(self, client: Client) -> Place:
        home = self.folder / client.name
        return Place(home=home, url=self.repository.url, root=self.repository.root)

    def who(self, name: str = ALICE) -> Identity:
        return Identity(name=name, issuer=self.sigstore.issuer.url)

    def artifact(self) -> Path:
        path = self.folder / "artifact.txt"
        path.write_text("what is signed\n")
        return path

    def bundle(self, name: str) -> Path:
        return self.folder / f"{name}.sigstore.json"

    def begin(self, client: Client) -> None:
        expect(client.begin(self.place(client)))

    def sign(self, client: Client, name: str | None = None) -> None:
        """Let the client sign the artifact as Alice, into the bundle of that name."""
        token, bundle = self.sigstore.token(ALICE), self.bundle(name or client.name)
        expect(client.sign(self.place(client), self.artifact(), bundle, token))

    def attest(self, client: Client, name: str) -> None:
        """Let the client sign a statement about the artifact as Alice."""
        token, bundle = self.sigstore.token(ALICE), self.bundle(name)
        expect(client.attest(self.place(client), self.artifact(), bundle, token))

    def verify(
        self, client: Client, name: str, *, as_if: str = ALICE, offline: bool = False
    ) -> Said:
        """Let the client verify the bundle of that name, as if `as_if` had signed."""
        bundle, who = self.bundle(name), self.who(as_if)
        return client.verify(self.place(client), self.artifact(), bundle, who, offline=offline)


def expect(said: Said) -> None:
    """Expect that a client did what it was asked."""
    assert said.accepted, said.output
