"""The custom fields of tuf-on-ci's metadata. Only this module knows their names."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from securesystemslib.signer import Key
from tuf.api.metadata import Role, Root, Signed, Targets

from tufline.repository.format._names import InvalidOwner, Owner, RoleName
from tufline.repository.format._names import owner as checked_owner

_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]*")
_KEY_OWNER: Final = "x-tuf-on-ci-keyowner"
_ONLINE_URI: Final = "x-tuf-on-ci-online-uri"
_EXPIRY_PERIOD: Final = "x-tuf-on-ci-expiry-period"
_SIGNING_PERIOD: Final = "x-tuf-on-ci-signing-period"

FIELD_MEANINGS: Final = {
    _KEY_OWNER: "who holds the key",
    _ONLINE_URI: "where the online key is",
    _EXPIRY_PERIOD: "how many days a version stays valid",
    _SIGNING_PERIOD: "how many days before expiry re-signing starts",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Periods:
    """How long a version of a role stays valid, and how long before its end re-signing opens.

    `signing` is None where the metadata does not say; `signing_or_default` then is half of
    `expiry`, which is how tuf-on-ci reads it.
    """

    expiry: timedelta
    signing: timedelta | None = None

    @property
    def signing_or_default(self) -> timedelta:
        """How long before its end a role may be signed again."""
        return timedelta(days=self.expiry.days // 2) if self.signing is None else self.signing


class InvalidPeriod(ValueError):
    """A period is not a whole number of days that we can work with."""


def key_owner(key: Key) -> Owner | None:
    """Return who holds the key; None if it is an online key or says nothing valid."""
    try:
        return checked_owner(key.unrecognized_fields.get(_KEY_OWNER))
    except InvalidOwner:
        return None


def online_uri(key: Key) -> str | None:
    """Return the securesystemslib signer URI of an online key, or None for a person's key."""
    uri = key.unrecognized_fields.get(_ONLINE_URI)
    return uri if isinstance(uri, str) else None


def is_signer_uri(text: str) -> bool:
    """Whether the text has the form of a URI (RFC 3986): a scheme, then printable ASCII."""
    return _URI.fullmatch(text) is not None


def signer_label(key: Key) -> str:
    """Return how to name the holder of `key`: `@name`, the online key's URI, or the key id.

    What is no URI names nobody: it could be a person's name.
    """
    uri = online_uri(key)
    return key_owner(key) or (uri if uri and is_signer_uri(uri) else key.keyid)


def stated_owner(key: Key) -> object:
    """Return what the key says about its owner, valid or not; None if it says nothing."""
    return key.unrecognized_fields.get(_KEY_OWNER)


def set_key_owner(key: Key, person: Owner) -> None:
    """Make `key` a person's key. Its id must be computed after this."""
    key.unrecognized_fields.pop(_ONLINE_URI, None)
    key.unrecognized_fields[_KEY_OWNER] = person


def set_online_uri(key: Key, uri: str) -> None:
    """Make `key` an online key. Its id must be computed after this."""
    key.unrecognized_fields.pop(_KEY_OWNER, None)
    key.unrecognized_fields[_ONLINE_URI] = uri


def role_periods(holder: Signed | Role) -> Periods | None:
    """Return the periods that `holder` states, or None where it states no expiry period.

    Raise `InvalidPeriod` where a period is not a whole, non-negative number of days.
    """
    fields = holder.unrecognized_fields
    if _EXPIRY_PERIOD not in fields and _SIGNING_PERIOD not in fields:
        return None
    signing = _days(fields, _SIGNING_PERIOD) if _SIGNING_PERIOD in fields else None
    return Periods(expiry=_days(fields, _EXPIRY_PERIOD), signing=signing)


def set_role_periods(holder: Signed | Role, periods: Periods) -> None:
    """Write both periods."""
    holder.unrecognized_fields[_EXPIRY_PERIOD] = periods.expiry.days
    holder.unrecognized_fields[_SIGNING_PERIOD] = periods.signing_or_default.days


def periods_holder(role: RoleName, signed: Root | Targets) -> Signed | Role:
    """Return the part of the metadata that states the periods of `role`.

    Root and targets-type roles state their own; those of the online roles stand in root.
    """
    if isinstance(signed, Root) and role in {"snapshot", "timestamp"}:
        return signed.roles[role]
    return signed


def _days(fields: dict[str, Any], name: str) -> timedelta:
    days = fields.get(name)
    longest = 36_500
    if type(days) is not int or not 0 <= days <= longest:
        raise InvalidPeriod(f"{name} is {days!r}, not a number of days up to {longest}")
    return timedelta(days=days)
