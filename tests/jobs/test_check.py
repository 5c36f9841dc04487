"""Looking at what is deployed: in the store, or from outside where clients read."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.jobs.arranging import started
from tests.support.pipeline import SETTINGS, Pipeline, first_main
from tests.support.sample import EXPIRY_DAYS, NOW
from tests.support.web import served

from tufline.repository.history import NoSuchRef
from tufline.repository.jobs.check import Checked, check
from tufline.repository.jobs.publishing import NotVisible


def test_check_says_when_a_client_will_stop() -> None:
    pipeline = started(publish=True)

    found = check(
        pipeline.history, now=NOW, ahead=timedelta(days=8), open_store=pipeline.open_store
    )

    assert found[0] == Checked(at=NOW, problem=None)
    assert [role.name for role in found[1].ended] == ["timestamp"]
    assert found[1].at == NOW + timedelta(days=8)
    assert found[1].problem is not None
    assert "timestamp" in found[1].problem


def test_check_looks_at_now_only_if_nothing_else_is_asked_for() -> None:
    pipeline = started(publish=True)

    assert check(pipeline.history, now=NOW, ahead=timedelta(), open_store=pipeline.open_store) == (
        Checked(at=NOW, problem=None),
    )


def test_check_of_an_empty_or_missing_store_is_a_problem() -> None:
    pipeline = started()

    def problem() -> str | None:
        (found,) = check(
            pipeline.history, now=NOW, ahead=timedelta(), open_store=pipeline.open_store
        )
        return found.problem

    assert problem() == "metadata/1.root.json is not in the store"
    del pipeline.stores["production"]
    assert problem() == "production: no such folder"


def test_check_needs_a_publish_branch() -> None:
    pipeline = Pipeline()

    with pytest.raises(NoSuchRef, match="publish"):
        check(pipeline.history, now=NOW, ahead=timedelta())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    with served(tmp_path) as url:
        yield url


def read_from(url: str, folder: Path) -> Pipeline:
    """Return a pipeline whose clients read at `url`, where `folder` holds what was published."""
    main = first_main()
    main.files["tufline.toml"] = SETTINGS + f'url = "{url}"\nvisible-within = 0\n'.encode()
    pipeline = Pipeline(main=main)
    pipeline.start()
    with pytest.raises(NotVisible):
        pipeline.publish()
    for name, data in pipeline.stores["production"].files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return pipeline


def test_check_looks_from_outside_where_clients_read(site: str, tmp_path: Path) -> None:
    pipeline = read_from(site, tmp_path)
    pipeline.stores.clear()  # nothing is asked of the store

    now, later = check(pipeline.history, now=NOW, ahead=timedelta(days=8))

    assert now.problem is None
    assert later.problem == f"{site}: ExpiredMetadataError: timestamp.json is expired"


def test_check_from_outside_says_what_the_client_said(site: str, tmp_path: Path) -> None:
    pipeline = read_from(site, tmp_path)
    shutil.rmtree(tmp_path / "metadata")

    (found,) = check(pipeline.history, now=NOW, ahead=timedelta())

    said = "DownloadHTTPError: HTTP error occurred with status 404"
    assert found.problem == f"{site}: {said}"


def test_delegated_role_that_ended_is_named_and_no_problem() -> None:
    main = first_main()
    main.edit("npm", lambda npm: npm, now=NOW - timedelta(days=EXPIRY_DAYS - 3))
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)

    (now, later) = check(
        pipeline.history, now=NOW, ahead=timedelta(days=4), open_store=pipeline.open_store
    )

    assert (now.problem, later.problem) == (None, None)
    assert (now.ended, [role.name for role in later.ended]) == ((), ["npm"])


def test_delegated_role_that_ended_does_not_stop_publishing() -> None:
    main = first_main()
    main.edit("npm", lambda npm: npm, now=NOW - timedelta(days=EXPIRY_DAYS - 3))
    pipeline = Pipeline(main=main)
    pipeline.start(publish=True)
    pipeline.now += timedelta(days=5)
    pipeline.online_sign()

    assert pipeline.publish().production.written


def test_roles_are_those_that_are_deployed_and_not_those_on_their_way() -> None:
    pipeline = started(publish=True)
    pipeline.now += timedelta(days=5)
    pipeline.online_sign()

    (_, later) = check(
        pipeline.history, now=NOW, ahead=timedelta(days=8), open_store=pipeline.open_store
    )

    assert [(role.name, role.version) for role in later.ended] == [("timestamp", 1)]
