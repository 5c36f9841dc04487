"""The options by which `tufline sign` signs a payload. Light to import, as all options are."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tufline.signer.commands._options import EXISTING_FILE

_OWN = ("output", "user", "settings")


def offline_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add `--offline` and what goes with it. Where it is given, it does the work of `function`."""

    @wraps(function)
    def command(*, offline: Path | None, **given: Any) -> None:  # noqa: ANN401 - all options
        own = {name: given.pop(name) for name in _OWN}
        if offline is not None:
            _sign(offline, own, given)
        elif any(value is not None for value in own.values()):
            raise click.UsageError("-o, --user and --settings go with --offline FILE")
        else:
            function(**given)

    options = (
        click.option(
            "--offline",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Sign the payload in FILE, without network or clone (see: tufline payload).",
        ),
        click.option(
            "-o",
            "--output",
            metavar="FILE",
            type=click.Path(dir_okay=False, path_type=Path),
            help="With --offline: where the signatures go.",
        ),
        click.option("--user", metavar="@NAME", help="With --offline: who signs."),
        click.option(
            "--settings",
            metavar="FILE",
            type=EXISTING_FILE,
            help="With --offline: my settings, in place of --user.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _sign(payload: Path, own: dict[str, Any], given: dict[str, Any]) -> None:
    from tufline.signer.commands._offline import OfflineAnswers, sign_offline

    if given["event"] is not None:
        raise click.UsageError("--offline FILE says which event it is; name none")
    if given["identity_token"] is not None:
        raise click.UsageError("an identity signs online: --identity-token-file is not for here")
    sign_offline(
        OfflineAnswers(
            payload=payload,
            output=own["output"],
            user=own["user"],
            settings=own["settings"],
            root=given["root_fingerprint"],
            key=given["key"],
            pin_fd=given["pin_fd"],
            pin_file=given["pin_file"],
            yes=given["yes"],
        ),
        now=given["now"],
    )
