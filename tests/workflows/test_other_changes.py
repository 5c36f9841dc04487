"""Pull requests to main that are no events: main's own workflow says whether they may be merged."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from github import GithubException
from tests.support.act import Tools
from tests.workflows.attacked import NAME, Attacked, attacked
from tests.workflows.conftest import ReportJobs

pytestmark = pytest.mark.no_cover  # the same code over very many cases

HAND_OVER = "signing-event.yml/hand-over"
SHADOW = "signing-event.yml/shadow"
REVIEW = "signing-event.yml/signing-event"


@pytest.fixture
def it(tools: Tools, tmp_path: Path, report_jobs: ReportJobs) -> Iterator[Attacked]:
    with attacked(tmp_path, tools) as made:
        made.hub.fork(NAME, "eve")
        yield made
    report_jobs(made.runner.runs)


def propose(it: Attacked, login: str, branch: str, files: Mapping[str, bytes]) -> int:
    """Open a pull request to main, from the person's fork or from the repository itself."""
    fork = f"{login}/tuf"
    home = fork if fork in it.hub.repositories else NAME
    it.clone(login, home).push(branch, files, onto="main")
    with it.api(login) as repository:
        head = f"{home.partition('/')[0]}:{branch}"
        return repository.create_pull(base="main", head=head, title="A change").number


def ran(it: Attacked) -> list[tuple[str, str]]:
    """Run what is due; return which jobs did something, and on what."""
    return [(run.job, run.event) for run in it.runner.settle() if run.result != "skipped"]


HANDED_OVER = [(HAND_OVER, "pull_request_target"), (REVIEW, "workflow_dispatch")]


@pytest.mark.parametrize("login", ["eve", "mallory"])
def test_change_of_settings_may_be_merged_once_the_workflow_has_looked(
    it: Attacked, login: str
) -> None:
    number = propose(it, login, "settings", {"tufline.toml": it.files["tufline.toml"] + b"# x\n"})
    with it.api("mallory") as repository:
        with pytest.raises(GithubException):
            repository.get_pull(number).merge()

        assert ran(it) == HANDED_OVER
        assert repository.get_pull(number).merge().merged


def test_attack_metadata_of_a_fork_is_no_event_whatever_its_branch_is_called(it: Attacked) -> None:
    number = propose(it, "eve", "sign/change", {"targets/file.txt": b"evil\n"})

    assert ran(it) == HANDED_OVER
    with it.api("mallory") as repository, pytest.raises(GithubException):
        repository.get_pull(number).merge()


def test_pull_request_of_an_event_that_a_person_opens_starts_nothing_more(it: Attacked) -> None:
    propose(it, "mallory", "sign/change", {"targets/file.txt": b"two\n"})

    assert ran(it) == [
        (HAND_OVER, "push"),
        (SHADOW, "workflow_dispatch"),
        (REVIEW, "workflow_dispatch"),
    ]
