"""tufline ci online-sign: sign snapshot and timestamp over main."""

import json
from datetime import datetime
from pathlib import Path

import click

from tufline.repository.commands import git_dir_option, now_option


@click.command()
@click.option("--confirm-root", metavar="SHA256", help="On the first run: the right oldest root.")
@click.option("--event", help="Instead, sign the online-signed roles of this signing event.")
@git_dir_option
@now_option
def command(*, confirm_root: str | None, event: str | None, git_dir: Path, now: datetime) -> None:
    """Judge main, sign snapshot and timestamp over it where due, and commit to publish.

    Where main is refused, the last accepted state is renewed instead, and the answer (JSON) says
    why. Exit status 1 then tells the operator that main must be mended.
    """
    from tufline.online_sign._keys import KeysByUri
    from tufline.online_sign.event import sign_event
    from tufline.online_sign.job import online_sign
    from tufline.repository.history import open_history
    from tufline.repository.jobs.publishing import deployed_now

    with open_history(git_dir) as history:
        if event is not None:
            roles = sign_event(history, event, KeysByUri(), now=now)
            click.echo(json.dumps({"event": event, "signed": list(roles)}))
            return
        outcome = online_sign(
            history,
            KeysByUri(),
            now=now,
            deployed=deployed_now(history),
            confirmed_root=confirm_root,
        )
    refused = outcome.refused
    answer = {
        "publish": outcome.publish,
        "moved": outcome.moved,
        "signed": list(outcome.signed),
        "refused": [str(each) for each in refused.errors] if refused else [],
    }
    click.echo(json.dumps(answer))
    if refused:
        raise click.exceptions.Exit(1)
