"""From the flags of `tufline delegate`, and what a person adds at the terminal, to a change."""

from dataclasses import dataclass

from tufline.repository.edit import Draft
from tufline.repository.format import ROOT, Owner, RoleName, owner, role_name
from tufline.repository.jobs import Proposal
from tufline.signer._delegating import Beginning, Wish, apply_wish
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._online_keys import OnlineAnswers, online_keys
from tufline.signer.commands._screen import ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """The flags, as they were given."""

    role: str
    delegator: str | None
    signers: str | None
    threshold: int | None
    expiry: int | None
    signing: int | None
    paths: tuple[str, ...]
    terminating: bool | None
    online: OnlineAnswers
    only: bool
    targets_signers: str | None
    targets_threshold: int | None


def delegation(desk: Desk, name: str, answers: Answers) -> Proposal:
    """Return the change that is asked for."""
    role = role_name(answers.role)
    event = desk.event(name)
    if role == ROOT and event.proposed.root() is None:
        beginning = _beginning(desk, answers)
        return desk.draft(name, beginning.apply, message="Start the repository")
    draft = Draft(known_good=event.known_good, event=event.proposed, now=desk.now)
    if draft.delegators(role):
        wish, message = _wish(answers, role), f"Change {role}"
    else:
        wish, message = _wish_of_new(desk, answers, role), f"Delegate to {role}"
    return desk.draft(name, lambda new: apply_wish(wish, new), message=message)


def _beginning(desk: Desk, answers: Answers) -> Beginning:
    root = _wish_of_new(desk, answers, ROOT)
    people = _people(answers.targets_signers) if answers.targets_signers else root.signers
    return Beginning(
        root=root,
        targets_signers=people,
        targets_threshold=answers.targets_threshold or min(root.threshold or 1, len(people)),
        online=online_keys(answers.online),
    )


def _wish_of_new(desk: Desk, answers: Answers, role: RoleName) -> Wish:
    """Return the wish for a new role; ask who signs it, unless an online key does."""
    if answers.signers or (answers.online.uris and role != ROOT):
        signers = answers.signers or ""
    else:
        signers = ask(f"who signs {role}", flag="--signers", default=desk.settings.user)
    return _wish(answers, role, signers)


def _wish(answers: Answers, role: RoleName, signers: str | None = None) -> Wish:
    return Wish(
        role=role,
        delegator=role_name(answers.delegator) if answers.delegator else None,
        signers=_people(signers or answers.signers or ""),
        threshold=answers.threshold,
        expiry=answers.expiry,
        signing=answers.signing,
        paths=answers.paths,
        terminating=answers.terminating,
        online=online_keys(answers.online) if answers.online.given and role != ROOT else (),
        only=answers.only,
    )


def _people(text: str) -> tuple[Owner, ...]:
    """Return the people of a list like "@alice,@bob"; the @ may be left out."""
    names = (name.strip() for name in text.split(",") if name.strip())
    return tuple(dict.fromkeys(owner(n if n.startswith("@") else f"@{n}") for n in names))
