"""A role as a menu: what it is like, and what a person wants of it, one choice after another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from textwrap import shorten
from typing import Final, TypeAlias

from tufline.repository.commands import spelled
from tufline.repository.edit import Draft, default_paths
from tufline.repository.errors import UserError
from tufline.repository.format import ONLINE_ROLES, ROOT, TARGETS, Owner, RoleName, owner
from tufline.repository.jobs import Event
from tufline.repository.state import Delegation, Lookup, State, delegation_graph
from tufline.signer._delegating import Wish, apply_wish, terms_of
from tufline.signer._roles import RoleNow
from tufline.signer.commands._online_keys import OnlineAnswers, online_keys
from tufline.signer.commands._screen import ask, ask_number, choose, hint, listed

Item: TypeAlias = tuple[str, Callable[[Wish], Wish]]
"""What a line of the menu says, and what choosing it makes of a wish."""

_DONE: Final = "nothing more: show the change"
_WIDTH: Final = 74  # of a line, after its number
_ENDS: Final = "the search for these paths ends there"
_GOES_ON: Final = "others are asked after it"


@dataclass(frozen=True, kw_only=True)
class RoleMenu:
    """What can be chosen of one role of an event. `before` is None for a role that is new."""

    event: Event
    role: RoleName
    before: RoleNow | None
    now: datetime

    def fill(self, wish: Wish) -> Wish:
        """Let the person change the wish until they want to see what it does."""
        while True:
            items = list(self._items(wish))
            lines = [_DONE, *(shorten(line, _WIDTH, placeholder=" …") for line, _ in items)]
            place = choose(f"what shall change in {self.role}", lines, flag="what shall change")
            if place == 0:
                return wish
            wish = self._tried(items[place - 1][1], wish)

    def _tried(self, change: Callable[[Wish], Wish], wish: Wish) -> Wish:
        """Return the changed wish; say so and return the old one where it cannot be had."""
        proposed, known_good = self.event.proposed, self.event.known_good
        try:
            wanted = change(wish)
            if not wanted.is_empty:
                apply_wish(wanted, Draft(known_good=known_good, event=proposed, now=self.now))
        except UserError as error:
            hint(f"that cannot be: {error.with_hint}")
            return wish
        return wanted

    def _items(self, wish: Wish) -> Iterator[Item]:
        is_online = not self._people(wish) and bool(self._online(wish))
        if self.role not in ONLINE_ROLES and not is_online:
            people = listed(self._people(wish)) or "nobody"
            yield f"signers: {self._threshold(wish)} of {people}", self._ask_signers
        expiry, signing = self._days(wish)
        yield f"periods: valid for {expiry} days, signed in the last {signing}", self._ask_periods
        if self._delegations(wish) or not self.before:
            yield from self._items_of_delegation(wish)
        if is_online:
            yield f"online keys: {spelled(listed(self._online(wish)))}", _ask_online

    def _items_of_delegation(self, wish: Wish) -> Iterator[Item]:
        """Yield what a role that delegates says of it; root says nothing of the kind."""
        if not self.before:
            yield f"delegated by: {wish.delegator or TARGETS}", self._ask_delegator
        elif len(self.before.delegations) > 1:
            whose = wish.delegator or "all who delegate to it"
            yield f"whose delegation changes: {whose}", self._ask_whose
        yield f"paths: {spelled(listed(self._paths(wish)))}", self._ask_paths
        yield f"and then: {_ENDS if self._terminating(wish) else _GOES_ON}", _ask_terminating

    def _ask_signers(self, wish: Wish) -> Wish:
        now = ",".join(self._people(wish))
        people = people_in(ask(f"who signs {self.role}", flag="--signers", default=now or None))
        usual = min(self._threshold(wish), max(len(people), 1))
        number = ask_number("how many of them must sign", flag="--threshold", default=usual)
        return replace(wish, signers=people, threshold=number)

    def _ask_periods(self, wish: Wish) -> Wish:
        expiry, signing = self._days(wish)
        days = ask_number("days that a version is valid", flag="--expiry-period", default=expiry)
        question = "days before its end when signing starts"
        usual = signing if signing < days else max(days // 2, 1)
        first = ask_number(question, flag="--signing-period", default=usual)
        return replace(wish, expiry=days, signing=first)

    def _ask_delegator(self, wish: Wish) -> Wish:
        roles = list(delegation_graph(self.event.proposed).delegators)
        chosen = roles[choose("who delegates to it", roles, flag="--delegator")]
        wanted = replace(wish, delegator=chosen, paths=())
        return replace(wanted, paths=nested_paths(self.event.proposed, wanted))

    def _ask_whose(self, wish: Wish) -> Wish:
        delegators = [each.delegator for each in self.before.delegations] if self.before else []
        lines = ["all who delegate to it", *delegators]
        place = choose("whose delegation shall change", lines, flag="--delegator")
        return replace(wish, delegator=delegators[place - 1] if place else None)

    def _ask_paths(self, wish: Wish) -> Wish:
        question = "patterns of artifact names, with spaces between"
        text = ask(question, flag="--path", default=" ".join(self._paths(wish)) or None)
        return replace(wish, paths=tuple(text.split()))

    def _people(self, wish: Wish) -> tuple[Owner, ...]:
        return wish.signers or (self.before.people if self.before else ())

    def _online(self, wish: Wish) -> tuple[str, ...]:
        wanted = tuple(each.uri for each in wish.online)
        return wanted or (self.before.online if self.before else ())

    def _threshold(self, wish: Wish) -> int:
        stated = [each.threshold for each in self.before.delegations] if self.before else []
        return wish.threshold or max(stated, default=1)

    def _days(self, wish: Wish) -> tuple[int, int]:
        stated = self.before.periods if self.before else None
        usual = stated or terms_of(replace(wish, expiry=None, signing=None)).periods
        expiry, signing = usual.expiry, usual.signing_or_default
        return wish.expiry or expiry.days, wish.signing or signing.days

    def _delegations(self, wish: Wish) -> list[Delegation]:
        """Return the delegations by roles, not root, that the wish is about."""
        found = self.before.delegations if self.before else ()
        return [
            each
            for each in found
            if each.delegator != ROOT and wish.delegator in {None, each.delegator}
        ]

    def _paths(self, wish: Wish) -> tuple[str, ...]:
        if wish.paths:
            return wish.paths
        if not self.before:
            return default_paths(self.role)
        terms = (each.terms for each in self._delegations(wish) if each.terms)
        return tuple(dict.fromkeys(path for each in terms for path in each.paths or ()))

    def _terminating(self, wish: Wish) -> bool:
        if wish.terminating is not None:
            return wish.terminating
        return all(each.terms and each.terms.terminating for each in self._delegations(wish))


def people_in(text: str) -> tuple[Owner, ...]:
    """Return the people of a list like "@alice,@bob"; the @ may be left out."""
    names = (name.strip() for name in text.split(",") if name.strip())
    return tuple(dict.fromkeys(owner(n if n.startswith("@") else f"@{n}") for n in names))


def nested_paths(state: State, wish: Wish) -> tuple[str, ...]:
    """Return the paths of a new role where the usual ones are beyond its delegator: ask for them.

    Nothing where the usual ones will do.
    """
    delegator = wish.delegator or TARGETS
    if delegator in Lookup(state).visited(f"{wish.role}/file"):
        return ()
    question = f"which paths of {delegator} may {wish.role} list, with spaces between"
    text = ask(question, flag="--path", default=f"{delegator}/{wish.role}/*")
    return tuple(text.split())


def _ask_terminating(wish: Wish) -> Wish:
    place = choose("and then", [_ENDS, _GOES_ON], flag="--terminating")
    return replace(wish, terminating=place == 0)


def _ask_online(wish: Wish) -> Wish:
    return replace(wish, online=online_keys(OnlineAnswers()))
