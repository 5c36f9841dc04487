"""How people learn of what failed while other things were done: keys, renewals."""

import os
from typing import TYPE_CHECKING

import click

from tufline.repository.commands import append_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tufline.online_sign._held_back import NotKeptFresh
    from tufline.online_sign._run import FailedKey


def tell_failed_keys(failed: "Iterable[FailedKey]", *, enough: bool = True) -> None:
    """Warn of each: on GitHub as an annotation and in the job's summary, else on stderr.

    `enough` says whether others were enough for all that was due.
    """
    from tufline.repository.report import as_markdown, prose

    for each in failed:
        said = prose(f"{each}").text
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(f"::warning title=An online key failed::{_escaped(said)}", err=True)
        else:
            click.echo(f"warning: online key {said}{'; others were enough' * enough}", err=True)
        what = f"An online key failed{', and others were enough' * enough}: "
        line = as_markdown((what, prose(f"{each}")))
        append_to("GITHUB_STEP_SUMMARY", f"- :warning: {line}\n")


def tell_stale(stale: "NotKeptFresh") -> None:
    """Say that what clients have was not renewed, in the same places."""
    from tufline.repository.report import as_markdown, prose

    said = prose(stale.with_hint).text
    if os.environ.get("GITHUB_ACTIONS") == "true":
        click.echo(f"::error title=Clients are not kept fresh::{_escaped(said)}", err=True)
    else:
        click.echo(f"error: {said}", err=True)
    append_to("GITHUB_STEP_SUMMARY", f"- :x: {as_markdown((prose(stale.with_hint),))}\n")


def _escaped(text: str) -> str:
    """Escape the data of a workflow command; `prose` has spelled out line breaks already."""
    return text.replace("%", "%25")
