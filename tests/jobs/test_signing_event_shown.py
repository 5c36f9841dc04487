"""What is shown of a signing event, sound or not."""

from tests.jobs.arranging import EVENT, changed_artifact
from tests.jobs.looking import pushed, run, status
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import STRANGER
from tuf.api.metadata import Targets

from tufline.repository.history import Move


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
