"""The artifacts of a shadow: read when asked for, and which of them clients are to try."""

from datetime import timedelta

from tests.shadow.building import LAYOUT, TERMS, event_of, published, served, shadow_of
from tests.support.delegating import delegate, edit
from tests.support.sample import NOW

from tufline.repository.shadow import build
from tufline.repository.state import Entry, MemoryFiles, State


class Counted(MemoryFiles):
    """Files that know which artifacts were read."""

    read_so_far: tuple[str, ...] = ()

    def read(self, entry: Entry) -> bytes:
        if entry.path.startswith("targets/"):
            self.read_so_far += (entry.path,)
        return super().read(entry)


def test_an_artifact_is_read_when_it_is_asked_for() -> None:
    base = published()
    files = Counted(event_of(base).files)

    shadow = build(State(files), base.state(), layout=LAYOUT, terms=TERMS)

    names = [each for each in shadow.proposed.files if each.startswith("targets/")]
    assert len(names) == len(shadow.proposed.files) - 5 == 3
    assert not files.read_so_far
    (name,) = (each for each in names if each.endswith(".keys.json"))
    assert shadow.proposed.files[name] == b"keys\n"
    assert list(files.read_so_far) == ["targets/npm/keys.json"]
    assert len(shadow.proposed.files) == len(set(shadow.proposed.files))


def test_changed_artifacts_come_first_and_expired_roles_are_left_out() -> None:
    base = published()
    listing = {f"many/{number:03}": b"x" for number in range(90)}
    delegate(base, "many", ["many/*"], listing)
    delegate(base, "late", ["late/*"], {"late/a": b"x"})
    edit(base, "late", lambda targets: setattr(targets, "expires", NOW - timedelta(days=1)))

    shadow = shadow_of(event_of(base), base)

    paths = [each.path for each in shadow.wanted]
    assert paths[0] == "file.txt"
    assert {"dir-less.json", "npm/keys.json", "many/000"} <= set(paths)
    assert len(paths) <= 20
    assert not any(path.startswith("late/") for path in paths)
    assert served(shadow)


def test_at_most_twenty_artifacts_are_wanted_from_all_over_what_changed() -> None:
    base = published()
    event = event_of(base)
    listing = {f"many/{number:03}": b"x" for number in range(90)}
    delegate(event, "many", ["many/*"], listing)

    paths = [each.path for each in shadow_of(event, base).wanted]

    assert len(paths) == 20
    assert max(paths) > "many/080"
