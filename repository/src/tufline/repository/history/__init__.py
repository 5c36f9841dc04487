"""The port to git, and its adapter: read objects, compare, write commits, move branches.

It leaves out whatever git's work tree and index are for: nothing here looks at either.

    with open_history(Path("clone"), pull_remote="origin") as history:
        base = history.files(history.resolve("main"))
"""

from tufline.repository.history._errors import (
    AuthFailed,
    BranchMissing,
    CorruptRepository,
    ForkAhead,
    GitFailed,
    GitMissing,
    GitTooOld,
    HookRefused,
    InvalidAuthor,
    InvalidBranch,
    InvalidPath,
    MissingObject,
    Moved,
    NoIdentity,
    NoSpace,
    NoSuchRef,
    NoSuchRemote,
    NotARepository,
    PushRefused,
    ReadOnlyRepository,
    RemoteUnreachable,
    RewriteRefused,
    ShallowClone,
    UnbornBranch,
)
from tufline.repository.history._git import HttpToken
from tufline.repository.history._git_history import GitHistory, open_history
from tufline.repository.history._interface import Author, Commit, CommitInfo, History, Move

__all__ = [
    "AuthFailed",
    "Author",
    "BranchMissing",
    "Commit",
    "CommitInfo",
    "CorruptRepository",
    "ForkAhead",
    "GitFailed",
    "GitHistory",
    "GitMissing",
    "GitTooOld",
    "History",
    "HookRefused",
    "HttpToken",
    "InvalidAuthor",
    "InvalidBranch",
    "InvalidPath",
    "MissingObject",
    "Move",
    "Moved",
    "NoIdentity",
    "NoSpace",
    "NoSuchRef",
    "NoSuchRemote",
    "NotARepository",
    "PushRefused",
    "ReadOnlyRepository",
    "RemoteUnreachable",
    "RewriteRefused",
    "ShallowClone",
    "UnbornBranch",
    "open_history",
]
