"""One change under review: what rules are shown. Computed from two states, lazily, purely."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from tuf.api.metadata import Snapshot

from tufline.repository.format import (
    ARTIFACT_FOLDER,
    METADATA_FOLDER,
    ONLINE_ROLES,
    ROOT,
    TARGETS,
    Document,
    Invitations,
    Owner,
    RoleName,
    metadata_path,
)
from tufline.repository.review._artifacts import ArtifactCase
from tufline.repository.review._imported import brings_new_targets, imported_root, with_holders
from tufline.repository.review._policy import Lineage, Policy
from tufline.repository.review._signatures import KeyVerifier, LocalKeys, Tally, tally
from tufline.repository.review._touched import adopted_by, touched_roles
from tufline.repository.review._trust import Trust, trust_of
from tufline.repository.state import (
    Delegation,
    DelegationGraph,
    Difference,
    Entry,
    Loaded,
    LoadedRoot,
    Lookup,
    MemoryFiles,
    State,
    Unreadable,
    delegated_names,
    delegation_graph,
    delegation_of,
)

ONLINE_PATHS = frozenset(metadata_path(role) for role in ONLINE_ROLES)


class Purpose(StrEnum):
    """What the answer is for."""

    EVENT = "event"
    """A proposal: what is missing is waited for, and only what changed is judged."""

    ACCEPTED = "accepted"
    """What main holds, before it is signed online: all of it, with nothing missing."""

    PUBLISHED = "published"
    """What the publish branch holds: the same, with the snapshot and the timestamp over it."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """The change from `base` (known good) to `event`, as of `now`."""

    base: State
    event: State
    now: datetime
    purpose: Purpose = Purpose.EVENT
    policy: Policy = field(default_factory=Policy)
    lineage: Lineage = field(default_factory=Lineage)
    verifier: KeyVerifier = field(default_factory=LocalKeys)

    @property
    def whole(self) -> bool:
        """Whether everything is judged, changed or not."""
        return self.purpose is not Purpose.EVENT

    @cached_property
    def from_nothing(self) -> bool:
        """Whether there is no known good at all."""
        return isinstance(self.base.files, MemoryFiles) and not any(self.base.files.below(""))

    @cached_property
    def differences(self) -> Mapping[str, Difference]:
        """The changed paths. When main is judged, its own copy of online metadata is no change."""
        if self.whole and self.from_nothing:
            return {}
        found = self.event.files.since(self.base.files)
        return {
            change.path: change
            for change in found
            if not (self.whole and change.path in ONLINE_PATHS)
        }

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The files to judge: what the event changes or adds, or all metadata and artifacts."""
        if self.whole:
            below = self.event.files.below
            return (*below(METADATA_FOLDER), *below(ARTIFACT_FOLDER))
        return tuple(each.after for each in self.differences.values() if each.after is not None)

    @cached_property
    def artifacts(self) -> ArtifactCase:
        """The artifacts of the change."""
        return ArtifactCase(self)

    @cached_property
    def graph(self) -> DelegationGraph:
        """The event's delegations."""
        return delegation_graph(self.event)

    @cached_property
    def lookup(self) -> Lookup:
        """The event's search for artifacts."""
        return Lookup(self.event)

    @cached_property
    def base_lookup(self) -> Lookup:
        """Known good's search for artifacts."""
        return Lookup(self.base)

    @cached_property
    def snapshot(self) -> Document[Snapshot] | Unreadable | None:
        """The event's snapshot."""
        return self.event.snapshot()

    @cached_property
    def invitations(self) -> Invitations:
        """The event's open invitations; none where the file cannot be read (a rule says so)."""
        found = self.event.invitations()
        return found if isinstance(found, Invitations) else Invitations()

    @cached_property
    def judged(self) -> tuple[RoleName, ...]:
        """The roles to judge: root, targets, then delegated ones by name."""
        if self.whole:
            roles = {ROOT, *self.graph.delegators}
        else:
            roles = {role for role in touched_roles(self) if self._exists(role)}
        return tuple(sorted(roles, key=_rank))

    @cached_property
    def adopted(self) -> frozenset[RoleName]:
        """The roles that come into force with a file that lay there unjudged."""
        return frozenset() if self.from_nothing else adopted_by(self)

    def delegations(self, role: RoleName) -> tuple[Delegation, ...]:
        """Return what each delegator of `role` says of it in the event."""
        delegators = (ROOT,) if role in {ROOT, TARGETS} else self.graph.delegators.get(role, ())
        found = (delegation_of(each, self.event.role(each), role) for each in delegators)
        return tuple(each for each in found if each is not None)

    def role(self, role: RoleName) -> "RoleCase":
        """Return one role of the change."""
        return RoleCase(case=self, name=role)

    def _exists(self, role: RoleName) -> bool:
        if role == ROOT or self.event.files.find(metadata_path(role)):
            return True
        return role in self.graph.delegators


@dataclass(frozen=True, kw_only=True)
class RoleCase:
    """One role of the change."""

    case: Case
    name: RoleName

    @property
    def is_new(self) -> bool:
        """Whether known good has no metadata of the role, or none that was in force."""
        return self.name in self.case.adopted or self.case.base.files.find(self.path) is None

    @cached_property
    def before(self) -> Loaded:
        """The role's metadata in known good; None if it was not in force there."""
        if self.is_new:
            return None
        unchanged = not self.changed and not self.case.from_nothing
        return self.after if unchanged else self.case.base.role(self.name)

    @cached_property
    def after(self) -> Loaded:
        """The role's metadata in the event."""
        return self.case.event.role(self.name)

    @cached_property
    def known_trust(self) -> Trust:
        """Whom the role's metadata trusts for what in known good."""
        return trust_of(self.before)

    @cached_property
    def trust(self) -> Trust:
        """Whom the role's metadata trusts for what in the event."""
        return trust_of(self.after)

    @property
    def path(self) -> str:
        """The path of the role's metadata."""
        return metadata_path(self.name)

    @property
    def changed(self) -> bool:
        """Whether the role's file differs from known good's."""
        return self.path in self.case.differences

    @property
    def judged_in_full(self) -> bool:
        """Whether rules about the content apply: it is new in force, or everything is judged."""
        return self.changed or self.case.whole or self.name in self.case.adopted

    @cached_property
    def delegations(self) -> tuple[Delegation, ...]:
        """What each delegator says of the role."""
        return self.case.delegations(self.name)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """The signatures, counted against each delegation."""
        return tuple(self._tally(each) for each in self.delegations)

    @cached_property
    def previous(self) -> Tally | None:
        """The signatures counted against known good's root, where they must satisfy it too.

        That is a new root (TUF 5.3.4), and targets together with a new root: clients that still
        hold the old root read them (DESIGN: publishing order). Where main is several roots ahead of
        what is published, the newest must satisfy the one before it; `root-chain` judges the rest.
        An import has no known good, and brings the root that clients hold.
        """
        root = metadata_path(ROOT)
        if self.name not in {ROOT, TARGETS} or root not in self.case.differences:
            return None
        if self.name == TARGETS and self._emergency():
            return None
        before = self._root_before()
        delegation = delegation_of(ROOT, before, self.name)
        if delegation is None:
            return None
        holders = trust_of(self.case.event.root()).keys.values()
        return self._tally(with_holders(delegation, holders))

    @property
    def outgrown_by(self) -> tuple[RoleName, ...]:
        """The delegators for which an unchanged role needs a new version: they ask for more now."""
        if self.changed or not isinstance(self.after, Document):
            return ()
        return tuple(each.delegation.delegator for each in self.tallies if not each.met)

    @property
    def ready(self) -> bool:
        """Whether every threshold is met and no invitation is open that blocks this role."""
        tallies = (*self.tallies, *((self.previous,) if self.previous else ()))
        return bool(self.tallies) and all(each.met for each in tallies) and not self.blocked_by

    @cached_property
    def blocked_by(self) -> tuple[Owner, ...]:
        """Who is invited to a role that this one delegates to: their keys will change it."""
        people = self.case.invitations.roles_of.items()
        delegated = (ROOT, TARGETS) if self.name == ROOT else delegated_names(self.after)
        return tuple(person for person, roles in people if set(roles) & set(delegated))

    def _tally(self, delegation: Delegation) -> Tally:
        document = self.after if isinstance(self.after, Document) else None
        return tally(document, delegation, self.case.verifier)

    def _root_before(self) -> LoadedRoot:
        known = self.case.base.root()
        if known is None and not self.case.whole:
            is_new = self.name == ROOT or brings_new_targets(self.case.event)
            return imported_root(self.case.event, self.case.policy.oldest_root) if is_new else None
        if self.name == TARGETS or not isinstance(known, Document):
            return known
        version = self.after.signed.version if isinstance(self.after, Document) else 0
        if not self.case.whole or version <= known.signed.version + 1:
            return known
        return self.case.event.historic_root(version - 1)

    def _emergency(self) -> bool:
        root = self.case.event.root()
        declared = self.case.policy.emergency_roots
        return isinstance(root, Document) and root.signed.version in declared


def _rank(role: RoleName) -> tuple[int, str]:
    return (0 if role == ROOT else 1 if role == TARGETS else 2, role)
