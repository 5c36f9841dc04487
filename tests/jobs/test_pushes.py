"""Jobs in a clone, whose commits are pushed: what a server may answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.history.helpers import bare, clone, hook
from tests.jobs.arranging import EVENT, changed_artifact
from tests.support.pipeline import Pipeline

from tufline.repository.history import HookRefused, RemoteUnreachable, open_history


@pytest.fixture
def server(tmp_path: Path) -> Path:
    return bare(tmp_path / "server.git")


@pytest.fixture
def pipeline(server: Path, tmp_path: Path) -> Iterator[Pipeline]:
    with open_history(clone(server, tmp_path / "clone"), pull_remote="origin") as history:
        yield Pipeline(history=history)


def test_row_o_push_that_the_server_refuses_is_told_with_its_reason(
    pipeline: Pipeline, server: Path
) -> None:
    before = dict(pipeline.history.branches())
    hook(server, "pre-receive", 'echo "closed on sundays" >&2\nexit 1\n')

    with pytest.raises(HookRefused, match="closed on sundays"):
        pipeline.online_sign()

    pipeline.history.refresh()
    assert pipeline.history.branches() == before


def test_row_o_run_after_the_refusal_does_it_all(pipeline: Pipeline, server: Path) -> None:
    hook(server, "pre-receive", "exit 1\n")
    with pytest.raises(HookRefused):
        pipeline.online_sign()
    (server / "hooks/pre-receive").unlink()

    assert pipeline.online_sign().moved is True
    with open_history(server) as at_server:
        assert at_server.branches("publish")["publish"] == pipeline.head("publish")


def test_row_o_push_that_lost_a_race_is_repeated_from_the_new_head(
    pipeline: Pipeline, server: Path
) -> None:
    pipeline.start()
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    # the server takes somebody else's timestamp the moment before it takes ours
    hook(
        server,
        "pre-receive",
        "test -e raced && exit 0\n"
        "touch raced\n"
        "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES\n"
        "new=$(git -c user.name=x -c user.email=x@example.org"
        ' commit-tree -p publish -m other "publish^{tree}")\n'
        'git update-ref refs/heads/publish "$new"\n',
    )

    outcome = pipeline.online_sign()

    assert (server / "raced").exists()
    assert outcome.moved is True
    parents = pipeline.history.info(outcome.publish).parents
    assert pipeline.history.info(parents[0]).message == "other\n"
    assert pipeline.files(outcome.publish)["targets/file.txt"] == b"two\n"


def test_row_o_server_that_is_gone_is_said_to_be_gone(pipeline: Pipeline, server: Path) -> None:
    pipeline.push(EVENT, changed_artifact(pipeline.main))
    server.rename(server.with_name("elsewhere"))

    with pytest.raises(RemoteUnreachable):
        pipeline.online_sign()
