"""Whether clients can follow a transition. Pure, and apart from deciding what is uploaded."""

from collections.abc import Iterator
from dataclasses import dataclass

from tuf.api.metadata import Root, Snapshot

from tufline.repository.errors import Refusal
from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Document,
    RoleName,
    historic_root_path,
    metadata_path,
)
from tufline.repository.publish._content import changed_roles
from tufline.repository.publish._deployed import Deployed, deployed_with
from tufline.repository.publish._publishable import (
    Publishable,
    historic_root,
    publishable,
    readable,
)
from tufline.repository.publish._uploads import published_bytes
from tufline.repository.review import KeyVerifier, LocalKeys, SignedDocument, tally
from tufline.repository.state import State, delegation_of, same


class Rollback(Refusal):
    """What is to be published is older than what clients have; they would refuse it."""

    hint = "publish the head of the publish branch; if it is, sign a version above the deployed one"

    def __init__(self, role: str, deployed: int, offered: int | None) -> None:
        than = f"version {offered}" if offered else "no version of it"
        super().__init__(f"{role} version {deployed} is deployed, {than} is to be published")
        self.role = role
        self.deployed = deployed
        self.offered = offered


class Overwrite(Refusal):
    """Other bytes are published already under the name: clients may hold either."""

    hint = "make a new version of the role; if the store was damaged, delete the file and run again"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is published already, with other bytes")
        self.name = name


@dataclass(frozen=True, kw_only=True, slots=True)
class Unverified:
    """A role that does not reach its threshold under a root that clients may hold."""

    root: int
    role: RoleName
    version: int

    def __str__(self) -> str:
        return f"{self.role} version {self.version} does not verify under root {self.root}"


class StopsClients(Refusal):
    """Clients that hold some root could not follow."""

    hint = (
        "sign snapshot and timestamp with the online keys of every root named, or publish the"
        " states in between first, oldest first; if old keys are lost, declare an emergency"
    )

    def __init__(self, unverified: tuple[Unverified, ...]) -> None:
        super().__init__("; ".join(str(each) for each in unverified))
        self.unverified = unverified


def check_transition(
    before: State | None,
    after: State,
    *,
    emergency: bool = False,
    verifier: KeyVerifier | None = None,
) -> None:
    """Make sure that clients that got `before` can get `after`, at every step of the way.

    Args:
        before: the state that is deployed; None on a first publication.
        after: the state to publish.
        emergency: whether clients may have to stop until they have the newest root: then what is
            published must verify under that one only, and snapshot may drop entries.
        verifier: verifies signatures; by default by the keys in the metadata alone.

    Raises:
        NotPublishable: a file of `after` is missing or does not fit the others.
        Rollback: a version is lower than that of `before`.
        Overwrite: a version that is published would get other bytes.
        StopsClients: something does not verify under a root that clients hold on the way.
    """
    deployed = deployed_with(before) if before else Deployed()
    check_deployed(deployed, after, emergency=emergency, verifier=verifier)
    if before:
        _expect_no_overwrite(before, after)


def check_deployed(
    deployed: Deployed,
    after: State,
    *,
    emergency: bool = False,
    verifier: KeyVerifier | None = None,
) -> None:
    """Do what `check_transition` does, by what can be observed of the deployed state."""
    top = publishable(after)
    _expect_no_rollback(deployed, top)
    if deployed.snapshot:
        _expect_entries(deployed.snapshot, top.snapshot, emergency=emergency)
    unverified = tuple(
        _unverified(deployed.root, after, top, verifier or LocalKeys(), emergency=emergency)
    )
    if unverified:
        raise StopsClients(unverified)


def _expect_no_rollback(deployed: Deployed, top: Publishable) -> None:
    if deployed.root is not None and deployed.root > top.root_version:
        raise Rollback(ROOT, deployed.root, top.root_version)
    for role, old, new in (
        (TIMESTAMP, deployed.timestamp, top.timestamp),
        (SNAPSHOT, deployed.snapshot, top.snapshot),
    ):
        if old is None:
            continue
        if old.signed.version > new.signed.version:
            raise Rollback(role, old.signed.version, new.signed.version)
        same_version = old.signed.version == new.signed.version
        if same_version and published_bytes(old.data) != published_bytes(new.data):
            raise Overwrite(f"{role} version {new.signed.version}")


def _expect_entries(old: Document[Snapshot], new: Document[Snapshot], *, emergency: bool) -> None:
    """Clients refuse a snapshot in which an entry is older or gone (specification, 5.5.5)."""
    for name, meta in old.signed.meta.items():
        entry = new.signed.meta.get(name)
        if entry is None and emergency:
            continue
        if entry is None or entry.version < meta.version:
            role = name.removesuffix(".json")
            raise Rollback(role, meta.version, entry.version if entry else None)


def _expect_no_overwrite(before: State, after: State) -> None:
    """Compare what both states publish under the same name."""
    for version, entry in before.historic_roots().items():
        path = historic_root_path(version)
        if not same(after.files.find(path), entry):
            _expect_same(f"root version {version}", before.files.read(entry), after.read(path))
    snapshot = publishable(after).snapshot
    for role in changed_roles(before, after, snapshot):
        path = metadata_path(role)
        old, new = before.targets(role), readable(after.targets(role), path)
        if isinstance(old, Document) and old.signed.version == new.signed.version:
            _expect_same(f"{role} version {new.signed.version}", old.data, new.data)


def _expect_same(name: str, old: bytes, new: bytes | None) -> None:
    if new is None or published_bytes(old) != published_bytes(new):
        raise Overwrite(name)


def _unverified(
    deployed_root: int | None,
    after: State,
    top: Publishable,
    verifier: KeyVerifier,
    *,
    emergency: bool,
) -> Iterator[Unverified]:
    """Yield what does not verify under the roots from the deployed one to the newest."""
    newest = top.root_version
    targets = readable(after.targets(TARGETS), metadata_path(TARGETS))
    for version in range(deployed_root or newest, newest + 1):
        root = historic_root(after, version)
        expected: dict[RoleName, SignedDocument] = {}
        if version < newest:
            expected[ROOT] = historic_root(after, version + 1)
        if version == newest or not emergency:
            expected |= {TIMESTAMP: top.timestamp, SNAPSHOT: top.snapshot, TARGETS: targets}
        for role, document in expected.items():
            if not _verifies(root, role, document, verifier):
                yield Unverified(root=version, role=role, version=document.signed.version)


def _verifies(
    root: Document[Root], role: RoleName, document: SignedDocument, verifier: KeyVerifier
) -> bool:
    delegation = delegation_of(ROOT, root, role)
    return delegation is not None and tally(document, delegation, verifier).met
