"""`tufline rehearse`: the whole way of a change, with real git, tokens, web servers and clients."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.e2e.conftest import Rehearsal

from tufline.repository.publish import DirectoryStore, Layout
from tufline.repository.publish.compliance import Accepted, run_client, store_remote
from tufline.repository.rehearsal import SCENARIO

ROOTS = (1, 2, 3)
ARTIFACTS = ("release.txt", "npm/keys.json")
ROLES = ("root", "targets", "npm", "snapshot", "timestamp")


def test_every_step_has_its_line_in_order(rehearsal: Rehearsal) -> None:
    lines = [line for line in rehearsal.screen.splitlines() if line.startswith("ok  ")]

    assert len(lines) == len(SCENARIO)
    for step, line in zip(SCENARIO, lines, strict=True):
        assert re.fullmatch(
            rf"ok  .*{re.escape(f'{step.who} {step.what}: ')}.* \(\d+\.\d s\)", line
        )


@pytest.mark.parametrize(
    ("attack", "failure"),
    [
        ("merges an unsigned change by force", "main is refused by unsigned"),
        ("rewrites root 1 in root_history", "refused by root-history"),
        ("changes release.txt on main", "main is refused by artifact-content"),
        ("signs with a key of her own, also as @bob", "refused by signature"),
        (
            "is asked to merge sign/late, signed by @carol's old key",
            "refused by signature-unknown",
        ),
        ("serves an old staging directory", "the client refuses the older timestamp"),
        ("puts the publish branch back", "publishing refuses versions lower than the deployed"),
    ],
)
def test_each_attack_fails_visibly_and_clients_go_on(
    rehearsal: Rehearsal, attack: str, failure: str
) -> None:
    lines = [line for line in rehearsal.screen.splitlines() if line.startswith("ok  attack: ")]
    (line,) = (line for line in lines if f" {attack}: " in line)

    assert f"{attack}: {failure}" in line
    assert "clients go on: root 3" in line
    assert "7 of 7 attacks refused" in rehearsal.screen


def test_renews_the_timestamp_of_the_last_accepted_state(rehearsal: Rehearsal) -> None:
    assert "main is refused, signed timestamp of what it held before: unsigned:" in rehearsal.screen


def test_says_what_a_key_holder_sees(rehearsal: Rehearsal) -> None:
    log = (rehearsal.folder / "log.txt").read_text()

    for screen in (rehearsal.screen, log):
        assert "@bob $ tufline sign sign/release-2 --yes --pin-file ../pin\n" in screen
        assert "- version: 1 → 2\n" in screen
        assert "signed: targets version 2 with slot 9c of token of bob" in screen
    assert "[x] @alice signed\n" in log
    assert len(log) > len(rehearsal.screen)


@pytest.mark.parametrize("version", ROOTS)
def test_a_new_client_accepts_what_is_published_from_every_root(
    rehearsal: Rehearsal, version: int
) -> None:
    store, layout = DirectoryStore(rehearsal.folder / "production"), Layout()
    root = store.get(layout.root(version))

    remote = store_remote(store, layout)
    outcome = run_client(remote, root, now=datetime.now(UTC), artifacts=ARTIFACTS)

    assert isinstance(outcome, Accepted), outcome
    assert outcome.versions.root == ROOTS[-1]


def test_nothing_published_holds_an_empty_signature(rehearsal: Rehearsal) -> None:
    files = list(_metadata(rehearsal.folder / "production"))

    assert {*map(_role, files)} == {*ROLES}
    for file in files:
        signatures = json.loads(file.read_bytes())["signatures"]
        assert signatures, file
        assert all(each["sig"] for each in signatures), file


def test_staging_and_production_hold_the_same(rehearsal: Rehearsal) -> None:
    staging, production = _content(rehearsal, "staging"), _content(rehearsal, "production")

    assert len(production) > len(ROLES)
    assert staging == production


@pytest.mark.parametrize("role", ROLES)
def test_the_page_names_every_role(rehearsal: Rehearsal, role: str) -> None:
    page = (rehearsal.folder / "production/index.html").read_text()

    assert f'<code class="big">{role}</code>' in page


def test_the_page_of_the_last_event_shows_what_changed_and_who_signed(rehearsal: Rehearsal) -> None:
    page = (rehearsal.folder / "last-event.html").read_text()

    assert "sign/online-key" in page
    assert "file2:online-2" in page
    assert "@alice" in page


def test_says_where_everything_is(rehearsal: Rehearsal) -> None:
    for name in ("production", "production/index.html", "last-event.html", "log.txt"):
        assert str(rehearsal.folder / name) in rehearsal.screen
        assert (rehearsal.folder / name).exists()


def test_the_destroyed_online_key_has_not_signed_since(rehearsal: Rehearsal) -> None:
    production = rehearsal.folder / "production"
    newest = json.loads((production / "metadata/timestamp.json").read_bytes())
    root = json.loads((production / "metadata/3.root.json").read_bytes())

    signers = [each["keyid"] for each in newest["signatures"]]
    assert signers == root["signed"]["roles"]["timestamp"]["keyids"]
    assert not (rehearsal.folder / "online-keys/online-1").exists()


def _metadata(published: Path) -> Iterator[Path]:
    return (published / "metadata").rglob("*.json")


def _role(file: Path) -> str:
    return file.name.removesuffix(".json").rpartition(".")[2]


def _content(rehearsal: Rehearsal, name: str) -> dict[str, bytes]:
    top = rehearsal.folder / name
    return {
        str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()
    }
