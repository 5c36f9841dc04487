"""The shadows of real signing events: whatever review finds sound, python-tuf accepts."""

import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.data.events import BUNDLE, NAMES, OF_ANOTHER_FORMAT, Answer, answers
from tests.shadow.trying import outcomes

from tufline.repository.history import GitHistory, open_history
from tufline.repository.jobs import oldest_root
from tufline.repository.publish import Layout
from tufline.repository.publish.compliance import Accepted
from tufline.repository.review import Refused, review
from tufline.repository.settings import Settings
from tufline.repository.shadow import CannotShadow, Terms, build
from tufline.repository.state import State

COMPARABLE = tuple(name for name in NAMES if name not in OF_ANOTHER_FORMAT)

# whose only signer has not accepted the invitation yet
INVITED = {"030": "kommendorkapten is to be signed by 1, and has 0 keys so far"}


@pytest.fixture(scope="module")
def reference() -> dict[str, Answer]:
    if not BUNDLE.exists():
        pytest.skip(f"THE REAL EVENTS ARE NOT THERE, so none is shadowed: {BUNDLE}")
    return answers()


@pytest.fixture(scope="module")
def history(
    reference: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GitHistory]:
    assert reference
    clone = tmp_path_factory.mktemp("real") / "events.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", BUNDLE, clone], check=True)
    with open_history(clone) as opened:
        yield opened


def states(history: GitHistory, name: str) -> tuple[State, State]:
    main, event = (history.resolve(f"refs/tags/{name}/{side}") for side in ("main", "event"))
    return State(history.files(main)), State(history.files(event))


@pytest.mark.parametrize("name", COMPARABLE)
def test_python_tuf_accepts_what_review_finds_sound(
    history: GitHistory, reference: dict[str, Answer], name: str
) -> None:
    known_good, event = states(history, name)
    now = reference[name].now
    found = review(known_good, event, now=now)
    if isinstance(found.verdict, Refused):
        assert found.errors
        return
    layout = Layout(oldest_root=oldest_root(known_good, Settings()))
    if name in INVITED:
        with pytest.raises(CannotShadow, match=INVITED[name]):
            build(event, known_good, layout=layout, terms=Terms(now=now))
        return

    shadow = build(event, known_good, layout=layout, terms=Terms(now=now))

    said = outcomes(shadow, layout, now)
    refused = {start for start, each in said.items() if not isinstance(each, Accepted)}
    assert {"published", f"root {layout.oldest_root}"} <= said.keys()
    if any(each.rule == "artifact-content" for each in found.findings):
        assert refused == said.keys()  # the pipeline updates the metadata first
    else:
        assert refused == set()


@pytest.mark.parametrize("name", OF_ANOTHER_FORMAT)
def test_events_from_before_the_format_are_not_shadowed(
    history: GitHistory, reference: dict[str, Answer], name: str
) -> None:
    known_good, event = states(history, name)

    with pytest.raises(CannotShadow):
        build(event, known_good, layout=Layout(), terms=Terms(now=reference[name].now))


def test_most_of_them_are_tried(history: GitHistory, reference: dict[str, Answer]) -> None:
    sound = Counter(
        isinstance(review(*states(history, name), now=reference[name].now).verdict, Refused)
        for name in COMPARABLE
    )

    assert sound[False] == 42
