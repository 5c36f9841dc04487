"""What real repositories of other tools hold can be imported, or is refused by name.

The states from 058 on are of before the format, made by python-tuf's own tools of then. They lie
beside the repository and are not part of it.
"""

from collections.abc import Iterator

import pytest
from tests.data.events import BUNDLE, answers
from tests.history.helpers import git

from tufline.repository.format import ROOT, Document
from tufline.repository.history import Commit, GitHistory, open_history
from tufline.repository.jobs import Event
from tufline.repository.review import Lineage, Waiting
from tufline.repository.settings import read_settings
from tufline.repository.state import MemoryFiles, State
from tufline.signer.importing import (
    Answers,
    CannotImport,
    Existing,
    Questions,
    TreeSource,
    adoption_of,
    checked_holder,
    find_place,
    import_change,
    is_of_our_form,
    questions_of,
    read_artifacts,
    read_chain,
    read_existing,
)

pytestmark = pytest.mark.skipif(not BUNDLE.exists(), reason=f"NO REAL DATA: {BUNDLE} is missing")

IMPORTABLE = tuple(f"{number:03}" for number in range(64, 77))


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHistory]:
    folder = tmp_path_factory.mktemp("real")
    git(folder, "clone", "--quiet", "--bare", BUNDLE, "events.git")
    with open_history(folder / "events.git") as opened:
        yield opened


def source_of(history: GitHistory, name: str) -> TreeSource:
    return TreeSource(history.files(history.resolve(f"refs/tags/{name}/main")), name)


def read(source: TreeSource) -> tuple[Existing, dict[str, bytes]]:
    place = find_place(source)
    existing = read_existing(source, place, read_chain(source, place, known=None, oldest=None))
    return existing, read_artifacts(source, place, existing)


def made_up(questions: Questions) -> Answers:
    """Let everybody be somebody."""
    holders = {
        keyid: checked_holder(question, f"file2:{number}" if question.online else f"@p{number}")
        for number, (keyid, question) in enumerate(questions.keys.items())
    }
    return Answers(holders=holders, periods=questions.periods)


@pytest.mark.parametrize("name", IMPORTABLE)
def test_state_of_before_the_format_waits_for_its_signers(history: GitHistory, name: str) -> None:
    existing, artifacts = read(source_of(history, name))
    empty = State(MemoryFiles({"README.md": b"new\n"}))
    event = Event(
        name="sign/import",
        main=Commit("0" * 40),
        head=Commit("0" * 40),
        behind=False,
        known_good=empty,
        proposed=empty,
        lineage=Lineage(),
        settings=read_settings(empty),
    )
    answered = made_up(questions_of(existing))

    change = import_change(
        event, existing, artifacts, adoption_of(answered), now=answers()[name].now
    )

    assert change.review.errors == ()
    assert isinstance(change.review.verdict, Waiting)
    people = {text for text in answered.holders.values() if text.startswith("@")}
    assert change.review.verdict.missing <= people | set(answered.holders.values())
    root = next(each for each in change.review.roles if each.name == ROOT)
    newest = existing.chain.newest
    assert isinstance(newest, Document)
    assert root.version == newest.signed.version + 1
    assert root.previous is not None
    assert root.previous.threshold == newest.signed.roles[ROOT].threshold
    assert set(root.previous.missing) <= people


@pytest.mark.parametrize(
    ("name", "problem"),
    [("063", "demo: delegates to succinct hash bins"), ("077", "file2.txt is longer than 3 bytes")],
)
def test_state_that_cannot_be_imported_is_refused_by_name(
    history: GitHistory, name: str, problem: str
) -> None:
    with pytest.raises(CannotImport, match=problem):
        read(source_of(history, name))


@pytest.mark.parametrize("name", ["000", "030", "050"])
def test_state_of_the_format_needs_nothing(history: GitHistory, name: str) -> None:
    source = source_of(history, name)

    chain = read_chain(source, find_place(source), known=None, oldest=None)

    assert is_of_our_form(chain.newest)
