"""A Sigstore identity as a signer URI: `sigstore:alice@example.com?issuer=https://github.com/…`.

It names who signs and who says so, which is all there is of such a key. Where to sign, and whom to
trust, is what the repository pins.
"""

from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from securesystemslib.signer import Key, SigstoreKey, SigstoreSigner

from tufline.signer.keys._file_errors import UnusableKey

SCHEME: Final = SigstoreSigner.SCHEME
_PLAIN: Final = "@:/"  # what may stand as it is, so that people can read it


class NoIdentity(UnusableKey):
    """A URI that should name an identity, and does not."""

    hint = f"write {SCHEME}:IDENTITY?issuer=URL, such as {SCHEME}:you@example.com?issuer=https://…"


def identity_uri(identity: str, issuer: str) -> str:
    """Return the URI of an identity; raise `NoIdentity` where the issuer is no URL."""
    uri = f"{SCHEME}:{quote(identity, safe=_PLAIN)}?issuer={quote(issuer, safe=_PLAIN)}"
    identity_key(uri)
    return uri


def identity_key(uri: str) -> Key:
    """Return the identity that a URI names, as a key without an id; raise `NoIdentity`."""
    place, _, query = uri.partition(":")[2].partition("?")
    identity, options = unquote(place), parse_qs(query, keep_blank_values=True)
    issuers = options.pop("issuer", [])
    if not identity or len(issuers) != 1 or options:
        raise NoIdentity(uri, "this names no Sigstore identity")
    if urlsplit(issuers[0]).scheme not in {"https", "http"} or not issuers[0].isprintable():
        raise NoIdentity(uri, "the issuer is no URL")
    if not identity.isprintable():
        raise NoIdentity(uri, "the identity holds characters that are not shown")
    keyval = {"identity": identity, "issuer": issuers[0]}
    return SigstoreKey("", SigstoreKey.DEFAULT_KEY_TYPE, SigstoreKey.DEFAULT_SCHEME, keyval)


def uri_of(key: Key) -> str:
    """Return the URI of an identity of the metadata."""
    return identity_uri(key.keyval["identity"], key.keyval["issuer"])


def in_words(key: Key) -> str:
    """Return how to name an identity."""
    return f"the Sigstore identity {key.keyval['identity']} ({key.keyval['issuer']})"
