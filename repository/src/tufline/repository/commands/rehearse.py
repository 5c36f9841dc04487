"""tufline rehearse: a whole ceremony on this machine, with soft tokens and without a forge."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from tufline.repository.commands._screen import styled
from tufline.repository.errors import UserError

if TYPE_CHECKING:
    from tufline.repository.rehearsal import Failed, Played, Screen

_INDENT = " " * 6


class FolderInUse(UserError):
    """A rehearsal needs a folder of its own."""

    hint = "name a folder that does not exist yet, or is empty"

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not an empty folder")


@click.command()
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Play in this folder, and leave all there: repositories, pages, log.",
)
def command(*, keep: Path | None) -> None:
    """Play a repository's life on this machine, and show what each person would see.

    A repository is started, published, changed, delegated, signed again, given a new online key and
    attacked. Everything is real but the tokens, which are software. Exit status 1 if any step did
    not do what it should. It takes a minute or two.
    """
    from tufline.repository.rehearsal import SCENARIO, Failed, Played, play, set_stage

    now = datetime.now(UTC).replace(microsecond=0)
    began = monotonic()
    with _folder(keep) as folder, set_stage(folder, now=now) as ceremony:
        staging, production = ceremony.staging.url, ceremony.production.url
        click.echo(f"served while this runs: {staging} for testing, {production} for all")
        outcomes: list[Failed | Played] = []
        for outcome in play(ceremony, SCENARIO):
            _show(outcome, outcomes[-1] if outcomes else None)
            outcomes.append(outcome)
        if isinstance(outcomes[-1], Failed):
            raise click.exceptions.Exit(1)
        _summarize(outcomes, monotonic() - began)
        _say_where(keep)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give an empty folder, which is removed afterwards unless it is to be kept."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="tufline-rehearsal-") as folder:
            yield Path(folder).resolve()
        return
    keep.mkdir(parents=True, exist_ok=True)
    if any(keep.iterdir()):
        raise FolderInUse(keep)
    yield keep.resolve()


def _show(outcome: "Played | Failed", before: "Played | Failed | None") -> None:
    """Show the step, in one line, and what the person who acted saw."""
    from tufline.repository.rehearsal import POINTS, Played

    step = outcome.step
    if before is None or before.step.point != step.point:
        click.echo("\n" + styled("heading", f"{step.point}. {POINTS[step.point]}"))
    done = isinstance(outcome, Played)
    mark = styled("done", "ok") if done else styled("refused", "FAILED")
    what = "attack: " * step.is_attack + f"{step.who} {step.what}"
    result = outcome.result if isinstance(outcome, Played) else str(outcome.error)
    click.echo(f"{mark}  {what}: {result} ({outcome.seconds:.1f} s)")
    for screen in _worth_showing(outcome):
        _show_screen(screen)
    hint = None if isinstance(outcome, Played) else getattr(outcome.error, "hint", None)
    if hint:
        click.echo(f"{styled('heading', 'hint:')} {hint}")


def _worth_showing(outcome: "Played | Failed") -> tuple["Screen", ...]:
    """Return what people saw after commands that matter, and what any refusal looked like."""
    return tuple(screen for screen in outcome.screens if screen.code or _is_of_people(screen))


def _is_of_people(screen: "Screen") -> bool:
    return screen.who.startswith("@") and screen.command.startswith(("tufline ", "git push "))


def _show_screen(screen: "Screen") -> None:
    click.echo(styled("quiet", f"{_INDENT}{screen.who} $ {screen.command}"))
    for line in screen.digest:
        click.echo(styled("quiet", f"{_INDENT}| {line}"))


def _summarize(outcomes: "list[Played | Failed]", seconds: float) -> None:
    attacks = sum(outcome.step.is_attack for outcome in outcomes)
    click.echo(
        f"\n{styled('ready', 'all as it should be')}: {len(outcomes)} steps in {seconds:.0f} s, "
        f"{attacks} of {attacks} attacks refused"
    )


def _say_where(keep: Path | None) -> None:
    """Say what there is to look at, if it stays."""
    from tufline.repository.rehearsal import EVENT_PAGE, LOG_FILE, REPOSITORY_PAGE

    if keep is None:
        click.echo("nothing was kept; with --keep DIR you can look at it all afterwards")
        return
    for what, name in (
        ("published repository", "production"),
        ("as a page", REPOSITORY_PAGE),
        ("last signing event", EVENT_PAGE),
        ("all that was seen", LOG_FILE),
    ):
        click.echo(f"{what + ':':22}{keep.resolve() / name}")
