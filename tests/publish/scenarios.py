"""Changes of a published repository that clients must be able to follow at every step."""

from collections.abc import Callable

from tests.support.memory_store import MemoryStore
from tests.support.published import Published

from tufline.repository.publish import Layout, transition, with_bytes
from tufline.repository.state import State

LAYOUT = Layout()
ODD_ROLE = "a@b.c+d-1.x"


def change_content(repository: Published) -> None:
    repository.put("file.txt", b"two\n")
    repository.put("folder/deeper/new.bin", b"\x00\xff")
    repository.sign_online()


def renew_timestamp(repository: Published) -> None:
    repository.renew_timestamp()


def delegate(repository: Published) -> None:
    repository.delegate(ODD_ROLE)
    repository.put(f"{ODD_ROLE}/file.txt", b"of the role", role=ODD_ROLE)
    repository.put(f"{ODD_ROLE}/folder/file.txt", b"deeper", role=ODD_ROLE)
    repository.sign_online()


def rotate_people(repository: Published) -> None:
    repository.rotate(people=("alice", "carol"))
    repository.sign_online()


def replace_online_key(repository: Published) -> None:
    old = repository.online
    repository.rotate(online=("online-2",))
    repository.sign_online(by=(*old, "online-2"))


def rotate_everything(repository: Published) -> None:
    old = repository.online
    repository.put("file.txt", b"two\n")
    repository.rotate(people=("bob", "carol"), online=("online-2",))
    repository.sign_online(by=(*old, "online-2"))


def rotate_twice(repository: Published) -> None:
    repository.rotate(people=("alice", "carol"))
    repository.rotate(people=("carol", "dave"), online=("online-2",))
    repository.sign_online(by=("online", "online-2"))


def three_changes(repository: Published) -> None:
    change_content(repository)
    delegate(repository)
    rotate_everything(repository)


SCENARIOS: dict[str, Callable[[Published], None]] = {
    change.__name__: change
    for change in (
        change_content,
        renew_timestamp,
        delegate,
        rotate_people,
        replace_online_key,
        rotate_everything,
        rotate_twice,
        three_changes,
    )
}


def change_targets_people(repository: Published) -> None:
    """Replace everybody who signs targets, whose old key is lost: an emergency."""
    repository.rotate(targets_people=("erin",))
    repository.renew("targets")
    repository.sign_online()


def published_files(state: State, layout: Layout = LAYOUT) -> dict[str, bytes]:
    """Return all that a first publication of `state` uploads, by name."""
    uploads = transition(None, state, layout=layout)
    return {upload.name: data for upload, data in with_bytes(state, uploads)}


def before_and_after(change: Callable[[Published], None]) -> tuple[State, State]:
    """Return a published state, and what it is after the change."""
    repository = Published()
    before = repository.state()
    change(repository)
    return before, repository.state()


def store_with(state: State | None, **faults: object) -> MemoryStore:
    store = MemoryStore(**faults)  # type: ignore[arg-type] # passed through
    store.files = published_files(state) if state else {}
    return store
