"""The way of a signer through one event: look, agree, accept, look again, agree, sign."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tufline.repository.commands import spelled
from tufline.repository.errors import TuflineError
from tufline.repository.format import Owner
from tufline.repository.history import Commit
from tufline.repository.jobs import EVENT_PREFIX, Event
from tufline.repository.review import Finding
from tufline.signer._asked import Asked, Unsigned, asked_of, is_known
from tufline.signer._errors import EventRefused, UnknownUser
from tufline.signer._signing import keys_at_hand, push_acceptance, push_signatures, sign_roles
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._screen import agree, choose, listed, say, show, standing
from tufline.signer.commands._validation import Validation
from tufline.signer.keys import Keys


@dataclass(frozen=True, kw_only=True)
class Ceremony:
    """One person signs one event."""

    desk: Desk
    keys: Keys
    name: str
    yes: bool
    agreed: set[Finding] = field(default_factory=set)
    validation: Validation = field(default_factory=Validation)

    def run(self) -> None:
        """Accept and sign what waits for the person; say what remains."""
        event, asked = self._look()
        if asked.invited:
            self._accept(asked)
            self.desk.history.refresh()
            event, asked = self._look()
        if asked.unsigned:
            self._sign(asked.unsigned)
            self.desk.history.refresh()
            event = self.desk.existing(self.name)
            asked = asked_of(self._person, event, now=self.desk.now)
        self._say_what_remains(event, asked)

    @property
    def _person(self) -> Owner:
        return self.desk.settings.user

    def _look(self) -> tuple[Event, Asked]:
        """Show the event; raise `EventRefused` if it breaks a rule."""
        event = self.desk.existing(self.name)
        asked = asked_of(self._person, event, now=self.desk.now)
        show(self.name, asked.review, event.known_good, event.proposed)
        errors = asked.review.errors
        if errors:
            raise EventRefused(self.name, len(errors))
        if asked.nothing and not asked.later and not is_known(self._person, event):
            raise UnknownUser(self._person, self.name, str(self.desk.settings.file))
        if not asked.nothing:
            self.validation.run(event, now=self.desk.now, yes=self.yes)
            self._consent(asked)
        return event, asked

    def _consent(self, asked: Asked) -> None:
        """Ask for each finding that gives somebody more power, once."""
        for finding in asked.review.findings:
            if finding.consent and finding not in self.agreed:
                agree(f"{spelled(finding.message)}: is this right?", yes=self.yes)
                self.agreed.add(finding)

    def _accept(self, asked: Asked) -> None:
        key = self.keys.new_key()
        place, roles = self.keys.find(key), listed(asked.invited)
        agree(f"accept to sign {roles} with {place}?", yes=self.yes)
        commit = push_acceptance(self.desk.history, self.name, self._person, key, now=self.desk.now)
        say(f"accepted: {self._person} signs {roles} with {place} ({_short(commit)})")

    def _sign(self, wanted: tuple[Unsigned, ...]) -> None:
        at_hand = keys_at_hand(self.keys, wanted)
        roles = listed(f"{each.role} version {each.version}" for each in wanted)
        places = listed(dict.fromkeys(at_hand.values()))
        agree(f"sign {roles} with {places}?", yes=self.yes)
        signed = sign_roles(self.keys, wanted, at_hand)
        commit = push_signatures(
            self.desk.history, self.name, self._person, signed, now=self.desk.now
        )
        say(f"signed: {roles} with {places} ({_short(commit)})")

    def _say_what_remains(self, event: Event, asked: Asked) -> None:
        if asked.nothing:
            say(f"nothing more for {self._person} to sign now")
        for each in asked.unsigned:
            missing = listed(key.keyid[:7] for key in each.keys)
            say(f"{each.role} is not signed with your key {missing}, which is not at hand")
        for role, people in asked.later.items():
            say(f"{role} can be signed once these have accepted: {listed(people)}")
        say(standing(event.name, asked.review))


def choose_event(desk: Desk) -> str | None:
    """Return the event that the person chooses among those that wait for them; None if none do."""
    waiting = dict(_waiting(desk))
    if not waiting:
        say(f"no signing event waits for {desk.settings.user}")
        return None
    lines = [f"{spelled(name)}: {_in_words(asked)}" for name, asked in waiting.items()]
    for line in lines:
        say(line)
    return list(waiting)[choose("which one", list(map(spelled, waiting)), flag="EVENT")]


def _waiting(desk: Desk) -> Iterator[tuple[str, Asked]]:
    """Yield the events that ask something; say which cannot be read: anybody may push a branch."""
    for name in desk.history.branches(EVENT_PREFIX):
        try:
            event = desk.existing(name)
            asked = asked_of(desk.settings.user, event, now=desk.now)
        except TuflineError as error:
            say(f"{spelled(name)} cannot be read: {spelled(str(error))}")
            continue
        if not asked.nothing:
            yield name, asked


def _in_words(asked: Asked) -> str:
    accept = [f"accept {role}" for role in asked.invited]
    sign = [f"sign {each.role} version {each.version}" for each in asked.unsigned]
    return listed([*accept, *sign])


def _short(commit: Commit) -> str:
    return commit[:10]
