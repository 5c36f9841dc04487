"""Keys that people sign with: the port, its errors, and the adapter that finds them."""

from tufline.signer.keys._errors import (
    KeyNotFound,
    LockedPin,
    ModuleNotLoaded,
    NoKeyOnToken,
    NoModule,
    NoToken,
    OtherKey,
    SeveralTokens,
    TokenFailure,
    UnusableKey,
    WrongPin,
)
from tufline.signer.keys._interface import Keys, PinSource
from tufline.signer.keys._local import LocalMachineKeys
from tufline.signer.keys._tokens import Tokens

__all__ = [
    "KeyNotFound",
    "Keys",
    "LocalMachineKeys",
    "LockedPin",
    "ModuleNotLoaded",
    "NoKeyOnToken",
    "NoModule",
    "NoToken",
    "OtherKey",
    "PinSource",
    "SeveralTokens",
    "TokenFailure",
    "Tokens",
    "UnusableKey",
    "WrongPin",
]
