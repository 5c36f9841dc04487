"""Which error a failed git call means, where git offers no code but only its English sentence.

Git runs with LC_ALL=C, so the sentences are stable; all that we rely on stand here. The first
match wins: what is more specific comes first.
"""

import signal
from typing import Final

from tufline.repository.errors import TuflineError
from tufline.repository.history._errors import (
    AuthFailed,
    CorruptRepository,
    GitFailed,
    NoSpace,
    ReadOnlyRepository,
    RemoteUnreachable,
    SaidByGit,
)

_TEXTS: Final[tuple[tuple[type[SaidByGit], tuple[str, ...]], ...]] = (
    (NoSpace, ("No space left on device", "Disk quota exceeded", "File too large")),
    (
        AuthFailed,
        (
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "Permission denied (",  # ssh names the methods it tried
            "Host key verification failed",
            "requested URL returned error: 401",
        ),
    ),
    (
        ReadOnlyRepository,
        (
            "Permission denied",
            "Permission to ",  # a forge: "Permission to NAME denied to USER"
            "Read-only file system",
            "insufficient permission",
            "unable to create temporary object directory",
            "requested URL returned error: 403",
        ),
    ),
    (
        RemoteUnreachable,
        (
            "Could not resolve host",
            "Connection refused",
            "Connection timed out",
            "Connection reset",
            "Failed to connect",
            "Network is unreachable",
            "No route to host",
            "does not appear to be a git repository",
            "Repository not found",
            "' not found",
            "Could not read from remote repository",
        ),
    ),
    (
        CorruptRepository,
        (
            "is corrupt",
            "unable to unpack",
            "unable to stream",
            "bad object",
            "unable to read",
            "Could not read",
            "could not parse",
            "is unavailable",
            "Not a valid commit name",
        ),
    ),
)


def diagnosis(failure: GitFailed) -> TuflineError:
    """Return the error that names the cause of `failure`, or `failure` itself if none does."""
    if failure.code == -signal.SIGXFSZ:
        return NoSpace("git reached the limit on the size of files")
    for error, texts in _TEXTS:
        for line in failure.stderr.splitlines():
            if any(text in line for text in texts):
                return error(line.strip())
    return failure
