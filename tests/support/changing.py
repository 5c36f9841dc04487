"""What tests of `changes` need: the changes from one sample to another."""

from collections.abc import Callable
from typing import Any

from tests.support.sample import Sample, key_for
from tuf.api.metadata import DelegatedRole, Targets

from tufline.repository.changes import (
    Changes,
    Fact,
    Leaf,
    MetadataChange,
    SignatureChanged,
    Signer,
    VersionChanged,
    changes_between,
)


def signer(name: str) -> Signer:
    label = name.partition("#")[0]
    online = not name.startswith("@")
    return Signer(keyid=key_for(name).keyid, label=label, online=online)


def changed(base: Sample, event: Sample) -> Changes:
    return changes_between(base.state(), event.state())


def change_of(base: Sample, event: Sample, path: str) -> MetadataChange:
    [found] = [each for each in changed(base, event).metadata if each.path == path]
    return found


def facts_of(role: str, change: Callable[[Any], object]) -> list[Fact]:
    """Return what is said of a new version of the role, but for version and signatures."""
    base = Sample()
    event = base.copy()
    event.edit(role, change, signers=[])
    found = change_of(base, event, f"metadata/{role}.json").facts
    known = (VersionChanged, SignatureChanged)
    return [fact for fact in found if not isinstance(fact, known)]


def raw(change: MetadataChange) -> list[Leaf]:
    return [leaf for leaf in change.leaves if not leaf.explained]


def roles_of(targets: Targets) -> dict[str, DelegatedRole]:
    if targets.delegations is None or targets.delegations.roles is None:
        raise AssertionError("the sample delegates")
    return targets.delegations.roles
