"""What can be wrong with a wished change. Nothing is written when one of these is raised."""

from collections.abc import Sequence

from tufline.repository.errors import UserError
from tufline.repository.format import Owner, RoleName

_NAMES_SHOWN = 5


class AlreadyStarted(UserError):
    """There is a repository already."""

    hint = "change the roles of the existing repository instead"

    def __init__(self) -> None:
        super().__init__("the repository has metadata already")


class UnknownRole(UserError):
    """Nobody delegates to the role, or it has no metadata."""

    hint = "check the role's name; `tufline delegate` makes a new role"

    def __init__(self, role: RoleName) -> None:
        super().__init__(f"there is no role {role}")
        self.role = role


class IdentityForRoot(UserError):
    """A Sigstore identity never counts for a root, which the trust in a Sigstore depends on."""

    hint = "sign root with a key on a token or in a file; an identity can sign the other roles"

    def __init__(self, identity: str) -> None:
        super().__init__(f"the Sigstore identity {identity} cannot sign root")


class NotDelegated(UserError):
    """The delegator says nothing of the role."""

    hint = "name a role that delegates to it"

    def __init__(self, delegator: RoleName, role: RoleName) -> None:
        super().__init__(f"{delegator} does not delegate to {role}")
        self.delegator = delegator
        self.role = role


class RoleExists(UserError):
    """The delegator delegates to the role already."""

    hint = "choose another name, or change the existing role"

    def __init__(self, delegator: RoleName, role: RoleName) -> None:
        super().__init__(f"{delegator} delegates to {role} already")
        self.role = role


class CannotDelegate(UserError):
    """The role cannot hold this delegation."""

    hint = "delegate from targets or from another role with a list of delegated roles"

    def __init__(self, delegator: RoleName, role: RoleName) -> None:
        super().__init__(f"{delegator} cannot delegate to {role}")
        self.delegator = delegator
        self.role = role


class CannotRead(UserError):
    """The role's metadata cannot be understood, so it cannot be changed either."""

    hint = "run `tufline review` and mend the file first"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be changed: {reason}")
        self.path = path


class AlreadySigner(UserError):
    """The person holds a key of the role."""

    hint = "to give them another key, use `tufline key replace`"

    def __init__(self, person: Owner, role: RoleName) -> None:
        super().__init__(f"{person} is a signer of {role} already")


class AlreadyInvited(UserError):
    """The person has an invitation to the role that waits for an answer."""

    hint = "ask them to accept it with `tufline sign`"

    def __init__(self, person: Owner, role: RoleName) -> None:
        super().__init__(f"{person} is invited to {role} already")


class NotInvited(UserError):
    """The person has no invitation to accept."""

    hint = "check the user name and the event's branch"

    def __init__(self, person: Owner) -> None:
        super().__init__(f"{person} is not invited to any role")


class NotSigner(UserError):
    """The person holds no key of the role, or no key at all."""

    hint = "check the user name; `tufline events` shows who signs what"

    def __init__(self, person: Owner, role: RoleName | None = None) -> None:
        super().__init__(f"{person} is not a signer of {role or 'any role'}")


class ThresholdOutOfRange(UserError):
    """So many signatures cannot be given, or none would be needed."""

    hint = "choose a threshold between 1 and the number of signers"

    def __init__(self, role: RoleName, threshold: int, signers: int) -> None:
        super().__init__(f"{role} cannot need {threshold} signatures, it would have {signers} keys")
        self.threshold = threshold
        self.signers = signers


class UnusablePeriods(UserError):
    """The periods are missing, or we cannot work with them."""

    hint = "set whole days: signing at least 1, expiry longer than signing"

    def __init__(self, role: RoleName, reason: str) -> None:
        super().__init__(f"periods of {role}: {reason}")
        self.role = role


class InvalidPaths(UserError):
    """The patterns are none, or could never match an artifact."""

    hint = "write patterns such as role/* and role/*/*, relative to targets/"

    def __init__(self, role: RoleName, paths: Sequence[str]) -> None:
        super().__init__(f"{list(paths)} are no paths to delegate to {role}")


class OnlineRole(UserError):
    """The role is signed by online keys; people do not sign it."""

    hint = "give it online keys instead"

    def __init__(self, role: RoleName) -> None:
        super().__init__(f"{role} is not signed by people")


class NotOnlineRole(UserError):
    """People sign the role, so its online keys cannot be set as a whole."""

    hint = "remove its signers first"

    def __init__(self, role: RoleName) -> None:
        super().__init__(f"{role} is signed by people")


class KeyInUse(UserError):
    """The key is somebody else's."""

    hint = "use a key of your own"

    def __init__(self, holder: str) -> None:
        super().__init__(f"this key is already the key of {holder}")


class KeyUnchanged(UserError):
    """The new key is the old key."""

    hint = "make a new key, or insert the new token"

    def __init__(self, person: Owner) -> None:
        super().__init__(f"this is already the key of {person}")


class CannotRemove(UserError):
    """No repository works without the role."""

    hint = "only delegated roles can be removed"

    def __init__(self, role: RoleName) -> None:
        super().__init__(f"{role} cannot be removed")


class StillInUse(UserError):
    """Artifacts or roles depend on the role."""

    hint = "remove these in the same event first"

    def __init__(
        self, role: RoleName, artifacts: Sequence[str], delegations: Sequence[str]
    ) -> None:
        kinds = (("artifacts", artifacts), ("delegations", delegations))
        below = " and ".join(f"{kind} {_listed(names)}" for kind, names in kinds if names)
        super().__init__(f"{role} still has {below}")
        self.artifacts = tuple(artifacts)
        self.delegations = tuple(delegations)


class UnknownHashAlgorithm(UserError):
    """An existing entry has a hash that we cannot compute."""

    hint = "list it with sha256 or sha512 instead"

    def __init__(self, name: str, algorithms: Sequence[str]) -> None:
        super().__init__(f"{name} cannot be hashed with {', '.join(algorithms)}")


class NotListedThere(UserError):
    """The role does not list the artifact, or git does not have it."""

    hint = "`tufline target list` shows which role lists what; add the file first"

    def __init__(self, role: RoleName, artifact: str) -> None:
        super().__init__(f"{role} does not list {artifact}")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
