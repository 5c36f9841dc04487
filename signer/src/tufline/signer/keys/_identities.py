"""Sigstore identities as people's keys: nothing is held, and each signature goes online.

A person proves who they are to the provider that the pinned Sigstore names; its authority certifies
a key for minutes, and its log keeps the signature, with the person's name, for all to see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TypeAlias

from securesystemslib.signer import Key, Signature

from tufline.repository.edit import IdentityForRoot
from tufline.repository.errors import TuflineError
from tufline.repository.identities import (
    PinnedKeys,
    PinnedTrust,
    expect_identity,
    is_root,
    is_valid_now,
    reason_of,
    sign_as_identity,
)
from tufline.signer.keys._errors import IdentityFailed, IdentityNotUsable
from tufline.signer.keys._identity_uris import in_words

_NO_LIBRARY = "the library for Sigstore is not installed"
_INSTALL = "pip install 'tufline-signer[sigstore]'"
_APART = "nothing goes online here"
_IN_A_CLONE = "sign in a clone with `tufline sign`: such a signature is made online"
_PIN = "let targets list the two files of a Sigstore first: docs/online-signing.md says how"


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """What a person is to log in for.

    Attributes:
        provider: the URL where people log in; None where the pinned Sigstore names none.
        hosts: who is asked and told, to make the signature.
    """

    identity: str
    issuer: str
    provider: str | None
    hosts: tuple[str, ...]


LoginSource: TypeAlias = Callable[[Login], str]
"""Returns a token of OpenID Connect that says who the person is.

Tells the person what will happen before anything does; asks nobody without a terminal.
"""


class Identities:
    """Signs as identities, by the Sigstore that `pinned` gives. Without that none can sign."""

    def __init__(
        self, pinned: Callable[[], PinnedKeys] | None = None, login: LoginSource | None = None
    ) -> None:
        self._pinned = pinned
        self._login = login
        self._tokens: dict[str, str] = {}

    def trust_for(self, key: Key) -> PinnedTrust:
        """Return where `key` would sign; raise `IdentityNotUsable`. Asks nobody."""
        if find_spec("sigstore") is None:
            raise IdentityNotUsable(in_words(key), _NO_LIBRARY, _INSTALL)
        if self._pinned is None:
            raise IdentityNotUsable(in_words(key), _APART, _IN_A_CLONE)
        found = self._pinned()
        if found.trust is None:
            raise IdentityNotUsable(in_words(key), str(found.problem), _PIN)
        return found.trust

    def sign(self, key: Key, payload: bytes) -> Signature:
        """Sign online, as who the token says, and verify that by what is pinned."""
        trust = self.trust_for(key)
        if is_root(payload):
            raise IdentityForRoot(key.keyval["identity"])
        token = self._token(key, trust)
        try:
            return sign_as_identity(key, trust, token, payload)
        except TuflineError:
            raise
        except Exception as error:  # the library's, and those of what it speaks through
            raise IdentityFailed(in_words(key), reason_of(error)) from error

    def _token(self, key: Key, trust: PinnedTrust) -> str:
        """Return a token of the identity, the same as before while it is valid."""
        name = in_words(key)
        if name not in self._tokens or not is_valid_now(self._tokens[name]):
            token = self._new_token(key, trust)
            expect_identity(key, token)
            self._tokens[name] = token
        return self._tokens[name]

    def _new_token(self, key: Key, trust: PinnedTrust) -> str:
        if self._login is None:
            raise IdentityNotUsable(in_words(key), _APART, _IN_A_CLONE)
        return self._login(
            Login(
                identity=key.keyval["identity"],
                issuer=key.keyval["issuer"],
                provider=trust.provider,
                hosts=trust.hosts,
            )
        )
