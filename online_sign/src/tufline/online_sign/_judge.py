"""Judging main, and publish itself, before anything over them is signed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from tufline.online_sign._ground import held_roots
from tufline.repository.errors import Refusal
from tufline.repository.format import ROOT, SETTINGS_PATH, TARGETS, Document
from tufline.repository.identities import verifier_for
from tufline.repository.publish import Deployed
from tufline.repository.review import (
    Finding,
    LocalKeys,
    Policy,
    Purpose,
    Refused,
    Review,
    Severity,
    review,
    tally,
)
from tufline.repository.settings import InvalidSettings, Settings, read_settings
from tufline.repository.state import State, delegation_of

_SAY_WHO_SIGNED: Final = frozenset({"readable", "role-file", "root-chain", "unsigned"})


class PublishChanged(Refusal):
    """The publish branch holds what nobody accepted: somebody else pushed to it."""

    hint = "reset publish to the last commit that online signing made, and see who may push to it"

    def __init__(self, errors: tuple[Finding, ...]) -> None:
        lines = "".join(f"\n  {each}" for each in errors)
        super().__init__(f"publish holds what nobody signed, so nothing over it is:{lines}")
        self.errors = errors


def judged(
    known: State | None, new: State, *, settings: Settings, deployed: Deployed, now: datetime
) -> Review:
    """Judge main against publish, by the settings of publish.

    Main must also do by its own settings, and for each root that clients may hold: publishing goes
    by both, and would refuse for ever what was accepted here without. So are identities judged by
    what main itself pins: publishing has nothing else to go by.
    """
    verifier = verifier_for(new)

    def look(base: State | None, policy: Policy) -> Review:
        return review(
            base, new, now=now, purpose=Purpose.ACCEPTED, policy=policy, verifier=verifier
        )

    try:
        stated = read_settings(new)
    except InvalidSettings as problem:
        found = look(known, settings.policy)
        return _with_errors(found, [_finding("settings", problem.problem, path=SETTINGS_PATH)])
    # An emergency is declared on main, where the root comes from; it spares no signature of a root.
    emergencies = stated.policy.emergency_roots
    policy = replace(settings.policy, emergency_roots=emergencies)
    found = look(known, policy)
    if known is None:
        return found
    further = [*_not_under_held_roots(new, known, deployed)]
    if stated.policy != policy:
        further += look(None, stated.policy).errors
    return _with_errors(found, further)


def expect_signed(published: State, settings: Settings, now: datetime) -> None:
    """Raise `PublishChanged` unless thresholds signed what publish holds.

    It was accepted when it was put there, so an end of validity, say, is not looked at again.
    """
    found = review(
        None,
        published,
        now=now,
        purpose=Purpose.ACCEPTED,
        policy=settings.policy,
        verifier=verifier_for(published),
    )
    errors = tuple(each for each in found.errors if each.rule in _SAY_WHO_SIGNED)
    if errors:
        raise PublishChanged(errors)


def _not_under_held_roots(new: State, known: State, deployed: Deployed) -> Iterator[Finding]:
    """Report that targets does not verify under a root that clients hold on their way."""
    targets, root = new.targets(TARGETS), new.root()
    if not isinstance(targets, Document) or not isinstance(root, Document):
        return  # review says so
    for held in held_roots(new, known, deployed):
        delegation = delegation_of(ROOT, held, TARGETS)
        if delegation and not tally(targets, delegation, LocalKeys()).met:
            newest = root.signed.version
            message = f"does not verify under root {held.signed.version}, which clients may hold; "
            message += f"publish what is accepted first, or declare root {newest} an emergency"
            yield _finding("unsigned", message, role=True)


def _with_errors(found: Review, errors: list[Finding]) -> Review:
    new = tuple(each for each in dict.fromkeys(errors) if each not in found.findings)
    if not new:
        return found
    verdict = Refused((*found.errors, *new))
    return replace(found, findings=(*found.findings, *new), verdict=verdict)


def _finding(rule: str, message: str, *, path: str | None = None, role: bool = False) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        role=TARGETS if role else None,
        path=path,
    )
