"""Steps on GitHub when all is published: attacks on its own ground, and a merge by the machine."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from tests.workflows.stage import NAME, ONLINE_SIGN, OWNER
from tests.workflows.steps import github

from tufline.repository.format import TARGETS, artifact_path, metadata_path
from tufline.repository.rehearsal import (
    Ceremony,
    NotAsExpected,
    Person,
    Step,
    expect,
    signs,
)
from tufline.repository.rehearsal._attack import attack, expect_clients_go_on, intruder
from tufline.repository.rehearsal._forgery import listing

_ARTIFACT: Final = "release.txt"
_EVIL: Final = b"not a release\n"
_AUTOMATIC: Final = "sign/automatic"
_NEW_ARTIFACT: Final = "more.txt"


def _push_to_main(ceremony: Ceremony) -> str:
    return _refused(_change_unsigned, intruder(ceremony, "main"))


def _put_publish_back(ceremony: Ceremony) -> str:
    alice = ceremony.people["@alice"]
    alice.start_from("publish")
    said = alice.machine.git("push", "--force", "origin", "HEAD~1:publish", code=1).text
    expect("GH006" in said, f"GitHub says: {said}")
    return "GitHub refuses what does not go forward"


def _administer(ceremony: Ceremony) -> str:
    """Let an administrator's account, taken over, do what protection forbids others."""
    ceremony.pass_time(timedelta(days=4))  # the timestamp is due
    server, before = github(ceremony), ceremony.user.trusts.timestamp
    owner = ceremony.people[f"@{OWNER}"]
    owner.start_from("main")
    server.workflows.failing = {ONLINE_SIGN}
    _change_unsigned(owner)
    expect_clients_go_on(ceremony)
    after = ceremony.user.trusts.timestamp
    expect(after == before + 1, f"the timestamp was {before} and is {after}")
    server.workflows.failing = {ONLINE_SIGN}
    server.tick()
    expect(any("online-sign" in title for title in server.problems()), "no issue tells of it")
    _mend(owner)
    server.tick()
    return "online-sign refuses main, renews what it held before, and an issue tells of it"


def _change_unsigned(person: Person) -> None:
    files = {
        artifact_path(_ARTIFACT): _EVIL,
        metadata_path(TARGETS): listing(person.clone, _ARTIFACT, _EVIL),
    }
    person.push(files, "Release 3", to="main")


def _mend(owner: Person) -> None:
    owner.machine.git("revert", "--no-edit", "HEAD")
    owner.machine.git("push", "--quiet", "origin", "HEAD:main")


def _refused(act: Callable[[Person], None], person: Person) -> str:
    try:
        act(person)
    except NotAsExpected as refused:
        expect("GH006" in str(refused), f"the push failed for another reason: {refused}")
        return "GitHub refuses the push, main is protected"
    raise NotAsExpected("GitHub takes a push to main")


def _let_the_machine_merge(ceremony: Ceremony) -> str:
    owner = ceremony.people[f"@{OWNER}"]
    owner.start_from("main")
    settings = (owner.clone / "tufline.toml").read_text()
    changed = settings.replace("at-threshold = false", "at-threshold = true")
    expect(changed != settings, "tufline.toml does not say who merges")
    owner.push({"tufline.toml": changed.encode()}, "Let the machine merge", to="main")
    return "at-threshold = true, in tufline.toml on main"


def _propose(ceremony: Ceremony) -> str:
    bob = ceremony.people["@bob"]
    bob.start_from("main")
    bob.push({artifact_path(_NEW_ARTIFACT): b"more\n"}, "More", to=_AUTOMATIC)
    ceremony.verdict(_AUTOMATIC, "waiting")
    return "targets 3"


def _sign_last(ceremony: Ceremony) -> str:
    ceremony.people["@bob"].sign(_AUTOMATIC)
    server = github(ceremony)
    expect(not server.has_branch(_AUTOMATIC), f"{_AUTOMATIC} is still open")
    (pull,) = (
        issue.pull
        for issue in server.hub.repositories[NAME].issues.values()
        if issue.pull and issue.pull.head == _AUTOMATIC
    )
    expect(pull.merged_by == "github-actions[bot]", f"{pull.merged_by} merged it")
    got = ceremony.user.gets(_NEW_ARTIFACT, ceremony.production, now=ceremony.now)
    expect(got == b"more\n", f"the client downloaded {got!r}")
    return f"the machine merges and publishes: {ceremony.everything_served()}"


ON_GITHUB: Final = (
    attack("@mallory", "pushes an unsigned change to main", _push_to_main),
    attack("@alice", "puts the publish branch back", _put_publish_back),
    attack(f"@{OWNER}", "taken over, merges an unsigned change by force", _administer),
)
AUTOMATIC: Final = (
    Step(point=8, who=f"@{OWNER}", what="lets the machine merge", act=_let_the_machine_merge),
    Step(point=8, who="@bob", what=f"pushes {_NEW_ARTIFACT}", act=_propose),
    signs(8, "@alice", _AUTOMATIC, then="waiting"),
    Step(point=8, who="@bob", what=f"reviews and signs {_AUTOMATIC}", act=_sign_last),
)
