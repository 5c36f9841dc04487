"""Records of merges that are not what they should be."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.jobs.arranging import EVENT, changed_artifact
from tests.jobs.recording import FACTS, Forge, read
from tests.support.pipeline import Pipeline
from tests.support.sample import Sample

from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.record import RECORDS, record, record_path


def test_event_that_was_squashed_is_recorded_where_the_forge_knows_it() -> None:
    pipeline = Pipeline(forge=Forge())
    commit = pipeline.merge_by_force(changed_artifact(pipeline.main))
    assert record(pipeline.place) == ()

    pipeline.forge.known[commit] = FACTS

    assert record(pipeline.place) == (commit,)
    predicate = read(pipeline, commit)["predicate"]
    assert predicate["heads"] == []
    assert [each["id"] for each in predicate["claims"]["git"]["commits"]] == [commit]
    assert predicate["review"]["verdict"] == "ready"


def no_content(main: Sample) -> Sample:
    event = main.copy()
    event.files["README.md"] = b"about\n"
    return event


def online_only(main: Sample) -> Sample:
    event = main.copy()
    event.files["metadata/snapshot.json"] = b"{}"
    event.files["metadata/timestamp.json"] = b"{}"
    return event


@pytest.mark.parametrize("make", [no_content, online_only])
def test_merge_that_changes_nothing_that_people_sign_is_no_event(make: Any) -> None:  # noqa: ANN401 - a function
    pipeline = Pipeline(forge=Forge())
    event = make(pipeline.main)
    head = pipeline.push("topic", event)
    pipeline.commit("main", event.files, merging=[head])

    assert record(pipeline.place) == ()
    assert RECORDS not in pipeline.history.branches()
    assert "facts" not in pipeline.forge.performed


def test_merge_that_review_refuses_is_recorded_with_the_findings() -> None:
    pipeline = Pipeline(forge=Forge())
    event = changed_artifact(pipeline.main)
    del event.files["targets/npm/keys.json"]
    event.files[".github/workflows/x.yml"] = b"on: push\n"
    head = pipeline.push(EVENT, event)
    commit = pipeline.commit("main", event.files, merging=[head])

    record(pipeline.place)

    predicate = read(pipeline, commit)["predicate"]
    assert predicate["review"]["verdict"] == "refused"
    found = {(each["rule"], each["severity"]) for each in predicate["review"]["findings"]}
    assert ("unclaimed-path", "error") in found
    assert predicate["others"] == {"targets/npm/keys.json": "removed"}


def test_merge_that_holds_more_than_its_event_is_judged_as_it_is_on_main() -> None:
    pipeline = Pipeline(forge=Forge())
    event = changed_artifact(pipeline.main)
    head = pipeline.push(EVENT, event)
    event.files["targets/npm/keys.json"] = b"slipped in\n"
    commit = pipeline.commit("main", event.files, merging=[head])

    record(pipeline.place)

    tree = read(pipeline, commit)
    assert tree["predicate"]["review"]["verdict"] == "waiting"
    assert "targets/npm/keys.json" in {each["name"] for each in tree["subject"]}


def test_settings_that_nobody_can_read_do_not_stop_the_record() -> None:
    pipeline = Pipeline(forge=Forge())
    good, broken = pipeline.main, pipeline.main.copy()
    broken.files["tufline.toml"] = b"[merge"
    pipeline.merge_by_force(broken)
    event = changed_artifact(broken)
    head = pipeline.push(EVENT, event)
    commit = pipeline.commit("main", event.files, merging=[head])
    pipeline.merge_by_force(good)

    record(pipeline.place)

    review = read(pipeline, commit)["predicate"]["review"]
    assert review["error"].startswith("tufline.toml: ")
    assert "verdict" not in review


def test_attack_text_of_others_is_kept_short_and_is_valid_json() -> None:
    pipeline = Pipeline(forge=Forge())
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    commit = merge(pipeline.place, EVENT)
    hostile = '"}], "_type": "x", \ud800' + "a" * 1_000_000
    pipeline.forge.known[commit] = replace(FACTS, title=hostile, text=hostile)

    record(pipeline.place)

    data = pipeline.files(pipeline.head(RECORDS))[record_path(commit)]
    forge = json.loads(data)["predicate"]["claims"]["forge"]
    assert forge["title"].startswith('"}], "_type": "x", \\ud800aaa')
    assert len(data) < 50_000


def test_attack_event_of_many_commits_is_recorded_with_a_part_of_them() -> None:
    pipeline = Pipeline(forge=Forge())
    pipeline.push(EVENT, pipeline.main)
    event = changed_artifact(pipeline.main)
    for _ in range(201):
        pipeline.commit(EVENT, event.files)
    commit = merge(pipeline.place, EVENT)

    record(pipeline.place)

    git = read(pipeline, commit)["predicate"]["claims"]["git"]
    assert (len(git["commits"]), git["omitted"]) == (200, True)
