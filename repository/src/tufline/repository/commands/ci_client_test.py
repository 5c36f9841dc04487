"""tufline ci client-test: let a real client update from a published repository."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._answer import append_to, show_answer
from tufline.repository.commands._options import git_dir_option, now_option, remote_option
from tufline.repository.commands._screen import spelled

if TYPE_CHECKING:
    from tufline.repository.jobs.client_test import Subject
    from tufline.repository.publish.compliance import Outcome


class Line(click.ParamType[str]):
    """A text that an environment variable holds one of in each line."""

    name = "text"
    envvar_list_splitter = "\n"


@click.command()
@click.option("--metadata-url", envvar="TUFLINE_METADATA_URL", help="Where the metadata is.")
@click.option("--targets-url", envvar="TUFLINE_TARGETS_URL", help="Where the artifacts are.")
@click.option(
    "--root",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="TUFLINE_ROOT",
    help="The root that the client starts with.",
)
@click.option("--root-sha256", envvar="TUFLINE_ROOT_SHA256", help="Or its SHA-256 (hex).")
@click.option(
    "--root-version",
    type=click.IntRange(min=1),
    envvar="TUFLINE_ROOT_VERSION",
    default=1,
    show_default=True,
    help="The version of that root.",
)
@click.option(
    "--artifact",
    "artifacts",
    type=Line(),
    envvar="TUFLINE_ARTIFACTS",
    multiple=True,
    help="Download it; may be repeated.",
)
@click.option(
    "--published-url",
    envvar="TUFLINE_PUBLISHED_URL",
    help="In place of all these: where the publish branch of this repository is published.",
)
@click.option(
    "--published-commit",
    envvar="TUFLINE_PUBLISHED_COMMIT",
    default="publish",
    show_default=True,
    help="What is published there.",
)
@remote_option
@git_dir_option
@now_option
def command(  # noqa: PLR0913 - one argument per option
    *,
    metadata_url: str | None,
    targets_url: str | None,
    root: Path | None,
    root_sha256: str | None,
    root_version: int,
    artifacts: tuple[str, ...],
    published_url: str | None,
    published_commit: str,
    remote: str | None,
    git_dir: Path,
    now: datetime,
) -> None:
    """Let python-tuf's client update from a repository and download artifacts. Answers JSON.

    Exit status 1 if the client stops; the answer holds what it said.
    """
    from tufline.repository.jobs.client_test import (
        Subject,
        client_test,
        named,
        published_root,
        remote_of,
    )

    if published_url is not None:
        subject = _published(git_dir, remote, published_url, published_commit)
    elif metadata_url is None or (root is None) == (root_sha256 is None):
        raise click.UsageError(
            "give --metadata-url with --root or --root-sha256, or else --published-url"
        )
    else:
        where = remote_of(metadata_url, targets_url)
        data = root.read_bytes() if root else published_root(where, root_version, root_sha256 or "")
        subject = Subject(remote=where, root=data, artifacts=named(artifacts))
    _show(subject, client_test(subject, now=now))


def _published(git_dir: Path, remote: str | None, url: str, commit: str) -> "Subject":
    from tufline.repository.history import open_history
    from tufline.repository.jobs.client_test import subject_of_publish

    with open_history(git_dir, pull_remote=remote) as history:
        return subject_of_publish(history, url, commit)


def _show(subject: "Subject", outcome: "Outcome") -> None:
    """Answer, in the job's summary too; exit with 1 where the client stopped."""
    from dataclasses import asdict

    from tufline.repository.publish.compliance import Rejected

    reason = outcome.reason if isinstance(outcome, Rejected) else None
    versions = asdict(outcome.versions)
    tried = list(subject.artifacts)
    show_answer(
        {"accepted": reason is None, "versions": versions, "artifacts": tried, "reason": reason}
    )
    shown = ", ".join(f"{role} {version}" for role, version in versions.items())
    verdict = "accepts" if reason is None else "refuses"
    said = "" if reason is None else f"\n    {spelled(reason)}\n"  # code: it formats nothing
    append_to(
        "GITHUB_STEP_SUMMARY",
        f"### A client {verdict} the repository\n\nIt trusts {shown}; "
        f"artifacts tried: {len(tried)}.\n{said}",
    )
    if reason is not None:
        raise click.exceptions.Exit(1)
