"""PagerDuty's Events API, version 2: an incident per matter, resolved when it is mended.

Fields: PagerDuty developer documentation, "Send an Alert Event", `PD-CEF` payload.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from tufline.repository.notify._http import DEFAULT_PATIENCE, Patience, request
from tufline.repository.notify._interface import Kind, Notice
from tufline.repository.notify._words import subject_of, text_of

_ACTIONS: Final = {Kind.PROBLEM: "trigger", Kind.MENDED: "resolve"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PagerDutySink:
    """Triggers and resolves alerts (`Sink`). What people are asked wakes nobody."""

    name: str
    url: str
    key: str = field(repr=False)
    repository: str
    patience: Patience = DEFAULT_PATIENCE

    def send(self, notice: Notice) -> None:
        """Send the event; the service joins those of one key to one alert."""
        action = _ACTIONS.get(notice.kind)
        if action is not None:
            event = self._event(notice, action)
            request(self.name, "POST", self.url, json=event, patience=self.patience)

    def _event(self, notice: Notice, action: str) -> dict[str, Any]:
        # Repositories may share an integration key, and must not resolve each other's alerts.
        matter = f"{self.repository}\n{notice.key}"
        return {
            "routing_key": self.key,
            "event_action": action,
            "dedup_key": hashlib.sha256(matter.encode(errors="replace")).hexdigest(),
            "payload": {
                "summary": subject_of(notice, self.repository),
                "source": self.repository,
                "severity": notice.severity.value,
                "custom_details": {"text": text_of(notice)},
            },
            "links": [{"href": notice.url, "text": notice.key}] if notice.url else [],
        }
