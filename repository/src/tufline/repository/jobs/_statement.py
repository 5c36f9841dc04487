"""The record of a merged event: an in-toto Statement v1, as `docs/record.md` describes it.

Pure: equal events give equal bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tufline.repository.forge import ProposalFacts
from tufline.repository.history import Commit, CommitInfo
from tufline.repository.project import DOCS

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = f"{DOCS}/record.md#v1"

_LONGEST_TEXT: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedEvent:
    """A signing event that main holds.

    Attributes:
        merge: the commit on main that brought it there.
        base: main before it.
        heads: the event's own heads; () where the forge squashed or rebased them away.
        commits: the event's own commits, those that others build on first.
        omitted: whether it has more commits than these.
        forge: what the forge says of it.
    """

    merge: CommitInfo
    base: Commit
    heads: tuple[Commit, ...]
    commits: tuple[CommitInfo, ...]
    omitted: bool
    forge: ProposalFacts


def statement(
    event: MergedEvent,
    *,
    digests: Mapping[str, str],
    others: Mapping[str, str],
    review: Mapping[str, Any],
    version: str,
) -> bytes:
    """Return the record.

    Args:
        event: what was merged.
        digests: SHA-256 (hex) of each changed file, by path.
        others: what became of the other changed paths: "removed", "symlink" or "submodule".
        review: the answer of a review.
        version: of the program that made the review.
    """
    subjects: list[tuple[str, str, str]] = [(event.merge.id, "gitCommit", event.merge.id)]
    subjects += [(path, "sha256", digest) for path, digest in digests.items()]
    tree = {
        "_type": STATEMENT,
        "subject": [
            {"name": _text(name), "digest": {algorithm: digest}}
            for name, algorithm, digest in subjects
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "merge": event.merge.id,
            "base": event.base,
            "heads": list(event.heads),
            "others": {_text(path): what for path, what in others.items()},
            "review": review,
            "reviewer": {"name": "tufline", "version": version},
            "claims": {"git": _git_claims(event), "forge": _forge_claims(event.forge)},
        },
    }
    return f"{json.dumps(tree, indent=1, sort_keys=True)}\n".encode()


def time_text(when: datetime) -> str:
    """Return the time as RFC 3339 has it, in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _git_claims(event: MergedEvent) -> dict[str, Any]:
    return {
        "proposer": _author(event.commits[0]),
        "commits": [_commit(each) for each in event.commits],
        "omitted": event.omitted,
        "merge": _commit(event.merge),
    }


def _forge_claims(facts: ProposalFacts) -> dict[str, Any]:
    return {
        "url": facts.url and _text(facts.url),
        "title": facts.title and _text(facts.title),
        "text": facts.text and _text(facts.text),
        "opened": facts.opened and time_text(facts.opened),
        "merged": facts.merged and time_text(facts.merged),
        "merged_by": facts.merged_by and _text(facts.merged_by),
    }


def _commit(info: CommitInfo) -> dict[str, str]:
    return {
        "id": info.id,
        "author": _author(info),
        "when": time_text(info.when),
        "message": _text(info.message),
    }


def _author(info: CommitInfo) -> str:
    return _text(f"{info.author.name} <{info.author.email}>")


def _text(text: str) -> str:
    """Return a text of others, shortened, and with escapes for bytes that are not UTF-8."""
    clipped = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
    return clipped.encode(errors="backslashreplace").decode()
