"""Why main could not be compared with what clients get, or must not be signed on top of."""

from pathlib import Path

from tufline.repository.errors import EnvironmentProblem, Refusal, UserError
from tufline.repository.format import RoleName

NO_WIRE = "to sign without this comparison, which you should agree upon with others: --no-wire"


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

    hint = (
        "nothing was signed; ask the other signers on another way than the git host, "
        "and the operators what they published"
    )

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
