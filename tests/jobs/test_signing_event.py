"""What the pipeline does to a pushed event, and what it shows."""

from datetime import timedelta

import pytest
from tests.jobs.scenarios import (
    EVENT,
    changed_artifact,
    event_that_waits_for_an_online_key,
    event_with_artifacts_that_is_behind_main,
    with_settings,
)
from tests.support.memory_forge import MemoryForge
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import STRANGER, Sample, key_for
from tuf.api.metadata import Metadata, Root, Targets

from tufline.repository.edit import UnknownHashAlgorithm, UnusablePeriods
from tufline.repository.forge import EventStatus, Task
from tufline.repository.history import Move
from tufline.repository.jobs import NotAnEvent, load_event
from tufline.repository.jobs.hand_over import hand_over
from tufline.repository.jobs.signing_event import Outcome, signing_event


def run(pipeline: Pipeline, name: str = EVENT) -> Outcome:
    return signing_event(pipeline.place, name)


def pushed(event: Sample, main: Sample | None = None) -> Pipeline:
    pipeline = Pipeline(main=main or first_main())
    pipeline.push(EVENT, event)
    return pipeline


def status(pipeline: Pipeline) -> EventStatus:
    statuses: dict[str, EventStatus] = pipeline.forge.statuses()
    return statuses[EVENT]


def targets_of(pipeline: Pipeline, role: str = "targets") -> Metadata[Targets]:
    data = pipeline.files(pipeline.head(EVENT))[f"metadata/{role}.json"]
    return Metadata[Targets].from_bytes(data)


# metadata follows


def test_metadata_follows_artifacts_that_were_pushed_alone() -> None:
    event = first_main()
    event.files["targets/file.txt"] = b"two\n"
    event.files["targets/npm/new.json"] = b"new\n"
    del event.files["targets/dir-less.json"]
    pipeline = pushed(event)

    outcome = run(pipeline)

    targets, npm = targets_of(pipeline), targets_of(pipeline, "npm")
    assert (targets.signed.version, npm.signed.version) == (2, 2)
    targets.signed.targets["file.txt"].verify_length_and_hashes(b"two\n")
    npm.signed.targets["npm/new.json"].verify_length_and_hashes(b"new\n")
    assert "dir-less.json" not in targets.signed.targets
    assert outcome.status == status(pipeline)
    assert outcome.status.verdict == "waiting"


def test_metadata_that_cannot_follow_is_a_failure_and_not_a_wait_for_nobody() -> None:
    main = first_main()
    main.edit("npm", lambda npm: npm.unrecognized_fields.clear())
    event = main.copy()
    event.files["targets/npm/keys.json"] = b"two\n"
    pipeline = pushed(event, main)
    before = pipeline.head(EVENT)

    with pytest.raises(UnusablePeriods, match="npm"):
        run(pipeline)
    assert pipeline.head(EVENT) == before
    assert status(pipeline).verdict == "waiting"


def test_commit_of_the_pipeline_is_on_top_of_the_push_and_signed_off() -> None:
    event = first_main()
    event.files["targets/file.txt"] = b"two\n"
    pipeline = pushed(event)
    pushed_at = pipeline.head(EVENT)
    run(pipeline)

    info = pipeline.history.info(pipeline.head(EVENT))
    assert info.parents == (pushed_at,)
    assert info.message == "Update metadata\n\nSigned-off-by: tufline <tufline@localhost>\n"


def test_role_under_changed_signers_gets_a_new_version_before_anybody_is_asked() -> None:
    event = first_main()

    def only_strangers(root: Root) -> None:
        for name in ("@alice", "@bob"):
            root.revoke_key(key_for(name).keyid, "targets")
            root.add_key(key_for(f"{name}#2"), "targets")

    event.edit("root", only_strangers)
    pipeline = pushed(event)

    run(pipeline)

    targets = targets_of(pipeline)
    assert targets.signed.version == 2
    assert not any(each.signature for each in targets.signatures.values())
    assert set(targets.signatures) >= {key_for("@alice#2").keyid, key_for("@bob#2").keyid}


def test_role_that_was_signed_anew_in_its_published_version_gets_a_new_one() -> None:
    event = first_main()
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    pipeline = pushed(event)

    run(pipeline)

    assert targets_of(pipeline).signed.version == 2


def test_empty_signatures_are_stripped_at_ready_and_the_event_stays_ready() -> None:
    main = first_main()
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice", "@bob"])
    pipeline = pushed(event, main)

    outcome = run(pipeline)

    keyids = {key_for(name).keyid for name in ("@alice", "@bob")}
    assert targets_of(pipeline).signatures.keys() == keyids
    assert outcome.status is not None
    assert outcome.status.verdict == "ready"
    assert load_event(pipeline.history, EVENT).review(now=pipeline.now).verdict.word == "ready"


def test_empty_signatures_stay_while_somebody_may_still_sign() -> None:
    main = first_main()
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline = pushed(event, main)
    head = pipeline.head(EVENT)

    run(pipeline)

    assert pipeline.head(EVENT) == head


def test_metadata_that_main_changed_meanwhile_is_continued_from_there() -> None:
    pipeline = event_with_artifacts_that_is_behind_main()
    pushed_at = pipeline.head(EVENT)

    run(pipeline)

    npm = targets_of(pipeline, "npm").signed
    npm.targets["npm/new.json"].verify_length_and_hashes(b"new\n")
    npm.targets["npm/keys.json"].verify_length_and_hashes(b"later\n")
    assert npm.version == 3
    parents = pipeline.history.info(pipeline.head(EVENT)).parents
    assert parents == (pushed_at, pipeline.head("main"))
    assert status(pipeline).verdict == "waiting", status(pipeline).text


def test_artifact_with_an_unknown_kind_of_hash_is_named_and_the_status_shown() -> None:
    main = first_main()
    main.edit("targets", lambda targets: targets.targets["file.txt"].hashes.update(odd="00"))
    event = main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline = pushed(event, main)
    head = pipeline.head(EVENT)

    with pytest.raises(UnknownHashAlgorithm, match=r"file\.txt"):
        run(pipeline)

    assert pipeline.head(EVENT) == head
    assert status(pipeline).verdict != "ready"


# what is shown


def test_status_names_the_commits_and_whom_the_event_waits_for() -> None:
    main = first_main()
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline = pushed(event, main)

    run(pipeline)

    shown = status(pipeline)
    assert (shown.main, shown.head) == (pipeline.head("main"), pipeline.head(EVENT))
    assert shown.verdict == "waiting"
    assert "`@bob`" in shown.text


def test_step_that_would_be_refused_is_shown_and_not_committed() -> None:
    event = first_main()
    event.files["targets/file.txt"] = b"two\n"
    event.files[".github/workflows/own.yml"] = b"on: push\n"
    pipeline = pushed(event)
    head = pipeline.head(EVENT)

    outcome = run(pipeline)

    assert pipeline.head(EVENT) == head
    assert outcome.status is not None
    assert outcome.status.verdict == "refused"
    assert ".github/workflows/own.yml" in status(pipeline).text


def test_metadata_that_cannot_be_read_is_shown_as_refused() -> None:
    event = first_main()
    event.files["targets/file.txt"] = b"two\n"
    event.files["metadata/targets.json"] = b'{"signed": '
    pipeline = pushed(event)
    head = pipeline.head(EVENT)

    assert run(pipeline).review is not None

    assert (status(pipeline).verdict, pipeline.head(EVENT)) == ("refused", head)
    assert "metadata/targets.json" in status(pipeline).text


def test_row_f_and_e_event_that_changes_other_files_is_refused() -> None:
    for path in (".github/workflows/publish.yml", "tufline.toml", "targets/.hidden", "README"):
        event = first_main()
        event.files[path] = b"mine\n"
        pipeline = pushed(event)
        run(pipeline)

        assert status(pipeline).verdict == "refused", path
        assert path in status(pipeline).text


def test_event_without_changes_is_shown_as_unchanged() -> None:
    pipeline = pushed(first_main())

    run(pipeline)

    assert status(pipeline).verdict == "unchanged"


def test_stale_event_is_shown_as_refused() -> None:
    pipeline = Pipeline()
    old = pipeline.head("main")
    event = changed_artifact(pipeline.main)
    pipeline.merge_by_force(changed_artifact(pipeline.main, b"other\n"))
    pipeline.push(EVENT, event, onto=old)

    run(pipeline)

    assert status(pipeline).verdict == "refused"
    assert "stale-path" in status(pipeline).text


def test_event_with_two_merge_bases_is_shown_as_refused() -> None:
    pipeline = Pipeline()
    start, files = pipeline.head("main"), pipeline.main.files
    left = pipeline.commit("left", {**files, "left": b""}, onto=start)
    right = pipeline.commit("right", {**files, "right": b""}, onto=start)
    both = {**files, "left": b"", "right": b""}
    pipeline.commit("left", both, merging=[right])
    pipeline.commit("right", both, merging=[left])
    pipeline.history.move([Move(branch="main", old=start, new=pipeline.head("left"))])
    pipeline.history.move([Move(branch=EVENT, old=None, new=pipeline.head("right"))])

    run(pipeline)

    assert status(pipeline).verdict == "refused"
    assert "2 merge bases" in status(pipeline).text


def test_event_that_shares_nothing_with_main_is_shown_as_refused() -> None:
    pipeline = Pipeline()
    pipeline.commit(EVENT, changed_artifact(pipeline.main).files)

    run(pipeline)

    assert status(pipeline).verdict == "refused"
    assert "no common history" in status(pipeline).text


def test_event_that_removes_a_delegated_role_is_sound() -> None:
    event = first_main()

    def remove(targets: Targets) -> None:
        assert targets.delegations is not None
        assert targets.delegations.roles is not None
        del targets.delegations.roles["npm"]
        targets.delegations.keys.clear()

    event.edit("targets", remove)
    del event.files["metadata/npm.json"]
    del event.files["targets/npm/keys.json"]
    pipeline = pushed(event)

    run(pipeline)

    assert status(pipeline).verdict == "ready", status(pipeline).text


def test_row_c_event_that_deletes_the_file_of_a_delegated_role_is_refused() -> None:
    event = first_main()
    del event.files["metadata/npm.json"]
    pipeline = pushed(event)

    run(pipeline)

    assert status(pipeline).verdict == "refused"
    assert "metadata/npm.json" in status(pipeline).text


def test_attack_signature_of_a_stranger_does_not_count() -> None:
    main = first_main()
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice", STRANGER])
    pipeline = pushed(event, main)

    run(pipeline)

    assert status(pipeline).verdict != "ready"


# events that are over


def test_merged_event_is_forgotten_and_its_branch_deleted() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    run(pipeline)
    pipeline.commit("main", pipeline.files(pipeline.head(EVENT)), merging=[pipeline.head(EVENT)])

    outcome = run(pipeline)

    assert (outcome.status, outcome.merged, pipeline.forge.statuses()) == (None, False, {})
    assert EVENT not in pipeline.history.branches()


def test_branch_that_came_to_main_without_its_files_is_not_deleted() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    pipeline.commit("main", pipeline.main.files, merging=[pipeline.head(EVENT)])

    assert run(pipeline).status is None
    assert EVENT in pipeline.history.branches()


def test_branch_at_main_that_changes_nothing_yet_is_not_deleted() -> None:
    pipeline = Pipeline()
    pipeline.history.move([Move(branch=EVENT, old=None, new=pipeline.head("main"))])

    run(pipeline)

    assert EVENT in pipeline.history.branches()
    assert status(pipeline).verdict == "unchanged"


def test_deleted_event_is_forgotten() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    run(pipeline)
    pipeline.history.move([Move(branch=EVENT, old=pipeline.head(EVENT), new=None)])

    assert run(pipeline).status is None
    assert pipeline.forge.statuses() == {}


@pytest.mark.parametrize("name", ["main", "publish", "sign", "signs/x", "-x", ""])
def test_other_branches_are_no_events(name: str) -> None:
    with pytest.raises(NotAnEvent):
        run(Pipeline(), name)


# merging at the threshold


def test_event_is_merged_at_the_threshold_when_main_says_so() -> None:
    main = with_settings(b"[merge]\nat-threshold = true\n")
    pipeline = pushed(changed_artifact(main), main)

    outcome = run(pipeline)

    assert outcome.merged
    assert pipeline.files(pipeline.head("main"))["targets/file.txt"] == b"two\n"
    assert EVENT not in pipeline.history.branches()
    assert pipeline.forge.statuses() == {}


def test_ready_event_is_not_merged_by_default() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    main = pipeline.head("main")

    assert run(pipeline).merged is False
    assert pipeline.head("main") == main


def test_waiting_event_is_not_merged_at_the_threshold() -> None:
    main = with_settings(b"[merge]\nat-threshold = true\n")
    event = changed_artifact(main)
    event.sign("targets", event.load("targets"), ["@alice"])
    pipeline = pushed(event, main)
    before = pipeline.head("main")

    assert run(pipeline).merged is False
    assert pipeline.head("main") == before


def test_attack_event_cannot_turn_on_merging_or_weaken_the_policy_for_itself() -> None:
    main = with_settings(b"[review]\nlongest-expiry = { targets = 100 }\n")
    event = changed_artifact(main)
    event.files["tufline.toml"] = b"[merge]\nat-threshold = true\n"
    pipeline = pushed(event, main)
    before = pipeline.head("main")

    outcome = run(pipeline)

    assert (outcome.merged, pipeline.head("main")) == (False, before)
    assert "longest-expiry" in status(pipeline).text
    assert "tufline.toml" in status(pipeline).text


# what is asked for


def test_online_signing_is_asked_for_as_long_as_the_event_waits_for_it() -> None:
    pipeline = event_that_waits_for_an_online_key()

    for runs in (1, 2):
        assert run(pipeline).waits_for_online_key
        assert pipeline.forge.requested == [(Task.ONLINE_SIGN, EVENT)] * runs
    pipeline.sign_event(EVENT)
    run(pipeline)

    assert pipeline.forge.requested[2:] == [(Task.SIGNING_EVENT, EVENT)]


def test_held_and_refused_events_ask_for_no_online_key() -> None:
    held = event_that_waits_for_an_online_key()
    held.now += timedelta(hours=1)
    held.push("sign/later", held.main.copy())
    later = held.main.copy()
    later.edit("nightly", signers=[])
    held.commit("sign/later", later.files)
    refused = event_that_waits_for_an_online_key()
    refused.commit(EVENT, {**refused.files(refused.head(EVENT)), "README": b""})

    run(held, "sign/later")
    run(refused)

    assert (held.forge.requested, refused.forge.requested) == ([], [])


def test_event_that_is_over_has_main_signed_online_unless_it_is() -> None:
    pipeline = pushed(changed_artifact(first_main()))
    pipeline.start()
    pipeline.commit("main", pipeline.files(pipeline.head(EVENT)), merging=[pipeline.head(EVENT)])
    run(pipeline)
    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None)]

    pipeline.online_sign()
    run(pipeline)

    assert pipeline.forge.requested == [(Task.ONLINE_SIGN, None)]


def test_hand_over_of_main_asks_for_one_run_on_all_there_is_to_it() -> None:
    forge = MemoryForge()

    hand_over(forge, "main")

    assert forge.requested == [(Task.SIGNING_EVENT, None)]


def test_hand_over_asks_for_one_run_and_only_for_an_event() -> None:
    forge = MemoryForge()

    hand_over(forge, EVENT)

    assert forge.performed == ["request"]
    assert forge.requested == [(Task.SIGNING_EVENT, EVENT)]
    for name in ("publish", "sign", "signs/x", "", " sign/x"):
        with pytest.raises(NotAnEvent):
            hand_over(forge, name)
    assert forge.performed == ["request"]
