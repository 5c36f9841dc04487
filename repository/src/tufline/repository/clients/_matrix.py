"""What clients said, as Markdown and as JSON."""

import re
from collections.abc import Iterator
from typing import Any, Final, assert_never

from tufline.repository.clients._interface import (
    Accepted,
    Inconclusive,
    Matrix,
    Rejected,
    Trial,
    Verdict,
)

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9. -]*")


def matrix_json(matrix: Matrix) -> dict[str, Any]:
    """Return the matrix as JSON; docs/clients.md has its form."""
    return {"accepted": matrix.accepted, "trials": [_trial_json(each) for each in matrix.trials]}


def matrix_markdown(matrix: Matrix) -> str:
    """Return a table, one row for each client, and below it what they said.

    What clients say is shown as code, so that it formats nothing.
    """
    starts = list(dict.fromkeys(each.start for each in matrix.trials))
    clients = list(dict.fromkeys(each.client for each in matrix.trials))
    cells = {(each.client, each.start): _word(each.verdict) for each in matrix.trials}
    rows = [
        ["client", *map(_safe, starts)],
        ["---"] * (len(starts) + 1),
        *([_safe(name), *(cells.get((name, start), "") for start in starts)] for name in clients),
    ]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    said = "".join(_lines(matrix))
    return f"{table}\n{said}" if said else table


def trial_line(trial: Trial) -> str | None:
    """Return what a client said, on one line of printable ASCII; None if it said yes to all."""
    said = _said(trial.verdict)
    return ascii(f"{trial.client} ({trial.start}): {said}")[1:-1] if said is not None else None


def _trial_json(trial: Trial) -> dict[str, Any]:
    known: dict[str, Any] = {"client": trial.client, "start": trial.start}
    match trial.verdict:
        case Accepted(untried=untried):
            return {**known, "verdict": "accepted", "said": None, "untried": list(untried)}
        case Rejected(said=said):
            return {**known, "verdict": "rejected", "said": said, "untried": []}
        case Inconclusive(why=why):
            return {**known, "verdict": "inconclusive", "said": why, "untried": []}
        case _ as never:
            assert_never(never)


def _word(verdict: Verdict) -> str:
    match verdict:
        case Accepted(untried=()):
            return "accepted"
        case Accepted():
            return "accepted, in part"
        case Rejected():
            return "**rejected**"
        case Inconclusive():
            return "inconclusive"
        case _ as never:
            assert_never(never)


def _said(verdict: Verdict) -> str | None:
    match verdict:
        case Accepted(untried=()):
            return None
        case Accepted(untried=untried):
            return f"was not asked for {', '.join(untried)}"
        case Rejected(said=said):
            return said
        case Inconclusive(why=why):
            return why
        case _ as never:
            assert_never(never)


def _lines(matrix: Matrix) -> Iterator[str]:
    """Yield what was said, once for the starts that made the client say the same."""
    said: dict[tuple[str, str], list[str]] = {}
    for trial in matrix.trials:
        words = _said(trial.verdict)
        if words is not None:
            said.setdefault((trial.client, words), []).append(trial.start)
    for (client, words), starts in said.items():
        yield f"- {_safe(client)} ({', '.join(map(_safe, starts))}): {_code(words)}\n"


def _safe(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _code(text)


def _code(text: str) -> str:
    """Return the text as a code span, which nothing in it can end; also within a table."""
    spelled = ascii(text)[1:-1].replace("`", "'").replace("|", "/")
    return f"`{spelled}`"
