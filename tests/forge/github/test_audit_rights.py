"""What is read of a repository's settings with a token that may not see all of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.forge.github.auditing import as_owner, emulated, set_up_well, unwell
from tests.support.github import Fault, Kind
from tests.support.on_github import IMPATIENT, OnGitHub

from tufline.repository.forge import ForgeFailed
from tufline.repository.forge.github._audit import audit
from tufline.repository.init import Branch, Unknown


@pytest.fixture
def github(tmp_path: Path) -> Iterator[OnGitHub]:
    with emulated(tmp_path) as github:
        yield github


def test_token_that_may_read_little_knows_little(github: OnGitHub, tmp_path: Path) -> None:
    set_up_well(github, tmp_path)
    needed = {
        line.rpartition("to read it needs ")[2]
        for line in unwell(github, github.session({"metadata": "read"}))
    }

    assert needed == {
        "actions: read",
        "administration: read",
        "contents: read",
        "contents: write",
        "pages: read",
        "secrets: read",
    }


def test_workflow_token_cannot_see_who_bypasses(github: OnGitHub, tmp_path: Path) -> None:
    set_up_well(github, tmp_path)
    facts = audit(github.session({"contents": "read", "administration": "read"}))

    assert isinstance(facts.main, Branch)
    assert facts.main.protections[0].bypass == Unknown("administration: write")


def test_protection_that_github_hides_as_not_found_is_unknown(github: OnGitHub) -> None:
    github.hub.faults.add(Fault(path="/branches/main/protection", kind=404))

    facts = audit(as_owner(github))
    assert facts.main == Branch(unread=Unknown("administration: read"))


def test_pages_that_github_hides_as_not_found_are_unknown(github: OnGitHub, tmp_path: Path) -> None:
    set_up_well(github, tmp_path)
    github.hub.faults.add(Fault(path="/pages", kind=404))

    assert audit(as_owner(github)).pages == Unknown("pages: read")


@pytest.mark.parametrize("kind", [422, 500, Kind.PRIMARY_LIMIT, Kind.BREAK_BEFORE])
def test_failure_anywhere_is_no_answer(github: OnGitHub, tmp_path: Path, kind: int | Kind) -> None:
    set_up_well(github, tmp_path)
    patience = replace(IMPATIENT, attempts=1 if kind is Kind.PRIMARY_LIMIT else 0)
    session = github.session_of(github.hub.token("octo"), patience=patience)
    before = len(github.hub.requests)
    audit(session)
    for nth in range(1, len(github.hub.requests) - before + 1):
        github.struck(kind, nth)
        with pytest.raises(ForgeFailed):
            audit(session)
        github.hub.faults.faults.clear()
