"""Online signing and publishing where a workflow's Sigstore identity signs the timestamp."""

import json
from pathlib import Path

import pytest
from tests.clouds.sigstore.conftest import Open
from tests.clouds.sigstore.identities import URI, WORKFLOW, Workflow
from tests.commands.running import expect_failure
from tests.support.sample import ONLINE, key_for
from tests.support.sigstore._http import Answer, Request, json_answer, serving
from tests.support.web import served

from tufline.repository.identities import TOKEN_VARIABLE, verifier_for
from tufline.repository.jobs.client_test import client_test, subject_of_publish
from tufline.repository.jobs.publishing import NotPublished, build
from tufline.repository.jobs.publishing import publish as publish_job
from tufline.repository.publish import DirectoryStore, Layout, StopsClients
from tufline.repository.publish.compliance import Accepted, Outcome, run_client, store_remote

FILE_KEY = key_for(ONLINE).keyid


def client(workflow: Workflow, *, pinned: bool) -> Outcome:
    """Return what a new client says of what is published, with the pinned trust or without."""
    layout = Layout()
    store = DirectoryStore(workflow.production)
    verifier = verifier_for(workflow.pipeline.state("publish")) if pinned else None
    root, now = store.get(layout.root(1)), workflow.pipeline.now
    return run_client(store_remote(store, layout), root, now=now, verifier=verifier)


def test_identity_alone_signs_and_what_it_signed_is_published(opened: Open) -> None:
    workflow = opened()
    signed = workflow.online_sign()
    assert (signed.code, signed.err) == (0, "")
    assert signed.answer["signed"] == ["snapshot", "timestamp"]
    assert workflow.signers() == {workflow.key.keyid}

    published = workflow.publish()

    assert (published.code, published.answer["acted"]) == (0, True)
    assert isinstance(client(workflow, pinned=True), Accepted)
    assert workflow.publish().answer["acted"] is False


def test_identity_and_key_in_a_file_both_sign(opened: Open) -> None:
    workflow = opened(file_key=True)

    assert workflow.online_sign().answer["failed_keys"] == []
    assert workflow.signers() == {workflow.key.keyid, FILE_KEY}
    assert workflow.publish().code == 0
    for pinned in (True, False):
        assert isinstance(client(workflow, pinned=pinned), Accepted)


def test_second_run_signs_nothing_and_new_content_is_signed_again(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    before = workflow.published
    assert workflow.online_sign().answer["signed"] == []
    assert workflow.published == before

    workflow.merge(b"two\n")

    assert workflow.online_sign().answer["signed"] == ["snapshot", "timestamp"]
    assert workflow.publish().code == 0
    assert isinstance(client(workflow, pinned=True), Accepted)


def test_job_without_the_library_or_the_trust_publishes_nothing(
    opened: Open, tmp_path: Path
) -> None:
    workflow = opened()
    workflow.online_sign()
    history = workflow.pipeline.history
    with pytest.raises(NotPublished) as caught:
        publish_job(history, now=workflow.pipeline.now)
    assert "timestamp" in str(caught.value)
    (tmp_path / "built").mkdir()
    with pytest.raises(StopsClients):
        build(history, DirectoryStore(tmp_path / "built"))
    assert not list(workflow.production.iterdir())
    notices = [each for each in caught.value.review.findings if each.rule == "sigstore-key"]
    assert "tufline-repository[sigstore]" in notices[0].message


def test_client_that_pins_nothing_takes_no_identity(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    workflow.publish()

    assert "timestamp was signed by 0/1 keys" in str(client(workflow, pinned=False))


def test_client_test_of_what_is_published_goes_by_its_trust(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    workflow.publish()
    history, now = workflow.pipeline.history, workflow.pipeline.now
    with served(workflow.production) as url:
        pinned = subject_of_publish(history, url, now=now, verifiers=verifier_for)
        alone = subject_of_publish(history, url, now=now)

        assert isinstance(client_test(pinned, now=now), Accepted)
        assert "timestamp was signed by 0/1 keys" in str(client_test(alone, now=now))


def test_token_comes_from_the_workflow_itself(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = opened()
    asked: list[str | None] = []

    def answer(request: Request) -> Answer:
        asked.append(request.headers.get("Authorization"))
        return json_answer({"value": workflow.token()})

    with serving({("GET", "/token"): answer}) as url:
        monkeypatch.delenv(TOKEN_VARIABLE)
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"{url}/token?api-version=1")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-this-job")
        assert workflow.online_sign().code == 0
    assert asked == ["bearer of-this-job"]
    assert workflow.signers() == {workflow.key.keyid}


@pytest.mark.parametrize("on_github", [False, True])
def test_without_a_token_the_error_says_what_to_set(
    opened: Open, monkeypatch: pytest.MonkeyPatch, *, on_github: bool
) -> None:
    workflow = opened()
    monkeypatch.delenv(TOKEN_VARIABLE)
    if on_github:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        for variable in ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
            monkeypatch.delenv(variable, raising=False)

    expect_failure(workflow.online_sign(), URI, "grant `id-token: write`", TOKEN_VARIABLE)

    assert workflow.published is None


def test_somebody_elses_token_commits_nothing(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = opened()
    monkeypatch.setenv(TOKEN_VARIABLE, workflow.token(f"{WORKFLOW}-of-a-fork"))

    expect_failure(workflow.online_sign(), f"what was signed is not signed by {WORKFLOW}")

    assert workflow.published is None


def test_beside_a_key_that_works_somebody_elses_token_is_warned_of(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow = opened(file_key=True)
    monkeypatch.setenv(TOKEN_VARIABLE, workflow.token(f"{WORKFLOW}-of-a-fork"))

    (failed,) = workflow.online_sign().answer["failed_keys"]

    assert failed["name"] == URI
    assert workflow.signers() == {FILE_KEY}
    assert workflow.publish().code == 0


def test_token_of_another_issuer_is_refused(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow = opened()
    monkeypatch.setenv(TOKEN_VARIABLE, "no.token.atall")
    expect_failure(workflow.online_sign(), URI, "Identity token is malformed")
    assert workflow.published is None


def test_bundle_of_another_payload_is_not_published(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    stolen = workflow.timestamp().signatures[workflow.key.keyid]
    files = workflow.pipeline.files(workflow.pipeline.head("publish"))
    forged = workflow.timestamp()
    forged.signed.version += 1
    forged.signatures[workflow.key.keyid] = stolen
    workflow.pipeline.commit("publish", {**files, "metadata/timestamp.json": forged.to_bytes()})

    refused = workflow.publish()

    expect_failure(refused, "the publish branch is refused", "timestamp")
    assert not list(workflow.production.iterdir())
    assert workflow.online_sign().answer["signed"] == ["timestamp"]  # the forged one never counts
    assert workflow.publish().code == 0
    assert isinstance(client(workflow, pinned=True), Accepted)


def test_bundle_is_kept_as_it_was_made(opened: Open) -> None:
    workflow = opened()
    workflow.online_sign()
    workflow.publish()
    data = json.loads((workflow.production / "metadata" / "timestamp.json").read_bytes())
    (signature,) = data["signatures"]
    assert signature["bundle"]["messageSignature"]["signature"] == signature["sig"]
