"""docs/operator.md, from nothing to a published repository: typed as it stands, its workflows run.

Not tried are its first two blocks (the installation, and variables, which have other values here).
The online key is the file for trying; its secret is a variable, since the harness has one secret.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from github import Auth, Github
from github.Repository import Repository
from tests.e2e.manuals import manual
from tests.support.act import JobRun, Runner, Tools
from tests.support.github import Hub, Protection, serve
from tests.support.newcomer import Newcomer, newcomer
from tests.workflows.conftest import ReportJobs

pytestmark = pytest.mark.no_cover  # the same code over very many cases

NAME: Final = "alice/tuf"
ONLINE_SIGN: Final = "online-sign.yml/online-sign"
_KEY: Final = """\
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out online.pem
openssl pkey -in online.pem -pubout -out online.pub
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """GitHub, the people who read the manual, and what they have still to type."""

    hub: Hub
    runner: Runner
    people: dict[str, Newcomer]
    blocks: Iterator[tuple[str, str, int]]

    @property
    def alice(self) -> Newcomer:
        return self.people["alice"]

    def next(self) -> str:
        """Let the next block be typed by whom it is for, and return what was shown."""
        who, text, code = next(self.blocks)
        return self.people[who].type(text, code=code)

    def settle(self, *failing: str) -> list[str]:
        """Let GitHub do what is to be done; return the jobs that worked."""
        return [run.job for run in self.runner.settle(failing=failing) if run.result == "success"]

    @contextmanager
    def web(self) -> Iterator[Repository]:
        """Give GitHub as alice has it in her browser."""
        token = self.alice.variables["GITHUB_TOKEN"]
        with Github(base_url=self.hub.api_url, auth=Auth.Token(token)) as api:
            yield api.get_repo(NAME)

    def runs_by_hand(self, workflow: str, **inputs: str) -> list[str]:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        with self.web() as repository:
            assert repository.get_workflow(workflow).create_dispatch("main", given)
        return self.settle()

    def log_of(self, job: str) -> str:
        (*_, last) = (run for run in self.runner.runs if run.job == job)
        assert isinstance(last, JobRun)
        assert last.log
        return last.log.read_text()


@pytest.fixture
def trial(tools: Tools, tmp_path: Path) -> Iterator[Trial]:
    with serve(tmp_path / "hub") as hub:
        hub.add_repository(NAME, collaborators={"bob": "write"})
        (tmp_path / "pages").mkdir()
        pages = hub.set_pages(NAME, tmp_path / "pages").rstrip("/")
        exported = {"REPO": NAME, "ME": "@alice", "SIGNERS": "@alice,@bob", "PAGES": pages}
        uri = {"ONLINE_KEY_URI": "file2:online.pem"}
        people = {
            login: newcomer(tmp_path, login, hub, **exported, **uri) for login in ("alice", "bob")
        }
        people["alice"].type(_KEY)
        key = (people["alice"].home / "online.pem").read_text()
        yield Trial(
            hub=hub,
            runner=Runner(
                hub=hub, tools=tools, folder=tmp_path / "runs", configuration={"ONLINE_KEY": key}
            ),
            people=people,
            blocks=iter(
                (each.tried_by or "", each.text, each.code)
                for each in manual("operator.md").tried()
            ),
        )


def edit_files(trial: Trial) -> None:
    """Do what step 3 says of two files: the key for trying, and where Pages are."""
    (block,) = manual("operator.md").blocks("yaml")
    steps = "".join(f"      {line}\n" for line in block.text.splitlines())
    file = trial.alice.place / ".github/workflows/online-sign.yml"
    before, last, after = file.read_text().partition("      - uses: tufline/tufline/actions/")
    file.write_text(before + steps.replace("secrets.", "vars.") + last + after)
    settings = trial.alice.place / "tufline.toml"
    url = trial.alice.variables["PAGES"]
    settings.write_text(re.sub(r'(?m)^url = "[^"]*"', f'url = "{url}/"', settings.read_text()))


def set_on_github(trial: Trial) -> None:
    """Set what the table of settings says, but for `publish`, which is not there yet."""
    repository = trial.hub.repositories[NAME]
    repository.can_approve_pull_request_reviews = True
    repository.delete_branch_on_merge = True
    repository.protections["main"] = Protection(
        checks=("signing-event",), reviews=0, code_owners=True, enforce_admins=True
    )
    trial.hub.add_environment(NAME, "github-pages", branches=("publish",))


def not_fine(trial: Trial) -> list[str]:
    """Return what `tufline init --check` complains of at last."""
    remarks = trial.alice.type('tufline init . --check --name "$REPO" --json', code=1)
    return [each["what"] for each in json.loads(remarks) if each["severity"] != "fine"]


def test_from_nothing_to_a_published_repository(trial: Trial, report_jobs: ReportJobs) -> None:
    trial.next()
    edit_files(trial)
    trial.next()
    assert "signing-event.yml/signing-event" in trial.settle()
    set_on_github(trial)
    assert "missing  there is no branch publish" in trial.next()

    for _ in range(3):  # alice, bob, alice again
        trial.next()
        trial.settle()
    with trial.web() as repository:
        (pull,) = repository.get_pulls(state="open")
        assert not pull.draft
        assert pull.merge().merged
    trial.settle(ONLINE_SIGN)

    digest = trial.next().split()[-2]
    assert digest in trial.log_of(ONLINE_SIGN)
    assert "publish.yml/client-test" in trial.runs_by_hand("online-sign.yml", confirm_root=digest)
    trial.hub.repositories[NAME].protections["publish"] = Protection(enforce_admins=True)

    answer = json.loads(trial.next())
    assert answer["accepted"]
    assert next(trial.blocks, None) is None
    trial.runs_by_hand("create-signing-events.yml")
    assert "check.yml/check" in trial.runs_by_hand("check.yml")
    with trial.web() as repository:
        assert [each.title for each in repository.get_issues() if not each.pull_request] == []
    assert not_fine(trial) == [
        ".github/workflows/online-sign.yml in this folder differs from what `tufline init` writes",
        "whoever may write to the repository may push to publish",
        ".github/workflows/online-sign.yml differs from what `tufline init` writes",
    ]
    report_jobs(trial.runner.runs)
