"""Detached signatures, made with securesystemslib and the standard library alone."""

import hashlib
import json
from collections.abc import Mapping

from securesystemslib.formats import encode_canonical
from tests.support.sample import Sample, signer_for


def detached(
    sample: Sample,
    person: str,
    role: str = "targets",
    *,
    at: str | None = None,
    fields: Mapping[str, object] | None = None,
) -> dict[str, bytes]:
    """Return the file of a person's signature over the role as the sample has it, by path.

    `fields` have another value than the true one (None: they are left out); `at` is another path.
    """
    metadata = sample.load(role).to_dict()
    payload = (encode_canonical(metadata["signed"]) or "").encode()
    signer = signer_for(person)
    entry = {
        "keyid": signer.public_key.keyid,
        "payload-sha256": hashlib.sha256(payload).hexdigest(),
        "role": role,
        "sig": signer.sign(payload).signature,
        "version": metadata["signed"]["version"],
    }
    path = f"metadata/.signatures/{role}/{entry['version']}/{entry['keyid']}.json"
    told = {name: value for name, value in {**entry, **(fields or {})}.items() if value is not None}
    return {at or path: json.dumps(told).encode()}
