"""One metadata file, and what clients would get of it in the shadow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securesystemslib.signer import Signature

from tufline.repository.format import RoleName, canonical_json, parse_json, write_json
from tufline.repository.review import LocalKeys
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._json_form import form_of
from tufline.repository.shadow._trust import replace_keys
from tufline.repository.shadow._twins import Twin, Twins
from tufline.repository.state import PLAIN, Entry, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A metadata file as git has it."""

    role: RoleName
    entry: Entry
    data: bytes

    def tree(self) -> dict[str, Any]:
        """Return its JSON anew."""
        tree: dict[str, Any] = parse_json(self.data)
        return tree

    def says_the_same(self, other: "Source") -> bool:
        """Whether both have the same content; signatures may differ."""
        if self.entry.id == other.entry.id:
            return True
        ours, theirs = (canonical_json(each.tree()["signed"]) for each in (self, other))
        return ours == theirs


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A metadata file of the shadow.

    Attributes:
        source: what it was made of.
        version: of the metadata.
        data: what clients get.
        artifacts: what it lists: the hashes of each artifact.
    """

    source: Source
    version: int
    data: bytes
    artifacts: Mapping[str, tuple[str, ...]]


def read_source(state: State, role: RoleName, path: str, *, largest: int) -> Source:
    """Return the file at `path`; raise `CannotShadow` if clients could not use it."""
    entry = state.files.find(path)
    if entry is None or entry.kind not in PLAIN:
        raise CannotShadow(f"{path} is missing, or no plain file")
    return checked(Source(role=role, entry=entry, data=state.files.read(entry)), largest=largest)


def checked(source: Source, *, largest: int) -> Source:
    """Return the file; raise `CannotShadow` if it is larger than clients accept."""
    if len(source.data) > largest:
        raise CannotShadow(f"{source.entry.path} is larger than clients accept")
    return source


def make(
    source: Source, signers: Mapping[str, tuple[Twin, ...]], twins: Twins, *, everybody: bool
) -> Made:
    """Return the file with twins in the place of keys, signed by them.

    Args:
        source: the real file.
        signers: the twins of all who may sign it, by the ids of the real keys.
        twins: where those that it trusts itself come from.
        everybody: whether all of them sign, as they will once they are asked. Else those do whose
            real signature is there and verifies: that file is signed and published already.
    """
    tree = source.tree()
    write = write_json if everybody else form_of(source.data, tree)
    real_payload = canonical_json(tree["signed"])
    replace_keys(tree["signed"], source.role, twins)
    payload = canonical_json(tree["signed"])
    found = tree["signatures"]
    if everybody:
        tree["signatures"] = _by_everybody(found, signers, payload)
    else:
        tree["signatures"] = _as_signed(found, signers, (real_payload, payload))
        stripped = any(entry["sig"] == "" for entry in found)
        write = write_json if stripped else write  # as `published_bytes` does
    listed = tree["signed"].get("targets") or {}
    return Made(
        source=source,
        version=tree["signed"]["version"],
        data=write(tree),
        artifacts={path: tuple(each["hashes"].values()) for path, each in listed.items()},
    )


def _by_everybody(
    found: list[dict[str, Any]], signers: Mapping[str, tuple[Twin, ...]], payload: bytes
) -> list[dict[str, Any]]:
    """Return one signature for each twin: first those that have a place, in their order."""
    strangers = [each for each in found if each["keyid"] not in signers and each["sig"]]
    places = {each["keyid"]: each for each in found if each["keyid"] in signers}
    ordered = [*places, *(keyid for keyid in signers if keyid not in places)]
    return [
        *(
            {**places.get(keyid, {}), **_signature(twin, payload)}
            for keyid in ordered
            for twin in signers[keyid]
        ),
        *strangers,
    ]


def _as_signed(
    found: list[dict[str, Any]],
    signers: Mapping[str, tuple[Twin, ...]],
    payloads: tuple[bytes, bytes],
) -> list[dict[str, Any]]:
    """Return the signatures that there are, by twins; one that does not verify stays as bad."""
    real_payload, payload = payloads
    signed = []
    for entry in found:
        if entry["sig"] == "":
            continue
        twins = signers.get(entry["keyid"], ())
        for twin in twins:
            given = Signature(entry["keyid"], entry["sig"])
            good = LocalKeys().verify(twin.original, given, real_payload)
            made = _signature(twin, payload) if good else {"keyid": twin.keyid}
            signed.append({**entry, **made})
        if not twins:
            signed.append(entry)
    return signed


def _signature(twin: Twin, payload: bytes) -> dict[str, str]:
    return {"keyid": twin.keyid, "sig": twin.sign(payload)}
