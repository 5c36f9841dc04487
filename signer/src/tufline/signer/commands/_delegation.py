"""From the flags of `tufline delegate`, and what a person adds at the terminal, to a change."""

from dataclasses import dataclass, replace

from tufline.repository.edit import Draft
from tufline.repository.format import ROOT, SNAPSHOT, TIMESTAMP, RoleName, role_name
from tufline.repository.jobs import Proposal
from tufline.repository.state import State, delegation_graph
from tufline.signer._delegating import Beginning, Wish, apply_wish
from tufline.signer._roles import role_now
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._online_keys import OnlineAnswers, online_keys
from tufline.signer.commands._role_menu import RoleMenu, nested_paths, people_in
from tufline.signer.commands._screen import ask, ask_number, at_terminal, choose


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """The flags, as they were given."""

    role: str | None
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

    @property
    def nothing(self) -> bool:
        """Whether no flag says what the role should be like."""
        amounts = (self.threshold, self.expiry, self.signing, self.terminating)
        return not (self.signers or self.paths or self.online.given) and amounts == (None,) * 4


def delegation(desk: Desk, name: str, answers: Answers) -> Proposal:
    """Return the change that is asked for; at a terminal it is chosen where no flag says it."""
    event = desk.event(name)
    role = role_name(answers.role) if answers.role else _chosen_role(event.proposed)
    if role == ROOT and event.proposed.root() is None:
        beginning = _beginning(desk, answers)
        return desk.draft(name, beginning.apply, message="Start the repository")
    draft = Draft(known_good=event.known_good, event=event.proposed, now=desk.now)
    before = role_now(draft, role) if draft.delegators(role) else None
    if before:
        wish, message = _wish(answers, role), f"Change {role}"
    else:
        wish, message = _wish_of_new(desk, answers, role), f"Delegate to {role}"
        wish = replace(wish, paths=wish.paths or nested_paths(event.proposed, wish))
    if answers.nothing and at_terminal():
        wish = RoleMenu(event=event, role=role, before=before, now=desk.now).fill(wish)
    return desk.draft(name, lambda new: apply_wish(wish, new), message=message)


def _chosen_role(state: State) -> RoleName:
    """Return the role that a person chooses; a repository without metadata begins with root."""
    if state.root() is None:
        return ROOT
    found = [ROOT, TIMESTAMP, SNAPSHOT, *delegation_graph(state).delegators]
    place = choose("which role", [*found, "a new role"], flag="ROLE")
    return found[place] if place < len(found) else role_name(ask("its name", flag="ROLE"))


def _beginning(desk: Desk, answers: Answers) -> Beginning:
    root = _wish_of_new(desk, answers, ROOT)
    if len(root.signers) > 1 and answers.nothing and at_terminal():
        question = f"how many of {len(root.signers)} must sign"
        usual = len(root.signers) // 2 + 1
        root = replace(root, threshold=ask_number(question, flag="--threshold", default=usual))
    people = people_in(answers.targets_signers) if answers.targets_signers else root.signers
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
        signers=people_in(signers or answers.signers or ""),
        threshold=answers.threshold,
        expiry=answers.expiry,
        signing=answers.signing,
        paths=answers.paths,
        terminating=answers.terminating,
        online=online_keys(answers.online) if answers.online.given and role != ROOT else (),
        only=answers.only,
    )
