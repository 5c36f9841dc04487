"""A metadata file as bytes and as what they mean: the one codec of the format.

    document = parse_document(data, Root)
    document.signed.version
    document.payload            # what signatures are made over

python-tuf reads and writes the metadata. On top of it this module refuses what clients may read
differently, and remembers the bytes, because what did not change must never be written anew.
"""

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from tufline.repository.format._json import InvalidJson, canonical_json, parse_json, write_json
from tufline.repository.format._keys import is_supported_key, know_sigstore_keys
from tufline.repository.format._types import wrong_type

AnySigned = TypeVar("AnySigned", Root, Targets, Snapshot, Timestamp)


class InvalidMetadata(ValueError):
    """The bytes are not metadata of the expected type. The message says why."""


@dataclass(frozen=True, slots=True)
class Document(Generic[AnySigned]):
    """One metadata file. Treat `metadata` as read-only: `edit` works on copies.

    Attributes:
        data: the file, byte for byte.
        metadata: what python-tuf reads in it.
        payload: canonical JSON of the signed part.
    """

    data: bytes
    metadata: Metadata[AnySigned]
    payload: bytes

    @property
    def signed(self) -> AnySigned:
        """The part that is signed."""
        return self.metadata.signed

    def tree(self) -> Any:  # noqa: ANN401 - JSON is any type
        """Return the file's JSON anew, as plain dicts and lists that the caller may keep."""
        return parse_json(self.data)


def parse_document(data: bytes, kind: type[AnySigned]) -> Document[AnySigned]:
    """Return the metadata file; raise `InvalidMetadata` if it is not one of type `kind`."""
    try:
        tree = parse_json(data)
        _expect_shape(tree, kind)
        return _read(data, tree)
    except InvalidMetadata:
        raise
    except InvalidJson as error:
        raise InvalidMetadata(str(error)) from error
    except KeyError as error:
        raise InvalidMetadata(f"not TUF metadata: no field {error}") from error
    except Exception as error:  # a parser over hostile bytes: whatever it raises is a "no"
        raise InvalidMetadata(f"not TUF metadata: {_first_line(error)}") from error


def write_document(metadata: Metadata[AnySigned]) -> bytes:
    """Return the metadata as a file of this format."""
    return _SERIALIZER.serialize(metadata)


def without_empty_signatures(data: bytes) -> bytes:
    """Return the metadata file without signatures that are empty: a key that has not signed.

    Without any the very bytes are returned; else the file is written anew, and everything else in
    it is kept. Raise `InvalidMetadata` if the bytes are not a metadata file.
    """
    if b'""' not in data:  # how JSON writes the empty text, and the only way to do so
        return data
    try:
        tree = parse_json(data)
        signed = [entry for entry in tree["signatures"] if entry["sig"] != ""]
    except (InvalidJson, LookupError, TypeError) as error:
        raise InvalidMetadata(f"not TUF metadata: {error}") from error
    if len(signed) == len(tree["signatures"]):
        return data
    return write_json({**tree, "signatures": signed})


_SERIALIZER: Final = JSONSerializer()


def _read(data: bytes, tree: dict[str, Any]) -> Document[AnySigned]:
    """Read with python-tuf; what it would write back must be what was signed."""
    payload, frame = canonical_json(tree["signed"]), _frame(tree["signed"])
    know_sigstore_keys()
    metadata: Metadata[AnySigned] = Metadata.from_dict(tree)  # takes `tree` apart
    if _frame(metadata.signed.to_dict()) != frame:
        raise InvalidMetadata("not in the form that TUF clients verify (written another way)")
    if field := wrong_type(metadata):
        raise InvalidMetadata(f"a value of the wrong type: {field}")
    return Document(data, metadata, payload)


def _frame(signed: dict[str, Any]) -> bytes:
    """Return the signed part without artifacts: python-tuf keeps their entries as they are."""
    return canonical_json({**signed, "targets": None})


def _expect_shape(tree: object, kind: type[AnySigned]) -> None:
    """Name the usual defects before python-tuf does so in its own words."""
    if not isinstance(tree, dict) or not isinstance(tree.get("signed"), dict):
        raise InvalidMetadata("not TUF metadata: no object 'signed'")
    if not isinstance(tree.get("signatures"), list):
        raise InvalidMetadata("not TUF metadata: no list 'signatures'")
    if set(tree) != {"signed", "signatures"}:
        raise InvalidMetadata("holds more than 'signed' and 'signatures'")
    if tree["signed"].get("_type") != kind.type:
        raise InvalidMetadata(f"_type is {tree['signed'].get('_type')!r}, not {kind.type!r}")
    _expect_supported_keys(tree["signed"])


def _expect_supported_keys(signed: dict[str, Any]) -> None:
    delegations = signed.get("delegations")
    keys = (delegations if isinstance(delegations, dict) else signed).get("keys")
    for keyid, key in keys.items() if isinstance(keys, dict) else ():
        if not isinstance(key, dict) or not is_supported_key(key.get("keytype"), key.get("scheme")):
            raise InvalidMetadata(f"key {keyid} is of a type that is not supported")


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
