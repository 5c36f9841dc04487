"""A small Rekor v2: a growing Merkle tree (RFC 6962) with checkpoints (C2SP tlog-checkpoint).

It takes `hashedrekord` entries only, as version 2.3 of the real one does.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.support.sigstore._http import Answer, Denied, Request, Route, json_answer


class TransparencyLog:
    """A log with a key. `origin` is the host name under which clients know it."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key()
        self.spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.log_id = note_key_id(origin, self.spki)
        self._leaves: list[bytes] = []
        self._lock = threading.Lock()

    @property
    def routes(self) -> dict[tuple[str, str], Route]:
        return {("POST", "/api/v2/log/entries"): self._add}

    def _add(self, request: Request) -> Answer:
        asked = request.json.get("hashedRekordRequestV002")
        if asked is None:
            raise Denied("only hashedRekordRequestV002 is taken")
        body = _canonical_body(asked)
        with self._lock:
            self._leaves.append(_hash(b"\0" + body))
            leaves = tuple(self._leaves)
        return json_answer(self._entry(body, leaves), status=201)

    def _entry(self, body: bytes, leaves: Sequence[bytes]) -> dict[str, object]:
        index = str(len(leaves) - 1)
        proof = {
            "logIndex": index,
            "rootHash": _b64(_root(leaves)),
            "treeSize": str(len(leaves)),
            "hashes": [_b64(each) for each in _proof(len(leaves) - 1, leaves)],
            "checkpoint": {"envelope": self._checkpoint(leaves)},
        }
        return {
            "logIndex": index,
            "logId": {"keyId": _b64(self.log_id)},
            "kindVersion": {"kind": "hashedrekord", "version": "0.0.2"},
            "integratedTime": "0",
            "inclusionPromise": None,
            "inclusionProof": proof,
            "canonicalizedBody": _b64(body),
        }

    def _checkpoint(self, leaves: Sequence[bytes]) -> str:
        note = f"{self.origin}\n{len(leaves)}\n{_b64(_root(leaves))}\n"
        signature = _b64(self.log_id[:4] + self.key.sign(note.encode()))
        return f"{note}\n\N{EM DASH} {self.origin} {signature}\n"


def note_key_id(origin: str, spki: bytes) -> bytes:
    """Return what names an Ed25519 key in notes (C2SP signed-note), whole."""
    return _hash(origin.encode() + b"\n\x01" + spki[-32:])


def _canonical_body(asked: dict[str, object]) -> bytes:
    record = {
        "data": {"algorithm": "SHA2_256", "digest": asked["digest"]},
        "signature": asked["signature"],
    }
    entry = {"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": {"hashedRekordV002": record}}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return _hash(b"\1" + _root(leaves[:split]) + _root(leaves[split:]))


def _proof(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return [*_proof(index, left), _root(right)]
    return [*_proof(index - split, right), _root(left)]


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return int(1 << (size - 1).bit_length() - 1)


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
