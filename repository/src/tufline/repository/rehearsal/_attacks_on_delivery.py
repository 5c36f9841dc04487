"""Attacks by somebody who controls what is served, or the server's branches."""

from typing import Final

from tufline.repository.format import Document
from tufline.repository.history import Commit
from tufline.repository.jobs import PUBLISH
from tufline.repository.publish import published_bytes
from tufline.repository.rehearsal._attack import attack, expect_clients_go_on
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._screen import NotAsExpected, expect
from tufline.repository.rehearsal._step import Step
from tufline.repository.rehearsal._user import LAYOUT
from tufline.repository.state import State


def _old_staging(ceremony: Ceremony) -> str:
    _, old = _earlier(ceremony)
    (ceremony.staging.folder / LAYOUT.timestamp).write_bytes(published_bytes(old))
    said = ceremony.user.refuses(ceremony.staging, now=ceremony.now)
    expect("BadVersionNumberError" in said, f"the client refuses for another reason: {said}")
    ceremony.server.job("ci", "publish")
    served = (ceremony.staging.folder / LAYOUT.timestamp).read_bytes()
    newest = (ceremony.production.folder / LAYOUT.timestamp).read_bytes()
    expect(served == newest, "publishing again did not mend the staging directory")
    return "the client refuses the older timestamp, and the next publication mends it"


def _old_publish(ceremony: Ceremony) -> str:
    commit, _ = _earlier(ceremony)
    bob = ceremony.people["@bob"]
    bob.machine.git("fetch", "--quiet", "origin")
    ceremony.server.machine.git("update-ref", f"refs/heads/{PUBLISH}", commit)
    said = ceremony.server.job("ci", "publish", code=1).text
    expect("is deployed, version" in said, f"publishing an older state said: {said}")
    expect_clients_go_on(ceremony)
    bob.machine.git("push", "--quiet", "origin", f"origin/{PUBLISH}:refs/heads/{PUBLISH}")
    return "publishing refuses versions lower than the deployed; any clone puts it back"


def _earlier(ceremony: Ceremony) -> tuple[Commit, bytes]:
    """Return the last commit on publish before the newest timestamp, and its own timestamp."""
    newest = ceremony.user.trusts.timestamp
    with ceremony.server.history() as history:
        for info in history.first_parents(history.resolve(PUBLISH)):
            state = State(history.files(info.id))
            timestamp = state.timestamp()
            if isinstance(timestamp, Document) and timestamp.signed.version < newest:
                return info.id, timestamp.data
    raise NotAsExpected("publish holds no earlier timestamp")


ATTACKS: Final[tuple[Step, ...]] = (
    attack("the web server", "serves an old staging directory", _old_staging),
    attack("the git server", "puts the publish branch back", _old_publish),
)
