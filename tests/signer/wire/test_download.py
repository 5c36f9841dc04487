"""What clients get, downloaded: other folders, fewer files, nobody there, what is remembered."""

import stat

import pytest
from tests.signer.publishing import Machine, Site, sha256
from tests.support.published import Published
from tuf.api.metadata import Metadata

from tufline.repository.publish import Layout
from tufline.signer.wire import Same, WireUnreachable


@pytest.mark.parametrize("folder", [".", "tuf/metadata"])
def test_metadata_in_another_folder(
    site: Site, machine: Machine, published: Published, folder: str
) -> None:
    layout = Layout(metadata_dir=folder)
    site.put(published, layout)
    assert machine.asks(site.url, published.state(), layout=layout).comparison == Same()
    for url in (site.url.rstrip("/"), site.url):
        assert machine.asks(url, published.state(), layout=layout).comparison == Same()


def test_snapshot_that_states_hashes_spares_downloads(
    site: Site, machine: Machine, published: Published
) -> None:
    snapshot = published.load("snapshot")
    entry = snapshot.signed.meta["npm.json"]
    entry.hashes = {"sha256": sha256(published.files["metadata/npm.json"])}
    published.files["metadata/snapshot.json"] = snapshot.to_bytes()
    published._write("snapshot", snapshot, published.online)  # noqa: SLF001 - it signs what we changed
    site.put(published)
    (site.folder / "metadata/2.npm.json").unlink()
    assert machine.asks(site.url, published.state()).comparison == Same()


def test_nothing_published_yet(site: Site, machine: Machine, published: Published) -> None:
    (site.folder / "metadata/timestamp.json").unlink()
    with pytest.raises(WireUnreachable) as caught:
        machine.asks(site.url, published.state())
    assert str(caught.value).endswith(
        "nothing is published there: the server answers with HTTP status 404"
    )
    assert "--no-wire" in str(caught.value.hint)


def test_nobody_answers(machine: Machine, published: Published) -> None:
    with pytest.raises(WireUnreachable, match="refused"):
        machine.asks("http://127.0.0.1:9/", published.state())


def test_what_is_remembered_is_private_and_whole(
    site: Site, machine: Machine, published: Published
) -> None:
    machine.asks(site.url, published.state())
    folder = machine.folder.path
    names = {file.name for file in folder.iterdir()}
    assert names == {"root.json", "about.json", "timestamp.json", "snapshot.json"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in folder.iterdir())
    pin = machine.folder.read()
    assert pin is not None
    assert (pin.version, pin.url) == (2, site.url)
    assert Metadata.from_bytes(pin.root).signed.version == 2


def test_damaged_memory_of_what_was_seen_does_no_harm(
    site: Site, machine: Machine, published: Published
) -> None:
    machine.asks(site.url, published.state())
    (machine.folder.path / "timestamp.json").write_bytes(b"{")
    assert machine.asks(site.url, published.state()).comparison == Same()
