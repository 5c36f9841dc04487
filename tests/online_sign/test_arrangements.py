"""Who signs what online: one key or several, other keys for other roles. With real key files."""

from pathlib import Path

import pytest
from tests.jobs.arranging import EVENT, add_online_role, with_settings
from tests.online_sign.holding import KeyFiles, let_sign, signers, with_files
from tests.support.pipeline import first_main
from tests.support.sample import NOW, ONLINE, Sample
from tuf.api.metadata import TargetFile

from tufline.online_sign._not_signed import NotSigned
from tufline.repository.jobs import load_event
from tufline.repository.publish.compliance import Accepted

NEXT = "file2:next"
STANDBY = "file2:standby"
ALL = (ONLINE, NEXT, STANDBY)


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyFiles:
    held = KeyFiles(tmp_path, monkeypatch)
    held.hold(*ALL)
    return held


def changed(main: Sample, data: bytes) -> Sample:
    """Return an event with a new artifact that its metadata lists, signed by nobody."""
    event = main.copy()
    event.files["targets/file.txt"] = data
    entry = TargetFile.from_data("file.txt", data, ["sha256"])
    event.edit("targets", lambda targets: targets.targets.update({"file.txt": entry}), signers=[])
    return event


@pytest.mark.parametrize("threshold", [1, 2])
def test_several_keys_all_sign_whatever_the_threshold(threshold: int) -> None:
    main = first_main()
    for role in ("snapshot", "timestamp"):
        let_sign(main, role, [ONLINE, STANDBY], threshold=threshold)
    pipeline = with_files(main)

    outcome = pipeline.online_sign()

    assert (outcome.signed, outcome.failed_keys) == (("snapshot", "timestamp"), ())
    for role in ("snapshot", "timestamp"):
        assert signers(pipeline, role, ALL) == {ONLINE, STANDBY}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_snapshot_and_timestamp_have_keys_of_their_own() -> None:
    main = first_main()
    let_sign(main, "snapshot", [NEXT])
    let_sign(main, "timestamp", [STANDBY])
    pipeline = with_files(main)

    pipeline.online_sign()

    assert signers(pipeline, "snapshot", ALL) == {NEXT}
    assert signers(pipeline, "timestamp", ALL) == {STANDBY}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_key_of_the_timestamp_alone_is_enough_while_only_that_is_due(files: KeyFiles) -> None:
    main = first_main()
    let_sign(main, "timestamp", [STANDBY])
    pipeline = with_files(main)
    pipeline.online_sign()
    files.lose(ONLINE)
    pipeline.now = NOW.replace(day=6)

    outcome = pipeline.online_sign()

    assert (outcome.signed, outcome.failed_keys) == (("timestamp",), ())


def test_delegation_is_signed_online_in_an_event_and_read_by_clients() -> None:
    main = first_main()
    add_online_role(main)
    pipeline = with_files(main)
    event = main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)

    assert pipeline.sign_event(EVENT) == ("nightly",)

    assert signers(pipeline, "nightly", ALL, EVENT) == {ONLINE}
    event.files = pipeline.files(pipeline.head(EVENT))
    pipeline.merge_by_force(event)
    pipeline.online_sign()
    pipeline.publish()
    assert pipeline.version("nightly") == 2
    assert isinstance(pipeline.refresh_client(), Accepted)


def online_targets(*uris: str, threshold: int = 1) -> Sample:
    """Return a repository whose top-level targets is signed by online keys alone."""
    main = with_settings(b"[review]\nonline-targets = true\n")
    let_sign(main, "targets", uris, threshold=threshold)
    main.edit("targets", signers=[uri for uri in uris if uri != STANDBY])
    return main


def test_top_level_targets_is_signed_online_in_an_event_and_read_by_clients() -> None:
    main = online_targets(NEXT)
    pipeline = with_files(main)
    event = changed(main, b"two\n")
    pipeline.push(EVENT, event)

    assert pipeline.sign_event(EVENT) == ("targets",)

    assert load_event(pipeline.history, EVENT).review(now=NOW).verdict.word == "ready"
    event.files = pipeline.files(pipeline.head(EVENT))
    pipeline.merge_by_force(event)
    pipeline.online_sign()
    pipeline.publish()
    assert pipeline.files(pipeline.head("publish"))["targets/file.txt"] == b"two\n"
    assert isinstance(pipeline.refresh_client(), Accepted)


@pytest.mark.parametrize("fault", ["lose", "swap", "spoil"])
def test_top_level_targets_with_a_standby_is_signed_though_one_key_fails(
    files: KeyFiles, fault: str
) -> None:
    main = online_targets(NEXT, STANDBY)
    pipeline = with_files(main)
    pipeline.push(EVENT, changed(main, b"two\n"))
    getattr(files, fault)(NEXT)

    assert pipeline.sign_event(EVENT) == ("targets",)

    assert signers(pipeline, "targets", ALL, EVENT) == {STANDBY}
    assert load_event(pipeline.history, EVENT).review(now=NOW).verdict.word == "ready"


def test_top_level_targets_without_its_key_names_it_and_what_clients_have(files: KeyFiles) -> None:
    main = online_targets(NEXT)
    pipeline = with_files(main)
    pipeline.push(EVENT, changed(main, b"two\n"))
    before = pipeline.everything()
    files.swap(NEXT)

    with pytest.raises(NotSigned) as caught:
        pipeline.sign_event(EVENT)

    assert str(caught.value) == (
        "targets could not be signed by its online keys: file2:next: CryptoSigner private key does"
        " not match public key; clients go on until 2027-03-01 12:00 UTC with targets 2"
    )
    assert pipeline.everything() == before


def test_new_key_of_top_level_targets_signs_together_with_the_one_that_main_has() -> None:
    """Clients with the old root read the new targets too (docs/decisions/0008)."""
    main = online_targets(NEXT)
    pipeline = with_files(main)
    event = main.copy()
    let_sign(event, "targets", [ONLINE])
    event.files["targets/file.txt"] = b"two\n"
    entry = TargetFile.from_data("file.txt", b"two\n", ["sha256"])
    event.edit("targets", lambda targets: targets.targets.update({"file.txt": entry}), signers=[])
    pipeline.push(EVENT, event)

    assert pipeline.sign_event(EVENT) == ("targets",)

    assert signers(pipeline, "targets", ALL, EVENT) == {NEXT, ONLINE}
    assert load_event(pipeline.history, EVENT).review(now=NOW).verdict.word == "ready"
