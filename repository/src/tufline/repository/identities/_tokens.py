"""Tokens of OpenID Connect: who they say that somebody is, and how a person gets one."""

from collections.abc import Collection
from typing import Final

from securesystemslib.signer import Key

from tufline.repository.errors import EnvironmentProblem, UserError

TOKEN_VARIABLE: Final = "SIGSTORE_ID_TOKEN"  # noqa: S105 - the name of a variable, no secret
_LONGEST: Final = 300


class UnusableToken(UserError):
    """The text is no token, or one that is not valid (any more) or not for Sigstore."""

    hint = "get a new token for the audience sigstore, valid now; it lasts for minutes only"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the identity token cannot be used: {reason}")


class LoginFailed(EnvironmentProblem):
    """The provider cannot be reached, or did not give a token."""

    hint = "run the command again; or get a token another way, for the audience sigstore"

    def __init__(self, provider: str, reason: str) -> None:
        super().__init__(f"the login at {provider} failed: {reason}")


class OtherIdentity(UserError):
    """The token is somebody else's than the key's identity. Nothing was signed."""

    hint = (
        "log out at the provider or choose the other account there, then run the command again; "
        "or get a token of that identity"
    )

    def __init__(self, key: Key, names: Collection[str], issuer: str) -> None:
        wanted = f"{key.keyval['identity']} ({key.keyval['issuer']})"
        given = f"{' or '.join(names)} ({issuer})"
        super().__init__(f"nothing was signed: the token says {given}, and the key is {wanted}")


def expect_identity(key: Key, token: str) -> None:
    """Raise `OtherIdentity` unless the token says that it is the key's; or `UnusableToken`.

    The token is not verified, which the authority does that it is meant for.
    """
    names, issuer = _said_by(token)
    expect_same(key, names, issuer)


def expect_same(key: Key, names: Collection[str], issuer: str) -> None:
    """Raise `OtherIdentity` unless one of the names at the issuer is the key's identity."""
    if key.keyval["identity"] not in names or key.keyval["issuer"] != issuer:
        raise OtherIdentity(key, names, issuer)


def is_valid_now(token: str) -> bool:
    """Whether the token can still be used."""
    from sigstore.oidc import IdentityError, IdentityToken  # noqa: PLC0415 - an extra, slow

    try:
        return bool(IdentityToken(token).in_validity_period())
    except IdentityError:
        return False


def log_in(provider: str) -> str:
    """Open the browser at a provider's URL, wait for the person, and return their token.

    Where no browser can be opened the terminal says which page to open, and asks for its code.
    Raise `LoginFailed`.
    """
    from sigstore.oidc import Issuer  # noqa: PLC0415 - as above

    try:
        return str(Issuer(provider).identity_token())
    except Exception as error:  # the library's, and those of what it speaks through
        raise LoginFailed(provider, reason_of(error)) from error


def reason_of(error: Exception) -> str:
    """Return what an error of the library says, or what it came from, on one line."""
    told = str(error).strip() or str(error.__cause__ or "").strip()
    words = "".join(char if char.isprintable() else " " for char in told).split()
    return " ".join(words)[:_LONGEST] or type(error).__name__


def _said_by(token: str) -> tuple[tuple[str, ...], str]:
    """Return the names by which an authority may know whose token it is, and who said so.

    Some providers' tokens are certified for their subject, others for the address of mail.
    """
    import jwt  # noqa: PLC0415 - comes with sigstore
    from sigstore.oidc import IdentityError, IdentityToken  # noqa: PLC0415 - as above

    try:
        read = IdentityToken(token)
    except IdentityError as error:
        raise UnusableToken(str(error)) from error
    claims = jwt.decode(token, options={"verify_signature": False})
    names = (read.identity, claims.get("email"))
    return tuple(dict.fromkeys(str(each) for each in names if each)), read.federated_issuer
