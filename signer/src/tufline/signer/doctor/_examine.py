"""The checks, in the order in which they build on each other."""

import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tufline.repository.edit import personal_key
from tufline.repository.format import is_sigstore_key
from tufline.repository.history import GitHistory, open_history
from tufline.repository.identities import verifier_for
from tufline.repository.jobs import MAIN
from tufline.repository.settings import Settings, read_settings
from tufline.repository.state import State
from tufline.signer._may_sign import holdings, keys_of
from tufline.signer._settings import SignerSettings, find_clone, read_signer_settings
from tufline.signer.doctor._clock import Clock, clock_of_web, look_at_clock
from tufline.signer.doctor._finding import Doubt, Finding, NotLookedAt, checked
from tufline.signer.keys import (
    UNKNOWN,
    Attached,
    Identities,
    Keys,
    LockedPin,
    NoKeyOnToken,
    Tokens,
    attached,
    attempts_in_words,
    in_words,
    no_secret,
)
from tufline.signer.wire import PinFolder

if TYPE_CHECKING:
    from securesystemslib.signer import Key

_BRANCH: Final = "sign/doctor-tries-to-push"
_SCRATCH: Final = b"tufline doctor signs this to try a key; it is no metadata. "


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What is examined, and by which means.

    Attributes:
        folder: where the command was run.
        keys: opens the keys at hand, as the settings say.
        pinned: where the pinned root of a pull remote's URL lies.
        signs: whether a trial signature is made, which may ask for a PIN and a touch.
    """

    folder: Path
    now: datetime
    keys: Callable[[SignerSettings], Keys]
    pinned: Callable[[str], PinFolder]
    signs: bool = True
    clock: Clock = clock_of_web


def examine(it: Surroundings) -> Iterator[Finding]:
    """Yield what each check finds. Fetches from the remote; writes and pushes nothing."""
    with ExitStack() as stack:
        examination = _Examination(it, stack)
        for name, look in examination.checks():
            yield checked(name, look)


class _Examination:
    """What earlier checks found, for later ones."""

    def __init__(self, it: Surroundings, stack: ExitStack) -> None:
        self._it = it
        self._stack = stack
        self._settings: SignerSettings | None = None
        self._history: GitHistory | None = None
        self._main: State | None = None
        self._key: tuple[Key, str] | None = None

    def checks(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield each check by its name."""
        yield "version", _look_at_version
        yield "settings", self._look_at_settings
        yield "git", self._look_at_git
        yield "identity", self._look_at_identity
        yield "fetch", self._look_at_fetch
        yield "push", self._look_at_push
        yield "roles", self._look_at_roles
        yield "clock", self._look_at_clock
        yield "pinned root", self._look_at_pin
        yield "attached", self._look_at_what_is_attached
        yield "key", self._look_at_key
        yield "signature", self._look_at_signature

    def _look_at_settings(self) -> str:
        self._settings = read_signer_settings(find_clone(self._it.folder))
        return f"{self._settings.user}, in {self._settings.file}"

    def _look_at_git(self) -> str:
        settings = self._known_settings()
        self._history = self._stack.enter_context(
            open_history(
                settings.file.parent,
                pull_remote=settings.pull_remote,
                push_remote=settings.push_remote,
            )
        )
        return f"the clone {settings.file.parent}"

    def _look_at_identity(self) -> str:
        found = self._opened().identity()
        return f"commits are by {found.name} <{found.email}>"

    def _look_at_fetch(self) -> str:
        history, remote = self._opened(), self._known_settings().pull_remote
        history.refresh()
        self._main = State(history.files(history.resolve(MAIN)))
        return f"{remote}: {history.remote_url(remote)}"

    def _look_at_push(self) -> str:
        self._fetched()
        history, remote = self._opened(), self._known_settings().push_remote
        history.try_push(_BRANCH, history.resolve(MAIN))
        url = history.remote_url(remote, push=True)
        return f"{remote} would take a branch (tried without pushing): {url}"

    def _look_at_roles(self) -> str:
        user = self._known_settings().user
        mine = [each for each in holdings(self._fetched()).values() if each.holder == user]
        roles = dict.fromkeys(role for each in mine for role in each.roles)
        if not roles:
            raise Doubt(
                f"main has no key of {user}",
                "nothing, if you are not yet invited or have not accepted; else check user-name",
            )
        return f"{user} may sign {', '.join(roles)}"

    def _look_at_clock(self) -> str:
        main, history = self._fetched(), self._opened()
        newest = history.info(history.resolve(MAIN)).when
        url = _settings_of(main).publish.url
        return look_at_clock(self._it.now, newest, url, self._it.clock)

    def _look_at_pin(self) -> str:
        remote = self._known_settings().pull_remote
        pin = self._it.pinned(self._opened().remote_url(remote)).read()
        if pin is None:
            raise NotLookedAt("none yet: `tufline sign` asks for it when it is first used")
        return f"root {pin.version}, SHA-256 {pin.fingerprint}"

    def _look_at_what_is_attached(self) -> str:
        settings = self._known_settings()
        places = tuple(attached(Tokens(settings.module, no_secret), _files(settings)))
        usable = [place for place in places if not place.problem]
        problems = [f"{place.name}: {place.problem}" for place in places if place.problem]
        if not usable:
            said = "; ".join(problems) or "no token is plugged in, and no key file is set"
            raise Doubt(said, _advice(places))
        last = next((each for each in usable if each.attempts_left == "one"), None)
        if last:
            said = f"{last.name}: {attempts_in_words(last.attempts_left)}"
            raise Doubt(said, "look the PIN up before you type it; the right one brings all back")
        return ", ".join(_token(place) for place in usable)

    def _look_at_key(self) -> str:
        settings = self._known_settings()
        mine = keys_of(self._main, settings.user) if self._main else ()
        keys = self._it.keys(settings)
        key = mine[-1] if mine else personal_key(keys.new_key(), settings.user)
        news = "" if mine else ", new to the metadata"
        if is_sigstore_key(key):
            return self._look_at_sigstore(key) + news
        self._key = key, keys.find(key)
        return f"{self._key[1]}: key {key.keyid[:7]}{news}"

    def _look_at_sigstore(self, key: "Key") -> str:
        """Look at what an identity needs here. Whether its services answer is not tried."""
        main = self._fetched()
        trust = Identities(lambda: verifier_for(main)).trust_for(key)
        self._key = key, in_words(key)
        return f"{in_words(key)}, at the Sigstore that main pins ({', '.join(trust.hosts)})"

    def _look_at_signature(self) -> str:
        if self._key is None:
            raise NotLookedAt("there is no key to sign with")
        if not self._it.signs:
            raise NotLookedAt("left out, as --no-sign says")
        key, place = self._key
        if is_sigstore_key(key):
            raise NotLookedAt("an identity signs online, and a public log would keep the trial")
        payload = _SCRATCH + self._it.now.isoformat().encode()
        self._it.keys(self._known_settings()).sign(key, payload)  # raises unless it verifies
        return f"made with {place} over a scratch text, and verified"

    def _known_settings(self) -> SignerSettings:
        if self._settings is None:
            raise NotLookedAt("there are no settings")
        return self._settings

    def _opened(self) -> GitHistory:
        if self._history is None:
            raise NotLookedAt("the clone cannot be opened")
        return self._history

    def _fetched(self) -> State:
        self._opened()
        if self._main is None:
            raise NotLookedAt("main could not be fetched")
        return self._main


def _look_at_version() -> str:
    return f"tufline {version('tufline-signer')}, Python {platform.python_version()}"


def _settings_of(main: State) -> Settings:
    return read_settings(main)


def _files(settings: SignerSettings) -> tuple[str, ...]:
    return (*((settings.key,) if settings.key else ()), *settings.signing_keys.values())


def _advice(places: Sequence[Attached]) -> str:
    """Return what to do where no key is attached that can sign."""
    if any(place.attempts_left == "none" for place in places):
        return LockedPin.hint
    if any(place.module for place in places):
        return NoKeyOnToken.hint
    return "plug in your token; `tufline key list` shows what is attached"


def _token(place: Attached) -> str:
    slots = ", ".join(f"slot {key.slot}" for key in place.keys if key.slot)
    known = place.attempts_left != UNKNOWN
    pin = [attempts_in_words(place.attempts_left)] if known else []
    more = "; ".join([*([slots] if slots else []), *pin])
    return place.name + (f" ({more})" if more else "")
