"""The root chain of the shadow, from the oldest root that clients may hold."""

from collections.abc import Iterable, Mapping
from typing import Final

from tufline.repository.format import ROOT, RoleName, historic_root_path
from tufline.repository.shadow._errors import CannotShadow
from tufline.repository.shadow._made import Made, Source, make, read_source
from tufline.repository.shadow._trust import Signers, replace_keys, united
from tufline.repository.shadow._twins import Twin, Twins
from tufline.repository.state import LARGEST_ROOT, State

MOST_ROOTS: Final = 1_000


def read_chain(state: State, oldest: int) -> dict[int, Source]:
    """Return the roots from the oldest that clients may hold to the newest, by version."""
    versions = sorted(each for each in state.historic_roots() if each >= oldest)
    if not versions:
        raise CannotShadow(f"there is no root {oldest}")
    if len(versions) > MOST_ROOTS:
        raise CannotShadow(f"there are more than {MOST_ROOTS} roots that clients may hold")
    if versions != list(range(versions[0], versions[0] + len(versions))):
        raise CannotShadow("root_history lacks a version")
    return {each: _read(state, each) for each in versions}


def words_of(sources: Iterable[Source], twins: Twins) -> dict[str, Signers]:
    """Return whom each of the roots trusts, by the id of its file."""
    return {
        source.entry.id: replace_keys(source.tree()["signed"], ROOT, twins) for source in sources
    }


def make_chain(
    sources: Mapping[int, Source], kept: Mapping[int, Made], twins: Twins, *, everybody: bool
) -> dict[int, Made]:
    """Return the roots with twins, each signed by its own keys and by those of the one before.

    Args:
        sources: the real roots.
        kept: roots that are made already; they are taken where they say the same.
        twins: the throwaway keys.
        everybody: whether all who may sign do; else those whose real signature is there.
    """
    words = words_of(sources.values(), twins)
    chain: dict[int, Made] = {}
    for version, source in sources.items():
        if version in kept and kept[version].source.says_the_same(source):
            chain[version] = kept[version]
            continue
        near = (sources.get(version - 1), source)
        signers = signers_of(ROOT, [words[each.entry.id] for each in near if each])
        chain[version] = make(source, signers, twins, everybody=everybody)
        if chain[version].version != version:
            raise CannotShadow(f"{source.entry.path} holds version {chain[version].version}")
    return chain


def signers_of(role: RoleName, words: Iterable[Signers]) -> dict[str, tuple[Twin, ...]]:
    """Return all who may sign the role by the word of any of these."""
    return united(each.get(role, {}) for each in words)


def _read(state: State, version: int) -> Source:
    return read_source(state, ROOT, historic_root_path(version), largest=LARGEST_ROOT)
