"""tufline ci preflight: can the online keys that an event proposes sign?"""

from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands import git_dir_option, now_option, show_answer


@click.command()
@click.argument("event")
@click.option("--remote", help="The remote whose branches count; without it, the repository's own.")
@git_dir_option
@now_option
def command(*, event: str, remote: str | None, git_dir: Path, now: datetime) -> None:
    """Have each online key that EVENT proposes sign a nonce, and verify that.

    Only keys that main allows are used. Answers JSON; nothing is written. Passed and inconclusive
    end with exit status 0, failed with 1, and so does an event that review refuses.
    """
    from tufline.online_sign._keys import KeysByUri
    from tufline.online_sign._run import begin
    from tufline.online_sign.event import sound_event
    from tufline.online_sign.preflight import preflight
    from tufline.repository.forge import CheckVerdict, check_json
    from tufline.repository.history import open_history

    with open_history(git_dir, pull_remote=remote) as history:
        history.refresh()
        found, _ = sound_event(history, event, now=now)
        check = preflight(found, begin(KeysByUri(), found.settings.online))
    show_answer({"event": event, "checks": [check_json(check)] if check else []})
    if check is not None and check.verdict is CheckVerdict.FAILED:
        raise click.exceptions.Exit(1)
