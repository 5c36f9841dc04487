"""Where a person works: their clone, opened with their settings, and the events in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tufline.repository.commands import spelled, verifiers
from tufline.repository.edit import Draft
from tufline.repository.history import History, NoSuchRef, open_history
from tufline.repository.identities import PinnedKeys, verifier_for
from tufline.repository.jobs import (
    MAIN,
    Event,
    Proposal,
    commit_proposal,
    draft_proposal,
    load_event,
    open_event,
    with_files,
)
from tufline.repository.review import VerifierFor
from tufline.repository.state import State
from tufline.signer._pull_request import pull_request_url
from tufline.signer._settings import (
    SignerSettings,
    expect_untracked,
    find_clone,
    read_signer_settings,
)
from tufline.signer.commands._login import login_source
from tufline.signer.commands._pin import pin_source
from tufline.signer.commands._screen import agree, hint, say, show, standing
from tufline.signer.commands._working import working
from tufline.signer.keys import Identities, Keys, LocalMachineKeys, LoginSource, PinSource, Tokens


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """A person, the repository as it was fetched, the time, and what verifies signatures.

    `pull_url` and `push_url` are those of the remotes, as git uses them.
    """

    settings: SignerSettings
    history: History
    now: datetime
    verifiers: VerifierFor
    pull_url: str
    push_url: str

    def refresh(self) -> None:
        """Fetch what is new."""
        with working(f"fetching from {self.settings.pull_remote}"):
            self.history.refresh()

    def event(self, name: str) -> Event:
        """Return the event of a branch, or a new one."""
        return open_event(self.history, name, verifiers=self.verifiers)

    def existing(self, name: str) -> Event:
        """Return the event of a branch; raise `NotAnEvent`, `NoSuchRef`."""
        return load_event(self.history, name, verifiers=self.verifiers)

    def draft(self, event: str, edit: Callable[[Draft], object], *, message: str) -> Proposal:
        """Return the change that `edit` makes to an event."""
        return draft_proposal(self.event(event), edit, message=message, now=self.now)

    def propose(self, change: Proposal, *, yes: bool) -> None:
        """Show a change, ask, and push it to the event's branch."""
        event = change.event
        outcome = State(with_files(event.proposed.files, change.files))
        show(event.name, change.review, event.known_good, outcome)
        if not change.files:
            say(f"{event.name} is like that already; nothing was pushed")
            return
        if not change.review.errors:  # with errors there is nothing to ask: the commit is refused
            agree(f"push this to {event.name}?", yes=yes)
        with working(f"pushing to {event.name}"):
            commit = commit_proposal(self.history, change, author=None, now=self.now)
        say(f"pushed to {event.name}: {change.message} ({commit[:10]})")
        if self.from_fork:
            self.say_how_to_offer(event.name, base=MAIN if event.is_new else None)
        else:
            say(standing(event.name, change.review))

    @property
    def from_fork(self) -> bool:
        """Whether what is pushed must be offered to the original repository."""
        return self.settings.pull_remote != self.settings.push_remote

    def say_how_to_offer(self, name: str, *, base: str | None = None) -> None:
        """Say where to open the pull request of what was pushed to the fork.

        It goes to `base`, by default to the branch of the same name.
        """
        page = pull_request_url(self.pull_url, self.push_url, name, base=base)
        remote = self.settings.push_remote
        if page:
            say(f"now open the pull request from {remote}: {spelled(page)}")
        else:
            to = spelled(base or name)
            say(f"now offer branch {spelled(name)} of {remote} to branch {to} of the original")

    def keys(
        self,
        *,
        key: str | None,
        pin_fd: int | None,
        pin_file: Path | None,
        login: LoginSource | None = None,
    ) -> Keys:
        """Return the keys at hand, as the options and the settings say."""
        identities = Identities(self._pinned, login or login_source(None))
        return keys_of(
            self.settings, key=key, pin_fd=pin_fd, pin_file=pin_file, identities=identities
        )

    def _pinned(self) -> PinnedKeys:
        """Return the Sigstore that main pins, which no event can change for itself."""
        return verifier_for(State(self.history.files(self.history.resolve(MAIN))))


def keys_of(
    settings: SignerSettings,
    *,
    key: str | None,
    pin_fd: int | None,
    pin_file: Path | None,
    identities: Identities | None = None,
    secret: PinSource | None = None,
) -> Keys:
    """Return the keys at hand, as the options and the settings say. Identities sign online.

    `secret` gives PINs and passphrases in place of the options.
    """
    pin = secret or pin_source(pin_fd=pin_fd, pin_file=pin_file)
    return LocalMachineKeys(
        Tokens(settings.module, pin, tell=hint),
        chosen=key or settings.key,
        known=settings.signing_keys,
        secret=pin,
        identities=identities,
    )


@contextmanager
def open_desk(git_dir: Path, now: datetime) -> Iterator[Desk]:
    """Open the clone around `git_dir` and fetch what is new."""
    clone = find_clone(git_dir)
    settings = read_signer_settings(clone)
    pull, push = settings.pull_remote, settings.push_remote
    with open_history(clone, pull_remote=pull, push_remote=push) as history:
        _expect_own(settings, history)
        with working(f"fetching from {pull}"):
            history.refresh()
        yield Desk(
            settings=settings,
            history=history,
            now=now,
            verifiers=verifiers(),
            pull_url=history.remote_url(pull),
            push_url=history.remote_url(push, push=True),
        )


def _expect_own(settings: SignerSettings, history: History) -> None:
    try:
        checked_out = history.resolve("HEAD")
    except NoSuchRef:
        return  # nothing is checked out yet
    expect_untracked(settings, history.files(checked_out))
