"""A change that is being made: edits are collected, then written as files in one go.

    draft = Draft(known_good=main, event=branch, now=now)
    draft.root().roles["targets"].threshold = 2
    draft.files()       # {"metadata/root.json": b"…", "metadata/root_history/4.root.json": b"…"}

However many edits an event sees, a role's version is known good's plus one. A role whose content an
edit did not change is not written, so that no signature is lost. Only those that an edit makes
worthless go: of keys that may not sign the role any more, and could not in known good. So do
attestations of keys that are there no more, or that known good has already.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from tuf.api.metadata import Root, Targets

from tufline.repository.edit._errors import CannotRead, UnknownRole
from tufline.repository.edit._signatures import without_signatures
from tufline.repository.edit._trust import (
    Delegator,
    all_keys,
    delegated_roles,
    trusted_keys,
)
from tufline.repository.edit._versions import next_version, role_files, same_content
from tufline.repository.format import (
    ATTESTATION_FOLDER,
    INVITATIONS_PATH,
    ONLINE_ROLES,
    ROOT,
    TOP_LEVEL_ROLES,
    Attestation,
    Document,
    Invitations,
    RoleName,
    attestation_path,
    attested_keyid,
    metadata_path,
    role_of_path,
    write_attestation,
    write_invitations,
)
from tufline.repository.state import (
    DelegationGraph,
    Difference,
    MemoryFiles,
    Overlay,
    State,
    Unreadable,
    delegation_graph,
)

_Document = TypeVar("_Document", bound=Document[Any])


class Draft:
    """A change being made to an event.

    Args:
        known_good: main; empty for a new repository.
        event: the branch as it is now.
        now: the time of the edit (aware); new versions expire a period after it.
        seen_versions: versions that clients have seen of roles that known good no longer has, as
            the last snapshot lists them. A role made anew under such a name continues there,
            since clients refuse a lower version (TUF specification, 5.5.5).
    """

    def __init__(
        self,
        *,
        known_good: State,
        event: State,
        now: datetime,
        seen_versions: Mapping[RoleName, int] = MappingProxyType({}),
    ) -> None:
        self.known_good = known_good
        self.event = event
        self.now = now.astimezone(UTC)
        self._seen_versions = seen_versions
        self._root: Root | None = None
        self._targets: dict[RoleName, Targets] = {}
        self._removed: set[RoleName] = set()
        self._renewed: set[RoleName] = set()
        self._invitations: Invitations | None = None
        self._attestations: dict[str, bytes] = {}

    def root(self) -> Root:
        """Return the root to edit: what is changed in it becomes part of the draft."""
        if self._root is None:
            self._root = Root.from_dict(_readable(self.event.root(), ROOT).tree()["signed"])
        return self._root

    def targets(self, role: RoleName) -> Targets:
        """Return a targets-type role to edit: what is changed in it becomes part of the draft."""
        if role in self._removed:
            raise UnknownRole(role)
        if role not in self._targets:
            document = _readable(self.event.targets(role), role)
            self._targets[role] = Targets.from_dict(document.tree()["signed"])
        return self._targets[role]

    def delegator(self, role: RoleName) -> Delegator:
        """Return a role that people sign, to edit."""
        return self.root() if role == ROOT else self.targets(role)

    def current(self, role: RoleName) -> Delegator | None:
        """Return a role as the draft has it, only to read; None if absent or not readable."""
        edited = self._edited().get(role)
        if edited or role in self._removed:
            return edited
        loaded = self.event.role(role)
        return loaded.signed if isinstance(loaded, Document) else None

    def add_root(self, root: Root) -> None:
        """Let the repository have this root."""
        self._root = root

    def add_targets(self, role: RoleName, targets: Targets) -> None:
        """Let `role` have this metadata."""
        self._removed.discard(role)
        self._targets[role] = targets

    def remove(self, role: RoleName) -> None:
        """Remove the metadata of a targets-type role."""
        self._targets.pop(role, None)
        self._renewed.discard(role)
        self._removed.add(role)

    def renew(self, role: RoleName) -> None:
        """Give the role a new version even if nothing in it changes."""
        self.delegator(role)
        self._renewed.add(role)

    @property
    def invitations(self) -> Invitations:
        """Who is invited. Assign to change it."""
        if self._invitations is None:
            invited = self.event.invitations()
            if isinstance(invited, Unreadable):
                raise CannotRead(invited.path, invited.reason)
            self._invitations = invited
        return self._invitations

    @invitations.setter
    def invitations(self, invitations: Invitations) -> None:
        self._invitations = invitations

    def attest(self, keyid: str, attestation: Attestation) -> None:
        """Let an attestation of a key lie beside the metadata, if the key is new there."""
        self._attestations[attestation_path(keyid)] = write_attestation(attestation)

    def delegating_roles(self) -> tuple[RoleName, ...]:
        """Return the targets-type roles that may delegate, nearest to "targets" first."""
        roles = dict.fromkeys((*self._graph.children, *self._targets))
        return tuple(role for role in roles if role not in self._removed)

    def delegators(self, role: RoleName) -> tuple[RoleName, ...]:
        """Return who delegates to `role`; nobody if it is not a role of this repository."""
        if role in TOP_LEVEL_ROLES:
            return (ROOT,)
        return tuple(place for place in self.delegating_roles() if role in self._children(place))

    def files(self) -> dict[str, bytes | None]:
        """Return the files that differ from the event's, by path; None where one must go."""
        files: dict[str, bytes | None] = {metadata_path(role): None for role in self._removed}
        for role, signed in self._edited().items():
            files |= self._next_version(role, signed)
        files |= self._without_strays(files)
        files |= self._attestations_of_new_keys()
        if self._invitations is not None and self._invitations != self.event.invitations():
            files[INVITATIONS_PATH] = write_invitations(self._invitations)
        return {path: data for path, data in files.items() if data != self.event.read(path)}

    def result(self) -> State:
        """Return the event's state as it is after this draft."""
        files = self.files()
        top = MemoryFiles({path: data for path, data in files.items() if data is not None})
        before = self.event.files
        changes = [Difference(path, before.find(path), top.find(path)) for path in sorted(files)]
        return State(Overlay(before, top, changes))

    @cached_property
    def _graph(self) -> DelegationGraph:
        return delegation_graph(self.event)

    def _edited(self) -> dict[RoleName, Delegator]:
        return {**({ROOT: self._root} if self._root else {}), **self._targets}

    def _children(self, role: RoleName) -> tuple[str, ...]:
        edited = self._targets.get(role)
        return self._graph.children[role] if edited is None else tuple(delegated_roles(edited))

    def _next_version(self, role: RoleName, signed: Delegator) -> dict[str, bytes]:
        version = self._known_version(role) + 1
        if self._is_written(role, signed, version):
            return {}
        keyids = self._signing_keyids(role)
        data = next_version(role, signed, version=version, now=self.now, keyids=keyids)
        return role_files(role, version, data)

    def _is_written(self, role: RoleName, signed: Delegator, version: int) -> bool:
        event = self.event.role(role)
        if not isinstance(event, Document) or not same_content(event.signed, signed):
            return False
        return event.signed.version >= version or role not in self._renewed

    def _without_strays(self, written: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
        """Return the event's other new files without signatures of keys that lost their role."""
        edited, files = self._edited(), dict[str, bytes | None]()
        for change in self.event.files.since(self.known_good.files) if edited else ():
            role = role_of_path(change.path)
            if role is None or role in ONLINE_ROLES or change.path in written:
                continue
            if not edited.keys().isdisjoint(self.delegators(role)):
                files |= self._without_strays_of(role)
        return files

    def _without_strays_of(self, role: RoleName) -> dict[str, bytes | None]:
        loaded = self.event.role(role)
        if not isinstance(loaded, Document):
            return {}
        known = self.known_good.role(role)
        kept = {*(known.metadata.signatures if isinstance(known, Document) else ())}
        kept |= {*self._signing_keyids(role), *self._trusted_by(self.known_good, role)}
        lost = {*self._trusted_by(self.event, role)} - kept
        strays = loaded.metadata.signatures.keys() & lost
        data = without_signatures(loaded, strays) if strays else None
        return dict(role_files(role, loaded.signed.version, data)) if data else {}

    def _attestations_of_new_keys(self) -> dict[str, bytes | None]:
        """Return the attestations that come, and those that go since no role has a new key so."""
        if not self._edited() and not self._removed:
            return {}
        paths = [entry.path for entry in self.event.files.below(ATTESTATION_FOLDER)]
        if not paths and not self._attestations:
            return {}
        kept = set(map(attestation_path, self._new_keyids()))
        gone = {path: None for path in paths if attested_keyid(path) and path not in kept}
        come = {path: data for path, data in self._attestations.items() if path in kept}
        return {**gone, **come}

    def _new_keyids(self) -> Iterator[str]:
        """Yield the keys that a delegator has, and had not in known good: as review sees it."""
        for role in (ROOT, *self.delegating_roles()):
            current, known = self.current(role), self.known_good.role(role)
            before = all_keys(known.signed) if isinstance(known, Document) else {}
            for keyid, key in (all_keys(current) if current else {}).items():
                if before.get(keyid) != key:
                    yield keyid

    def _trusted_by(self, state: State, role: RoleName) -> set[str]:
        """Return the keys that the role's delegators named for it in `state`."""
        found = (state.role(delegator) for delegator in self.delegators(role))
        documents = (loaded for loaded in found if isinstance(loaded, Document))
        return {keyid for each in documents for keyid in trusted_keys(each.signed, role)}

    def _known_version(self, role: RoleName) -> int:
        known = self.known_good.role(role)
        if known is None:
            return self._seen_versions.get(role, 0)
        version: int = _readable(known, role).signed.version
        return version

    def _signing_keyids(self, role: RoleName) -> tuple[str, ...]:
        """Return who should sign `role`: for root the keys of the new root and of the old."""
        trusting = [self.current(delegator) for delegator in self.delegators(role)]
        known_root = self.known_good.root()
        if role == ROOT and isinstance(known_root, Document):
            trusting.append(known_root.signed)
        keyids = (keyid for one in trusting if one for keyid in trusted_keys(one, role))
        return tuple(dict.fromkeys(keyids))


def _readable(loaded: _Document | Unreadable | None, role: RoleName) -> _Document:
    if loaded is None:
        raise UnknownRole(role)
    if isinstance(loaded, Unreadable):
        raise CannotRead(loaded.path, loaded.reason)
    return loaded
