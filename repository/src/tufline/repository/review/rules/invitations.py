"""invitations: the state file of an event can be read, makes sense, and never reaches main.

On main an invitation would wait for ever: its role's metadata is taken as complete there.
"""

from collections.abc import Iterator

from tufline.repository.format import (
    INVITATIONS_PATH,
    ROOT,
    Owner,
    RoleName,
    key_owner,
)
from tufline.repository.review._case import Case
from tufline.repository.review._finding import Remark, RepositoryRule, error, notice, waiting
from tufline.repository.state import Unreadable


def check(case: Case) -> Iterator[Remark]:
    """Judge metadata/.signing-event-state."""
    if case.event.files.find(INVITATIONS_PATH) is None:
        return
    found = case.event.invitations()
    if isinstance(found, Unreadable):
        yield error(f"cannot be read: {found.reason}; mend or delete it", path=INVITATIONS_PATH)
    elif case.whole:
        yield error(_left_on_main(case), path=INVITATIONS_PATH)
    elif not found:
        yield waiting("nobody is invited any more; delete the file", path=INVITATIONS_PATH)
    else:
        for person, roles in found.roles_of.items():
            for role in roles:
                yield from _judge(case, person, role)


def _left_on_main(case: Case) -> str:
    invited = ", ".join(case.invitations.roles_of) or "nobody"
    return f"still here, inviting {invited}; remove it and finish the event that it belongs to"


def _judge(case: Case, person: Owner, role: RoleName) -> Iterator[Remark]:
    if role != ROOT and role not in case.graph.delegators:
        yield error(
            f"{person} is invited to {role}, which does not exist; delegate to it first",
            path=INVITATIONS_PATH,
        )
    elif any(
        key_owner(key) == person for each in case.delegations(role) for key in each.keys.values()
    ):
        yield notice(
            f"{person} is invited and signs already; accepting replaces the key",
            role=role,
            path=INVITATIONS_PATH,
        )


RULE = RepositoryRule("invitations", check)
