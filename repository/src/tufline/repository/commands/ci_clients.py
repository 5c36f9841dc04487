"""tufline ci clients: which clients have to be installed."""

from pathlib import Path

import click

from tufline.repository.commands._answer import append_to, show_answer
from tufline.repository.commands._options import git_dir_option, remote_option


@click.command()
@remote_option
@git_dir_option
def command(*, remote: str | None, git_dir: Path) -> None:
    """Say which of the bundled clients main's tufline.toml names, but for python-tuf.

    python-tuf comes with Tufline; the others are what `bin/install-clients` installs. Answers JSON;
    on GitHub the step's output `install` holds the names, with spaces between them.
    """
    from tufline.repository.clients import BUNDLED
    from tufline.repository.history import open_history
    from tufline.repository.jobs import MAIN
    from tufline.repository.settings import read_settings
    from tufline.repository.state import State

    with open_history(git_dir, pull_remote=remote) as history:
        settings = read_settings(State(history.files(history.resolve(MAIN)))).clients
    ours = {"python-tuf", *settings.commands}
    names = [each for each in dict.fromkeys(settings.use) if each in BUNDLED and each not in ours]
    show_answer({"install": names})
    append_to("GITHUB_OUTPUT", f"install={' '.join(names)}\n")
