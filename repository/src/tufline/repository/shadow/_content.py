"""The targets-type roles of the shadow: all that can be reached from "targets"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tufline.repository.format import (
    TARGETS,
    InvalidRoleName,
    RoleName,
    delegated_role_name,
    metadata_path,
)
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._made import Made, Source, checked, make
from tufline.repository.shadow._trust import Signers, replace_keys, united
from tufline.repository.shadow._twins import Twins
from tufline.repository.state import LARGEST_TARGETS, State

MOST_ROLES: Final = 20_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """The targets-type roles of a state.

    Attributes:
        sources: the files of those that can be reached, nearest first.
        words: what each delegator says of whom it trusts.
    """

    sources: Mapping[RoleName, Source]
    words: Mapping[RoleName, tuple[Signers, ...]]


def read_content(
    state: State, root: Signers, twins: Twins, *, like: Content | None = None
) -> Content:
    """Walk the delegations from "targets". A role is read once, however many name it.

    Files that are as in `like` are its own, so that they are held once.
    """
    known = like.sources if like else {}
    sources: dict[RoleName, Source] = {}
    words: dict[RoleName, list[Signers]] = {TARGETS: [root]}
    level = [TARGETS]
    while level:
        if len(sources) + len(level) > MOST_ROLES:
            raise CannotShadow(f"there are more than {MOST_ROLES} roles")
        found = {each.role: _held(each, known) for each in _read(state, level)}
        sources |= found
        level = []
        for source in found.values():
            said = _words(source, twins)
            for child in _valid(said):
                words.setdefault(child, []).append(said)
                if len(words[child]) == 1 and child not in sources:
                    level.append(child)
    return Content(sources=sources, words={role: tuple(each) for role, each in words.items()})


def make_content(
    content: Content,
    other: Content | None,
    kept: Mapping[RoleName, Made],
    twins: Twins,
    *,
    everybody: bool,
) -> dict[RoleName, Made]:
    """Return the roles with twins.

    Args:
        content: the roles.
        other: another state of them, whose delegators may have signers that `content` lost: clients
            that come from there must be able to follow.
        kept: roles that are made already; they are taken where they say the same.
        twins: the throwaway keys.
        everybody: whether all who may sign do; else those whose real signature is there.
    """
    made = {}
    for role, source in content.sources.items():
        if role in kept and kept[role].source.says_the_same(source):
            made[role] = kept[role]
            continue
        words = (*content.words[role], *(other.words.get(role, ()) if other else ()))
        signers = united(each.get(role, {}) for each in words)
        made[role] = make(source, signers, twins, everybody=everybody)
    return made


def _held(source: Source, known: Mapping[RoleName, Source]) -> Source:
    same = known.get(source.role)
    return same if same and same.entry == source.entry else source


def _read(state: State, roles: list[RoleName]) -> Iterator[Source]:
    """Read the files of the roles in one go."""
    there = set()
    for role, data in state.role_files(roles, keep=False):
        entry = state.files.find(metadata_path(role))
        if entry is not None:
            there.add(role)
            source = Source(role=role, entry=entry, data=data)
            yield checked(source, largest=LARGEST_TARGETS)
    if missing := sorted(set(roles) - there):
        raise CannotShadow(f"{metadata_path(missing[0])} is missing, or no plain file")


def _words(source: Source, twins: Twins) -> Signers:
    # JSON may hide a word behind escapes; a file with a backslash is parsed to be sure.
    if b'"delegations"' not in source.data and b"\\" not in source.data:
        return {}
    return replace_keys(source.tree()["signed"], source.role, twins)


def _valid(said: Signers) -> Iterator[RoleName]:
    """Yield the names that a file can have; a rule of review reports others."""
    for name in said:
        try:
            yield delegated_role_name(name)
        except InvalidRoleName:
            continue
