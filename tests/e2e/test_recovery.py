"""docs/recovery.md: what goes wrong, and its runbook as it stands, with a client that follows.

Real git, commands, tokens and a real client over HTTP; what is simulated is that time passes.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner, Signature
from tests.e2e.recovering import (
    ARTIFACT,
    ONLINE_KEY,
    Runbook,
    follows,
    keep,
    pass_days,
    restore,
    served,
    start,
    stops,
    tick,
    timestamp_file,
)
from tuf.api.metadata import Metadata, Timestamp

from tufline.repository.format import Document, artifact_path, key_owner
from tufline.repository.jobs import MAIN, PUBLISH
from tufline.repository.rehearsal import Ceremony, set_stage

FAR_AHEAD = 1_000_000


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ceremony, Path]]:
    """Start a repository once; what it was like then lies in the second folder."""
    top = tmp_path_factory.mktemp("recovery")
    (top / "stage").mkdir()
    with set_stage(top / "stage", now=datetime.now(UTC).replace(microsecond=0)) as ceremony:
        start(ceremony)
        follows(ceremony)
        keep(ceremony, top / "aside")
        yield ceremony, top / "aside"


@pytest.fixture
def ceremony(started: tuple[Ceremony, Path]) -> Ceremony:
    """Give the started repository, as if nothing had happened."""
    ceremony, aside = started
    clock = ceremony.server.machine.clock
    clock.now = datetime.fromisoformat(
        (aside / clock.file.relative_to(ceremony.folder)).read_text()
    )
    restore(ceremony, aside)
    return ceremony


def hand_over(ceremony: Ceremony, *names: str) -> None:
    """Give alice the public halves of online keys, as an operator sends them."""
    for name in names:
        shutil.copy(ceremony.server.keys / name, ceremony.people["@alice"].machine.home)


def test_online_key_that_does_not_answer(ceremony: Ceremony) -> None:
    runbook = Runbook.of(ceremony, "An online key does not answer")
    key, away = ceremony.server.keys / ONLINE_KEY, ceremony.folder / "away"
    key.rename(away)
    ceremony.pass_time(timedelta(days=4))

    said = runbook.next()

    assert "snapshot could not be signed" in said or "timestamp could not be signed" in said
    assert "clients go on until " in said
    assert follows(ceremony).timestamp == 1
    away.rename(key)
    runbook.rest()
    assert follows(ceremony).timestamp == 2
    assert ceremony.server.problems() == {}


def replace_online_key(runbook: Runbook) -> None:
    runbook.next()
    hand_over(runbook.ceremony, "online-2.pub")
    runbook.rest()


def test_lost_online_key(ceremony: Ceremony) -> None:
    (ceremony.server.keys / ONLINE_KEY).unlink()
    pass_days(ceremony, 4)
    assert "online-sign" in ceremony.server.problems()

    replace_online_key(Runbook.of(ceremony, "An online key is lost"))

    versions = follows(ceremony)
    assert versions.root == 2
    assert versions.timestamp == 2
    assert ceremony.server.problems() == {}
    assert tick(ceremony) == ""


def test_stolen_online_key(ceremony: Ceremony) -> None:
    """Whoever stole the key made clients go far ahead, on a store that they controlled too."""
    private = (ceremony.server.keys / ONLINE_KEY).read_bytes()
    as_thief(ceremony, private)
    assert follows(ceremony).timestamp == FAR_AHEAD
    Runbook.of(ceremony, "An online key is stolen").rest()

    replace_online_key(Runbook.of(ceremony, "An online key is lost"))

    versions = follows(ceremony)
    assert versions.root == 2
    assert ceremony.server.problems() == {}
    assert tick(ceremony) == ""


def as_thief(ceremony: Ceremony, private: bytes) -> None:
    """Sign a timestamp of a version far ahead with a stolen key, and serve it."""
    signer = CryptoSigner(load_pem_private_key(private, None))
    file = timestamp_file(ceremony)
    metadata: Metadata[Timestamp] = Metadata.from_bytes(file.read_bytes())
    (keyid,) = metadata.signatures
    metadata.signed.version = FAR_AHEAD
    signature = signer.sign(metadata.signed_bytes)
    metadata.signatures = {keyid: Signature(keyid, signature.signature)}
    file.write_bytes(metadata.to_bytes())


def test_lost_key_holder(ceremony: Ceremony) -> None:
    Runbook.of(ceremony, "A key holder or their key is lost").rest()

    versions = follows(ceremony)
    assert versions.root == 2
    with ceremony.server.state(PUBLISH) as state:
        root = state.root()
        assert isinstance(root, Document)
        owners = {key_owner(key) for key in root.signed.keys.values()}
    assert owners == {"@alice", "@bob", "@dave", None}  # None: the online key's
    assert ceremony.server.problems() == {}


def test_ended_root_and_targets(ceremony: Ceremony) -> None:
    pass_days(ceremony, 310, every=310)
    pass_days(ceremony, 60, every=60)
    assert "Expired" in stops(ceremony)
    assert "online-sign" in ceremony.server.problems()
    runbook = Runbook.of(ceremony, "Root or targets has ended")

    listed = runbook.next()
    runbook.rest()

    assert "sign/root-v2: waiting" in listed
    assert "sign/targets-v2: waiting" in listed
    versions = follows(ceremony)
    assert (versions.root, versions.targets) == (2, 2)
    assert ceremony.server.problems() == {}


def test_ended_timestamp(ceremony: Ceremony) -> None:
    ceremony.pass_time(timedelta(days=40))
    assert "Expired" in stops(ceremony)

    Runbook.of(ceremony, "The timestamp or snapshot has ended").rest()

    assert follows(ceremony).timestamp == 2


def lose_all(production: Path) -> None:
    shutil.rmtree(production)
    production.mkdir()


def lose_one_file(production: Path) -> None:
    (production / "metadata" / "1.targets.json").unlink()


@pytest.mark.parametrize("happens", [lose_all, lose_one_file])
def test_damaged_store(ceremony: Ceremony, happens: Callable[[Path], None]) -> None:
    before = served(ceremony)
    happens(ceremony.production.folder)
    runbook = Runbook.of(ceremony, "The store is empty or damaged")

    assert "1.targets.json" in runbook.next() or not served(ceremony)
    runbook.next()

    assert served(ceremony) == before
    assert json.loads(runbook.rest())["accepted"]
    assert follows(ceremony).timestamp == 1


def test_versioned_file_with_other_bytes(ceremony: Ceremony) -> None:
    before = served(ceremony)
    file = ceremony.production.folder / "metadata" / "1.targets.json"
    file.write_bytes(b"other bytes")
    runbook = Runbook.of(ceremony, "The store is empty or damaged")

    assert f"{file} differ" in runbook.next()
    file.unlink()
    runbook.rest()

    assert served(ceremony) == before
    assert follows(ceremony).timestamp == 1


def test_publish_put_back(ceremony: Ceremony) -> None:
    git = ceremony.server.machine.git
    old = git("rev-parse", PUBLISH).text.strip()
    pass_days(ceremony, 4)
    ceremony.people["@bob"].machine.git("fetch", "--quiet", "origin")
    newest = git("rev-parse", PUBLISH).text.strip()
    git("update-ref", f"refs/heads/{PUBLISH}", old)
    assert newest != old
    assert "is deployed" in ceremony.server.job("ci", "publish", code=1).text

    Runbook.of(ceremony, "The publish branch was put back").rest()

    assert git("rev-parse", PUBLISH).text.strip() == newest
    assert follows(ceremony).timestamp == 2


def test_publish_put_back_and_a_tick_that_came_first(ceremony: Ceremony) -> None:
    git = ceremony.server.machine.git
    old = git("rev-parse", PUBLISH).text.strip()
    pass_days(ceremony, 4)
    git("update-ref", f"refs/heads/{PUBLISH}", old)

    assert tick(ceremony) == ""  # it signs over what clients have, and leaves nothing to mend

    assert follows(ceremony).timestamp == 3
    assert ceremony.server.problems() == {}


def test_main_that_is_refused(ceremony: Ceremony) -> None:
    bob = ceremony.people["@bob"]
    bob.start_from(MAIN)
    bob.push({artifact_path(ARTIFACT): b"not a release"}, "Fix a typo", to=MAIN)
    pass_days(ceremony, 4)
    assert "artifact-content" in ceremony.server.problems()["online-sign"]
    assert follows(ceremony).timestamp == 2

    Runbook.of(ceremony, "Main holds what is refused").rest()

    assert ceremony.server.problems() == {}


def test_lost_git_server(ceremony: Ceremony) -> None:
    bob, server = ceremony.people["@bob"], ceremony.server
    bob.machine.git("fetch", "--quiet", "origin")
    pass_days(ceremony, 4)  # the timestamp of that time lies in the store alone
    assert follows(ceremony).timestamp == 2
    for each in server.git_dir.iterdir():
        if each != server.machine.clock.file:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
    server.machine.git("init", "--quiet", "--bare", "--initial-branch=main", ".")

    Runbook.of(ceremony, "The git server is lost").rest()

    pass_days(ceremony, 4)
    assert follows(ceremony).timestamp > 2
    assert server.problems() == {}
