"""Keys that people sign with: the port, its errors, and the adapters that find and make them."""

from tufline.signer.keys._attached import (
    Attached,
    AttachedKey,
    attached,
)
from tufline.signer.keys._attestation import (
    read_attestation,
)
from tufline.signer.keys._errors import (
    UNKNOWN,
    IdentityFailed,
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
    attempts_in_words,
)
from tufline.signer.keys._file_errors import (
    CannotMakeKey,
    FileExists,
    FileNotWritten,
    KeyInClone,
    LibraryMissing,
    NoSuchKeyFile,
    SlotTaken,
    UnusableKey,
    WeakPassphrase,
    WrongPassphrase,
)
from tufline.signer.keys._files import (
    no_secret,
    public_file_of,
)
from tufline.signer.keys._identities import (
    Identities,
    Login,
    LoginSource,
)
from tufline.signer.keys._identity_uris import (
    identity_key,
    identity_uri,
    in_words,
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
    "UNKNOWN",
    "Attached",
    "AttachedKey",
    "CannotMakeKey",
    "FileExists",
    "FileNotWritten",
    "Identities",
    "IdentityFailed",
    "IdentityNotUsable",
    "KeyInClone",
    "KeyNotFound",
    "Keys",
    "LibraryMissing",
    "LocalMachineKeys",
    "LockedPin",
    "Login",
    "LoginSource",
    "ModuleNotLoaded",
    "NoKeyOnToken",
    "NoModule",
    "NoPinSet",
    "NoSuchKeyFile",
    "NoSuchSlot",
    "NoToken",
    "NotTouched",
    "OtherKey",
    "PinSource",
    "SeveralKeys",
    "SeveralTokens",
    "SlotTaken",
    "Tell",
    "TokenFailure",
    "TokenGone",
    "Tokens",
    "UnusableKey",
    "WeakPassphrase",
    "WrongKey",
    "WrongPassphrase",
    "WrongPin",
    "attached",
    "attempts_in_words",
    "expect_free",
    "identity_key",
    "identity_uri",
    "in_words",
    "make_file",
    "make_on_token",
    "no_secret",
    "number_of",
    "public_file_of",
    "read_attestation",
]
