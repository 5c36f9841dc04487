"""One issue per failing job: opened, kept up to date, closed when the job works again.

An issue is ours by its label, by who wrote it, and by a hidden first line:

    <!-- tufline: problem JOB-IN-BASE64URL TIMES -->

TIMES counts how often the job began to fail, so that each time is closed with one comment.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tufline.repository.forge.github._connection import Session
from tufline.repository.forge.github._errors import asking, shown
from tufline.repository.forge.github._notes import marked, marker_of, own_notes
from tufline.repository.forge.github._texts import spelled_out

LABEL: Final = "tufline: problem"
_PERMISSION: Final = "issues: write"
# With a fence that is longer than any of its lines, thrice this fits into what GitHub takes.
_LONGEST_TEXT: Final = 20_000
_LONGEST_TITLE: Final = 256
_CUT: Final = "\n(shortened)"
_SOLVED: Final = "The job works again."
_LEAD: Final = (
    "This is kept up to date while the job fails, and closed by the first run that works."
)
_ABOUT: Final = re.compile(r"problem ([A-Za-z0-9_=-]+) ([1-9][0-9]{0,8})")
_FENCED: Final = re.compile(r"^(`{3,})\n(.*)\n\1$", re.DOTALL | re.MULTILINE)
_TICKS: Final = re.compile(r"`+")
_ISSUES: Final = """
query($owner: String!, $name: String!, $labels: [String!], $states: [IssueState!], $after: String) {
  repository(owner: $owner, name: $name) {
    issues(
      labels: $labels, states: $states, first: 100, after: $after,
      orderBy: {field: CREATED_AT, direction: ASC}
    ) {
      nodes { number body viewerDidAuthor }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Problem:
    number: int
    job: str
    times: int
    body: str


def problems(session: Session) -> Mapping[str, str]:
    """Return the text of each open problem, by job; a long text was shortened."""
    with asking("list the open problems", "issues: read"):
        newest_first = reversed(list(_read(session, "OPEN")))
        found = {each.job: _text_of(each.body) for each in newest_first}
    return dict(sorted(found.items()))


def open_problem(session: Session, job: str, text: str) -> None:
    """Have exactly one open issue of the job, with this text."""
    with asking(f"report that {shown(job)} fails", _PERMISSION):
        found = _of(session, job, "OPEN")
        if not found:
            _begin(session, job, text)
            found = _of(session, job, "OPEN")  # two runs may begin at the same moment
        for elder in found[:1]:
            body = _body(job, text, elder.times)
            if elder.body != body:
                session.repository.get_issue(elder.number).edit(body=body)
        for younger in found[1:]:
            _close(session, younger, "not_planned")


def close_problem(session: Session, job: str) -> None:
    """Close the job's issue, if it is open, with one comment."""
    with asking(f"report that {shown(job)} works", _PERMISSION):
        found = _of(session, job, "OPEN")
        for elder in found[:1]:
            _say_solved(session, elder)
            _close(session, elder, "completed")
        for younger in found[1:]:
            _close(session, younger, "not_planned")


def _begin(session: Session, job: str, text: str) -> None:
    """Open the issue of the time before again; a new one if there is none."""
    closed = _of(session, job, "CLOSED")
    if closed:
        body = _body(job, text, closed[-1].times + 1)
        session.repository.get_issue(closed[-1].number).edit(state="open", body=body)
        return
    title = f"Tufline: {spelled_out(job)} fails"[:_LONGEST_TITLE]
    session.repository.create_issue(title, body=_body(job, text, 1), labels=[LABEL])


def _say_solved(session: Session, problem: _Problem) -> None:
    """Comment that it is over, unless a run that was killed has done so."""
    about = f"solved {problem.times}"
    if all(note.about != about for note in own_notes(session, "issue", problem.number)):
        issue = session.repository.get_issue(problem.number)
        issue.create_comment(marked(about, _SOLVED))


def _close(session: Session, problem: _Problem, reason: str) -> None:
    session.repository.get_issue(problem.number).edit(state="closed", state_reason=reason)


def _of(session: Session, job: str, state: Literal["OPEN", "CLOSED"]) -> list[_Problem]:
    """Return the job's problems, oldest first."""
    return [each for each in _read(session, state) if each.job == job]


def _read(session: Session, state: Literal["OPEN", "CLOSED"]) -> Iterator[_Problem]:
    """Yield our issues in this state, oldest first."""
    after: str | None = None
    while True:
        answer = session.query(_ISSUES, labels=[LABEL], states=[state], after=after)
        issues = answer["repository"]["issues"]
        for each in issues["nodes"]:
            found = _problem(each["number"], each["body"]) if each["viewerDidAuthor"] else None
            if found is not None:
                yield found
        if not issues["pageInfo"]["hasNextPage"]:
            return
        after = issues["pageInfo"]["endCursor"]


def _problem(number: int, body: str) -> _Problem | None:
    about = _ABOUT.fullmatch(marker_of(body) or "")
    if about is None:
        return None
    try:
        job = urlsafe_b64decode(about[1]).decode()
    except ValueError:
        return None
    return _Problem(number=number, job=job, times=int(about[2]), body=body) if job else None


def _body(job: str, text: str, times: int) -> str:
    name = urlsafe_b64encode(job.encode()).decode()
    return marked(f"problem {name} {times}", f"{_LEAD}\n\n{_fenced(text)}")


def _fenced(text: str) -> str:
    """Return the text as a code block that it cannot end: no mention, link or HTML comes of it."""
    text = "".join(map(_visible, text))
    if len(text) > _LONGEST_TEXT:
        text = text[: _LONGEST_TEXT - len(_CUT)] + _CUT
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _visible(char: str) -> str:
    if char.isprintable() or char in "\n\t":
        return char
    return char.encode("unicode_escape").decode()


def _text_of(body: str) -> str:
    found = _FENCED.search(body.replace("\r\n", "\n"))
    return found[2] if found else ""
