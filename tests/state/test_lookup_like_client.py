"""The search for artifacts against python-tuf's own client, which decides what users get."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.delegating import delegate, edit
from tests.support.sample import Sample
from tuf.api.metadata import DelegatedRole, Delegations, Targets
from tuf.ngclient.config import UpdaterConfig

from tufline.repository.format import TARGETS, Document, RoleName
from tufline.repository.state import LONGEST_LOOKUP, Lookup, State

ROLES = ("npm", "one", "two", "three")
PATTERNS = ("*", "?", "a/*", "a/b/*", "*/*", "*/x", "a/x", "[ab]/*", "a/*/*", "A/*")
ARTIFACTS = ("x", "a/x", "a/y", "b/x", "a/b/x", "A/x", "c/d/e/f", "")

terms = st.tuples(
    st.sampled_from((TARGETS, *ROLES)),
    st.sampled_from(ROLES),
    st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=3),
    st.booleans(),
)


def _state(delegations: list[tuple[str, str, list[str], bool]]) -> State:
    sample = Sample()
    edit(sample, "targets", lambda targets: targets.delegations.roles.clear())
    for role in ROLES:
        sample.write(role, sample.load("npm"))
    for by in (TARGETS, *ROLES):
        metadata = sample.load(by)
        named = {
            role: DelegatedRole(role, ["0" * 64], 1, terminating=terminating, paths=paths)
            for delegator, role, paths, terminating in delegations
            if delegator == by
        }
        metadata.signed.delegations = Delegations({}, named)
        sample.write(by, metadata)
    return sample.state()


def _as_the_client_walks(state: State, artifact: str) -> Iterator[str]:
    """Yield the roles as TUF 5.6.7 says, asking python-tuf for each role's delegations."""
    to_visit, visited = [TARGETS], set()
    while to_visit:
        role = to_visit.pop()
        if role in visited:
            continue
        visited.add(role)
        yield role
        children = []
        for child, terminating in _children(state, role, artifact):
            children.append(child)
            if terminating:
                to_visit = []
                break
        to_visit.extend(reversed(children))


def _children(state: State, role: RoleName, artifact: str) -> list[tuple[RoleName, bool]]:
    loaded = state.targets(role)
    assert isinstance(loaded, Document)
    signed: Targets = loaded.signed
    assert signed.delegations is not None
    found = signed.delegations.get_roles_for_target(artifact)
    return [(RoleName(name), terminating) for name, terminating in found]


@settings(max_examples=150, deadline=None)
@given(st.lists(terms, max_size=12))
def test_roles_are_visited_as_the_client_visits_them(
    delegations: list[tuple[str, str, list[str], bool]],
) -> None:
    state = _state(delegations)
    lookup = Lookup(state)
    for artifact in (*ARTIFACTS, *reversed(ARTIFACTS)):  # twice: answers are remembered
        assert list(lookup.visited(artifact)) == list(_as_the_client_walks(state, artifact))


def test_limit_is_the_clients() -> None:
    assert UpdaterConfig().max_delegations == LONGEST_LOOKUP


def test_first_lister_is_what_clients_get() -> None:
    sample = Sample()
    delegate(sample, "late", ["npm/*"], {"npm/keys.json": b"2"})
    lookup = Lookup(sample.state())
    assert lookup.visited("npm/keys.json") == ("targets", "npm")
    assert lookup.listers("npm/keys.json") == ("npm",)
    assert lookup.reachable("npm/keys.json") == {"targets", "npm", "late"}
    assert lookup.lists(RoleName("late"), "npm/keys.json")


def test_name_that_is_not_utf_8_does_not_upset_hash_bins() -> None:
    sample = Sample()
    bins = DelegatedRole("npm", [], 1, terminating=False, path_hash_prefixes=["0", "f"])
    edit(sample, "targets", lambda targets: targets.delegations.roles.update(npm=bins))
    assert Lookup(sample.state()).visited("npm/\udcff")[0] == "targets"
