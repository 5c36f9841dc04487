import pytest
from tests.publish.scenarios import LAYOUT, ODD_ROLE, before_and_after, delegate, rotate_twice
from tests.support.published import HASHES, Published
from tuf.api.metadata import TargetFile

from tufline.repository.publish import transition
from tufline.repository.state import Entry, MemoryFiles, State


def change_all(repository: Published) -> None:
    delegate(repository)
    rotate_twice(repository)


def kinds_of(before: State | None, after: State, *, emergency: bool = False) -> list[str]:
    """Return the parts that the uploads come in, in order, without repetition."""
    uploads = transition(before, after, layout=LAYOUT, emergency=emergency)
    parts = (
        "artifacts" if upload.is_artifact else upload.name.removeprefix("metadata/")
        for upload in uploads
    )
    return list(dict.fromkeys(parts))


def test_order_of_a_transition() -> None:
    before, after = before_and_after(change_all)

    content = ["artifacts", f"3.{ODD_ROLE}.json", "3.targets.json", "3.snapshot.json"]
    roots = ["2.root.json", "3.root.json"]
    assert kinds_of(before, after) == [*content, "timestamp.json", *roots]
    assert kinds_of(before, after, emergency=True) == [*roots, *content, "timestamp.json"]


def test_order_of_a_first_publication() -> None:
    _, after = before_and_after(change_all)

    content = ["artifacts", f"3.{ODD_ROLE}.json", "3.targets.json", "3.snapshot.json"]
    roots = ["1.root.json", "2.root.json", "3.root.json"]
    assert kinds_of(None, after) == [*content, *roots, "timestamp.json"]


def test_nothing_changed_is_nothing_to_upload() -> None:
    state = Published().state()

    assert transition(state, state, layout=LAYOUT) == ()


@pytest.mark.parametrize("algorithm", HASHES)
def test_artifact_that_is_listed_with_another_hash_is_uploaded_under_it(algorithm: str) -> None:
    repository = Published()
    data = repository.files["targets/file.txt"]
    with_one = TargetFile.from_data("file.txt", data, [algorithm])
    repository.list_artifact(with_one)
    repository.sign_online()
    before = repository.state()
    repository.list_artifact(TargetFile.from_data("file.txt", data, list(HASHES)))
    repository.sign_online()

    uploads = transition(before, repository.state(), layout=LAYOUT)

    names = {upload.name for upload in uploads if upload.is_artifact}
    digests = TargetFile.from_data("file.txt", data, list(HASHES)).hashes.values()
    assert names == {LAYOUT.artifact("file.txt", digest) for digest in digests}


class CountingFiles(MemoryFiles):
    """A tree that notes which files are read."""

    def __init__(self, contents: dict[str, bytes]) -> None:
        super().__init__(contents)
        self.asked: set[str] = set()

    def read(self, entry: Entry) -> bytes:
        self.asked.add(entry.path)
        return super().read(entry)


def test_roles_and_artifacts_that_did_not_change_are_not_read() -> None:
    repository = Published()
    delegate(repository)
    before = State(CountingFiles(dict(repository.files)))
    repository.put("file.txt", b"two\n")
    repository.sign_online()
    files = CountingFiles(dict(repository.files))

    transition(before, State(files), layout=LAYOUT)

    online = {"metadata/snapshot.json", "metadata/timestamp.json"}
    roots = {"metadata/root.json", "metadata/root_history/1.root.json"}
    assert files.asked == {"metadata/targets.json", *online, *roots}
