"""A repository of other tools that moves to a server with git, and who moves it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.signer.helpers import NOW, Holder, Outcome, Server, write_key
from tests.support.foreign import Foreign

from tufline.repository.review import Review

EVENT = "sign/import"
LATER = NOW + timedelta(hours=1)
LAYOUT = '[publish]\nmetadata-dir = "."\nproduction = "{site}"\n'


@dataclass(frozen=True, kw_only=True)
class Move:
    """Old files, and the server that they move to."""

    server: Server
    old: Foreign
    folder: Path
    alice: Holder
    bob: Holder
    online: Path

    def answers(self) -> Path:
        """Write who holds the keys, as people would."""
        file = self.folder / "answers.toml"
        file.write_text(
            answers_text(self.old, alice="@alice", bob="@bob_acme", online=f"file2:{self.online}")
        )
        return file

    def answer(self, source: Path | str) -> None:
        self.alice.yes("import", source, "--answers", self.answers())

    def sign(self) -> None:
        for person in (self.alice, self.bob):
            person.yes("sign", EVENT)

    def review(self) -> Review:
        return self.server.review(EVENT)

    def settle(self, site: Path) -> None:
        """Let main say where to publish: into the folder where the old repository is."""
        self.server.commit("main", "tufline.toml", LAYOUT.format(site=site))

    def publish(self) -> None:
        """Merge, sign online, and publish."""
        self.server.merge(EVENT)
        digest = hashlib.sha256(self.old.roots[0]).hexdigest()
        operator = Holder(name="@operator", clone=self.server.path)
        for job in (("ci", "online-sign", "--confirm-root", digest), ("ci", "publish")):
            done = operator.run(*job, at=LATER)
            assert done.code == 0, done.err + done.out


def answers_text(old: Foreign, **holders: str) -> str:
    lines = []
    for name, holder in holders.items():
        kind = "owner" if holder.startswith("@") else "online"
        lines.append(f'[keys."{old.key(name).keyid}"]\n{kind} = "{holder}"')
    top = ("root", "targets", "snapshot", "timestamp")
    delegated = tuple(role for role in old.roles if role not in top)
    lines += [
        f'[roles."{role}"]\nexpiry-period = 100\nsigning-period = 20' for role in (*top, *delegated)
    ]
    return "\n".join(lines)


def make_move(
    folder: Path,
    server: Server,
    alice: Holder,
    bob: Holder,
    *,
    keyids: Mapping[str, str] | None = None,
    consistent: bool = True,
    targets: str = "alice",
) -> Move:
    """Return two roots, nested delegations, and artifacts with different hashes."""
    online = folder / "online.pem"
    write_key(online)
    keys = {"alice": alice.key_file, "bob": bob.key_file, "online": online}
    old = Foreign(keys, keyids=keyids, consistent=consistent, targets=targets)
    old.rotate(("alice", "bob"))
    old.put("file.txt", b"one\n")
    old.delegate("npm", signer="bob", paths=["npm/*", "npm/deep/*"])
    old.put("npm/a.txt", b"of npm\n", role="npm", hashes=["sha512"])
    old.delegate("deep", by="npm", signer="alice", paths=["npm/deep/*"])
    old.put("npm/deep/b.txt", b"of deep\n", role="deep")
    old.sign_online()
    return Move(server=server, old=old, folder=folder, alice=alice, bob=bob, online=online)


def refused(move: Move, source: Path | str, *options: str | Path) -> Outcome:
    """Try to import; nothing may be pushed."""
    done = move.alice.run("import", source, "--answers", move.answers(), "--yes", *options)
    assert done.code == 1, done.out
    assert EVENT not in move.server.heads()
    assert "hint:" in done.err
    return done


def published(move: Move) -> Path:
    return move.old.publish(move.folder / "old")
