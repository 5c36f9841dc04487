"""Clients, each tried from each start."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from tufline.repository.clients._installed import Installed, Refused
from tufline.repository.clients._interface import (
    Accepted,
    Deployment,
    Inconclusive,
    Matrix,
    Program,
    Rejected,
    Trial,
    TryClients,
    Verdict,
    Wanted,
)
from tufline.repository.clients._time import Timing, timing
from tufline.repository.programs import Crashed, NotRun

_Start: TypeAlias = tuple[str, Callable[[Installed], None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Question:
    """What every client is asked."""

    deployment: Deployment
    published: Deployment | None
    wanted: Sequence[Wanted]
    timing: Timing
    timeout: float


def try_clients(programs: Sequence[Program], *, timeout: float) -> TryClients:
    """Return what tries these programs; each run of one may take `timeout` seconds.

    Programs are tried at the same time, as many as there are processors. Whether a program works at
    all is found out once.
    """
    works = _Works()

    def tried(
        deployment: Deployment,
        *,
        published: Deployment | None,
        wanted: Sequence[Wanted],
        now: datetime,
    ) -> Matrix:
        question = _Question(
            deployment=deployment,
            published=published,
            wanted=wanted,
            timing=timing(now),
            timeout=timeout,
        )
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            rows = list(pool.map(lambda program: _row(program, question, works), programs))
        return Matrix(trials=tuple(trial for row in rows for trial in row))

    return tried


@dataclass(slots=True)
class _Works:
    """Remembers why clients do not work here, None if they do; at each time other than now's."""

    known: dict[tuple[Program, datetime | None], str | None] = field(default_factory=dict)

    def why_not(self, program: Program, question: _Question) -> str | None:
        if program.inside:
            return None  # it runs as we do
        # signing takes a library, and settings import this package
        from tufline.repository.clients._self_test import self_test  # noqa: PLC0415 - see above

        key = (program, question.timing.now if question.timing.shifted else None)
        if key not in self.known:
            self.known[key] = self_test(program, question.timing, timeout=question.timeout)
        return self.known[key]


def _row(program: Program, question: _Question, works: _Works) -> tuple[Trial, ...]:
    """Return the trials of one client."""
    why = works.why_not(program, question)
    return tuple(
        Trial(
            client=program.name,
            start=name,
            verdict=Inconclusive(why=why) if why else _verdict(program, prepare, question),
        )
        for name, prepare in _starts(question)
    )


def _starts(question: _Question) -> Iterator[_Start]:
    """Yield each start: its name, and what brings a client there."""
    for place, version in enumerate(sorted(question.deployment.roots)):
        root = question.deployment.roots[version]
        yield f"root {version}" if place else "new", _with_root(root)
    if question.published and question.published.roots:
        yield "published", _with_all_of(question.published)


def _with_root(root: bytes) -> Callable[[Installed], None]:
    return lambda client: client.init(root)


def _with_all_of(published: Deployment) -> Callable[[Installed], None]:
    def prepare(client: Installed) -> None:
        try:
            client.init(published.roots[min(published.roots)])
            client.refresh(published)
        except Refused as error:
            raise NotRun(f"has not got what is published: {error}") from error

    return prepare


def _verdict(
    program: Program, prepare: Callable[[Installed], None], question: _Question
) -> Verdict:
    with TemporaryDirectory(prefix="tufline-client-", ignore_cleanup_errors=True) as folder:
        try:
            client = Installed(program, Path(folder), question.timing, timeout=question.timeout)
            prepare(client)
            client.refresh(question.deployment)
            untried = client.download(question.deployment, question.wanted)
        except Refused as error:
            return Rejected(said=str(error))
        except Crashed as error:  # it works on a sound repository: that was tried before
            return Rejected(said=str(error))
        except NotRun as error:
            return Inconclusive(why=str(error))
    return Accepted(untried=untried)
