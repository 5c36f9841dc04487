"""tufline delegate: start a repository, make roles, change who signs them and how."""

from datetime import datetime
from pathlib import Path

import click

from tufline.signer.commands._completing import complete_event_or_role, complete_role
from tufline.signer.commands._event import chosen_event, event_option, named_event, the_one
from tufline.signer.commands._options import common_options, online_key_options


@click.command()
@click.argument("words", metavar="[EVENT] [ROLE]", nargs=-1, shell_complete=complete_event_or_role)
@event_option
@click.option(
    "--delegator",
    shell_complete=complete_role,
    help="The role that delegates. For a new role: targets.",
)
@click.option("--signers", metavar="@A,@B", help="Exactly these people sign; new ones are invited.")
@click.option("--threshold", type=click.IntRange(min=1), help="How many of them must sign.")
@click.option("--expiry-period", type=click.IntRange(min=1), help="Days that a version is valid.")
@click.option(
    "--signing-period", type=click.IntRange(min=1), help="Days before expiry when signing starts."
)
@click.option("--path", "paths", multiple=True, help="A pattern of artifact names. Repeatable.")
@click.option("--terminating/--no-terminating", default=None, help="Whether the search ends here.")
@online_key_options
@click.option("--only", is_flag=True, help="Change the online keys of this role alone.")
@click.option("--targets-signers", metavar="@A,@B", help="For ROLE root of a new repository.")
@click.option("--targets-threshold", type=click.IntRange(min=1), help="Likewise.")
@common_options
def command(  # noqa: PLR0913 - one argument for each option
    *,
    words: tuple[str, ...],
    event: str | None,
    delegator: str | None,
    signers: str | None,
    threshold: int | None,
    expiry_period: int | None,
    signing_period: int | None,
    paths: tuple[str, ...],
    terminating: bool | None,
    online_keys: tuple[str, ...],
    online_public_keys: tuple[Path, ...],
    tried: bool,
    only: bool,
    targets_signers: str | None,
    targets_threshold: int | None,
    yes: bool,
    git_dir: Path,
    now: datetime,
) -> None:
    """Make ROLE, or change what is given of it, in a signing event, open or new.

    Without flags a terminal shows what the role is like, and lets you choose what shall change. A
    new role may be delegated by any role: with --delegator another than targets, give its --path.

    ROLE root starts a repository that has none: root and targets, with an online key for snapshot
    and timestamp. ROLE timestamp (or snapshot) with --online-key replaces the online keys of both,
    unless --only is given.
    """
    from tufline.signer.commands._delegation import Answers, delegation
    from tufline.signer.commands._desk import open_desk
    from tufline.signer.commands._online_keys import OnlineAnswers

    named, rest = named_event(words, event)
    answers = Answers(
        role=the_one(rest, "ROLE"),
        delegator=delegator,
        signers=signers,
        threshold=threshold,
        expiry=expiry_period,
        signing=signing_period,
        paths=paths,
        terminating=terminating,
        online=OnlineAnswers(uris=online_keys, public_keys=online_public_keys, tried=tried),
        only=only,
        targets_signers=targets_signers,
        targets_threshold=targets_threshold,
    )
    with open_desk(git_dir, now) as desk:
        desk.propose(delegation(desk, chosen_event(desk, named), answers), yes=yes)
