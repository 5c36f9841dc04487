"""Files that vanish from a store while its timestamp stays: the next run puts them back."""

import pytest
from tests.support.pipeline import DAY, SETTINGS, Pipeline, first_main

from tufline.repository.jobs.publishing import ClientRefused
from tufline.repository.publish.compliance import Accepted


def lose_artifact(pipeline: Pipeline, store: str) -> str:
    """Delete what a publisher that raced with `prune`, or a hand, could have deleted."""
    files = pipeline.stores[store].files
    name = next(each for each in files if each.endswith(".file.txt"))
    del files[name]
    return name


@pytest.mark.parametrize("store", ["staging", "production"])
def test_lost_artifact_is_put_back(store: str) -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)
    name = lose_artifact(pipeline, store)

    pipeline.publish()

    assert name in pipeline.stores[store].files


def test_lost_artifact_does_not_keep_back_new_content_where_there_is_no_staging() -> None:
    main = first_main()
    main.files["tufline.toml"] = SETTINGS.replace(b'staging = "staging"\n', b"")
    main.put("other.txt", b"stays\n")
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)
    name = lose_artifact(pipeline, "production")
    new = pipeline.main.copy()
    new.put("other.txt", b"new\n")
    pipeline.merge_by_force(new)
    pipeline.online_sign()

    pipeline.publish()

    assert name in pipeline.stores["production"].files
    assert any(each.endswith(".other.txt") for each in pipeline.stores["production"].files)


def test_other_bytes_stay_refused_and_clients_are_kept_fresh() -> None:
    pipeline = Pipeline()
    pipeline.start(publish=True)
    name = lose_artifact(pipeline, "staging")
    pipeline.stores["staging"].files[name] = b"other bytes"
    pipeline.now += 5 * DAY
    pipeline.online_sign()

    with pytest.raises(ClientRefused, match="staging"):
        pipeline.publish()

    assert pipeline.stores["staging"].files[name] == b"other bytes"
    outcome = pipeline.refresh_client()
    assert isinstance(outcome, Accepted)
    assert outcome.versions.timestamp == 2
