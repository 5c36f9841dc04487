"""New versions of roles in which nothing changes but the expiry and who is asked to sign."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from tuf.api.metadata import Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import OnlineRole
from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    TARGETS,
    Document,
    RoleName,
    role_of_path,
    without_empty_signatures,
)
from tufline.repository.state import Delegation, State, delegated_names, delegation_of

IsSatisfied: TypeAlias = Callable[[Delegation, Document[Targets]], bool]
"""Whether the document's signatures meet the threshold of the delegation."""


def resign(draft: Draft, role: RoleName) -> None:
    """Give `role` a new version with a new expiry, unless the event has a new version already."""
    if role in ONLINE_ROLES:
        raise OnlineRole(role)
    draft.renew(role)


def renew_distrusted(draft: Draft, is_satisfied: IsSatisfied) -> tuple[RoleName, ...]:
    """Give a new version to each role that the change leaves badly signed; return these roles.

    A published version never gets other signatures, so a role that is still as known good has it
    needs a new version where
    - a delegation to it changed, and its signatures do not satisfy the new one, or
    - the event gave it other signatures: tuf-on-ci does, when the signers of a role change.

    Call it after all other edits of the draft.
    """
    after = draft.result()
    changed = _changed_roles(draft)
    distrusted = [
        edge.role
        for edge in _changed_delegations(draft.known_good, after, changed)
        if _is_distrusted(edge, draft.known_good, after, is_satisfied)
    ]
    signed_anew = [role for role in changed if _is_signed_anew(role, draft.known_good, after)]
    renewed = tuple(dict.fromkeys((*distrusted, *signed_anew)))
    for role in renewed:
        draft.renew(role)
    return renewed


def _changed_roles(draft: Draft) -> tuple[RoleName, ...]:
    in_event = (change.path for change in draft.event.files.since(draft.known_good.files))
    roles = (role_of_path(path) for path in (*in_event, *draft.files()))
    return tuple(dict.fromkeys(role for role in roles if role and role not in ONLINE_ROLES))


def _changed_delegations(
    known_good: State, after: State, changed: Iterable[RoleName]
) -> Iterator[Delegation]:
    for delegator in changed:
        before, now = known_good.role(delegator), after.role(delegator)
        for role in (TARGETS,) if delegator == ROOT else delegated_names(now):
            edge = delegation_of(delegator, now, role)
            if edge and edge != delegation_of(delegator, before, role):
                yield edge


def _is_distrusted(
    edge: Delegation, known_good: State, after: State, is_satisfied: IsSatisfied
) -> bool:
    before, now = known_good.targets(edge.role), after.targets(edge.role)
    if not isinstance(before, Document) or not isinstance(now, Document):
        return False
    return now.payload == before.payload and not is_satisfied(edge, now)


def _is_signed_anew(role: RoleName, known_good: State, after: State) -> bool:
    before, now = known_good.role(role), after.role(role)
    if not isinstance(before, Document) or not isinstance(now, Document):
        return False
    if now.payload != before.payload:
        return False
    return without_empty_signatures(now.data) != without_empty_signatures(before.data)
