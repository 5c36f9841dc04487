"""Keys that people sign with: the port, its errors, and the adapters that find and make them."""

from tufline.signer.keys._attached import (
    Attached,
    AttachedKey,
    attached,
)
from tufline.signer.keys._attestation import (
    Attestation,
    Attested,
    BadAttestation,
    PinPolicy,
    TouchPolicy,
    read_attestation,
    verify_attestation,
)
from tufline.signer.keys._errors import (
    IdentityNotUsable,
    KeyNotFound,
    LockedPin,
    ModuleNotLoaded,
    NoKeyOnToken,
    NoModule,
    NoPinSet,
    NoToken,
    NotTouched,
    OtherKey,
    SeveralKeys,
    SeveralTokens,
    TokenFailure,
    TokenGone,
    WrongKey,
    WrongPin,
)
from tufline.signer.keys._file_errors import (
    CannotMakeKey,
    FileExists,
    FileNotWritten,
    KeyInClone,
    LibraryMissing,
    SlotTaken,
    UnusableKey,
    WeakPassphrase,
    WrongPassphrase,
)
from tufline.signer.keys._files import (
    no_secret,
    public_file_of,
)
from tufline.signer.keys._interface import (
    Keys,
    PinSource,
)
from tufline.signer.keys._local import (
    LocalMachineKeys,
)
from tufline.signer.keys._making import (
    TOKEN_KINDS,
    expect_free,
    make_file,
    make_on_token,
)
from tufline.signer.keys._slots import (
    NoSuchSlot,
    number_of,
)
from tufline.signer.keys._tokens import (
    Tell,
    Tokens,
)

__all__ = [
    "TOKEN_KINDS",
    "Attached",
    "AttachedKey",
    "Attestation",
    "Attested",
    "BadAttestation",
    "CannotMakeKey",
    "FileExists",
    "FileNotWritten",
    "IdentityNotUsable",
    "KeyInClone",
    "KeyNotFound",
    "Keys",
    "LibraryMissing",
    "LocalMachineKeys",
    "LockedPin",
    "ModuleNotLoaded",
    "NoKeyOnToken",
    "NoModule",
    "NoPinSet",
    "NoSuchSlot",
    "NoToken",
    "NotTouched",
    "OtherKey",
    "PinPolicy",
    "PinSource",
    "SeveralKeys",
    "SeveralTokens",
    "SlotTaken",
    "Tell",
    "TokenFailure",
    "TokenGone",
    "Tokens",
    "TouchPolicy",
    "UnusableKey",
    "WeakPassphrase",
    "WrongKey",
    "WrongPassphrase",
    "WrongPin",
    "attached",
    "expect_free",
    "make_file",
    "make_on_token",
    "no_secret",
    "number_of",
    "public_file_of",
    "read_attestation",
    "verify_attestation",
]
