"""Snapshot and timestamp of a shadow: as online signing would make them."""

import json
from datetime import timedelta

import pytest
from tests.shadow.building import (
    LAYOUT,
    event_of,
    new_people,
    published,
    served,
    shadow_of,
    tree_of,
)
from tests.shadow.trying import all_served
from tests.support.sample import NOW, ROLE, Sample
from tuf.api.metadata import MetaFile

from tufline.repository.shadow import Terms


def test_versions_follow_the_published_ones() -> None:
    base = published()
    base.sign_online()
    base.sign_online()

    shadow = shadow_of(event_of(base), base)

    assert tree_of(shadow, "timestamp")["signed"]["version"] == 4
    assert tree_of(shadow, "4.snapshot")["signed"]["meta"]["targets.json"] == {"version": 2}
    assert shadow.known_good
    assert "metadata/3.snapshot.json" in shadow.known_good.files


def _stated(base: Sample, **wrong: int) -> None:
    """Let snapshot state length and hashes of what is there; of one role perhaps wrong ones."""
    snapshot = base.load("snapshot")
    for name in snapshot.signed.meta:
        data = base.files[f"metadata/{name}"]
        snapshot.signed.meta[name] = MetaFile.from_data(1, data, ["sha256", "sha512"])
    for field, value in wrong.items():
        setattr(snapshot.signed.meta[f"{ROLE}.json"], field, value)
    base.write("snapshot", snapshot)


def test_lengths_and_hashes_are_of_the_shadows_files() -> None:
    base = published()
    _stated(base)
    event = event_of(base)

    shadow = shadow_of(event, base)

    meta = tree_of(shadow, "2.snapshot")["signed"]["meta"]
    assert [sorted(entry["hashes"]) for entry in meta.values()] == [["sha256", "sha512"]] * 2
    real = json.loads(base.files["metadata/snapshot.json"])["signed"]["meta"]
    assert meta[f"{ROLE}.json"]["hashes"] != real[f"{ROLE}.json"]["hashes"]
    assert served(shadow)


def test_a_length_that_is_wrong_stays_wrong() -> None:
    base = published()
    _stated(base, length=7)

    shadow = shadow_of(event_of(base), base)

    meta = tree_of(shadow, "2.snapshot")["signed"]["meta"]
    assert meta[f"{ROLE}.json"]["length"] == 7
    assert not served(shadow)


@pytest.mark.parametrize("stated", [True, False])
def test_form_of_entries_is_as_mains_settings_say(stated: bool) -> None:  # noqa: FBT001 - a case
    base = published()

    terms = Terms(now=NOW, meta_hashes=stated)
    shadow = shadow_of(event_of(base), base, terms=terms)

    entries = tree_of(shadow, "2.snapshot")["signed"]["meta"].values()
    assert {"hashes" in entry for entry in entries} == {stated}
    assert served(shadow)


def test_entries_of_roles_that_are_gone_stay() -> None:
    base = published()
    event = event_of(base)
    event.edit("targets", lambda targets: setattr(targets, "delegations", None))
    del event.files[f"metadata/{ROLE}.json"]

    shadow = shadow_of(event, base)

    assert f"{ROLE}.json" in tree_of(shadow, "2.snapshot")["signed"]["meta"]
    assert f"metadata/1.{ROLE}.json" not in shadow.proposed.files
    assert served(shadow)


def test_expired_online_metadata_of_the_published_state_is_renewed() -> None:
    base = published()
    event = event_of(base)
    terms = Terms(now=NOW + timedelta(days=60))

    shadow = shadow_of(event, base, terms=terms)

    assert all_served(shadow, LAYOUT, terms.now)


def test_in_an_emergency_keys_of_the_old_root_sign_nothing() -> None:
    base = published()
    event = event_of(base, new_people)

    both, alone = (
        shadow_of(event, base, terms=Terms(now=NOW, emergency=emergency))
        for emergency in (False, True)
    )

    assert len(tree_of(both, "timestamp")["signatures"]) == 2
    assert len(tree_of(alone, "timestamp")["signatures"]) == 1
    assert served(both)


def test_no_real_key_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    from securesystemslib.signer import Signer  # noqa: PLC0415 - patched here

    used: list[str] = []
    monkeypatch.setattr(Signer, "from_priv_key_uri", lambda uri, *_: used.append(uri))
    base = published()

    assert served(shadow_of(event_of(base), base))
    assert used == []
