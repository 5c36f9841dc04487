from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from tests.clouds.sigstore.identities import Workflow, hold_file_key, identity_of, main_of
from tests.clouds.sigstore.stage import Stage
from tests.commands.running import Terminal
from tests.history.helpers import bare
from tests.support.pipeline import Pipeline, root_digest
from tests.support.sample import ONLINE, key_for
from tests.support.sigstore import Sigstore, python_sigstore
from tests.support.sigstore._delivery import delivery

from tufline.repository.history import open_history
from tufline.repository.identities import TOKEN_VARIABLE, verifier_for

if TYPE_CHECKING:
    from securesystemslib.signer import Key

SETTINGS = """\
[publish]
production = "{production}"
[online]
budget = 1
[review]
online-keys = ["file2:", "sigstore:"]
"""

Open: TypeAlias = Callable[..., Workflow]
"""Makes a repository whose timestamp the identity signs, a key in a file, or one of both."""


@pytest.fixture
def sigstore(tmp_path: Path) -> Iterator[Sigstore]:
    """Return a Sigstore of our own, which any machine can run."""
    with python_sigstore(tmp_path / "sigstore") as started:
        yield started


@pytest.fixture
def opened(
    tmp_path: Path,
    sigstore: Sigstore,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Open]:
    """Return what makes a workflow with its repository; the job has a token."""
    home, production = tmp_path / "home", tmp_path / "production"
    for folder in (home, production):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for variable in ("XDG_CONFIG_HOME", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("CRYPTO_SIGNER_PATH_PREFIX", str(home))
    hold_file_key(home)
    with ExitStack() as stack:

        def open_with(*, file_key: bool = False, identity: bool = True) -> Workflow:
            keys: list[Key] = [identity_of(sigstore.issuer.url)] if identity else []
            keys += [key_for(ONLINE)] if file_key else []
            now = datetime.now(UTC).replace(microsecond=0)
            settings = SETTINGS.format(production=production)
            main = main_of(now, settings, sigstore.instance, keys)
            server = bare(tmp_path / "server.git")
            pipeline = Pipeline(
                main=main,
                history=stack.enter_context(open_history(server)),
                verifiers=verifier_for,
                now=now,
                confirmed=root_digest(main),
            )
            workflow = Workflow(
                server=server,
                production=production,
                pipeline=pipeline,
                sigstore=sigstore,
                tufline=Terminal(capsys),
            )
            monkeypatch.setenv(TOKEN_VARIABLE, workflow.token())
            return workflow

        yield open_with


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Return a Sigstore of our own, which any machine can run."""
    folder = tmp_path / "work"
    folder.mkdir()
    with (
        python_sigstore(tmp_path / "sigstore") as sigstore,
        delivery(tmp_path / "web", sigstore.instance) as repository,
    ):
        yield Stage(folder=folder, sigstore=sigstore, repository=repository)
