"""What GitHub is given as a folder: judged before, tried after, and run by main's own workflows."""

import pytest
from tests.jobs.arranging import changed_artifact
from tests.support.memory_store import MemoryStore
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import NOW

from tufline.repository.jobs.publishing import (
    ClientRefused,
    NotPublished,
    WorkflowsDiffer,
    build_judged,
)

WORKFLOW = ".github/workflows/publish.yml"


def with_workflow() -> Pipeline:
    main = first_main()
    main.files[WORKFLOW] = b"on: workflow_dispatch\n"
    pipeline = Pipeline(main=main)
    pipeline.start()
    return pipeline


def push_to_publish(pipeline: Pipeline, path: str, data: bytes) -> None:
    """Commit to publish past every job."""
    pipeline.commit("publish", {**pipeline.files(pipeline.head("publish")), path: data})


def test_what_online_signing_made_is_built() -> None:
    pipeline = with_workflow()
    store = MemoryStore()

    done = build_judged(pipeline.history, store, now=NOW)

    assert done.commit == pipeline.head("publish")
    assert done.deployment.written + done.deployment.pages == len(store.files)
    assert "metadata/timestamp.json" in store.files


def test_main_may_go_on_with_other_workflows() -> None:
    pipeline = with_workflow()
    main = changed_artifact(pipeline.main)
    main.files[WORKFLOW] = b"on: push\n"
    pipeline.merge_by_force(main)

    assert build_judged(pipeline.history, MemoryStore(), now=NOW).deployment.written


@pytest.mark.parametrize("path", [WORKFLOW, ".github/actions/x/action.yml"])
def test_workflow_that_was_pushed_to_publish_is_refused(path: str) -> None:
    pipeline = with_workflow()
    push_to_publish(pipeline, path, b"on: push\n")
    store = MemoryStore()

    with pytest.raises(WorkflowsDiffer, match=path):
        build_judged(pipeline.history, store, now=NOW)

    assert not store.files


def test_publish_that_has_nothing_of_main_is_refused() -> None:
    pipeline = with_workflow()
    head = pipeline.head("publish")
    orphan = Pipeline(main=first_main())
    orphan.commit("publish", pipeline.files(head))

    with pytest.raises(WorkflowsDiffer, match="contains no commit"):
        build_judged(orphan.history, MemoryStore(), now=NOW)


def test_metadata_that_was_pushed_to_publish_is_refused() -> None:
    pipeline = with_workflow()
    push_to_publish(pipeline, "targets/file.txt", b"other\n")
    store = MemoryStore()

    with pytest.raises(NotPublished, match=r"targets/file\.txt"):
        build_judged(pipeline.history, store, now=NOW)

    assert not store.files


def test_folder_that_a_client_refuses_is_not_called_built() -> None:
    pipeline = with_workflow()
    store = _Forgetful()

    with pytest.raises(ClientRefused, match="a client refuses the built store"):
        build_judged(pipeline.history, store, now=NOW)


class _Forgetful(MemoryStore):
    """Loses every snapshot."""

    def get(self, name: str) -> bytes:
        return super().get("nothing" if name.endswith("snapshot.json") else name)
