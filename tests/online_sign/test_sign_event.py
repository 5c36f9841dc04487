"""Online-signed roles of a signing event: people decide, then the key signs."""

import pytest
from securesystemslib.signer import CryptoSigner
from tests.jobs.arranging import EVENT, NEXT_KEY, add_online_role
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import ONLINE, Sample, key_for, signer_for

from tufline.online_sign._keys import KeysByUri, OnlineKeyFailed
from tufline.online_sign._not_signed import NotSigned
from tufline.repository.history import NoSuchRef
from tufline.repository.jobs import ChangeRefused, load_event
from tufline.repository.jobs.signing_event import signing_event
from tufline.repository.review import Ready, Waiting


def with_online_role() -> Pipeline:
    main = first_main()
    add_online_role(main)
    return Pipeline(main=main)


def verdict(pipeline: Pipeline) -> str:
    return load_event(pipeline.history, EVENT).review(now=pipeline.now).verdict.word


def test_row_h_only_the_expiry_of_an_online_signed_role_changes() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    waiting = load_event(pipeline.history, EVENT).review(now=pipeline.now).verdict
    assert isinstance(waiting, Waiting)
    assert waiting.missing == {ONLINE}

    assert pipeline.sign_event(EVENT) == ("nightly",)

    outcome = signing_event(pipeline.place, EVENT)
    assert outcome.review is not None
    assert isinstance(outcome.review.verdict, Ready)
    assert pipeline.version("nightly", EVENT) == 2


def test_signed_event_is_signed_no_second_time() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    pipeline.sign_event(EVENT)
    head = pipeline.head(EVENT)

    assert pipeline.sign_event(EVENT) == ()
    assert pipeline.head(EVENT) == head


def test_signature_of_another_version_is_refused() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("nightly")
    event.files["metadata/nightly.json"] = pipeline.main.files["metadata/nightly.json"]
    metadata = event.load("nightly")
    metadata.signed.version = 2
    event.write("nightly", metadata)  # with the signature of version 1
    pipeline.push(EVENT, event)

    with pytest.raises(ChangeRefused, match="signature: nightly"):
        pipeline.sign_event(EVENT)


def test_event_without_online_roles_needs_no_key() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("targets", signers=["@alice"])
    pipeline.push(EVENT, event)

    assert (pipeline.sign_event(EVENT), pipeline.keys.used) == ((), [])


def delegating_event(main: Sample, *signers: str) -> Sample:
    """Return an event that delegates to a new online-signed role, signed by some."""
    event = main.copy()
    add_online_role(event)
    event.edit("targets", version=2, signers=signers)
    metadata = event.load("nightly")
    metadata.signatures.clear()
    event.write("nightly", metadata)
    return event


def test_attack_key_is_not_used_for_a_role_before_people_have_agreed() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, delegating_event(pipeline.main, "@alice"))

    assert (pipeline.sign_event(EVENT), pipeline.keys.used) == ((), [])


def test_key_signs_the_new_role_once_people_have_agreed() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, delegating_event(pipeline.main, "@alice", "@bob"))

    assert pipeline.sign_event(EVENT) == ("nightly",)
    assert verdict(pipeline) == "ready"


def test_attack_key_that_settings_do_not_allow_is_refused_before_it_is_used() -> None:
    main = first_main()
    main.files["tufline.toml"] = b'[review]\nonline-keys = ["gcpkms:", "file2:online"]\n'
    pipeline = Pipeline(main=main)
    event = delegating_event(main)

    def swap(targets: object) -> None:
        targets.delegations.roles["nightly"].keyids = []  # type: ignore[attr-defined]
        targets.add_key(key_for(NEXT_KEY), "nightly")  # type: ignore[attr-defined]

    event.edit("targets", swap, version=2)
    pipeline.push(EVENT, event)

    with pytest.raises(ChangeRefused, match="online-uri"):
        pipeline.sign_event(EVENT)
    assert pipeline.keys.used == []


def test_refused_event_is_not_signed() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("nightly", signers=[])
    event.files[".github/workflows/x.yml"] = b"on: push\n"
    pipeline.push(EVENT, event)

    with pytest.raises(ChangeRefused, match="unclaimed-path"):
        pipeline.sign_event(EVENT)
    assert pipeline.keys.used == []


@pytest.mark.parametrize("fault", ["missing", "swapped"])
def test_key_that_does_not_work_moves_nothing(fault: str) -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    before = pipeline.everything()
    getattr(pipeline.keys, fault).add(ONLINE)

    with pytest.raises(NotSigned, match=ONLINE):
        pipeline.sign_event(EVENT)
    assert pipeline.everything() == before


def test_role_that_the_event_removes_needs_no_key() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.edit("targets", lambda targets: targets.delegations.roles.pop("nightly"), signers=[])
    del event.files["metadata/nightly.json"]
    del event.files["targets/nightly/app.bin"]
    pipeline.push(EVENT, event)

    assert (pipeline.sign_event(EVENT), pipeline.keys.used) == ((), [])


def test_unreadable_role_is_left_to_review() -> None:
    pipeline = with_online_role()
    event = pipeline.main.copy()
    event.files["metadata/nightly.json"] = b"{"
    pipeline.push(EVENT, event)

    with pytest.raises(ChangeRefused, match=r"metadata/nightly\.json"):
        pipeline.sign_event(EVENT)


def test_event_that_is_gone_is_said_to_be_gone() -> None:
    with pytest.raises(NoSuchRef, match="sign/gone"):
        with_online_role().sign_event("sign/gone")


# the adapter


def test_key_by_uri_signs_with_the_key_that_the_uri_names(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    online = signer_for(ONLINE)
    assert isinstance(online, CryptoSigner)
    monkeypatch.chdir(str(tmp_path))
    with open("online", "wb") as file:  # noqa: PTH123 - the path that the URI has
        file.write(online.private_bytes)

    signature = KeysByUri().sign(key_for(ONLINE), b"payload")

    key_for(ONLINE).verify_signature(signature, b"payload")


@pytest.mark.parametrize(
    ("uri", "reason"),
    [("file2:/nowhere/at/all", "Private key not found"), ("nonsense:x", "nonsense"), ("", "")],
)
def test_key_that_cannot_be_had_is_named_with_the_reason(uri: str, reason: str) -> None:
    key = key_for("@alice")
    del key.unrecognized_fields["x-tuf-on-ci-keyowner"]
    if uri:
        key.unrecognized_fields["x-tuf-on-ci-online-uri"] = uri

    with pytest.raises(OnlineKeyFailed) as caught:
        KeysByUri().sign(key, b"payload")

    assert str(caught.value).startswith(f"online key {uri or key.keyid}: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
