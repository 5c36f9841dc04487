"""Files on a medium that somebody else may have written to: read with care, written in one step."""

import hashlib
import os
import secrets
import stat
from pathlib import Path

from tufline.signer.detached._errors import UnusableMedium


def read_medium(file: Path, *, largest: int) -> bytes:
    """Return a plain file's bytes, `largest` at most; raise `UnusableMedium`.

    A link is not followed, and a pipe or device is not waited for.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = "is a symbolic link" if file.is_symlink() else _reason(error)
        raise UnusableMedium(file, reason) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnusableMedium(file, "is not a plain file")
    try:
        with os.fdopen(descriptor, "rb") as stream:
            data = stream.read(largest + 1)
    except OSError as error:
        raise UnusableMedium(file, _reason(error)) from error
    if len(data) > largest:
        raise UnusableMedium(file, f"is larger than {largest} bytes")
    return data


def expect_place(file: Path) -> None:
    """Raise `UnusableMedium` where `write_medium` could not write: before somebody signs."""
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise UnusableMedium(file, "is there already, and is not a plain file")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise UnusableMedium(file, "lies in a folder that cannot be written to")


def write_medium(file: Path, data: bytes) -> None:
    """Put `data` at `file`, all of it or nothing; what was there is replaced.

    Others may read it, as the umask says: on the other machine the user may be another.
    """
    expect_place(file)
    temporary = file.with_name(f".tufline-{secrets.token_hex(8)}")
    try:
        _write(temporary, data)
        temporary.replace(file)
    except OSError as error:
        raise UnusableMedium(file, _reason(error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _write(file: Path, data: bytes) -> None:
    """Make a file; raise `FileExistsError` rather than write to what is there."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def fingerprint(data: bytes) -> str:
    """Return the SHA-256 (hex) by which people compare a file on two machines."""
    return hashlib.sha256(data).hexdigest()


def _reason(error: OSError) -> str:
    return f"cannot be used: {error.strerror or error}"
