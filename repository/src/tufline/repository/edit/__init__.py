"""Every change that people need, pure: states in, files out.

    draft = Draft(known_good=main, event=branch, now=now)
    set_threshold(draft, TARGETS, 2)
    draft.files()       # what to write to the branch, None where a file must go

Each function changes a draft or raises a `UserError` before it changed anything. Signing, judging
and writing are done elsewhere.
"""

from tufline.repository.edit._artifacts import describe_artifact, update_targets
from tufline.repository.edit._delegate import default_paths, delegate, set_paths, set_terminating
from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import (
    AlreadyInvited,
    AlreadySigner,
    AlreadyStarted,
    CannotDelegate,
    CannotRead,
    CannotRemove,
    IdentityForRoot,
    InvalidPaths,
    KeyInUse,
    KeyUnchanged,
    NotDelegated,
    NotInvited,
    NotListedThere,
    NotOnlineRole,
    NotSigner,
    OnlineRole,
    RoleExists,
    StillInUse,
    ThresholdOutOfRange,
    UnknownHashAlgorithm,
    UnknownRole,
    UnusablePeriods,
)
from tufline.repository.edit._import import Adoption, adopt
from tufline.repository.edit._invite import accept, invite
from tufline.repository.edit._keys import OnlineKey, personal_key
from tufline.repository.edit._online_keys import set_online_keys
from tufline.repository.edit._online_metadata import Issue, next_snapshot, next_timestamp
from tufline.repository.edit._periods import set_periods
from tufline.repository.edit._remove_role import (
    remove_role,
    remove_with_all_below,
    roles_that_go,
)
from tufline.repository.edit._renew import renew_distrusted, resign
from tufline.repository.edit._replace_key import replace_key
from tufline.repository.edit._signatures import strip_empty_signatures, with_signature
from tufline.repository.edit._signers import remove_signer, set_signers, set_threshold, signers_of
from tufline.repository.edit._start import start
from tufline.repository.edit._terms import RoleTerms
from tufline.repository.edit._versions import role_files

__all__ = [
    "Adoption",
    "AlreadyInvited",
    "AlreadySigner",
    "AlreadyStarted",
    "CannotDelegate",
    "CannotRead",
    "CannotRemove",
    "Draft",
    "IdentityForRoot",
    "InvalidPaths",
    "Issue",
    "KeyInUse",
    "KeyUnchanged",
    "NotDelegated",
    "NotInvited",
    "NotListedThere",
    "NotOnlineRole",
    "NotSigner",
    "OnlineKey",
    "OnlineRole",
    "RoleExists",
    "RoleTerms",
    "StillInUse",
    "ThresholdOutOfRange",
    "UnknownHashAlgorithm",
    "UnknownRole",
    "UnusablePeriods",
    "accept",
    "adopt",
    "default_paths",
    "delegate",
    "describe_artifact",
    "invite",
    "next_snapshot",
    "next_timestamp",
    "personal_key",
    "remove_role",
    "remove_signer",
    "remove_with_all_below",
    "renew_distrusted",
    "replace_key",
    "resign",
    "role_files",
    "roles_that_go",
    "set_online_keys",
    "set_paths",
    "set_periods",
    "set_signers",
    "set_terminating",
    "set_threshold",
    "signers_of",
    "start",
    "strip_empty_signatures",
    "update_targets",
    "with_signature",
]
