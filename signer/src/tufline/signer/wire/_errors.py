"""Why main could not be compared with what clients get, or must not be signed on top of."""

from pathlib import Path
from typing import Final

from tufline.repository.errors import EnvironmentProblem, Refusal, UserError
from tufline.repository.format import RoleName
from tufline.signer.wire._comparison import Conflict, Different, Gap, MainOlder

NO_WIRE: Final = "to sign without comparing, if others agree: --no-wire"


_ASK: Final = "nothing was signed; ask the other signers on another way than the git host"


class WireUnreachable(EnvironmentProblem):
    """Nothing could be downloaded, or not in time."""

    hint = f"check the network and [publish] url in tufline.toml; {NO_WIRE}"

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"what clients get at {url} could not be downloaded: {reason}")


class WireRefused(Refusal):
    """What is published is not what clients that hold the pinned root take.

    Attributes:
        role: what did not verify.
        main: SHA-256 of main's version of that role, where main has it.
        wire: SHA-256 of what was downloaded, where it was.
    """

    hint = f"{_ASK}, and the operators what they published"

    def __init__(
        self,
        url: str,
        pinned: int,
        role: RoleName,
        reason: str,
        *,
        main: str | None = None,
        wire: str | None = None,
    ) -> None:
        got = f"\n  published: sha256 {wire}" if wire else ""
        has = f"\n  main:      sha256 {main}" if main else ""
        super().__init__(
            f"{role} as it is published at {url} does not verify from your pinned root {pinned}: "
            f"{reason}{got}{has}"
        )
        self.role = role
        self.main = main
        self.wire = wire


class DamagedPin(UserError):
    """The pinned root is not one any more."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"your pinned root in {folder} is damaged: {problem}")
        self.hint = (
            f"restore it from a backup, or delete the folder {folder} and pin the root anew: "
            "compare its fingerprint with other signers first"
        )


class InsecurePin(UserError):
    """Others could change the pinned root."""

    def __init__(self, path: Path, problem: str, mend: str) -> None:
        super().__init__(f"{path} {problem}, so the pinned root in it could be anybody's")
        self.hint = mend


class NoRootToPin(Refusal):
    """Main has no root that could be pinned."""

    hint = "mend root_history on main first; `tufline review` says what is wrong"

    def __init__(self, version: int) -> None:
        super().__init__(f"root {version} on main does not verify by its own keys")


class WrongFingerprint(Refusal):
    """Main's first root is not the one that was expected."""

    hint = "ask another signer which it is, on another way than the git host; nothing was pinned"

    def __init__(self, version: int, fingerprint: str) -> None:
        super().__init__(
            f"root {version} on main has the SHA-256 {fingerprint}, "
            "which is not what --root-fingerprint gives"
        )


class OtherRootPinned(Refusal):
    """This machine trusts a root already, and the one that was given is not on the way to it."""

    def __init__(self, version: int, fingerprint: str, folder: Path) -> None:
        super().__init__(
            "another root is pinned since the first use of this repository on this machine: "
            f"root {version}, SHA-256 {fingerprint}; "
            "--root-fingerprint gives neither it nor a root that leads to it"
        )
        self.hint = (
            f"{_ASK} which root is right. If it is the pinned one, leave --root-fingerprint out; "
            f"if not, delete the folder {folder} and pin the root anew"
        )


class MainWasPutBack(Refusal):
    """Clients get newer versions than main has."""

    hint = f"{_ASK}; main must hold what is published before anything is built on it"

    def __init__(self, where: str, outcome: MainOlder) -> None:
        lines = "".join(f"\n  {_gap(each)}" for each in outcome.behind)
        super().__init__(f"main is older than {where}, so it was put back:{lines}")
        self.outcome = outcome


class MainDiffers(Refusal):
    """Main is another repository than the one that clients get."""

    hint = f"{_ASK}; main may have been rewritten"

    def __init__(self, where: str, outcome: Different) -> None:
        lines = "".join(f"\n  {_conflict(each)}" for each in outcome.conflicts)
        super().__init__(f"main is not {where}:{lines}")
        self.outcome = outcome


def _gap(gap: Gap) -> str:
    return f"{gap.role}: main has {_of_version(gap.main)}, clients have {_of_version(gap.wire)}"


def _of_version(version: int | None) -> str:
    return "none" if version is None else f"version {version}"


def _conflict(conflict: Conflict) -> str:
    main = f"sha256 {conflict.main}" if conflict.main else "nothing that can be read"
    if conflict.wire is None:
        cut = "which does not follow from the newest root that clients have"
        return f"{conflict.role} version {conflict.version}, {cut}\n    main:      {main}"
    return (
        f"{conflict.role} version {conflict.version} is two things\n"
        f"    main:      {main}\n    published: sha256 {conflict.wire}"
    )
