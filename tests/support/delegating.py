"""Samples with more roles than one, nested ones too, all signed by the one delegate."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.support.sample import DELEGATE, ROLE, Sample, key_for, signer_for
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, TargetFile, Targets


def delegate(
    sample: Sample,
    role: str,
    paths: Iterable[str],
    listing: Mapping[str, bytes],
    *,
    by: str = "targets",
    terminating: bool = True,
    first: bool = False,
) -> None:
    """Let `by` delegate `paths` to a new role that lists the artifacts and has their files."""
    terms = DelegatedRole(role, [], 1, terminating=terminating, paths=list(paths))

    def add(targets: Targets) -> None:
        targets.delegations = targets.delegations or Delegations({}, {})
        known = targets.delegations.roles or {}
        targets.delegations.roles = {role: terms, **known} if first else {**known, role: terms}
        targets.add_key(key_for(DELEGATE), role)

    edit(sample, by, add)
    metadata = sample.load(ROLE)
    metadata.signed.version, metadata.signed.delegations = 1, None
    metadata.signed.targets = _entries(listing)
    sample.files |= {f"targets/{artifact}": data for artifact, data in listing.items()}
    _write(sample, role, metadata)


def add_artifacts(sample: Sample, role: str, listing: Mapping[str, bytes]) -> None:
    """Let the role list the artifacts and write their files."""
    sample.files |= {f"targets/{artifact}": data for artifact, data in listing.items()}
    edit(sample, role, lambda targets: targets.targets.update(_entries(listing)))


def edit(sample: Sample, role: str, change: Callable[[Any], object]) -> None:
    """Make the next version of a targets-type role, nested ones too, signed by all its people."""
    if role == "targets":
        sample.edit(role, change)
        return
    metadata = sample.load(role)
    change(metadata.signed)
    metadata.signed.version += 1
    _write(sample, role, metadata)


def terms_of(sample: Sample, role: str, change: Callable[[Any], object]) -> None:
    """Change the terms on which "targets" delegates to the role."""
    sample.edit("targets", lambda targets: change(targets.delegations.roles[role]))


def _entries(listing: Mapping[str, bytes]) -> dict[str, TargetFile]:
    return {
        artifact: TargetFile.from_data(artifact, data, ["sha256"])
        for artifact, data in listing.items()
    }


def _write(sample: Sample, role: str, metadata: Metadata[Any]) -> None:
    metadata.signatures.clear()
    metadata.sign(signer_for(DELEGATE))
    sample.write(role, metadata)
