"""Detached signatures: one file each, on an event's branch only, until a job folds them in.

    metadata/.signatures/<role>/<version>/<keyid>.json

    {"keyid": "…", "payload-sha256": "…", "role": "targets", "sig": "…", "version": 2}

The file says again what its path says, and which bytes were signed: so a signature over content
that has changed since can be told from one that never verified. Two signers never write one file.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final

from tufline.repository.format._json import InvalidJson, parse_json, write_json
from tufline.repository.format._names import InvalidRoleName, RoleName, role_name

DETACHED_FOLDER: Final = "metadata/.signatures"
LARGEST_DETACHED: Final = 32_768
"""How many bytes such a file may have. The longest signature of today (ML-DSA-87) needs 10,000."""

_PLACE = re.compile(r"metadata/\.signatures/([^/]+)/([1-9][0-9]{0,8})/([0-9a-f]{64})\.json")
_KEYID = re.compile(r"[0-9a-f]{64}")  # lower case: else some file systems take two for one
_DIGEST = _KEYID
_SIGNATURE = re.compile(r"(?:[0-9a-f]{2})+")
_FIELDS: Final = {"keyid", "payload-sha256", "role", "sig", "version"}
_LARGEST_VERSION: Final = 999_999_999


class InvalidDetached(ValueError):
    """This is not a detached signature. The message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DetachedSignature:
    """One signature apart from what it signs.

    Attributes:
        sig: the signature, in hex.
        payload: SHA-256 (hex) of the bytes that were signed.
    """

    role: RoleName
    version: int
    keyid: str
    sig: str
    payload: str

    @property
    def path(self) -> str:
        """Where the signature lies in git."""
        return f"{DETACHED_FOLDER}/{self.role}/{self.version}/{self.keyid}.json"


def payload_digest(payload: bytes) -> str:
    """Return how detached signatures name the bytes that they sign."""
    return hashlib.sha256(payload).hexdigest()


def is_below_detached(path: str) -> bool:
    """Whether `path` lies where only detached signatures may lie."""
    return path.startswith(f"{DETACHED_FOLDER}/")


def is_detached_path(path: str) -> bool:
    """Whether `path` is where some role, version and key id have their detached signature."""
    match = _PLACE.fullmatch(path)
    try:
        return match is not None and bool(role_name(match[1]))
    except InvalidRoleName:
        return False


def parse_detached(data: bytes, path: str) -> DetachedSignature:
    """Return the signature that lies at `path`; raise `InvalidDetached` if that is none."""
    if not is_detached_path(path):
        raise InvalidDetached("the path is not <role>/<version>/<key id>.json")
    if len(data) > LARGEST_DETACHED:
        raise InvalidDetached(f"{len(data)} bytes, over {LARGEST_DETACHED}")
    try:
        found = detached_of(parse_json(data))
    except InvalidJson as error:
        raise InvalidDetached(str(error)) from error
    if found.path != path:
        raise InvalidDetached("its path says another role, version or key id than it does itself")
    return found


def write_detached(signature: DetachedSignature) -> bytes:
    """Return the file of a detached signature."""
    return write_json(detached_tree(signature))


def detached_tree(signature: DetachedSignature) -> dict[str, Any]:
    """Return the signature as JSON."""
    return {
        "keyid": signature.keyid,
        "payload-sha256": signature.payload,
        "role": signature.role,
        "sig": signature.sig,
        "version": signature.version,
    }


def detached_of(tree: object) -> DetachedSignature:
    """Return the signature that JSON says; raise `InvalidDetached` if it says none."""
    if not isinstance(tree, dict) or set(tree) != _FIELDS:
        raise InvalidDetached(f"not an object with exactly {', '.join(sorted(_FIELDS))}")
    try:
        role = role_name(tree["role"])
    except InvalidRoleName as error:
        raise InvalidDetached(str(error)) from error
    version = tree["version"]
    if type(version) is not int or not 1 <= version <= _LARGEST_VERSION:
        raise InvalidDetached("version is not a number from 1 on")
    return DetachedSignature(
        role=role,
        version=version,
        keyid=_text(tree, "keyid", _KEYID),
        sig=_text(tree, "sig", _SIGNATURE),
        payload=_text(tree, "payload-sha256", _DIGEST),
    )


def _text(tree: dict[str, object], field: str, form: re.Pattern[str]) -> str:
    value = tree[field]
    if not isinstance(value, str) or not form.fullmatch(value):
        raise InvalidDetached(f"{field} is not in lower-case hex of the right length")
    return value
