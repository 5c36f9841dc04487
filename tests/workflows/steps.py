"""The steps of a rehearsal that are other on GitHub than on a server of one's own."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.workflows.stage import MAINTAINER, NAME, ONLINE_SIGN, OWNER, GitHubServer

from tufline.repository.jobs import PUBLISH
from tufline.repository.publish import Layout
from tufline.repository.rehearsal import Ceremony, Person, Screen, Step, expect

_ACTIONS: Final = f"tufline/tufline@{'0' * 39}1"
_PEOPLE: Final = ("@alice", "@bob", "@carol")
_OUTSIDER: Final = "@dave"
_ARTIFACT: Final = "release.txt"


@dataclass(frozen=True, kw_only=True)
class Outsider(Person):
    """Somebody who may not push to the repository, and offers what they sign from a fork."""

    server: GitHubServer

    def sign(self, event: str, *, code: int = 0) -> Screen:
        """Accept, which a maintainer must take in; then sign, which the machine takes in."""
        with self.server.api(MAINTAINER) as repository:
            acceptance = repository.get_pull(self._offer(event, code))
            expect(acceptance.state == "open", "an acceptance is more than a signature")
            expect(acceptance.comments == 1, "nobody says why it was not taken")
            expect(acceptance.merge().merged, "a maintainer cannot take it either")
            self.server.workflows.settle()
            signature = repository.get_pull(self._offer(event, code))
            expect(signature.merged, "the signature was not taken")
        return Screen(who=self.name, command="signs from a fork", code=0, text="")

    def _offer(self, event: str, code: int) -> int:
        """Do what `tufline sign` says to do; return the number of the pull request."""
        said = super().sign(event, code=code).text
        expect("now open the pull request from fork: " in said, f"it says: {said}")
        head = f"{self.name.removeprefix('@')}:{event}"
        with self.server.api(self.name) as repository:
            pull = repository.create_pull(base=event, head=head, title=f"From {self.name}")
        self.server.workflows.settle()
        return pull.number


def github(ceremony: Ceremony) -> GitHubServer:
    assert isinstance(ceremony.server, GitHubServer)
    return ceremony.server


def _set_up(ceremony: Ceremony) -> str:
    server = github(ceremony)
    server.new_online_key("online-1")
    ceremony.welcome(f"@{OWNER}")
    owner = ceremony.people[f"@{OWNER}"]
    owner.machine.tufline(
        *("init", ".", "--name", NAME, "--maintainers", f"@{MAINTAINER}", "--actions", _ACTIONS)
    )
    _read_from(owner.clone / "tufline.toml", ceremony.production.url)
    owner.machine.git("add", ".")
    owner.push({}, "Begin", to="main")
    server.set_up()
    return "what `tufline init` wrote is on main, and main is protected"


def _read_from(settings: Path, url: str) -> None:
    """Let clients read the emulated pages, not those of the real GitHub."""
    written = settings.read_text()
    settings.write_text(re.sub(r'^url = "[^"]*"', f'url = "{url}"', written, flags=re.MULTILINE))


def _welcome(ceremony: Ceremony) -> str:
    ceremony.welcome(*_PEOPLE, _OUTSIDER)
    ceremony.people[_OUTSIDER] = _with_fork(ceremony.people[_OUTSIDER], github(ceremony))
    return f"{_OUTSIDER} may not push, and has a fork"


def _with_fork(person: Person, server: GitHubServer) -> Outsider:
    server.hub.fork(NAME, person.name.removeprefix("@"))
    name = NAME.split("/")[1]
    fork = f"{server.hub.url}/{person.name.removeprefix('@')}/{name}"
    person.machine.git("remote", "add", "fork", fork)
    settings = person.clone / ".tufline-sign.toml"
    settings.write_text(f'{settings.read_text()}push-remote = "fork"\n')
    return Outsider(name=person.name, machine=replace(person.machine), server=server)


def _first_signing(ceremony: Ceremony) -> str:
    server, digest = github(ceremony), github(ceremony).root_digest()
    server.workflows.failing = {ONLINE_SIGN}
    failed = next(run for run in server.workflows.settle() if run.job == ONLINE_SIGN)
    expect(failed.log and digest in failed.log.read_text(), "the log does not tell the digest")
    server.workflows.failing = {ONLINE_SIGN}
    server.tick()
    told = " ".join(server.problems())
    expect("online-sign" in told, f"the list of issues holds: {told}")
    server.dispatch("online-sign.yml", "main", confirm_root=digest)
    server.tick()
    for name, person in ceremony.people.items():
        ceremony.people[name] = replace(person, trusted_root=digest)
    with server.state(PUBLISH) as state:
        expect(state.snapshot() and state.timestamp(), "publish lacks snapshot or timestamp")
    return f"an issue asks a person to look; root {digest[:12]}… is confirmed, and all is signed"


def _install(ceremony: Ceremony) -> str:
    root = ceremony.production.folder / Layout().root(1)
    ceremony.user.install(root.read_bytes())
    return f"it follows to {ceremony.production.url}: {ceremony.everything_served()}"


BEGIN: Final = (
    Step(point=1, who=f"@{OWNER}", what="makes a repository on GitHub", act=_set_up),
    Step(point=1, who="everybody", what="gets a token and a clone", act=_welcome),
)
FIRST_PUBLICATION: Final = (
    Step(point=2, who="GitHub", what="signs snapshot and timestamp", act=_first_signing),
    Step(point=2, who="the client", what="is given 1.root.json", act=_install),
)
