"""What entries of snapshot and timestamp state, and when one may go."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.jobs.arranging import add_online_role, changed_artifact, replace_online_key
from tests.support.pipeline import DAY, SETTINGS, Pipeline, first_main
from tests.support.sample import ONLINE, Sample, key_for

from tufline.repository.publish import Layout
from tufline.repository.publish.compliance import Accepted, Client, store_remote

NEXT = "file2:next"
PLAIN, FULL = b"[online]\nmeta-hashes = false\n", b"[online]\nmeta-hashes = true\n"


def entries(pipeline: Pipeline, role: str) -> dict[str, Any]:
    data = pipeline.files(pipeline.head("publish"))[f"metadata/{role}.json"]
    found: dict[str, Any] = json.loads(data)["signed"]["meta"]
    return found


def forms(pipeline: Pipeline) -> set[tuple[str, ...]]:
    """Return the forms that entries of either role have."""
    both = entries(pipeline, "snapshot") | entries(pipeline, "timestamp")
    return {tuple(sorted(entry)) for entry in both.values()}


def set_to(pipeline: Pipeline, text: bytes, *, data: bytes | None = None) -> None:
    """Put the setting on main, with new content if `data` is given."""
    main = changed_artifact(pipeline.main, data) if data else pipeline.main.copy()
    main.files["tufline.toml"] = SETTINGS + text
    pipeline.merge_by_force(main)


@pytest.mark.parametrize("text", [b"", FULL])
def test_new_repository_states_hashes_unless_told_otherwise(text: bytes) -> None:
    main = first_main()
    main.files["tufline.toml"] += text
    pipeline = Pipeline(main=main)
    pipeline.start()
    assert forms(pipeline) == {("hashes", "length", "version")}


def test_new_repository_can_do_without_hashes() -> None:
    main = first_main()
    main.files["tufline.toml"] += PLAIN
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)
    assert forms(pipeline) == {("version",)}
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_imported_repository_keeps_its_form_until_told_otherwise() -> None:
    main = first_main()
    main.sign_online(days=30)
    pipeline = Pipeline(main=main)
    pipeline.start()
    set_to(pipeline, b"", data=b"two\n")
    pipeline.online_sign()
    assert forms(pipeline) == {("version",)}
    set_to(pipeline, FULL, data=b"three\n")
    pipeline.online_sign()
    assert forms(pipeline) == {("hashes", "length", "version")}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_another_form_alone_is_no_reason_for_a_new_version() -> None:
    pipeline = Pipeline()
    pipeline.start()
    set_to(pipeline, PLAIN)
    assert pipeline.online_sign().signed == ()

    pipeline.now += timedelta(days=5)
    assert pipeline.online_sign().signed == ("timestamp",)
    assert entries(pipeline, "timestamp") == {"snapshot.json": {"version": 1}}
    assert set(entries(pipeline, "snapshot")["npm.json"]) == {"version", "length", "hashes"}

    pipeline.now += timedelta(days=15)
    assert pipeline.online_sign().signed == ("snapshot", "timestamp")
    assert forms(pipeline) == {("version",)}


# roles that are gone


def without_role(main: Sample) -> Sample:
    """Return main after the role "nightly" was removed."""
    after = main.copy()
    after.edit("targets", lambda targets: targets.delegations.roles.pop("nightly"))
    del after.files["metadata/nightly.json"]
    del after.files["targets/nightly/app.bin"]
    return after


def with_removed_role(settings: bytes = b"") -> Pipeline:
    main = first_main()
    main.files["tufline.toml"] += settings
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)
    return pipeline


def test_entry_of_a_removed_role_stays_also_when_the_snapshot_key_changes(tmp_path: Path) -> None:
    """The old key signs the first snapshot of the new one too: clients compare (decision 6)."""
    pipeline = with_removed_role()
    seen = client(pipeline, tmp_path)
    assert refreshed(pipeline, seen)
    main = without_role(pipeline.main)
    replace_online_key(main, NEXT)
    pipeline.merge_by_force(main)

    pipeline.online_sign()
    pipeline.publish()

    assert "nightly.json" in entries(pipeline, "snapshot")
    assert refreshed(pipeline, seen)


def test_entry_of_a_removed_role_goes_in_an_emergency_that_changes_the_key(tmp_path: Path) -> None:
    """The new root goes out first: no client believes the snapshot before (TUF 5.3.11)."""
    pipeline = with_removed_role(b"[review]\nemergency-roots = [2]\n")
    seen = client(pipeline, tmp_path)
    assert refreshed(pipeline, seen)
    main = without_role(pipeline.main)
    replace_online_key(main, NEXT)
    pipeline.merge_by_force(main)

    pipeline.online_sign()
    assert "nightly.json" not in entries(pipeline, "snapshot")
    pipeline.publish()

    assert refreshed(pipeline, seen)
    assert isinstance(pipeline.refresh_client(), Accepted)
    assert seen.versions.snapshot == 2


def test_emergency_that_leaves_the_snapshot_key_drops_nothing(tmp_path: Path) -> None:
    pipeline = with_removed_role(b"[review]\nemergency-roots = [2]\n")
    seen = client(pipeline, tmp_path)
    assert refreshed(pipeline, seen)
    main = without_role(pipeline.main)
    main.edit("root")
    pipeline.merge_by_force(main)

    pipeline.online_sign()
    pipeline.publish()

    assert "nightly.json" in entries(pipeline, "snapshot")
    assert refreshed(pipeline, seen)


def test_roles_removed_after_the_emergency_s_first_snapshot_stay() -> None:
    pipeline = with_removed_role(b"[review]\nemergency-roots = [2]\n")
    main = pipeline.main.copy()
    replace_online_key(main, NEXT)
    pipeline.merge_by_force(main)
    pipeline.online_sign()
    pipeline.publish()
    pipeline.merge_by_force(without_role(main))

    pipeline.online_sign()

    assert "nightly.json" in entries(pipeline, "snapshot")


def test_key_that_comes_back_keeps_the_entries() -> None:
    """Snapshots of its first time would count again for clients that kept them."""
    pipeline = with_removed_role(b"[review]\nemergency-roots = [3]\n")
    main = pipeline.main.copy()
    replace_online_key(main, NEXT)
    pipeline.merge_by_force(main)
    pipeline.online_sign()
    pipeline.publish()
    pipeline.now += 16 * DAY
    pipeline.online_sign()  # by the new key alone
    pipeline.publish()
    back = without_role(main)

    def change(root: Any) -> None:  # noqa: ANN401 - python-tuf's
        for role in ("snapshot", "timestamp"):
            root.roles[role].keyids = []
            root.add_key(key_for(ONLINE), role)

    back.edit("root", change)
    pipeline.merge_by_force(back)

    assert pipeline.online_sign().signed == ("snapshot", "timestamp")

    assert "nightly.json" in entries(pipeline, "snapshot")


def client(pipeline: Pipeline, home: Path) -> Client:
    """Return a client with root 1, as somebody installed it."""
    return Client(home, pipeline.stores["production"].files[Layout().root(1)])


def refreshed(pipeline: Pipeline, seen: Client) -> bool:
    """Whether the client, with what it remembers, can refresh."""
    remote = store_remote(pipeline.stores["production"], Layout())
    return isinstance(seen.refresh(remote, now=pipeline.now), Accepted)
