"""The chain of roots: whether one leads to the next, and how far back all do.

Clients walk from their root to the newest one version at a time, and each must be signed by the
threshold of the one before it and by its own (TUF 5.3.4, 5.3.5).
"""

from tuf.api.metadata import Root

from tufline.repository.format import ROOT, Document
from tufline.repository.review._signatures import KeyVerifier, tally
from tufline.repository.state import LoadedRoot, State, Unreadable, delegation_of


def oldest_verifying_root(state: State, newest: Document[Root], verifier: KeyVerifier) -> int:
    """Return the oldest root from which clients get to `newest`, the state's current root."""
    version = newest.signed.version
    link: LoadedRoot = newest
    while version > 1:
        before = state.historic_root(version - 1)
        if own_problem(before, version - 1, verifier) or step_problem(before, link, verifier):
            break
        version, link = version - 1, before
    return version


def own_problem(link: LoadedRoot, version: int, verifier: KeyVerifier) -> str | None:
    """Return what is wrong with root `version` by itself, or None."""
    if link is None:
        return "is missing in root_history"
    if isinstance(link, Unreadable):
        return f"cannot be read: {link.reason}"
    if link.signed.version != version:
        return f"says it is version {link.signed.version}"
    return _signed_by(link, link, "itself", verifier)


def step_problem(before: LoadedRoot, link: LoadedRoot, verifier: KeyVerifier) -> str | None:
    """Return why clients that hold `before` do not accept `link`, or None."""
    return _signed_by(before, link, "the root before it", verifier)


def _signed_by(
    signer: LoadedRoot, link: LoadedRoot, name: str, verifier: KeyVerifier
) -> str | None:
    delegation = delegation_of(ROOT, signer, ROOT)
    if delegation is None or not isinstance(link, Document):
        return f"does not verify by {name}"
    counted = tally(link, delegation, verifier)
    if counted.met:
        return None
    return f"has {len(counted.signed)} of {delegation.threshold} signatures by the keys of {name}"
