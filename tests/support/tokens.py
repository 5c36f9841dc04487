"""Real SoftHSM tokens for tests, and what hardware can do to them: locked, without a key."""

from pathlib import Path

from tufline.repository.rehearsal._tokens import SoftToken, make_token

LABEL = "YubiKey PIV #15835999"
PIN = "123456"

_TOKEN_FLAGS = bytes.fromhex("000000008000534b 0000000000000002")  # CKA_OS_TOKENFLAGS, a number
_USER_PIN_FINAL_TRY = 0x20000  # PKCS #11 v2.40, CK_TOKEN_INFO flags
_USER_PIN_LOCKED = 0x40000

__all__ = ["LABEL", "PIN", "SoftToken", "empty_token", "final_try", "lock", "make_token", "plug_in"]


def plug_in(folder: Path, label: str = LABEL) -> SoftToken:
    """Make a token with a key, beside those that are in `folder`."""
    return make_token(folder, label=label, pin=PIN)


def empty_token(folder: Path, label: str = LABEL) -> SoftToken:
    """Make a token whose key is not in PIV slot 9c."""
    token = plug_in(folder, label)
    for data in folder.glob("tokens/*/*.object"):
        if data.name != "token.object":
            data.unlink()
    return token


def lock(token: SoftToken) -> None:
    """Let the token say that its PIN is locked, as a YubiKey does after three wrong ones."""
    _set_flag(token, _USER_PIN_LOCKED)


def final_try(token: SoftToken) -> None:
    """Let the token say that one more wrong PIN will lock it."""
    _set_flag(token, _USER_PIN_FINAL_TRY)


def _set_flag(token: SoftToken, flag: int) -> None:
    (file,) = token.folder.glob("tokens/*/token.object")
    data = file.read_bytes()
    place = data.index(_TOKEN_FLAGS) + len(_TOKEN_FLAGS)
    flags = int.from_bytes(data[place : place + 8], "big") | flag
    file.write_bytes(data[:place] + flags.to_bytes(8, "big") + data[place + 8 :])
