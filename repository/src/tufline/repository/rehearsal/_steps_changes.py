"""Points 3 and 4: an artifact changes; a role is delegated."""

from datetime import timedelta
from typing import Final

from tufline.repository.format import TARGETS, artifact_path, role_name
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._screen import expect
from tufline.repository.rehearsal._step import Step, merges_and_publishes, signs
from tufline.repository.rehearsal._steps_start import ARTIFACT, DELEGATE

SECOND_RELEASE: Final = b"release 2\n"
_RELEASE: Final = "sign/release-2"
_ROLE: Final = role_name("npm")
_NPM: Final = f"sign/{_ROLE}"
_NPM_ARTIFACT: Final = f"{_ROLE}/keys.json"


def _push_artifact(ceremony: Ceremony) -> str:
    ceremony.pass_time(timedelta(days=20))
    bob = ceremony.people["@bob"]
    bob.start_from("main")
    bob.push({artifact_path(ARTIFACT): SECOND_RELEASE}, "Release 2", to=_RELEASE)
    review = ceremony.verdict(_RELEASE, "waiting")
    versions = {role.name: role.version for role in review.roles}
    expect(versions == {TARGETS: 2}, f"the hook made of the metadata: {versions}")
    return "the hook updates the metadata: targets 2"


def _look(ceremony: Ceremony) -> str:
    alice = ceremony.people["@alice"]
    alice.machine.git("fetch", "--quiet", "--prune", "origin")
    revisions = ("--base", "origin/main", "--event", f"origin/{_RELEASE}")
    shown = alice.machine.tufline("review", *revisions).text
    expect("WAITING" in shown and ARTIFACT in shown, f"the review shows: {shown}")
    listed = alice.machine.tufline("events", "--remote", "origin").text
    expect(f"{_RELEASE}: waiting" in listed, f"the open events are: {listed}")
    return "the new artifact, and whom it waits for"


def _delegate(ceremony: Ceremony) -> str:
    ceremony.pass_time(timedelta(days=20))
    alice = ceremony.people["@alice"]
    alice.propose("delegate", _NPM, _ROLE, "--signers", DELEGATE)
    invited = {role.name: role.invited for role in ceremony.verdict(_NPM, "waiting").roles}
    expect(invited.get(_ROLE) == (DELEGATE,), f"invited are {invited}")
    return f"{DELEGATE} is invited"


def _add_below(ceremony: Ceremony) -> str:
    alice = ceremony.people["@alice"]
    (alice.machine.home / "keys.json").write_bytes(b'{"keys": []}\n')
    alice.propose("target add", _NPM, "../keys.json", "--role", _ROLE)
    return f"{_ROLE} lists {_NPM_ARTIFACT}"


def _served(ceremony: Ceremony) -> str:
    got = ceremony.user.gets(_NPM_ARTIFACT, ceremony.production, now=ceremony.now)
    expect(got == b'{"keys": []}\n', f"the client downloaded {got!r}")
    return f"{len(got)} bytes, by way of targets and {_ROLE}"


STEPS: Final = (
    Step(point=3, who="@bob", what=f"pushes another {ARTIFACT} with git", act=_push_artifact),
    Step(point=3, who="@alice", what="looks at the change", act=_look),
    signs(3, "@alice", _RELEASE, then="waiting"),
    signs(3, "@bob", _RELEASE, then="ready"),
    merges_and_publishes(3, _RELEASE),
    Step(point=4, who="@alice", what=f"delegates to a new role, {_ROLE}", act=_delegate),
    Step(point=4, who="@alice", what=f"adds {_NPM_ARTIFACT}", act=_add_below),
    signs(4, DELEGATE, _NPM, then="waiting"),
    signs(4, "@alice", _NPM, then="waiting"),
    signs(4, "@bob", _NPM, then="ready"),
    merges_and_publishes(4, _NPM),
    Step(point=4, who="the client", what=f"downloads {_NPM_ARTIFACT}", act=_served),
)
