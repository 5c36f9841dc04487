"""The check `clients`: what it depends on, and what it says."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.shadow.trying import Clients, keyids_match, knows_schemes
from tests.support.judging import rewrite
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import NOW, ROLE, Sample

from tufline.repository.clients import ClientsSettings, TryClients
from tufline.repository.forge import CheckVerdict, EventCheck, Task
from tufline.repository.jobs import Event, load_event
from tufline.repository.jobs.checks.clients import (
    CLIENTS_ELSEWHERE,
    ClientsCheck,
    published_state,
)

if TYPE_CHECKING:
    from tufline.repository.shadow import Shadow

EVENT = "sign/change"
LENIENT = Clients({"lenient": ()})
STRICT = Clients({"lenient": (), "strict": (knows_schemes("ed25519"),)})


def pushed(event: Sample, *, settings: str | None = None) -> tuple[Pipeline, Event]:
    """Return the event of a branch, in a repository that is published."""
    main = first_main()
    if settings is not None:
        main.files["tufline.toml"] = settings.encode()
        event.files["tufline.toml"] = settings.encode()
    pipeline = Pipeline(main=main)
    pipeline.start()
    pipeline.push(EVENT, event)
    return pipeline, load_event(pipeline.history, EVENT)


def change() -> Sample:
    event = first_main()
    event.put("file.txt", b"two\n")
    return event


def checked(
    event: Event, clients: TryClients = LENIENT, pipeline: Pipeline | None = None
) -> EventCheck:
    check = ClientsCheck(
        clients=lambda _: clients,
        published=lambda: published_state(pipeline.history) if pipeline else None,
    )
    found = event.review(now=NOW)
    answer = check.check(event, found, now=NOW)
    assert answer
    assert answer.content == check.content(event, found)
    return answer


def content(event: Sample, **options: Any) -> str | None:  # noqa: ANN401 - of `pushed`
    _, loaded = pushed(event, **options)
    return ClientsCheck().content(loaded, loaded.review(now=NOW))


# what it says


def test_clients_that_accept_pass_the_event_from_every_start() -> None:
    pipeline, event = pushed(change())

    answer = checked(event, LENIENT, pipeline)

    assert answer.verdict is CheckVerdict.PASSED
    assert answer.summary == "accepted by lenient"
    assert "| client | root 1 | published |" in answer.text
    assert "| lenient | accepted | accepted |" in answer.text


def test_a_client_that_refuses_fails_the_event_and_is_quoted() -> None:
    pipeline, event = pushed(change())

    answer = checked(event, STRICT, pipeline)

    assert answer.verdict is CheckVerdict.FAILED
    assert answer.summary.startswith("refused by strict (root 1): ")
    assert "unsupported scheme ecdsa-sha2-nistp256" in answer.summary
    assert "| strict | **rejected** |" in answer.text


def test_without_any_client_nothing_is_said_of_the_event() -> None:
    _, event = pushed(change())

    answer = checked(event, Clients({"strict": ()}, silent=True))

    assert answer.verdict is CheckVerdict.INCONCLUSIVE
    assert answer.summary == "no client could be tried of: strict"
    assert "is not installed" in answer.text


def test_what_cannot_be_shadowed_is_inconclusive() -> None:
    event = change()
    keyval = {"identity": "alice@example.org", "issuer": "https://example.org"}

    def add(tree: Any) -> None:  # noqa: ANN401 - JSON
        key = {"keytype": "sigstore-oidc", "scheme": "Fulcio", "keyval": keyval}
        tree["signed"]["delegations"]["keys"]["5" * 64] = key

    rewrite(event, "targets", add)
    _, loaded = pushed(event)

    answer = checked(loaded)

    assert answer.verdict is CheckVerdict.INCONCLUSIVE
    assert f"targets has key {'5' * 64}" in answer.summary
    assert "sigstore-oidc" in answer.summary


def test_settings_of_main_name_the_clients() -> None:
    seen: list[ClientsSettings] = []

    def clients(settings: ClientsSettings) -> TryClients:
        seen.append(settings)
        return LENIENT

    _, event = pushed(change(), settings='[clients]\nuse = ["tuf-js"]\n')
    ClientsCheck(clients=clients).check(event, event.review(now=NOW), now=NOW)

    assert [each.use for each in seen] == [("tuf-js",)]


def test_a_new_root_that_nobody_signed_is_tried_from_the_one_before() -> None:
    event = change()
    event.edit("root", signers=[])
    pipeline, loaded = pushed(event)
    made: list[Shadow] = []

    check = ClientsCheck(clients=lambda _: LENIENT, keep=made.append)
    answer = check.check(loaded, loaded.review(now=NOW), now=NOW)

    assert answer
    assert answer.verdict is CheckVerdict.PASSED
    assert sorted(made[0].proposed.roots) == [1, 2]
    assert pipeline.head("main") == loaded.main


def test_metadata_folder_and_many_roots_are_as_in_production() -> None:
    main = first_main()
    for _ in range(20):
        main.edit("root")
    settings = b'[publish]\nmetadata-dir = "."\n'
    main.files["tufline.toml"] = settings
    pipeline = Pipeline(main=main)
    event = main.copy()
    event.put("file.txt", b"two\n")
    pipeline.push(EVENT, event)

    answer = checked(load_event(pipeline.history, EVENT))

    assert answer.verdict is CheckVerdict.PASSED
    starts = answer.text.splitlines()[0].split(" | ")
    assert len(starts) == 18
    assert starts[1:3] == ["root 1", "root 7"]


def test_a_job_with_a_token_leaves_it_to_another() -> None:
    _, event = pushed(change())
    found = event.review(now=NOW)

    assert CLIENTS_ELSEWHERE.check(event, found, now=NOW) is None
    assert CLIENTS_ELSEWHERE.content(event, found) == ClientsCheck().content(event, found)
    assert CLIENTS_ELSEWHERE.task is ClientsCheck().task is Task.SIGNING_EVENT


# what it depends on


def test_nothing_is_checked_where_neither_metadata_nor_artifacts_change() -> None:
    event = first_main()
    event.files["README.md"] = b"# read\n"
    event.files["metadata/.signing-event-state"] = b'{\n  "invites": {\n    "@eve": ["npm"]\n  }\n}'

    assert content(event) is None
    _, loaded = pushed(event)
    assert ClientsCheck().check(loaded, loaded.review(now=NOW), now=NOW) is None


def test_signatures_do_not_change_what_is_checked() -> None:
    unsigned, signed = change(), change()
    unsigned.edit("root", signers=[])
    signed.files.update(unsigned.files)
    signed.sign("root", signed.load("root"), ["@alice", "@bob"])

    assert unsigned.files["metadata/root.json"] != signed.files["metadata/root.json"]
    assert content(unsigned) == content(signed)


def _other_artifact(event: Sample) -> None:
    event.files["targets/file.txt"] = b"three\n"


def _other_metadata(event: Sample) -> None:
    event.edit("targets", now=NOW + timedelta(days=1), version=2)


def _other_role(event: Sample) -> None:
    event.edit(ROLE)


def _no_metadata(event: Sample) -> None:
    event.files[f"metadata/{ROLE}.json"] = b"{"


@pytest.mark.parametrize("further", [_other_artifact, _other_metadata, _other_role, _no_metadata])
def test_all_else_does(further: Any) -> None:  # noqa: ANN401 - one of the above
    before, after = change(), change()
    further(after)

    assert None is not content(before) != content(after) is not None


@pytest.mark.parametrize(
    "settings",
    [
        '[clients]\nuse = ["tuf-js"]\n',
        "[clients]\ntimeout = 7\n",
        '[publish]\nmetadata-dir = "."\n',
        "[online]\nmeta-hashes = true\n",
    ],
)
def test_settings_do_too(settings: str) -> None:
    assert content(change(), settings="") != content(change(), settings=settings)


def test_text_is_no_longer_than_a_status_has_room_for() -> None:
    said = {f"client-{number}": (keyids_match,) for number in range(400)}
    _, event = pushed(change())

    answer = checked(event, Clients(said, silent=True))

    assert len(answer.text) < 13_000
    assert answer.text.endswith("(The rest is left out.)\n")
