"""The state file of a signing event: who is invited to which roles.

    {"invites": {"@name": ["role", …]}}

It lies on the event's branch only, with indent 2, and is deleted when nobody is invited.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tufline.repository.errors import UserError
from tufline.repository.format._json import InvalidJson, parse_json, write_json
from tufline.repository.format._names import Owner, RoleName, owner, role_name


class InvalidInvitations(ValueError):
    """The bytes are not a state file. The message says why."""


@dataclass(frozen=True, slots=True)
class Invitations:
    """Who is invited to which roles. Order is kept; nobody stands there without a role."""

    roles_of: Mapping[Owner, tuple[RoleName, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def __bool__(self) -> bool:
        return bool(self.roles_of)

    def to_role(self, role: RoleName) -> tuple[Owner, ...]:
        """Return who is invited to `role`."""
        return tuple(person for person, roles in self.roles_of.items() if role in roles)

    def with_roles(self, person: Owner, roles: Iterable[RoleName]) -> "Invitations":
        """Return the invitations after `person` is invited to exactly `roles`."""
        changed = {**self.roles_of, person: tuple(dict.fromkeys(roles))}
        return Invitations({name: some for name, some in changed.items() if some})


def parse_invitations(data: bytes) -> Invitations:
    """Return the invitations; raise `InvalidInvitations` if the bytes are not a state file."""
    try:
        tree = parse_json(data)
        if not isinstance(tree, dict) or set(tree) != {"invites"}:
            raise InvalidInvitations("not an object with the one key 'invites'")
        return Invitations(_by_person(dict(tree["invites"])))
    except (InvalidJson, UserError, TypeError, ValueError) as error:
        raise InvalidInvitations(str(error)) from error


def write_invitations(invitations: Invitations) -> bytes | None:
    """Return the state file, or None where there is nothing to say and the file must go."""
    if not invitations:
        return None
    invites = {name: list(roles) for name, roles in invitations.roles_of.items()}
    return write_json({"invites": invites}, indent=2)


def _by_person(invites: dict[str, object]) -> dict[Owner, tuple[RoleName, ...]]:
    found: dict[Owner, tuple[RoleName, ...]] = {}
    for name, roles in invites.items():
        person = owner(name)
        if person in found:
            raise InvalidInvitations(f"{person} stands twice, once in other letter case")
        found[person] = _roles(name, roles)
    return found


def _roles(name: str, roles: object) -> tuple[RoleName, ...]:
    if not isinstance(roles, list) or not roles:
        raise InvalidInvitations(f"{name} is invited to no role")
    return tuple(role_name(role) for role in roles)
