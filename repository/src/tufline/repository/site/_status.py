"""`status.json`: the facts for machines. Its schema is `docs/status.schema.json`.

Times are UTC in RFC 3339, lengths of time whole seconds. A field is only ever added; whatever else
changes raises `VERSION`.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from tufline.repository.site._order import first_to_end, ordered, top_level
from tufline.repository.site._standing import standing, worst
from tufline.repository.site._words import rfc3339, safe_url
from tufline.repository.status import EventFacts, Forecast, RepositoryFacts, RoleFacts

VERSION: Final = 1

_Json: TypeAlias = dict[str, object]


def status(facts: RepositoryFacts) -> bytes:
    """Return the facts as JSON, in ASCII, with one final newline."""
    content = {
        "version": VERSION,
        "title": _text(facts.title),
        "as_of": rfc3339(facts.now),
        "commit": _text(facts.commit),
        "url": safe_url(facts.url),
        "margin": _margin(facts),
        "roles": [_role(role, facts.now) for role in ordered(facts)],
        "events": [_event(event) for event in facts.events],
        "forecasts": [_forecast(forecast) for forecast in facts.forecasts],
    }
    return json.dumps(content, indent=1).encode("ascii") + b"\n"


def _margin(facts: RepositoryFacts) -> _Json:
    first = first_to_end(top_level(facts))[0]
    return {
        "seconds": _seconds(facts.margin),
        "ends": rfc3339(first.expires),
        "role": _text(first.name),
        "standing": worst(top_level(facts), facts.now).css,
    }


def _role(role: RoleFacts, now: datetime) -> _Json:
    return {
        "name": _text(role.name),
        "version": role.version,
        "standing": standing(role, now).css,
        "issued": _moment(role.issued),
        "signing_starts": _moment(role.signing_starts),
        "expires": rfc3339(role.expires),
        "online": role.online,
        "threshold": role.threshold,
        "signers": _texts(role.signers),
        "delegators": _texts(role.delegators),
        "artifacts": role.artifacts,
    }


def _event(event: EventFacts) -> _Json:
    ready = event.ready
    return {
        "title": _text(event.title),
        "roles": _texts(event.roles),
        "began": rfc3339(event.began),
        "ready": _moment(ready),
        "merged": rfc3339(event.merged),
        "seconds_to_ready": None if ready is None else _seconds(ready - event.began),
        "seconds_to_merged": _seconds(event.merged - event.began),
        "url": safe_url(event.url),
    }


def _forecast(forecast: Forecast) -> _Json:
    return {
        "role": _text(forecast.role),
        "margin_seconds": _seconds(forecast.margin),
        "expected_seconds": _seconds_if(forecast.expected),
        "spare_seconds": _seconds_if(forecast.spare),
    }


def _moment(when: datetime | None) -> str | None:
    return None if when is None else rfc3339(when)


def _seconds_if(length: timedelta | None) -> int | None:
    return None if length is None else _seconds(length)


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)


def _texts(texts: Iterable[str]) -> list[str]:
    return [_text(text) for text in texts]


def _text(text: str) -> str:
    """Replace what is not Unicode, which strict readers of JSON refuse."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
