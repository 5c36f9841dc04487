"""The first online signing of a repository: a person must say which root is right."""

import pytest
from tests.jobs.arranging import with_settings
from tests.support.pipeline import Pipeline, first_main, root_digest
from tests.support.sample import Sample

from tufline.online_sign.job import MainRefused, RootNotConfirmed
from tufline.repository.settings import InvalidSettings


def test_first_run_names_the_digest_that_a_person_must_confirm() -> None:
    pipeline = Pipeline()
    digest = root_digest(pipeline.main)

    with pytest.raises(RootNotConfirmed) as caught:
        pipeline.online_sign(confirmed_root=None)

    assert str(caught.value) == f"root 1 with SHA-256 {digest} was not confirmed"
    assert caught.value.hint is not None
    assert f"--confirm-root {digest}" in caught.value.hint
    assert "publish" not in pipeline.history.branches()


def test_first_run_refuses_another_digest() -> None:
    pipeline = Pipeline()

    with pytest.raises(RootNotConfirmed):
        pipeline.online_sign(confirmed_root="0" * 64)

    assert "publish" not in pipeline.history.branches()


def test_first_run_takes_the_digest_in_capitals_and_later_runs_need_none() -> None:
    pipeline = Pipeline()
    pipeline.online_sign(confirmed_root=root_digest(pipeline.main).upper())

    assert pipeline.online_sign(confirmed_root=None).moved is False


def test_first_run_on_refused_main_names_everything_that_is_wrong() -> None:
    main = first_main()
    main.sign("targets", main.load("targets"), [])
    main.files["targets/npm/keys.json"] = b"other"
    pipeline = Pipeline(main=main)

    with pytest.raises(MainRefused) as caught:
        pipeline.online_sign()

    assert "unsigned: targets" in str(caught.value)
    assert "artifact-content" in str(caught.value)
    assert "publish" not in pipeline.history.branches()


def test_first_run_confirms_the_oldest_root_that_verifies() -> None:
    main = first_main()
    main.edit("root")
    main.edit("root")
    stranger = Sample()
    broken = stranger.load("root")
    broken.signatures.clear()
    main.files["metadata/root_history/1.root.json"] = broken.to_bytes()
    pipeline = Pipeline(main=main)

    with pytest.raises(RootNotConfirmed) as caught:
        pipeline.online_sign(confirmed_root=None)

    assert str(caught.value).startswith("root 2 with SHA-256 " + root_digest(main, 2))


def test_first_run_confirms_the_oldest_root_that_the_settings_name() -> None:
    main = with_settings(b"[review]\noldest-root = 2\n")
    main.edit("root")
    main.edit("root")
    pipeline = Pipeline(main=main)

    with pytest.raises(RootNotConfirmed, match="root 2 "):
        pipeline.online_sign(confirmed_root=None)


def test_first_run_with_unreadable_settings_says_so() -> None:
    main = first_main()
    main.files["tufline.toml"] = b"x"

    with pytest.raises(InvalidSettings):
        Pipeline(main=main).online_sign()


def test_first_run_signs_both_and_keeps_main_s_history() -> None:
    pipeline = Pipeline()

    outcome = pipeline.online_sign()

    assert outcome.signed == ("snapshot", "timestamp")
    assert (pipeline.version("snapshot"), pipeline.version("timestamp")) == (1, 1)
    assert pipeline.history.info(outcome.publish).parents == (pipeline.head("main"),)
    files = pipeline.files(outcome.publish)
    assert files.items() >= pipeline.main.files.items()
