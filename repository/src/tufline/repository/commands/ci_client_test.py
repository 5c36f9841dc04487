"""tufline ci client-test: let real clients update from a published repository."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tufline.repository.commands._answer import append_to, show_answer
from tufline.repository.commands._options import git_dir_option, now_option, remote_option
from tufline.repository.commands._screen import spelled

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tufline.repository.clients import Matrix
    from tufline.repository.history import History
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
@click.option(
    "--from-url",
    envvar="TUFLINE_FROM_URL",
    help="With --published-url: where clients got it so far; they update from there too.",
)
@click.option(
    "--client",
    "clients",
    type=Line(),
    envvar="TUFLINE_CLIENT_NAMES",
    multiple=True,
    help="A client to run; may be repeated. By default those of tufline.toml.",
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
    from_url: str | None,
    clients: tuple[str, ...],
    remote: str | None,
    git_dir: Path,
    now: datetime,
) -> None:
    """Let clients update from a repository and download artifacts. Answers JSON.

    python-tuf's client in this process always does. With --published-url the clients that
    tufline.toml names do too, each with every root that it may hold; with --client these.

    Exit status 1 if a client refuses; the answer holds what it said. A client that is not installed
    or does not work is reported, and is no refusal.
    """
    from tufline.repository.commands._verifiers import verifiers
    from tufline.repository.jobs.client_test import (
        client_matrix,
        client_test,
        named,
        subject_of_publish,
    )

    chosen = named(clients)
    if published_url is not None:
        with _history(git_dir, remote) as history:
            subject = subject_of_publish(
                history,
                published_url,
                published_commit,
                now=now,
                before=from_url or None,
                verifiers=verifiers(),
            )
    elif metadata_url is None or (root is None) == (root_sha256 is None):
        raise click.UsageError(
            "give --metadata-url with --root or --root-sha256, or else --published-url"
        )
    else:
        trusted = root or _Pinned(root_sha256 or "", root_version)
        subject = _used(metadata_url, targets_url, trusted, artifacts)
    if chosen:
        subject = subject.with_clients(chosen)
    matrix = None
    if published_url is not None or chosen:
        matrix = client_matrix(subject, os.environ, now=now)
    _show(subject, client_test(subject, now=now), matrix)


@dataclass(frozen=True, slots=True)
class _Pinned:
    """A published root that is known by its digest."""

    sha256: str
    version: int


def _history(git_dir: Path, remote: str | None) -> "AbstractContextManager[History]":
    from tufline.repository.history import open_history

    return open_history(git_dir, pull_remote=remote)


def _used(
    metadata_url: str, targets_url: str | None, root: "Path | _Pinned", artifacts: tuple[str, ...]
) -> "Subject":
    from tufline.repository.jobs.client_test import published_root, remote_of, subject_of_project

    where = remote_of(metadata_url, targets_url)
    if isinstance(root, _Pinned):
        data, version = published_root(where, root.version, root.sha256), root.version
    else:
        data, version = root.read_bytes(), 1
    return subject_of_project(where, data, version, artifacts)


def _show(subject: "Subject", outcome: "Outcome", matrix: "Matrix | None") -> None:
    """Answer, in the job's summary too; exit with 1 where a client refuses."""
    from dataclasses import asdict

    from tufline.repository.clients import matrix_json, trial_line
    from tufline.repository.publish.compliance import Rejected

    said = [outcome.reason] if isinstance(outcome, Rejected) else []
    if matrix:
        said += [line for each in matrix.rejected if (line := trial_line(each))]
    answer: dict[str, Any] = {
        "accepted": not said,
        "versions": asdict(outcome.versions),
        "artifacts": list(subject.artifacts),
        "reason": said[0] if said else None,
    }
    if matrix:
        answer["trials"] = matrix_json(matrix)["trials"]
    show_answer(answer)
    append_to("GITHUB_STEP_SUMMARY", _summary(answer, matrix))
    if said:
        raise click.exceptions.Exit(1)


def _summary(answer: Mapping[str, Any], matrix: "Matrix | None") -> str:
    from tufline.repository.clients import matrix_markdown

    shown = ", ".join(f"{role} {version}" for role, version in answer["versions"].items())
    verdict = "accepts" if answer["accepted"] else "refuses"
    # indented: code, which formats nothing
    said = "" if answer["reason"] is None else f"\n    {spelled(answer['reason'])}\n"
    table = f"\n{matrix_markdown(matrix)}" if matrix else ""
    return (
        f"### A client {verdict} the repository\n\nIt trusts {shown}; "
        f"artifacts tried: {len(answer['artifacts'])}.\n{said}{table}"
    )
