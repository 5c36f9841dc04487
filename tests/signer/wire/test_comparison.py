"""What clients get, asked by a real client of a real server, and compared with main."""

from copy import deepcopy
from datetime import timedelta

import pytest
from tests.signer.publishing import Machine, Site, first_of, sha256
from tests.support.published import NOW, Published

from tufline.repository.state import MemoryFiles, State
from tufline.signer.wire import Conflict, Different, Gap, MainNewer, MainOlder, Same, WireRefused


def test_main_that_is_published(site: Site, machine: Machine, published: Published) -> None:
    found = machine.asks(site.url, published.state())
    assert found.comparison == Same()
    assert (found.pin.version, found.published.timestamp) == (2, 2)
    assert found.pin.root == published.files["metadata/root.json"]


def test_main_without_snapshot_and_timestamp(
    site: Site, machine: Machine, published: Published
) -> None:
    for online in ("snapshot", "timestamp"):
        del published.files[f"metadata/{online}.json"]
    assert machine.asks(site.url, published.state()).comparison == Same()


def test_empty_signatures_in_git_are_no_difference(
    site: Site, machine: Machine, published: Published
) -> None:
    for role in ("root", "targets", "npm"):
        published.add_empty_signature(role, "carol")
    assert machine.asks(site.url, published.state()).comparison == Same()


def test_main_that_was_not_published_yet(
    site: Site, machine: Machine, published: Published
) -> None:
    published.rotate()
    published.renew("npm")
    published.delegate("pypi")
    assert machine.asks(site.url, published.state()).comparison == MainNewer(
        ahead=(
            Gap(role="root", main=3, wire=2),  # type: ignore[arg-type] # a text will do here
            Gap(role="pypi", main=1, wire=None),  # type: ignore[arg-type] # likewise
            Gap(role="npm", main=3, wire=2),  # type: ignore[arg-type] # likewise
            Gap(role="targets", main=4, wire=3),  # type: ignore[arg-type] # likewise
        )
    )


def test_main_that_was_put_back(site: Site, machine: Machine, published: Published) -> None:
    before = published.state()
    published.rotate()
    published.put("file.txt", b"two\n")
    published.sign_online()
    site.put(published)
    found = machine.asks(site.url, before)
    assert found.comparison == MainOlder(
        behind=(
            Gap(role="root", main=2, wire=3),  # type: ignore[arg-type] # a text will do here
            Gap(role="targets", main=3, wire=4),  # type: ignore[arg-type] # likewise
        )
    )


def test_role_that_main_lost(site: Site, machine: Machine, published: Published) -> None:
    del published.files["metadata/npm.json"]
    assert machine.asks(site.url, published.state()).comparison == MainOlder(
        behind=(Gap(role="npm", main=None, wire=2),)  # type: ignore[arg-type] # as above
    )


def test_role_that_was_removed_on_main(site: Site, machine: Machine, published: Published) -> None:
    targets = published.load("targets")
    targets.signed.delegations = None
    published.files["metadata/targets.json"] = targets.to_bytes()
    published.renew("targets")
    del published.files["metadata/npm.json"]
    assert machine.asks(site.url, published.state()).comparison == MainNewer(
        ahead=(Gap(role="targets", main=4, wire=3),)  # type: ignore[arg-type] # as above
    )


@pytest.mark.parametrize("role", ["targets", "npm"])
def test_other_content_at_the_same_version(
    site: Site, machine: Machine, published: Published, role: str
) -> None:
    ours = deepcopy(published)
    metadata = ours.load(role)
    metadata.signed.version -= 1
    metadata.signed.expires -= timedelta(days=1)
    ours.files[f"metadata/{role}.json"] = metadata.to_bytes()
    ours.renew(role)
    main, wire = (sha256(each.files[f"metadata/{role}.json"]) for each in (ours, published))
    found = machine.asks(site.url, ours.state())
    version = published.version(role)
    conflict = Conflict(role=role, version=version, main=main, wire=wire)  # type: ignore[arg-type] # as above
    assert found.comparison == Different(conflicts=(conflict,))


def test_main_rewritten_from_its_first_root_on(
    site: Site, machine: Machine, published: Published
) -> None:
    """The git host shows a repository of its own; clients get the real one."""
    forged = Published(artifact=b"forged\n")
    forged.people = forged.targets_people = ("mallory", "mallory's")
    del forged.files["metadata/root.json"]
    forged.rotate()
    forged.rotate()
    found = machine.asks(site.url, forged.state())
    assert found.comparison == Different(
        conflicts=tuple(
            Conflict(
                role="root",  # type: ignore[arg-type] # as above
                version=version,
                main=sha256(forged.files[f"metadata/root_history/{version}.root.json"]),
                wire=sha256(published.files[f"metadata/root_history/{version}.root.json"]),
            )
            for version in (1, 2)
        )
    )


def test_main_that_goes_on_with_a_root_that_nobody_signed(
    site: Site, machine: Machine, published: Published
) -> None:
    ours = deepcopy(published)
    ours.people = ("mallory", "mallory's")
    ours.rotate()  # signed by its own keys alone
    found = machine.asks(site.url, ours.state())
    root = sha256(ours.files["metadata/root.json"])
    conflict = Conflict(role="root", version=3, main=root, wire=None)  # type: ignore[arg-type] # as above
    assert found.comparison == Different(conflicts=(conflict,))


def test_main_and_wire_both_forged(site: Site, machine: Machine, published: Published) -> None:
    """Who controls both can show one other repository, consistent in itself: not to this client."""
    kept = machine.folder.read()
    forged = Published()
    forged.people = ("mallory", "mallory's")
    forged.rotate()
    forged.sign_online()
    site.put(forged)
    with pytest.raises(WireRefused) as caught:
        machine.asks(site.url, forged.state())
    root = sha256(forged.files["metadata/root.json"])
    assert caught.value.role == "root"
    assert (caught.value.main, caught.value.wire) == (root, root)
    assert machine.folder.read() == kept
    del published


def test_wire_that_ends_before_the_pinned_root(
    site: Site, machine: Machine, published: Published
) -> None:
    machine.asks(site.url, published.state())
    older = Published()
    site.put(older)
    with pytest.raises(WireRefused) as caught:
        machine.asks(site.url, older.state())
    assert caught.value.role in {"root", "timestamp"}


def test_wire_that_was_put_back(site: Site, machine: Machine, published: Published) -> None:
    """What this machine has seen once it remembers, as every client does."""
    before = deepcopy(published)
    published.renew("npm")
    published.sign_online()
    site.put(published)
    assert machine.asks(site.url, published.state()).comparison == Same()
    site.put(before)
    with pytest.raises(WireRefused) as caught:
        machine.asks(site.url, before.state())
    assert caught.value.role == "timestamp"
    assert "published: sha256 " in str(caught.value)


def test_wire_with_a_changed_byte(site: Site, machine: Machine, published: Published) -> None:
    file = site.folder / "metadata/3.targets.json"
    changed = file.read_bytes().replace(b'"length": 4', b'"length": 5')
    assert changed != file.read_bytes()
    file.write_bytes(changed)
    with pytest.raises(WireRefused) as caught:
        machine.asks(site.url, published.state())
    assert caught.value.role == "targets"
    assert caught.value.main == sha256(published.files["metadata/targets.json"])
    assert caught.value.wire == sha256(changed)
    assert str(caught.value).splitlines()[1:] == [
        f"  published: sha256 {caught.value.wire}",
        f"  main:      sha256 {caught.value.main}",
    ]


def test_expired_metadata_is_told_and_compared(
    site: Site, machine: Machine, published: Published
) -> None:
    found = machine.asks(site.url, published.state(), at=NOW + timedelta(days=31))
    assert found.comparison == Same()
    assert set(found.published.expired) == {"root", "timestamp", "snapshot", "targets"}


def test_unreadable_main_is_different(site: Site, machine: Machine, published: Published) -> None:
    files = dict(published.files)
    files["metadata/npm.json"] = b"{}"
    files["metadata/root_history/1.root.json"] = b"no JSON"
    found = machine.asks(site.url, State(MemoryFiles(files)))
    assert isinstance(found.comparison, Different)
    (conflict,) = found.comparison.conflicts
    assert (conflict.role, conflict.version) == ("root", 1)
    files["metadata/root_history/1.root.json"] = first_of(published)
    machine.pin(first_of(published))
    found = machine.asks(site.url, State(MemoryFiles(files)))
    assert isinstance(found.comparison, Different)
    (conflict,) = found.comparison.conflicts
    assert (conflict.role, conflict.version, conflict.main) == ("npm", 2, sha256(b"{}"))
