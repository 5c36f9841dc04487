"""A repository on GitHub that somebody with little or much right to it attacks.

What main holds was signed in memory; the workflows and settings are those of `tufline init`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from github import Auth, Github
from github.Repository import Repository
from tests.support.act import Grant, Runner, Tools
from tests.support.github import Hub, Protection, serve
from tests.support.pipeline import first_main
from tests.support.sample import NOW, Sample
from tests.workflows.clone import Clone, clone_as

from tufline.repository.init import OnGitHub, Options, Pin, render

NAME: Final = "octo/tuf"
BOT: Final = "github-actions[bot]"
SIGNING_EVENT: Final = ".github/workflows/signing-event.yml"
_PIN: Final = Pin(repository="tufline/tufline", commit=f"{'0' * 39}1")
_PEOPLE: Final = {"alice": "maintain", "mallory": "write"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Attacked:
    """The repository. Its online key can be used by main's own online-sign.yml only."""

    hub: Hub
    runner: Runner
    folder: Path
    main: Sample

    def clone(self, login: str, name: str = NAME) -> Clone:
        return clone_as(login, self.hub, name, self.folder / f"{login}-{name.replace('/', '-')}")

    @contextmanager
    def api(self, login: str) -> Iterator[Repository]:
        with Github(base_url=self.hub.api_url, auth=Auth.Token(self.hub.token(login))) as github:
            yield github.get_repo(NAME)

    @property
    def files(self) -> dict[str, bytes]:
        """Return what `tufline init` writes."""
        return _initial()


@contextmanager
def attacked(folder: Path, tools: Tools) -> Iterator[Attacked]:
    """Serve the repository; nothing has run there yet."""
    with serve(folder / "hub", now=lambda: NOW) as hub:
        repository = hub.add_repository(NAME, collaborators=_PEOPLE)
        grant = Grant(file="online-sign.yml", variables={"CRYPTO_SIGNER_PATH_PREFIX": str(folder)})
        runner = Runner(hub=hub, tools=tools, folder=folder / "runs", grants=[grant])
        it = Attacked(hub=hub, runner=runner, folder=folder, main=first_main())
        owner = it.clone("octo")
        owner.push("main", {**it.main.files, **_initial()})
        owner.git("push", "--quiet", "origin", "HEAD:refs/heads/publish")
        hub.set_pages(NAME, folder / "pages")
        (folder / "pages").mkdir()
        repository.protections["main"] = Protection(checks=("signing-event",), reviews=0)
        hub.add_environment(NAME, "github-pages", branches=("publish",))
        hub.events.clear()
        yield it


def _initial() -> dict[str, bytes]:
    options = Options(name=NAME, host=OnGitHub(pin=_PIN), maintainers=("@alice",))
    return dict(render(options))
