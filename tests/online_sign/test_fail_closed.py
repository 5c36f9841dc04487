"""Main refused: nothing new is signed, it is said why, and clients go on with what they had."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.jobs.arranging import add_online_role, changed_artifact, replace_online_key, started
from tests.support.pipeline import DAY, Pipeline, first_main
from tests.support.sample import NOW, ONLINE, Sample

from tufline.online_sign._not_signed import NotSigned
from tufline.online_sign.tick import OldContentRenewed, online_signing
from tufline.repository.publish.compliance import Accepted

Breakage = Callable[[Sample], None]
BROKEN: dict[str, tuple[Breakage, tuple[str, ...]]] = {}


def breaks(*said: str) -> Callable[[Breakage], Breakage]:
    """Register a way to break main, and what the job must say about it."""

    def register(breakage: Breakage) -> Breakage:
        BROKEN[breakage.__name__.removeprefix("row_")] = (breakage, said)
        return breakage

    return register


@breaks("unsigned: targets: ", "0 of 2 signatures", "missing: @alice, @bob, @carol")
def row_a_targets_unsigned(main: Sample) -> None:
    main.put("file.txt", b"two\n")
    main.sign("targets", main.load("targets"), [])


@breaks("unsigned: targets: ", "1 of 2 signatures", "missing: @bob, @carol")
def row_m_targets_signed_by_one_of_two(main: Sample) -> None:
    main.put("file.txt", b"two\n")
    main.sign("targets", main.load("targets"), ["@alice"])


@breaks("expiry: root: ", "expired")
def row_b_root_expired(main: Sample) -> None:
    main.edit("root", now=NOW - timedelta(days=365, minutes=1))


@breaks("expiry: targets: ", "expired")
def row_b_targets_expired(main: Sample) -> None:
    main.edit("targets", now=NOW - timedelta(days=365, minutes=1))


@breaks("npm", "metadata/npm.json")
def row_c_delegated_file_deleted(main: Sample) -> None:
    del main.files["metadata/npm.json"]


@breaks("artifact-content", "targets/file.txt")
def row_d_artifact_bytes_changed(main: Sample) -> None:
    main.files["targets/file.txt"] = b"other\n"


@breaks("targets/.hidden")
def row_e_dotfile(main: Sample) -> None:
    main.files["targets/.hidden"] = b""


@breaks("root-history", "metadata/root_history/1.root.json")
def row_g_root_history_rewritten(main: Sample) -> None:
    main.files["metadata/root_history/1.root.json"] += b"\n"


@breaks("root-history", "metadata/root_history/1.root.json")
def row_g_root_history_missing(main: Sample) -> None:
    main.edit("root")
    del main.files["metadata/root_history/1.root.json"]


@breaks("threshold", "targets")
def row_m_threshold_above_the_keys(main: Sample) -> None:
    main.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 9))


@breaks("version: targets: version is 1, not greater than 1; make it 2")
def row_n_version_stays_although_content_changed(main: Sample) -> None:
    main.put("file.txt", b"two\n")
    main.edit("targets", version=1)


@breaks("settings: tufline.toml: merge.at-treshold: ")
def settings_that_cannot_be_read(main: Sample) -> None:
    main.files["tufline.toml"] = b"[merge]\nat-treshold = true\n"


@breaks("metadata/targets.json")
def metadata_cut_off(main: Sample) -> None:
    main.files["metadata/targets.json"] = main.files["metadata/targets.json"][:100]


def break_main(pipeline: Pipeline, name: str) -> tuple[str, ...]:
    """Put the broken content on main by force; return what must be said of it."""
    breakage, said = BROKEN[name]
    broken = pipeline.main.copy()
    breakage(broken)
    pipeline.merge_by_force(broken)
    return said


@pytest.mark.parametrize("name", BROKEN)
def test_refused_main_gives_no_new_content_and_says_why(name: str) -> None:
    pipeline = started()
    before = pipeline.head("publish")
    said = break_main(pipeline, name)

    outcome = pipeline.online_sign()

    assert outcome.refused is not None
    text = "\n".join(str(error) for error in outcome.refused.errors)
    assert all(words in text for words in said), text
    assert (outcome.signed, outcome.moved) == ((), False)
    assert pipeline.head("publish") == before


@pytest.mark.parametrize("name", BROKEN)
def test_refused_main_does_not_stop_the_timestamp(name: str) -> None:
    pipeline = started()
    before = pipeline.files(pipeline.head("publish"))
    break_main(pipeline, name)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert outcome.refused is not None
    assert outcome.signed == ("timestamp",)
    after = pipeline.files(pipeline.head("publish"))
    assert {path for path in after if after[path] != before.get(path)} == {
        "metadata/timestamp.json"
    }
    assert after.keys() == before.keys()


@pytest.mark.parametrize("name", BROKEN)
def test_mended_main_is_taken_by_the_next_run(name: str) -> None:
    pipeline = started()
    good = pipeline.main
    break_main(pipeline, name)
    pipeline.online_sign()
    pipeline.merge_by_force(changed_artifact(good, b"mended\n"))

    outcome = pipeline.online_sign()

    assert outcome.refused is None
    published = pipeline.files(pipeline.head("publish"))
    assert published["targets/file.txt"] == b"mended\n"
    assert pipeline.history.contains(outcome.publish, pipeline.head("main"))


def test_expiring_snapshot_is_renewed_too_while_main_is_refused() -> None:
    pipeline = started()
    break_main(pipeline, "a_targets_unsigned")
    pipeline.now += 15 * DAY

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    assert pipeline.version("targets") == 1


def test_main_refused_for_eight_days_and_clients_still_refresh() -> None:
    pipeline = started(publish=True)
    break_main(pipeline, "a_targets_unsigned")

    seen = []
    for _ in range(8):
        pipeline.now += DAY
        pipeline.online_sign()
        pipeline.publish()
        answer = pipeline.refresh_client()
        assert isinstance(answer, Accepted)
        seen.append((answer.versions.timestamp, answer.versions.targets))

    assert seen == [(1, 1)] * 3 + [(2, 1)] * 4 + [(3, 1)]


def test_without_renewal_the_client_would_have_stopped() -> None:
    pipeline = started(publish=True)

    assert not isinstance(pipeline.refresh_client(at=pipeline.now + 8 * DAY), Accepted)


def test_row_b_expired_delegated_role_stops_nobody() -> None:
    pipeline = started()
    main = pipeline.main.copy()
    main.put("file.txt", b"two\n")
    main.edit("npm", now=NOW - timedelta(days=364, hours=23))
    pipeline.merge_by_force(main)
    pipeline.online_sign()
    pipeline.now += DAY
    pipeline.merge_by_force(changed_artifact(main, b"three\n"))

    outcome = pipeline.online_sign()

    assert outcome.refused is None
    assert pipeline.files(outcome.publish)["targets/file.txt"] == b"three\n"


def test_publish_ahead_of_main_is_kept() -> None:
    pipeline = started()
    old = pipeline.main
    pipeline.merge_by_force(changed_artifact(old))
    pipeline.online_sign()
    ahead = pipeline.head("publish")
    pipeline.merge_by_force(old)

    outcome = pipeline.online_sign()

    assert outcome.refused is not None
    assert "version: targets: version is 1, not greater than 2" in str(outcome.refused.errors[0])
    assert pipeline.head("publish") == ahead


def test_tick_reports_the_refusal_and_what_was_signed_all_the_same() -> None:
    pipeline = started()
    break_main(pipeline, "a_targets_unsigned")
    pipeline.now += 5 * DAY
    step = online_signing(None, pipeline.keys)

    with pytest.raises(OldContentRenewed, match=r"main is refused, signed timestamp .* @alice"):
        step.publish(pipeline.place)


@pytest.mark.parametrize("fault", ["missing", "swapped"])
def test_key_that_does_not_work_moves_nothing(fault: str) -> None:
    pipeline = started()
    before = pipeline.everything()
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    before["branches"] = dict(pipeline.history.branches())
    getattr(pipeline.keys, fault).add(ONLINE)

    with pytest.raises(NotSigned, match=ONLINE):
        pipeline.online_sign()

    assert pipeline.everything() == before


def test_wrong_key_behind_the_uri_is_said_to_be_wrong() -> None:
    pipeline = Pipeline()
    pipeline.keys.swapped.add(ONLINE)

    with pytest.raises(NotSigned, match="signed with another key than the metadata has"):
        pipeline.online_sign()


@pytest.mark.parametrize("fault", ["missing", "swapped"])
def test_new_root_whose_online_key_fails_does_not_stop_the_timestamp(fault: str) -> None:
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    replace_online_key(changed)
    pipeline.merge_by_force(changed)
    getattr(pipeline.keys, fault).add("file2:next")
    pipeline.now += 5 * DAY

    with pytest.raises(NotSigned, match="file2:next"):
        pipeline.online_sign()

    assert (pipeline.version("root"), pipeline.version("timestamp")) == (1, 2)
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(at=pipeline.now + 2 * DAY), Accepted)


def test_unsigned_role_of_the_online_key_is_refused_on_main() -> None:
    main = first_main()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.start()
    changed = main.copy()
    changed.edit("nightly", signers=[])
    pipeline.merge_by_force(changed)

    outcome = pipeline.online_sign()

    assert outcome.refused is not None
    assert f"missing: {ONLINE}" in str(outcome.refused.errors[0])
