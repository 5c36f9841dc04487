"""The token that git's server is given, whatever the clone says."""

from base64 import b64encode
from pathlib import Path

import pytest
from tests.history.helpers import bare, clone, git
from tests.support.web_service import web_service

from tufline.repository.history import HttpToken, RemoteUnreachable, open_history


def test_token_is_told_in_place_of_the_one_that_the_clone_was_made_with(tmp_path: Path) -> None:
    """A job's checkout may have left its own; GitHub takes no request that has two."""
    work = clone(bare(tmp_path / "server.git"), tmp_path / "clone")
    with web_service([404]) as server:
        git(work, "remote", "set-url", "origin", f"{server.url}/octo/tuf")
        git(work, "config", f"http.{server.url}/.extraheader", "Authorization: Basic of-the-clone")
        token = HttpToken(server=server.url, token="of-the-job")  # noqa: S106 - no secret
        with (
            open_history(work, pull_remote="origin", token=token) as history,
            pytest.raises(RemoteUnreachable),
        ):
            history.refresh()

    login = b64encode(b"x-access-token:of-the-job").decode()
    assert [each.headers["Authorization"] for each in server.received] == [f"Basic {login}"]
