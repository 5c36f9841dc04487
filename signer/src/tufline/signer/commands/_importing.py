"""The way of an import: read, say what it is, ask what is missing, propose."""

import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tufline.repository.commands import spelled
from tufline.repository.format import Periods, RoleName
from tufline.repository.state import LARGEST_ROOT
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._screen import agree, ask, say
from tufline.signer.importing import (
    LARGEST_ANSWERS,
    Answers,
    Chain,
    Existing,
    FolderSource,
    InvalidAnswers,
    KeyQuestion,
    NotTrusted,
    Place,
    Questions,
    Source,
    TooLong,
    TreeSource,
    Unanswered,
    WebSource,
    adoption_of,
    checked_holder,
    expect_room,
    find_place,
    import_change,
    is_of_our_form,
    is_url,
    parse_answers,
    questions_of,
    read_artifacts,
    read_chain,
    read_existing,
    template,
)

if TYPE_CHECKING:
    from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

_FLAG: Final = "--answers"


@dataclass(frozen=True, kw_only=True)
class Import:
    """One import, as the flags say."""

    desk: Desk
    source: str
    event: str
    answers: Path | None
    write_answers: Path | None
    root: Path | None
    artifacts: str | None
    yes: bool

    def run(self) -> None:
        """Propose the import, or write down what it asks."""
        event = self.desk.event(self.event)
        source = open_source(self.desk, self.source)
        place = find_place(source)
        chain = self._chain(source, place, event.settings.review.oldest_root)
        if is_of_our_form(chain.newest):
            _say_as_it_is(source)
            return
        existing = read_existing(source, place, chain)
        self._expect_fresh(source, existing)
        questions = questions_of(existing)
        if self.write_answers is not None:
            _write(self.write_answers, template(questions))
            return
        expect_room(event)
        answers = self._answered(questions)
        content = read_artifacts(*self._artifacts(source, place), existing)
        change = import_change(event, existing, content, adoption_of(answers), now=self.desk.now)
        self.desk.propose(change, yes=self.yes)

    def _chain(self, source: Source, place: Place, oldest: int | None) -> Chain:
        """Return the roots; ask about the oldest, where nobody vouches for it."""
        known = None if self.root is None else _bounded(self.root, LARGEST_ROOT)
        chain = read_chain(source, place, known=known, oldest=oldest)
        newest = chain.newest.signed.version
        say(f"{spelled(source.name)}: roots {chain.first} to {newest}")
        say(f"root {chain.start} has the SHA-256 {chain.fingerprint}")
        if chain.start > 1:
            say(
                f"clients that hold a root before {chain.start} cannot update: those roots are "
                "missing, or do not lead to this one; find them now if you can"
            )
        if isinstance(source, WebSource) and known is None:
            agree(f"do others say that root {chain.start} has this SHA-256?", yes=self.yes)
        return chain

    def _expect_fresh(self, source: Source, existing: Existing) -> None:
        """Say what has expired; on the web, refuse it as clients do (TUF 5.3.10, 5.4.4)."""
        signed: dict[str, Root | Timestamp | Snapshot | Targets] = {
            "root": existing.chain.newest.signed,
            "timestamp": existing.timestamp.signed,
            "snapshot": existing.snapshot.signed,
            **{role: each.signed for role, each in existing.targets.items()},
        }
        for role, each in signed.items():
            if not each.is_expired(self.desk.now):
                continue
            ended = f"expired at {each.expires:%Y-%m-%d %H:%M} UTC"
            if isinstance(source, WebSource):
                reason = f"{ended}; if that is known, import its files from a folder instead"
                raise NotTrusted(role, reason)
            say(f"{spelled(role)} {ended}: its new version will not have")

    def _artifacts(self, source: Source, place: Place) -> tuple[Source, Place]:
        if self.artifacts is None:
            return source, place
        elsewhere = open_source(self.desk, self.artifacts)
        return elsewhere, replace(place, artifacts=("", "targets/"))

    def _answered(self, questions: Questions) -> Answers:
        given = Answers()
        if self.answers is not None:
            given = parse_answers(_bounded(self.answers, LARGEST_ANSWERS), questions)
        keys, roles = given.open_keys(questions), given.open_roles(questions)
        if (keys or roles) and not sys.stdin.isatty():
            raise Unanswered(
                [*map(_key_in_words, keys), *(f"periods of {spelled(role)}" for role in roles)]
            )
        holders = {key.keyid: _ask_holder(key) for key in keys}
        periods = {role: _ask_periods(role, questions.periods[role]) for role in roles}
        return Answers(holders={**given.holders, **holders}, periods={**given.periods, **periods})


def open_source(desk: Desk, text: str) -> Source:
    """Return the source that a person named: a URL, a folder, or a revision of the clone."""
    if is_url(text):
        return WebSource(text)
    folder = Path(text)
    if folder.is_dir():
        return FolderSource(folder)
    revision, _, below = text.partition(":")
    commit = desk.history.resolve(revision)
    return TreeSource(desk.history.files(commit), text, below)


def _ask_holder(question: KeyQuestion) -> str:
    """Ask until the answer can be used."""
    while True:
        text = ask(_key_in_words(question), flag=_FLAG)
        try:
            return checked_holder(question, text)
        except InvalidAnswers as error:
            say(spelled(str(error)))


def _key_in_words(question: KeyQuestion) -> str:
    kinds = {True: "signer URI", False: "@name", None: "@name, or URI of an online key"}
    signs = ", ".join(map(spelled, question.roles))
    kind, keyid = spelled(question.kind), spelled(question.keyid[:16])
    return f"holder of key {keyid} ({kind}), which signs {signs} ({kinds[question.online]})"


def _ask_periods(role: RoleName, usual: Periods) -> Periods:
    expiry = _ask_days(f"days that a version of {role} is valid", usual.expiry.days)
    most = max(1, expiry.days - 1)
    signing = min(usual.signing_or_default.days, most)
    before = _ask_days(f"days before its end when signing of {role} starts", signing)
    return Periods(expiry=expiry, signing=before)


def _ask_days(question: str, usual: int) -> timedelta:
    while True:
        text = ask(question, flag=_FLAG, default=str(usual))
        if text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 36_500:  # noqa: PLR2004 - a century
            return timedelta(days=int(text))
        say("a number of days is wanted")


def _say_as_it_is(source: Source) -> None:
    say(f"{spelled(source.name)} is in tuf-on-ci's form already, so there is nothing to import")
    say("use its git repository itself: it works as it is (docs/maintainer.md, from tuf-on-ci)")


def _write(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise click.UsageError(f"{file} is there already: name a new file") from None
    say(f"wrote what is asked for to {file}: fill it in, and give it with {_FLAG}")


def _bounded(file: Path, limit: int) -> bytes:
    source = FolderSource(file.parent)
    try:
        data = source.read(file.name, limit)
    except TooLong:
        raise click.UsageError(f"{file} is longer than {limit} bytes") from None
    return data or b""
