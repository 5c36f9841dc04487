"""What a tree says, file by file; what cannot be read is a value too."""

import pytest
from tests.state.trees import Counted
from tests.support.sample import Sample
from tuf.api.metadata import Root, Signed, Snapshot, Targets, Timestamp

from tufline.repository.format import ROOT, TARGETS, Document, Invitations, Owner, RoleName
from tufline.repository.state import (
    LARGEST_ROOT,
    LARGEST_SNAPSHOT,
    LARGEST_TARGETS,
    LARGEST_TIMESTAMP,
    Kind,
    MemoryFiles,
    State,
    Unreadable,
    outline_of,
)

NPM = RoleName("npm")
LARGEST = {
    "root": LARGEST_ROOT,
    "targets": LARGEST_TARGETS,
    "npm": LARGEST_TARGETS,
    "snapshot": LARGEST_SNAPSHOT,
    "timestamp": LARGEST_TIMESTAMP,
}


def sample() -> Sample:
    made = Sample()
    made.edit("root")
    made.sign_online()
    return made


def load(state: State, role: str) -> object:
    """Return what the state says of a role."""
    if role == "snapshot":
        return state.snapshot()
    return state.timestamp() if role == "timestamp" else state.role(RoleName(role))


def test_every_role_is_read_from_its_file() -> None:
    made = sample()
    kinds: dict[str, type[Signed]] = {"root": Root, "targets": Targets, "npm": Targets}
    kinds |= {"snapshot": Snapshot, "timestamp": Timestamp}
    for role, kind in kinds.items():
        found = load(made.state(), role)
        assert isinstance(found, Document)
        assert found.signed.type == kind.type
        assert found.data == made.files[f"metadata/{role}.json"]


def test_role_is_root_or_targets_type() -> None:
    state = sample().state()
    assert state.role(ROOT) is state.root()
    assert state.role(NPM) is state.targets(NPM)


def test_an_empty_tree_says_nothing() -> None:
    state = State(MemoryFiles({}))
    assert [load(state, role) for role in LARGEST] == [None] * 5
    assert state.historic_roots() == {}
    assert state.targets_roles() == ()
    assert state.invitations() == Invitations()
    assert list(state.artifacts()) == []


def test_historic_roots_are_found_by_version() -> None:
    made = sample()
    for name in ("03.root.json", "x.root.json", "4.root.json.orig", "sub/5.root.json"):
        made.files[f"metadata/root_history/{name}"] = b""
    state = made.state()
    assert sorted(state.historic_roots()) == [1, 2]
    old = state.historic_root(1)
    assert isinstance(old, Document)
    assert old.signed.version == 1
    assert state.historic_root(3) is None


def test_targets_roles_are_all_files_but_root_and_online_ones() -> None:
    made = sample()
    for name in ("orphan.json", "a.b.json", "snapshot2.json", "x.txt", ".hid.json", "d/x.json"):
        made.files[f"metadata/{name}"] = b"{}"
    assert made.state().targets_roles() == ("a.b", "npm", "orphan", "snapshot2", "targets")


@pytest.mark.parametrize(("role", "largest"), LARGEST.items())
def test_file_that_is_too_large_for_clients_is_unreadable(role: str, largest: int) -> None:
    made = sample()
    path = f"metadata/{role}.json"
    made.files[path] += b" " * (largest - len(made.files[path]))
    assert isinstance(load(made.state(), role), Document)
    made.files[path] += b" "
    assert load(made.state(), role) == Unreadable(
        path, f"{largest + 1} bytes, over the {largest} that clients accept"
    )


@pytest.mark.parametrize("role", LARGEST)
@pytest.mark.parametrize("kind", [Kind.SYMLINK, Kind.SUBMODULE])
def test_link_or_submodule_is_unreadable(role: str, kind: Kind) -> None:
    made = sample()
    made.kinds[f"metadata/{role}.json"] = kind
    assert load(made.state(), role) == Unreadable(f"metadata/{role}.json", "not a plain file")


@pytest.mark.parametrize("role", LARGEST)
def test_what_is_no_metadata_is_unreadable(role: str) -> None:
    made = sample()
    made.files[f"metadata/{role}.json"] = b"{}"
    assert load(made.state(), role) == Unreadable(
        f"metadata/{role}.json", "not TUF metadata: no object 'signed'"
    )


def test_metadata_of_another_type_is_unreadable() -> None:
    made = sample()
    made.files["metadata/npm.json"] = made.files["metadata/snapshot.json"]
    found = made.state().targets(NPM)
    assert found == Unreadable("metadata/npm.json", "_type is 'snapshot', not 'targets'")


def test_invitations_are_read_or_unreadable() -> None:
    made = sample()
    path = "metadata/.signing-event-state"
    made.files[path] = b'{"invites": {"@eve": ["npm"]}}'
    assert made.state().invitations() == Invitations({Owner("@eve"): (NPM,)})
    made.files[path] = b"[]"
    assert isinstance(made.state().invitations(), Unreadable)


def test_artifacts_are_what_lies_below_targets() -> None:
    state = sample().state()
    found = {entry.path for entry in state.artifacts()}
    assert found == {"targets/file.txt", "targets/dir-less.json", "targets/npm/keys.json"}
    assert [entry.path for entry in state.artifacts("npm")] == ["targets/npm/keys.json"]


def test_read_gives_bytes_of_plain_files_only() -> None:
    made = sample()
    made.kinds = {"targets/file.txt": Kind.SYMLINK, "targets/npm/keys.json": Kind.EXECUTABLE}
    state = made.state()
    assert state.read("targets/file.txt") is None
    assert state.read("targets/npm/keys.json") == b"keys\n"
    assert state.read("nope") is None


def test_what_was_read_is_remembered() -> None:
    files = Counted(sample().state().files)
    state = State(files)
    for _ in range(3):
        state.root()
        state.targets(TARGETS)
        state.historic_root(1)
    assert files.calls == ["read"] * 3


def test_outlines_of_many_roles_are_at_hand_once_they_were_read() -> None:
    made = sample()
    names = [RoleName(f"r{number}") for number in range(40)]
    for name in names:
        made.files[f"metadata/{name}.json"] = made.files["metadata/npm.json"]
    files = Counted(made.state().files)
    state = State(files)
    first = [state.outline(name) for name in names]
    assert len(files.calls) == len(names)

    assert [state.outline(name) for name in names] == first
    assert len(files.calls) == len(names)
    npm = state.targets(NPM)
    assert isinstance(npm, Document)
    assert first[-1] == outline_of(npm.signed)


def test_outline_of_what_is_no_metadata_or_states_no_possible_period() -> None:
    made = sample()
    made.edit("npm", lambda npm: npm.unrecognized_fields.update({"x-tuf-on-ci-expiry-period": "x"}))
    made.files["metadata/broken.json"] = b"{"
    state = made.state()

    assert state.outline(RoleName("broken")) is None
    assert state.outline(RoleName("absent")) is None
    outline = state.outline(NPM)
    assert outline is not None
    assert (outline.version, outline.periods) == (2, None)


def test_answers_do_not_depend_on_how_much_was_read_since() -> None:
    made = sample()
    for number in range(40):
        made.files[f"metadata/r{number}.json"] = made.files["metadata/npm.json"]
    state = made.state()
    first = state.targets(NPM)
    for number in range(40):
        assert isinstance(state.targets(RoleName(f"r{number}")), Document)
    again = state.targets(NPM)
    assert first is not again
    assert first == again


def test_online_metadata_is_parsed_once_for_a_state() -> None:
    state = sample().state()

    assert isinstance(state.snapshot(), Document)
    assert state.snapshot() is state.snapshot()
    assert state.timestamp() is state.timestamp()
