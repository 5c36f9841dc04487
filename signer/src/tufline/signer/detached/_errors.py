"""What can be wrong with files that are carried between machines."""

from collections.abc import Sequence
from pathlib import Path

from tufline.repository.errors import EnvironmentProblem, Refusal, UserError


class InvalidPayload(UserError):
    """The file is not a payload, or was damaged or changed on its way."""

    hint = "make it anew with `tufline payload EVENT -o FILE`, and compare its SHA-256"

    def __init__(self, problem: str) -> None:
        super().__init__(f"this is not a payload to sign: {problem}")


class NotInPayload(Refusal):
    """Review needs a file that the payload does not hold."""

    hint = "make the payload anew, with the same version of tufline as here; nothing was signed"

    def __init__(self, path: str) -> None:
        super().__init__(f"the payload does not hold {path!r}, which must be reviewed")


class EarlierMissing(Refusal):
    """The payload shows as new what is not: nobody could see what changes in it."""

    hint = "nothing was signed; an imported repository or a role that returns is signed in a clone"

    def __init__(self, role: str, version: int) -> None:
        super().__init__(
            f"{role} is of version {version}, and the payload's main has no earlier version of it"
        )


class PayloadTooLarge(Refusal):
    """What must be reviewed does not fit into one file."""

    hint = "sign this event with `tufline sign` in a clone, or split the change into smaller events"

    def __init__(self, event: str, largest: int) -> None:
        super().__init__(f"what must be reviewed of {event} is over {largest} bytes")


class PayloadNotEqual(Refusal):
    """Review says something else of the payload than of the event: a fault of this program."""

    hint = "sign the event with `tufline sign` in a clone, and report this"

    def __init__(self, event: str) -> None:
        super().__init__(f"a payload of {event} would not be reviewed as the event is")


class InvalidSignatures(UserError):
    """The file is not one of signatures."""

    hint = "it is what `tufline sign --offline FILE -o SIGNATURES` writes"

    def __init__(self, problem: str) -> None:
        super().__init__(f"this is not a file of signatures: {problem}")


class SignatureNotTaken(Refusal):
    """Signatures that do not count for the event as it is now."""

    hint = "nothing was pushed; make the payload anew, look at what changed, and sign that"

    def __init__(self, event: str, reasons: Sequence[str]) -> None:
        super().__init__(f"not for {event} as it is now: {'; '.join(reasons)}")


class UnusableMedium(EnvironmentProblem):
    """The file cannot be read or written as it should."""

    hint = "name a plain file in a folder that you may write to"

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file} {problem}")
