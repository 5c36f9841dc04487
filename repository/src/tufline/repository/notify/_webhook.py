"""A chat's incoming webhook: Slack's JSON, which Mattermost, Rocket.Chat and others take too.

Text goes into a block of code, where none of them makes links, mentions or formatting, with the
characters replaced that Slack reads as markup even there (Slack: "Formatting text for app
surfaces", section "Escaping text").
"""

from dataclasses import dataclass, field
from typing import Final

from tufline.repository.notify._http import DEFAULT_PATIENCE, Patience, request
from tufline.repository.notify._interface import Notice
from tufline.repository.notify._words import subject_of, text_of

# A backquote could end the block. The other three are the ones that Slack names.
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "'"})


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookSink:
    """Posts each notice as one message (`Sink`). Whoever knows the URL can post there."""

    name: str
    url: str = field(repr=False)
    repository: str
    patience: Patience = DEFAULT_PATIENCE

    def send(self, notice: Notice) -> None:
        """Post the message."""
        body = {"text": _message(notice, self.repository)}
        request(self.name, "POST", self.url, json=body, patience=self.patience)


def _message(notice: Notice, repository: str) -> str:
    lines = [subject_of(notice, repository), text_of(notice)]
    shown = "\n".join(filter(None, lines)).translate(_ESCAPES)
    block = f"```\n{shown}\n```"
    return block if notice.url is None else f"{block}\n{notice.url.translate(_ESCAPES)}"
