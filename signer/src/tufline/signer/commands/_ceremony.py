"""The way of a signer through one event: look, agree, accept, look again, agree, sign."""

from dataclasses import dataclass, field
from typing import Final

from tufline.repository.commands import spelled
from tufline.repository.edit import personal_key
from tufline.repository.format import Owner
from tufline.repository.history import Commit
from tufline.repository.jobs import Event
from tufline.repository.review import Finding
from tufline.signer._asked import Asked, Unsigned, asked_of, is_known
from tufline.signer._errors import ContentChanged, EventRefused, UnknownUser
from tufline.signer._signing import (
    draft_acceptance,
    keys_at_hand,
    push_acceptance,
    push_signatures,
    sign_roles,
)
from tufline.signer.commands._attesting import attestation_to_give, say_what_goes_along
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._screen import agree, listed, say, show, standing
from tufline.signer.commands._unseen import Unseen
from tufline.signer.commands._validation import Validation
from tufline.signer.commands._wire import WireCheck
from tufline.signer.commands._working import working
from tufline.signer.keys import Keys

_LOOKS: Final = 5  # each time somebody changed the content


@dataclass(frozen=True, kw_only=True)
class Ceremony:
    """One person signs one event."""

    desk: Desk
    keys: Keys
    name: str
    yes: bool
    wire: WireCheck
    agreed: set[Finding] = field(default_factory=set)
    unseen: Unseen = field(default_factory=Unseen)
    validation: Validation = field(default_factory=Validation)

    def run(self) -> None:
        """Accept and sign what waits for the person; say what remains."""
        event, asked = self._look()
        if asked.invited:
            self._accept(event, asked)
            if self.desk.from_fork:  # the rest can be signed once that has been taken
                self.desk.say_how_to_offer(self.name)
                return
            self.desk.refresh()
            event, asked = self._look()
        if asked.unsigned:
            self._sign_what_was_seen(event, asked)
            return
        self._say_what_remains(event, asked)

    def _sign_what_was_seen(self, event: Event, asked: Asked) -> None:
        """Sign; where the content changes meanwhile, show how, and ask again."""
        for _ in range(_LOOKS):
            try:
                self._sign(asked.unsigned)
            except ContentChanged as error:
                event, asked = self._look_again(event, error)
                if not asked.unsigned:
                    break
            else:
                self._say_what_is_next()
                return
        self._say_what_remains(event, asked)

    def _look_again(self, seen: Event, error: ContentChanged) -> tuple[Event, Asked]:
        """Show what has changed since `seen`, then the event as it is.

        A yes that was given beforehand was for what there was then: it ends here.
        """
        current, asked = self._read()
        title = f"{spelled(self.name)}: what has changed since you looked"
        show(title, asked.review, seen.proposed, current.proposed)
        if self.yes:
            raise error
        return self._look()

    def _say_what_is_next(self) -> None:
        if self.desk.from_fork:
            self.desk.say_how_to_offer(self.name)
            return
        self.desk.refresh()
        self._say_what_remains(*self._read())

    @property
    def _person(self) -> Owner:
        return self.desk.settings.user

    def _look(self) -> tuple[Event, Asked]:
        """Show the event; raise `EventRefused` if it breaks a rule."""
        event, asked = self._read()
        if not asked.nothing and not asked.review.errors:
            self.wire.run(event)
        changes = show(self.name, asked.review, event.known_good, event.proposed)
        errors = asked.review.errors
        if errors:
            raise EventRefused(self.name, len(errors))
        if asked.nothing and not asked.later and not is_known(self._person, event):
            raise UnknownUser(self._person, self.name, f"user-name in {self.desk.settings.file}")
        if not asked.nothing:
            self.validation.run(event, now=self.desk.now, yes=self.yes)
            self.unseen.ask(event, changes, yes=self.yes)
            self._consent(asked)
        return event, asked

    def _read(self) -> tuple[Event, Asked]:
        with working(f"reviewing {self.name}"):
            event = self.desk.existing(self.name)
            return event, asked_of(self._person, event, now=self.desk.now)

    def _consent(self, asked: Asked) -> None:
        """Ask for each finding that gives somebody more power, once."""
        for finding in asked.review.findings:
            if finding.consent and finding not in self.agreed:
                agree(f"{spelled(finding.message)}: is this right?", yes=self.yes)
                self.agreed.add(finding)

    def _accept(self, event: Event, asked: Asked) -> None:
        key, now = self.keys.new_key(), self.desk.now
        place, roles = self.keys.find(key), listed(asked.invited)
        attestation = attestation_to_give(self.keys, key, event, now=now)
        wanted = draft_acceptance(event, self._person, key, now=now, attestation=attestation)
        say_what_goes_along(wanted, personal_key(key, self._person))
        agree(f"accept to sign {roles} with {place}?", yes=self.yes)
        with working(f"pushing to {self.name}"):
            commit = push_acceptance(
                self.desk.history,
                self.name,
                self._person,
                key,
                now=now,
                attestation=attestation,
            )
        say(f"accepted: {self._person} signs {roles} with {place} ({_short(commit)})")

    def _sign(self, wanted: tuple[Unsigned, ...]) -> None:
        at_hand = keys_at_hand(self.keys, wanted)
        roles = listed(f"{each.role} version {each.version}" for each in wanted)
        places = listed(dict.fromkeys(at_hand.values()))
        agree(f"sign {roles} with {places}?", yes=self.yes)
        signed = sign_roles(self.keys, wanted, at_hand)
        with working(f"pushing to {self.name}"):
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


def _short(commit: Commit) -> str:
    return commit[:10]
