"""Why a signer's command stops before anything is written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tufline.repository.errors import EnvironmentProblem, Race, Refusal, UserError
from tufline.repository.format import ROOT, Owner

if TYPE_CHECKING:
    from securesystemslib.signer import Key

    from tufline.repository.review import Tally

_FIND: Final = (
    "nothing was pushed; find the old key and plug it in, or say where it is in signing-keys of "
    "your settings; if it is elsewhere, give --no-old-key and let it sign later"
)
_RUNBOOK: Final = 'docs/recovery.md, "A threshold is lost"'


class EventRefused(Refusal):
    """The event breaks a rule, so nobody should sign it."""

    hint = "nothing was signed; docs/rules.md says what each rule means and what to do"

    def __init__(self, event: str, errors: int) -> None:
        super().__init__(f"{event} is refused: {errors} error{'s' if errors != 1 else ''}")


class NotValidated(Refusal):
    """A validator that main names refuses what an event puts into an artifact."""

    hint = "nothing was signed; the artifact must be corrected in the event first"

    def __init__(self, event: str, summary: str) -> None:
        super().__init__(f"{event}: {summary}")


class UnknownUser(UserError):
    """The user of this machine appears nowhere in the repository."""

    def __init__(self, person: Owner, event: str, named_by: str) -> None:
        super().__init__(f"{person} has no key and no invitation in {event}")
        self.hint = f"check {named_by}, or ask to be invited"


class ContentChanged(Race):
    """What was signed is not what the event holds now."""

    hint = "run the command again and look at the new content"

    def __init__(self, event: str, roles: Sequence[str]) -> None:
        super().__init__(
            f"{event} changed while it was being signed: {', '.join(roles)}; nothing was pushed"
        )


class NotListed(UserError):
    """No role, or another one than was named, may list the artifact."""

    hint = (
        "check the name; a role lists what lies in the paths that are delegated to it "
        "(tufline delegate ROLE --path PATTERN)"
    )

    def __init__(self, artifact: str, owner: str | None, wanted: str | None) -> None:
        belongs = f"belongs to {owner}" if owner else "belongs to no role"
        super().__init__(f"{artifact} {belongs}" + (f", not to {wanted}" if wanted else ""))


class NoSuchArtifact(UserError):
    """The event has no artifact of this name."""

    hint = "name it as TUF clients do: the path below targets/"

    def __init__(self, artifact: str, event: str) -> None:
        super().__init__(f"{event} has no artifact {artifact}")


class InvalidCustom(UserError):
    """The custom data of an artifact cannot stand in metadata."""

    hint = """give --custom a JSON object such as '{"os": "linux"}', or @FILE with one"""

    def __init__(self, problem: str) -> None:
        super().__init__(f"the custom data cannot be used: {problem}")


class InvalidPublicKey(UserError):
    """The file holds no public key that we can use."""

    hint = "give a file with a public key in PEM form (BEGIN PUBLIC KEY)"

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path} is not a usable public key: {problem}")


class UnpairedKeys(UserError):
    """Online keys and their public keys are given in different numbers."""

    hint = "give one --online-public-key for each --online-key, in the same order"

    def __init__(self, uris: int, files: int) -> None:
        super().__init__(f"{uris} online keys and {files} public keys are given")


class OnlineKeyFailed(EnvironmentProblem):
    """An online key could not be fetched, or did not sign as it should."""

    hint = (
        "nothing was pushed; check the URI and your rights, or leave the trial to the event's "
        "check: --no-try, with --online-public-key"
    )

    def __init__(self, uri: str, reason: str) -> None:
        super().__init__(f"online key {uri}: {reason}")


class NeverReady(Refusal):
    """A key is replaced that is gone, and too few are left of those that must sign the change.

    Attributes:
        keys: the keys that are gone, in short.
        roles: those that need them.
    """

    def __init__(self, event: str, gone: Sequence["Key"], unmet: Sequence["Tally"]) -> None:
        self.keys = ", ".join(key.keyid[:7] for key in gone)
        self.roles = tuple(each.delegation.role for each in unmet)
        problem = (
            f"the old key {self.keys} is not at hand, and without it {event} could never get ready"
        )
        super().__init__(f"{problem}:" + "".join(f"\n  {_unmet(each)}" for each in unmet))
        self.hint = f"{_FIND}; {_instead(unmet)}"


def _unmet(counted: "Tally") -> str:
    delegation, possible = counted.delegation, len(counted.signed)
    needed = f"{delegation.threshold} signature{'s' if delegation.threshold != 1 else ''}"
    people = ", ".join(counted.labels(tuple(delegation.keys)))
    return (
        f"{delegation.role} needs {needed} by keys that main names, of {people}; "
        f"without the old key only {possible} {'is' if possible == 1 else 'are'} possible"
    )


def _instead(unmet: Sequence["Tally"]) -> str:
    """Return what helps where the old key is lost for good."""
    (first, *_) = unmet
    role, left = first.delegation.role, len(first.signed)
    if role == ROOT:
        return f"if it is lost for good nobody can change root any more: {_RUNBOOK}"
    if left:
        lower = f"tufline delegate sign/threshold {role} --threshold {left}"
        return f"else lower the threshold first, in an event of its own: {lower} ({_RUNBOOK})"
    return f"else see {_RUNBOOK}"


class NoDelegatedRole(UserError):
    """There is no role of this kind to choose from."""

    hint = "only delegated roles can be removed; `tufline delegate` makes them"

    def __init__(self) -> None:
        super().__init__("there is no delegated role")


class NothingToChange(UserError):
    """No flag says what should change."""

    hint = "see `tufline delegate --help` for what can be changed"

    def __init__(self, role: str) -> None:
        super().__init__(f"{role} exists already, and nothing to change in it was given")
