"""What `tufline delegate` asks for, and the edits that make it so. Pure.

Only what is given changes. People who are new to a role are invited, since only they can say which
their key is; people who are left out lose their key or their invitation.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from tufline.repository.edit import (
    Draft,
    OnlineKey,
    RoleTerms,
    UnusablePeriods,
    delegate,
    set_online_keys,
    set_paths,
    set_periods,
    set_signers,
    set_terminating,
    set_threshold,
    start,
)
from tufline.repository.format import (
    ONLINE_ROLES,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    InvalidPeriod,
    Owner,
    Periods,
    RoleName,
    periods_holder,
    role_periods,
)
from tufline.signer._errors import NothingToChange

PEOPLE_PERIODS: Final = Periods(expiry=timedelta(days=365), signing=timedelta(days=60))
SNAPSHOT_PERIODS: Final = Periods(expiry=timedelta(days=30), signing=timedelta(days=15))
TIMESTAMP_PERIODS: Final = Periods(expiry=timedelta(days=7), signing=timedelta(days=4))


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a role should be like. None, or an empty tuple: as it is, or the default.

    Attributes:
        delegator: None: every delegator of an existing role, targets for a new one.
        expiry, signing: days.
        online: for an online role the keys of both, unless `only` this role is meant.
    """

    role: RoleName
    delegator: RoleName | None = None
    signers: tuple[Owner, ...] = ()
    threshold: int | None = None
    expiry: int | None = None
    signing: int | None = None
    paths: tuple[str, ...] = ()
    terminating: bool | None = None
    online: tuple[OnlineKey, ...] = ()
    only: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked of a role that exists."""
        amounts = (self.threshold, self.expiry, self.signing, self.terminating)
        named = (*self.signers, *self.paths, *self.online)
        return not named and all(each is None for each in amounts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """A new repository: who signs root and targets, and the keys of which one signs the rest."""

    root: Wish
    targets_signers: tuple[Owner, ...]
    targets_threshold: int
    online: tuple[OnlineKey, ...]

    def apply(self, draft: Draft) -> None:
        """Start the repository."""
        root = terms_of(self.root)
        start(
            draft,
            root=root,
            targets=replace(root, people=self.targets_signers, threshold=self.targets_threshold),
            snapshot=RoleTerms(keys=self.online, periods=SNAPSHOT_PERIODS),
            timestamp=RoleTerms(keys=self.online, periods=TIMESTAMP_PERIODS),
        )


def apply_wish(wish: Wish, draft: Draft) -> None:
    """Change the draft as wished; raise `NothingToChange` if nothing is asked of an old role."""
    delegators = draft.delegators(wish.role)
    if not delegators or wish.delegator not in {None, *delegators}:
        _delegate(draft, wish)
        return
    if wish.is_empty:
        raise NothingToChange(wish.role)
    _change_signers(draft, wish)
    if wish.expiry is not None or wish.signing is not None:
        set_periods(draft, wish.role, _changed_periods(draft, wish))
    for delegator in (wish.delegator,) if wish.delegator else delegators:
        _change_reach(draft, wish, delegator)
    if wish.online:
        _change_online_keys(draft, wish)


def terms_of(wish: Wish) -> RoleTerms:
    """Return the terms of a new role. An expiry of one's own comes with half of it for signing."""
    signing = PEOPLE_PERIODS.signing if wish.expiry is None else None
    return RoleTerms(
        people=wish.signers,
        keys=wish.online,
        threshold=wish.threshold or 1,
        periods=_periods(wish, replace(PEOPLE_PERIODS, signing=signing)),
    )


def _delegate(draft: Draft, wish: Wish) -> None:
    delegate(
        draft,
        wish.delegator or TARGETS,
        wish.role,
        terms_of(wish),
        paths=wish.paths or None,
        terminating=wish.terminating is not False,
    )


def _change_signers(draft: Draft, wish: Wish) -> None:
    if wish.signers:
        set_signers(draft, wish.role, wish.signers, threshold=wish.threshold)
    elif wish.threshold is not None:
        set_threshold(draft, wish.role, wish.threshold, delegator=wish.delegator)


def _change_reach(draft: Draft, wish: Wish, delegator: RoleName) -> None:
    if wish.paths:
        set_paths(draft, delegator, wish.role, wish.paths)
    if wish.terminating is not None:
        set_terminating(draft, delegator, wish.role, terminating=wish.terminating)


def _change_online_keys(draft: Draft, wish: Wish) -> None:
    both = wish.role in ONLINE_ROLES and not wish.only
    for role in (SNAPSHOT, TIMESTAMP) if both else (wish.role,):
        set_online_keys(draft, role, wish.online)


def _changed_periods(draft: Draft, wish: Wish) -> Periods:
    role = wish.role
    signed = draft.root() if role in ONLINE_ROLES else draft.delegator(role)
    try:
        current = role_periods(periods_holder(role, signed))
    except InvalidPeriod:
        current = None
    if current is None and wish.expiry is None:
        raise UnusablePeriods(role, "no expiry period is stated, so --expiry-period is needed")
    return _periods(wish, current or replace(PEOPLE_PERIODS, signing=None))


def _periods(wish: Wish, before: Periods) -> Periods:
    expiry = before.expiry if wish.expiry is None else timedelta(days=wish.expiry)
    signing = before.signing if wish.signing is None else timedelta(days=wish.signing)
    return Periods(expiry=expiry, signing=signing)
