"""The next version of a role: what makes one necessary, and how it is written."""

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from securesystemslib.signer import Signature
from tuf.api.metadata import Metadata, Root, Signed, Targets

from tufline.repository.edit._terms import stated_periods
from tufline.repository.format import (
    ROOT,
    RoleName,
    canonical_json,
    historic_root_path,
    metadata_path,
    set_role_periods,
    write_document,
)


def same_content(one: Signed, other: Signed) -> bool:
    """Whether both say the same, version and expiry aside."""
    return _content(one) == _content(other)


def next_version(
    role: RoleName, signed: Root | Targets, *, version: int, now: datetime, keyids: Iterable[str]
) -> bytes:
    """Return the role's metadata as a file: version `version`, signed by nobody yet.

    Each of the `keyids` gets an empty signature, so that a reader sees who is to sign.
    """
    periods = stated_periods(role, signed)
    finished = copy.copy(signed)
    finished.unrecognized_fields = dict(signed.unrecognized_fields)
    set_role_periods(finished, periods)
    finished.version = version
    finished.expires = now + periods.expiry
    metadata: Metadata[Any] = Metadata(finished, {k: Signature(k, "") for k in keyids})
    return write_document(metadata)


def role_files(role: RoleName, version: int, data: bytes) -> dict[str, bytes]:
    """Return every path at which this version of the role lies; root lies at two."""
    files = {metadata_path(role): data}
    if role == ROOT:
        files[historic_root_path(version)] = data
    return files


def _content(signed: Signed) -> bytes:
    tree = signed.to_dict()
    return canonical_json({**tree, "version": None, "expires": None})
