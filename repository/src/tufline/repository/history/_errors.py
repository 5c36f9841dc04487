"""What can go wrong with git, by who can mend it.

`GitFailed` holds the facts of a failed call. Errors with a better name chain it as their cause.
"""

import shlex
from collections.abc import Sequence

from tufline.repository.errors import EnvironmentProblem, Race, Refusal, UserError


class GitMissing(EnvironmentProblem):
    """There is no git program."""

    hint = "install git 2.36 or newer, and see that PATH names its folder"

    def __init__(self) -> None:
        super().__init__("the program git was not found")


class GitTooOld(EnvironmentProblem):
    """Git is older than what we rely on."""

    hint = "install git 2.36 or newer"

    def __init__(self, version: str) -> None:
        super().__init__(f"git {version} is too old")
        self.version = version


class GitFailed(EnvironmentProblem):
    """A git command failed in a way we have no better name for."""

    hint = "run the git command by hand in the repository to see more"

    def __init__(self, command: Sequence[str], code: int, stderr: str) -> None:
        self.command = tuple(command)
        self.code = code
        self.stderr = stderr.strip()
        lines = self.stderr.splitlines()
        reasons = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        reason = (reasons or lines or [f"exit status {code}"])[0]
        super().__init__(f"git {' '.join(self.command)} failed: {reason}")


class SaidByGit(EnvironmentProblem):
    """An error that repeats the line in which git gave the reason."""

    problem: str

    def __init__(self, said: str) -> None:
        super().__init__(f"{self.problem}: {said}")
        self.said = said


class AuthFailed(SaidByGit):
    """The remote does not know who we are."""

    problem = "the remote did not accept your login"
    hint = "check your ssh key or token: `git fetch` in the clone must work without a question"


class RemoteUnreachable(SaidByGit):
    """No network, no such host, or no repository there."""

    problem = "the remote cannot be reached"
    hint = "check the network, and the address in `git remote -v`"


class ReadOnlyRepository(SaidByGit):
    """The repository, here or on the remote, may be read but not written."""

    problem = "no permission to write to the repository"
    hint = (
        "ask for write permission, or push to a fork (setting push-remote); "
        "in a workflow, give the token contents: write under `permissions:` of the job"
    )


class NoSpace(SaidByGit):
    """The disk is full, here or on the remote."""

    problem = "no space left on the disk"
    hint = "free some space on the disk that holds the repository and run the command again"


class CorruptRepository(SaidByGit):
    """An object is missing, damaged, or not what git would have written."""

    problem = "the git repository is damaged"
    hint = "run `git fsck` in it; a fresh clone is the surest cure"


class MissingObject(CorruptRepository):
    """An object that something refers to is not there, or cannot be read."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"object {wanted} is missing or unreadable")


class NotARepository(UserError):
    """The path is neither a clone nor a bare repository."""

    hint = "give the folder of a git clone, or of a bare git repository"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is not a git repository")
        self.path = path


class NoSuchRemote(UserError):
    """The clone has no remote of this name."""

    hint = "see `git remote -v`, and the settings pull-remote and push-remote"

    def __init__(self, name: str) -> None:
        super().__init__(f"the clone has no remote {name!r}")
        self.name = name


class NoSuchRef(UserError):
    """No branch, tag or commit has this name."""

    hint = "check the name; `git fetch` if somebody has just pushed it"

    def __init__(self, name: str) -> None:
        super().__init__(self._message(name))
        self.name = name

    @staticmethod
    def _message(name: str) -> str:
        return f"there is no branch or commit {name!r}"


class UnbornBranch(NoSuchRef):
    """The repository has no commit at all."""

    hint = "push the first commit to it"

    @staticmethod
    def _message(name: str) -> str:
        return f"branch {name!r} has no commit yet"


class ShallowClone(UserError):
    """History is cut off, so a question about ancestors could be answered wrongly."""

    hint = "run `git fetch --unshallow` (in a workflow: check out with fetch-depth 0)"

    def __init__(self) -> None:
        super().__init__("the clone is shallow: a part of its history is missing")


class NoIdentity(UserError):
    """Git does not know the user's name and email address."""

    hint = "run `git config --global user.name NAME` and `git config --global user.email ADDRESS`"

    def __init__(self) -> None:
        super().__init__("git does not know your name and email address")


class InvalidAuthor(UserError):
    """A name or address that a commit cannot hold."""

    hint = "leave out line breaks and angle brackets"

    def __init__(self, name: str, email: str) -> None:
        super().__init__(f"{name!r} <{email!r}> cannot be the author of a commit")


class InvalidPath(UserError):
    """A path that a git tree may not hold."""

    hint = "use a relative path of plain names, without '.', '..' or '.git'"

    def __init__(self, path: str) -> None:
        super().__init__(f"{path!r} cannot be a path in the repository")
        self.path = path


class InvalidBranch(UserError):
    """A branch name that git does not allow."""

    hint = "see `git help check-ref-format` for the rules of branch names"

    def __init__(self, branch: str) -> None:
        super().__init__(f"{branch!r} cannot be the name of a branch")
        self.branch = branch


class Moved(Race):
    """Somebody else moved the branch first. Nothing was changed."""

    hint = "run the command again: it starts from what is there now"

    def __init__(self, branch: str) -> None:
        super().__init__(f"branch {branch!r} was moved by somebody else meanwhile")
        self.branch = branch


class BranchMissing(Refusal):
    """The branch to move is not where it is to be pushed to."""

    def __init__(self, branch: str, remote: str) -> None:
        super().__init__(f"{remote} has no branch {branch!r}")
        self.hint = f"if {remote} is a fork, bring the branch there first: sync it, then run again"
        self.branch = branch


class ForkAhead(Refusal):
    """The fork's branch holds commits that the original's does not have."""

    def __init__(self, branch: str, remote: str) -> None:
        super().__init__(f"branch {branch!r} of {remote} holds what was not taken over yet")
        self.hint = (
            "if a pull request from it is open, wait until it is merged; "
            f"else delete the branch there: git push {remote} --delete {shlex.quote(branch)}"
        )
        self.branch = branch


class RewriteRefused(Refusal):
    """The new commit does not descend from the old one."""

    hint = "make the change on top of the branch as it is now"

    def __init__(self, branch: str) -> None:
        super().__init__(f"moving branch {branch!r} would drop commits that it holds")
        self.branch = branch


class PushRefused(Refusal):
    """The remote took no part of the push, for the reason given."""

    hint = "the remote's settings forbid this push: ask who runs it"

    def __init__(self, branch: str, said: str) -> None:
        super().__init__(f"the remote refused to change branch {branch!r}: {said}")
        self.branch = branch
        self.said = said


class HookRefused(PushRefused):
    """A hook or a protection rule of the remote said no; `said` is what it told us."""

    hint = "do what the remote's message asks for"
