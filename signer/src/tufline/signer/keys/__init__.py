"""Keys that people sign with: the port, its errors, and the adapter that finds them."""

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
from tufline.signer.keys._interface import (
    Keys,
    PinSource,
)
from tufline.signer.keys._local import (
    LocalMachineKeys,
)
from tufline.signer.keys._tokens import (
    Tell,
    Tokens,
)

__all__ = [
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
]
