"""Whether a payload is of a repository that this machine knows, by the roots that it keeps.

Without a clone there is no remote to tell repositories apart, so a repository is known by its
oldest root: another one is another repository, which the person is asked about. From there the pin
goes on by the TUF root chain only, and a payload never brings it back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tufline.repository.format import Document
from tufline.repository.jobs import Event
from tufline.repository.publish import published_bytes
from tufline.signer._asked import Unsigned
from tufline.signer.detached._errors import EarlierMissing
from tufline.signer.wire import (
    Different,
    MainDiffers,
    MainOlder,
    MainWasPutBack,
    Pin,
    PinFolder,
    compare_with_pin,
    first_root,
    pin_folder,
)

_KNOWN_AS = "payload of the repository whose oldest root has the SHA-256 {}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RootOfPayload:
    """The roots of a payload's main, which lead from one to the next.

    Attributes:
        first: the oldest that clients may hold, by which people know the repository.
        newest: main's root.
        pinned: what this machine trusts; None: it does not know the repository yet.
    """

    first: Pin
    newest: Pin
    pinned: Pin | None
    folder: PinFolder

    def keep(self) -> None:
        """Trust the newest from now on."""
        if self.pinned != self.newest:
            self.folder.write(self.newest)


def root_of_payload(event: Event, *, data: Path | None = None) -> RootOfPayload | None:
    """Return the roots of a payload; None where its main has no root yet.

    Raises `MainDiffers` or `MainWasPutBack` where main does not go on from the root that is pinned
    or, before first use, from its own oldest, and `NoRootToPin`.
    """
    base = event.known_good
    if base.root() is None:
        return None
    first = first_root(base, event.settings)
    folder = pin_folder(_KNOWN_AS.format(first.fingerprint), data=data)
    pinned = folder.read()
    _expect_follows(event, pinned or first)
    return RootOfPayload(first=first, newest=_newest(event, first), pinned=pinned, folder=folder)


def read_roots(event: Event) -> None:
    """Ask for all that `root_of_payload` will, without a look at what is pinned here."""
    if event.known_good.root() is not None:
        _expect_follows(event, first_root(event.known_good, event.settings))


def expect_earlier(event: Event, wanted: Iterable[Unsigned]) -> None:
    """Raise `EarlierMissing` where a role is shown as new though it is of a later version.

    A forger who leaves main's version out would have everything shown, but nothing as a change; and
    without main's root no pin would tell. What is new begins with version 1.
    """
    for each in wanted:
        if each.version > 1 and event.known_good.role(each.role) is None:
            raise EarlierMissing(each.role, each.version)


def _expect_follows(event: Event, pin: Pin) -> None:
    outcome = compare_with_pin(pin, event.known_good, event.verifier)
    if isinstance(outcome, Different):
        raise MainDiffers(f"what follows from root {pin.version}", outcome)
    if isinstance(outcome, MainOlder):
        raise MainWasPutBack("the repository that this machine saw", outcome)


def _newest(event: Event, first: Pin) -> Pin:
    root = event.known_good.root()
    if not isinstance(root, Document):
        return first  # `_expect_follows` has refused it
    return replace(first, version=root.signed.version, root=published_bytes(root.data))
