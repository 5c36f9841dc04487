"""Signing on a machine without network or clone: what is carried there, and what is carried back.

    data = pack(event, look)            # on a machine with a clone: one file to carry
    event = unpack(data, verifiers)     # on the other machine: the same event, to be reviewed there
    back = write_signatures(signed)     # one small file
    add_signatures(history, ...)        # on a machine with a clone: checks and pushes them

A file that was carried is hostile input: nothing in it says that something is right. It holds what
review reads, and review is done again.
"""

from tufline.signer.detached._adding import Added, add_signatures
from tufline.signer.detached._errors import (
    EarlierMissing,
    InvalidPayload,
    InvalidSignatures,
    NotInPayload,
    PayloadNotEqual,
    PayloadTooLarge,
    SignatureNotTaken,
    UnusableMedium,
)
from tufline.signer.detached._medium import expect_place, fingerprint, read_medium, write_medium
from tufline.signer.detached._payload import LARGEST_PAYLOAD, pack, unpack
from tufline.signer.detached._pinned import (
    RootOfPayload,
    expect_earlier,
    read_roots,
    root_of_payload,
)
from tufline.signer.detached._signatures import (
    LARGEST_SIGNATURES,
    SignatureFile,
    parse_signatures,
    signature_file,
    write_signatures,
)

__all__ = [
    "LARGEST_PAYLOAD",
    "LARGEST_SIGNATURES",
    "Added",
    "EarlierMissing",
    "InvalidPayload",
    "InvalidSignatures",
    "NotInPayload",
    "PayloadNotEqual",
    "PayloadTooLarge",
    "RootOfPayload",
    "SignatureFile",
    "SignatureNotTaken",
    "UnusableMedium",
    "add_signatures",
    "expect_earlier",
    "expect_place",
    "fingerprint",
    "pack",
    "parse_signatures",
    "read_medium",
    "read_roots",
    "root_of_payload",
    "signature_file",
    "unpack",
    "write_medium",
    "write_signatures",
]
