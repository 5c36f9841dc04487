"""How people learn of online keys that fail while others are enough."""

import os
from typing import TYPE_CHECKING

import click

from tufline.repository.commands import append_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tufline.online_sign._run import FailedKey


def tell_failed_keys(failed: "Iterable[FailedKey]") -> None:
    """Warn of each: on GitHub as an annotation and in the job's summary, else on stderr."""
    from tufline.repository.report import as_markdown, prose

    for each in failed:
        said = prose(f"{each}").text
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(f"::warning title=An online key failed::{_escaped(said)}", err=True)
        else:
            click.echo(f"warning: online key {said}; others were enough", err=True)
        line = as_markdown(("An online key failed, and others were enough: ", prose(f"{each}")))
        append_to("GITHUB_STEP_SUMMARY", f"- :warning: {line}\n")


def _escaped(text: str) -> str:
    """Escape the data of a workflow command; `prose` has spelled out line breaks already."""
    return text.replace("%", "%25")
