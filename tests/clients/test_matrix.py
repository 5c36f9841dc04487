"""What is shown of a matrix."""

from datetime import datetime, timedelta

from tests.clients.sites import CLOCK
from tests.state.trees import Counted
from tests.support.published import Published
from tuf.api.metadata import TargetFile

from tufline.repository.clients import (
    Accepted,
    Inconclusive,
    Matrix,
    Rejected,
    Trial,
    Verdict,
    matrix_json,
    matrix_markdown,
    trial_line,
    wanted_artifacts,
)
from tufline.repository.format import Document
from tufline.repository.state import State


def matrix(*trials: tuple[str, str, Verdict]) -> Matrix:
    return Matrix(
        trials=tuple(Trial(client=name, start=start, verdict=said) for name, start, said in trials)
    )


MIXED = matrix(
    ("python-tuf", "new", Accepted()),
    ("python-tuf", "published", Accepted()),
    ("tuf-js", "new", Rejected(said="refresh: no")),
    ("tuf-js", "published", Rejected(said="refresh: no")),
    ("tuftool", "new", Accepted(untried=("npm/a.txt", "npm/b.txt"))),
    ("tuftool", "published", Inconclusive(why="did not end within 60 seconds")),
)


def test_markdown() -> None:
    assert matrix_markdown(MIXED) == (
        "| client | new | published |\n"
        "| --- | --- | --- |\n"
        "| python-tuf | accepted | accepted |\n"
        "| tuf-js | **rejected** | **rejected** |\n"
        "| tuftool | accepted, in part | inconclusive |\n"
        "\n"
        "- tuf-js (new, published): `refresh: no`\n"
        "- tuftool (new): `was not asked for npm/a.txt, npm/b.txt`\n"
        "- tuftool (published): `did not end within 60 seconds`\n"
    )


def test_nothing_is_said_of_what_all_accept() -> None:
    assert matrix_markdown(matrix(("a", "new", Accepted()))) == (
        "| client | new |\n| --- | --- |\n| a | accepted |\n"
    )


def test_what_clients_say_formats_nothing() -> None:
    evil = matrix(("a|b\n# c", "new", Rejected(said="`<b>@everyone`\n| x |\u202e")))

    *_, row, empty, said = matrix_markdown(evil).splitlines()

    assert row == "| `a/b\\n# c` | **rejected** |"
    assert (empty, said) == ("", "- `a/b\\n# c` (new): `'<b>@everyone'\\n/ x /\\u202e`")


def test_json() -> None:
    answer = matrix_json(MIXED)

    assert answer["accepted"] is False
    assert answer["trials"][2] == {
        "client": "tuf-js",
        "start": "new",
        "verdict": "rejected",
        "said": "refresh: no",
        "untried": [],
    }
    assert [each["verdict"] for each in answer["trials"]] == [
        *("accepted", "accepted", "rejected", "rejected", "accepted", "inconclusive")
    ]
    assert answer["trials"][4]["untried"] == ["npm/a.txt", "npm/b.txt"]


def test_line() -> None:
    lines = [trial_line(each) for each in MIXED.trials]

    assert lines[0] is None
    assert lines[2] == "tuf-js (new): refresh: no"
    assert lines[5] == "tuftool (published): did not end within 60 seconds"


def test_inconclusive_is_no_acceptance() -> None:
    silent = matrix(("a", "new", Inconclusive(why="is not installed")))

    assert (silent.accepted, silent.rejected, len(silent.inconclusive)) == (False, (), 1)


def test_each_role_is_asked_for_first() -> None:
    repository = Published(expires=CLOCK + timedelta(days=1))
    for number in range(9):
        repository.put(f"{number}.txt", b"x")
    repository.delegate("z")
    repository.put("z/last.txt", b"z", role="z")

    few = wanted_artifacts(repository.state(), now=CLOCK, limit=2)
    more = wanted_artifacts(repository.state(), now=CLOCK, limit=5)
    every = wanted_artifacts(repository.state(), now=CLOCK, limit=99)

    assert [each.path for each in few] == ["0.txt", "z/last.txt"]
    assert (len(more), len(every)) == (5, 11)
    assert {each.role for each in more} == {"targets", "z"}
    assert every[-1].hashes.keys() == {"sha256", "sha512"}


def test_few_roles_of_many_are_read() -> None:
    repository = Published(expires=CLOCK + timedelta(days=1))
    for number in range(30):
        repository.delegate(f"role{number}")
        repository.put(f"role{number}/file.txt", b"x", role=f"role{number}")
    files = Counted(repository.state().files)

    wanted = wanted_artifacts(State(files), now=CLOCK, limit=3)

    assert [each.role for each in wanted] == ["role0", "role18", "role27"]
    assert files.calls.count("read") < 10


def test_artifact_that_two_roles_list_is_that_of_the_one_asked_first() -> None:
    repository = Published(expires=CLOCK + timedelta(days=1))
    repository.delegate("z", paths=["file.txt"])
    repository.list_artifact(TargetFile.from_data("file.txt", b"other"), role="z")

    (wanted,) = wanted_artifacts(repository.state(), now=CLOCK, limit=9)

    listed = repository.state().targets(wanted.role)
    assert isinstance(listed, Document)
    assert (wanted.path, wanted.role) == ("file.txt", "targets")
    assert wanted.hashes == listed.signed.targets["file.txt"].hashes


def test_artifacts_behind_a_role_that_has_ended_are_not_asked_for() -> None:
    repository = Published(expires=CLOCK + timedelta(days=1))
    repository.put("own.txt", b"x")
    repository.delegate("z")
    repository.put("z/last.txt", b"z", role="z")

    def paths(now: datetime) -> list[str]:
        return [each.path for each in wanted_artifacts(repository.state(), now=now)]

    assert "z/last.txt" in paths(CLOCK)
    assert paths(CLOCK + timedelta(days=2)) == []
