"""A new repository: root and targets in their first version, and invitations to sign them."""

from tuf.api.metadata import Root, Targets

from tufline.repository.edit._draft import Draft
from tufline.repository.edit._errors import AlreadyStarted
from tufline.repository.edit._invite import set_invited
from tufline.repository.edit._keys import pipeline_key
from tufline.repository.edit._terms import RoleTerms, expect_terms
from tufline.repository.edit._trust import trust
from tufline.repository.format import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    RoleName,
    periods_holder,
    set_role_periods,
)


def start(
    draft: Draft, *, root: RoleTerms, targets: RoleTerms, snapshot: RoleTerms, timestamp: RoleTerms
) -> None:
    """Start a repository. Its people are invited; until they accept, root holds no key of theirs.

    Raise `AlreadyStarted` where there is one, or the error of the first term that cannot be kept.
    """
    asked = {ROOT: root, TARGETS: targets, SNAPSHOT: snapshot, TIMESTAMP: timestamp}
    for state in (draft.known_good, draft.event):
        if state.root() is not None or state.targets(TARGETS) is not None:
            raise AlreadyStarted
    for role, terms in asked.items():
        expect_terms(role, terms)
    draft.add_root(Root(expires=draft.now, consistent_snapshot=True))
    draft.add_targets(TARGETS, Targets(expires=draft.now))
    for role, terms in asked.items():
        _set_terms(draft, role, terms)


def _set_terms(draft: Draft, role: RoleName, terms: RoleTerms) -> None:
    root = draft.root()
    signed = draft.targets(role) if role == TARGETS else root
    set_role_periods(periods_holder(role, signed), terms.periods)
    root.roles[role].threshold = terms.threshold
    for online in terms.keys:
        trust(root, role, pipeline_key(online))
    set_invited(draft, role, terms.people)
