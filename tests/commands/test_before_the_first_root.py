"""A repository in which nothing is signed yet has nothing to sign online: that is no failure."""

from pathlib import Path

from tests.commands.running import Terminal
from tests.history.helpers import bare, commit, create

from tufline.repository.history import open_history


def test_online_signing_does_nothing_before_there_is_a_root(
    tufline: Terminal, tmp_path: Path
) -> None:
    server = bare(tmp_path / "server.git")
    with open_history(server) as history:
        create(history, "main", commit(history, {"README": b"to be started\n"}))

    ran = tufline("ci", "online-sign", "-C", server)

    assert (ran.code, ran.err) == (0, "")
    nothing: dict[str, object] = {"moved": False, "signed": [], "refused": [], "failed_keys": []}
    assert ran.answer == {"publish": None, "not_kept_fresh": None} | nothing
