"""A store says what clients have, and so which old state is renewed: that stops nothing else."""

from tests.online_sign.test_held_back import kept_back
from tests.support.pipeline import DAY, Pipeline


def spoil_settings_of_what_clients_have(pipeline: Pipeline) -> None:
    """Let the settings of that old state be something that is no longer understood."""
    history = pipeline.history
    oldest = list(history.first_parents(pipeline.head("publish")))[-2].id
    stored = history._commits[oldest]  # noqa: SLF001 - no job rewrites a commit
    contents = {**stored.contents, "tufline.toml": b"this = was fine once"}
    history._commits[oldest] = type(stored)(stored.info, contents, stored.kinds)  # noqa: SLF001 - as above


def test_old_state_that_cannot_be_renewed_does_not_stop_the_timestamp() -> None:
    pipeline, _ = kept_back()
    spoil_settings_of_what_clients_have(pipeline)
    pipeline.now += 5 * DAY
    before = pipeline.version("timestamp")

    assert "timestamp" in pipeline.online_sign().signed
    assert pipeline.version("timestamp") > before
