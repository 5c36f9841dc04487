"""What attacks have in common: how one is a step, and how the repository is mended after it."""

from tufline.repository.jobs import MAIN
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._people import Person
from tufline.repository.rehearsal._screen import expect
from tufline.repository.rehearsal._step import Act, Step
from tufline.repository.rehearsal._steps_changes import SECOND_RELEASE
from tufline.repository.rehearsal._steps_start import ARTIFACT

ATTACKER = "@mallory"
_SIGNING = "online-sign"


def attack(who: str, what: str, act: Act) -> Step:
    """Return the step of an attack. `act` returns how it failed; then clients must go on."""

    def act_and_look(ceremony: Ceremony) -> str:
        failed = act(ceremony)
        expect_clients_go_on(ceremony)
        return f"{failed}; clients go on: {ceremony.everything_served()}"

    return Step(point=7, who=who, what=what, act=act_and_look, is_attack=True)


def intruder(ceremony: Ceremony, branch: str) -> Person:
    """Return the attacker, who may push, with the branch checked out."""
    if ATTACKER not in ceremony.people:
        ceremony.welcome(ATTACKER)
    person = ceremony.people[ATTACKER]
    person.start_from(branch)
    return person


def expect_clients_go_on(ceremony: Ceremony) -> None:
    """Make sure that the user is served what people signed, and nothing else."""
    got = ceremony.user.gets(ARTIFACT, ceremony.production, now=ceremony.now)
    expect(got == SECOND_RELEASE, f"the client was given {got!r}")


def expect_main_refused(ceremony: Ceremony, rule: str) -> str:
    """Make sure that online signing took nothing from main, by this rule, and clients go on."""
    problem = ceremony.server.problems().get(_SIGNING, "no problem at all")
    expect(f" {rule}: " in problem, f"{_SIGNING} should tell of {rule}, and tells: {problem}")
    expect_clients_go_on(ceremony)
    return f"main is refused by {rule}"


def expect_event_refused(ceremony: Ceremony, event: str, rule: str) -> str:
    """Make sure that the event breaks this rule and cannot be merged. It stays open."""
    rules = {finding.rule for finding in ceremony.verdict(event, "refused").errors}
    expect(rule in rules, f"{event} breaks {rules}, not {rule}")
    screen = ceremony.server.job("merge", event, code=1)
    expect(f"{event} is refused" in screen.text, f"merging {event} said: {screen.text}")
    return f"refused by {rule}"


def mend_main(ceremony: Ceremony) -> None:
    """Take the last commit on main back, as a maintainer does."""
    bob = ceremony.people["@bob"]
    bob.start_from(MAIN)
    bob.machine.git("revert", "--no-edit", "HEAD")
    bob.machine.git("push", "--quiet", "origin", f"HEAD:{MAIN}")
