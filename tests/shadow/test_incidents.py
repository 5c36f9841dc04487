"""Replays of what broke clients of public repositories: each is seen before anybody signs it.

The stand-ins look at what made a client refuse. Real clients are tried where they are installed:
tuftool recomputes key ids and cannot read P-384; tuf-js verifies no signature of P-384. None of the
five that we have wrappers for needs hashes any more.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.shadow import incidents
from tests.shadow.incidents import Change, proposed
from tests.shadow.trying import (
    Clients,
    Look,
    keyids_match,
    knows_schemes,
    snapshot_has_hashes,
)
from tests.support.pipeline import Pipeline
from tests.support.sample import NOW

from tufline.repository.clients import (
    FOLDER_VARIABLE,
    ClientsSettings,
    TryClients,
    programs_of,
    try_clients,
)
from tufline.repository.forge import CheckVerdict, EventCheck
from tufline.repository.jobs import load_event
from tufline.repository.jobs.checks.clients import ClientsCheck

EVENT = "sign/incident"
INSTALLED = Path(__file__).parents[2] / ".tools/clients/bin"
COMMON = knows_schemes("ecdsa-sha2-nistp256", "ed25519")

STAND_INS: Mapping[str, tuple[Change, Look]] = {
    "wrong key id in root": (incidents.wrong_key_id, keyids_match),
    "key id hashed without custom fields": (incidents.id_without_custom_fields, keyids_match),
    "unsupported online key type": (incidents.unsupported_online_key, COMMON),
    "missing hashes": (incidents.without_hashes, snapshot_has_hashes),
}
REAL: Mapping[tuple[str, str], Change] = {
    ("wrong key id in root", "tuftool"): incidents.wrong_key_id,
    ("key id hashed without custom fields", "tuftool"): incidents.id_without_custom_fields,
    ("unsupported online key type", "tuftool"): incidents.unsupported_online_key,
    ("unsupported online key type", "tuf-js"): incidents.unsupported_online_key,
}


def checked(
    change: Change, clients: TryClients, *, now: datetime = NOW, settings: str = ""
) -> EventCheck:
    base, event = proposed(change, now)
    for each in (base, event):
        each.files["tufline.toml"] = settings.encode()
    pipeline = Pipeline(main=base)
    pipeline.push(EVENT, event)
    loaded = load_event(pipeline.history, EVENT)
    check = ClientsCheck(clients=lambda _: clients)
    answer = check.check(loaded, loaded.review(now=now), now=now)
    assert answer
    return answer


def real(name: str) -> TryClients:
    """Return an installed client; skip the test if it is not."""
    if name == "tuftool" and not os.environ.get("TUFLINE_CONFORMANCE"):
        pytest.skip("TUFTOOL IS TRIED BY `make conformance` ONLY")
    environ = {FOLDER_VARIABLE: str(INSTALLED), **os.environ}
    (program,) = programs_of(ClientsSettings(use=(name,)), environ)
    if not Path(program.command[-1]).exists():
        pytest.skip(f"NO {name.upper()}: run `make tools`, which names what it needs")
    return try_clients([program], timeout=60)


@pytest.mark.parametrize("incident", STAND_INS)
def test_client_that_it_broke_refuses_the_shadow(incident: str) -> None:
    change, look = STAND_INS[incident]

    answer = checked(change, Clients({"lenient": (), "strict": (look,)}))

    assert answer.verdict is CheckVerdict.FAILED
    assert answer.summary.startswith("refused by strict (root 1): ")
    assert "| lenient | accepted |" in answer.text


@pytest.mark.parametrize("incident", STAND_INS)
def test_such_a_client_accepts_an_event_without_it(incident: str) -> None:
    _, look = STAND_INS[incident]

    answer = checked(
        incidents.nothing,
        Clients({"strict": (look,)}),
        settings="[online]\nmeta-hashes = true\n",
    )

    assert answer.verdict is CheckVerdict.PASSED


@pytest.mark.parametrize("incident", ["unsupported online key type", "missing hashes"])
def test_review_alone_would_ask_people_to_sign_it(incident: str) -> None:
    change, _ = STAND_INS[incident]
    base, event = proposed(change, NOW)
    pipeline = Pipeline(main=base)
    pipeline.push(EVENT, event)

    assert not load_event(pipeline.history, EVENT).review(now=NOW).errors


@pytest.mark.parametrize(("incident", "name"), REAL)
def test_real_client_refuses_it(incident: str, name: str) -> None:
    answer = checked(REAL[incident, name], real(name), now=_clock())

    assert answer.verdict is CheckVerdict.FAILED
    assert f"refused by {name} (new): refresh: " in answer.summary
    assert "accepted" not in answer.text


@pytest.mark.parametrize("name", ["tuf-js", "tuftool"])
def test_real_client_accepts_a_sound_event(name: str) -> None:
    answer = checked(incidents.nothing, real(name), now=_clock())

    assert answer.verdict is CheckVerdict.PASSED
    assert "rejected" not in answer.text


def _clock() -> datetime:
    """Return the time that programs see which cannot be told another one."""
    return datetime.now(UTC).replace(microsecond=0)
