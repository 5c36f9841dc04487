"""Roles as their delegators describe them: signers, thresholds, patterns, periods."""

from collections import defaultdict
from collections.abc import Iterator

from tufline.repository.changes._facts import (
    DelegationAdded,
    DelegationRemoved,
    Fact,
    PatternAdded,
    PatternRemoved,
    PeriodChanged,
    Reordered,
    TerminatingChanged,
    ThresholdChanged,
)
from tufline.repository.changes._key_facts import (
    KeyReplaced,
    NoSigners,
    Signer,
    SignerAdded,
    SignerRemoved,
)
from tufline.repository.changes._leaves import ABSENT
from tufline.repository.changes._pair import (
    Described,
    Pair,
    describe_names,
    order_is_told,
    with_the_rest,
)
from tufline.repository.changes._signers import Rings
from tufline.repository.format import FIELD_MEANINGS


def describe_root_roles(pair: Pair, rings: Rings) -> Iterator[Described]:
    """Describe root's object of roles by name."""
    for role, terms in pair.children():
        yield from with_the_rest(terms, _describe_terms(terms, role, rings))


def describe_delegated_roles(pair: Pair, rings: Rings) -> Iterator[Described]:
    """Describe the list of delegated roles, told apart by name. The facts tell the whole list."""
    lists = pair.members("name")
    if lists is None:
        return
    before, after = lists
    claims = (pair.path,) if pair.list_is_told_by_names else ()
    for role in {**before, **after}:
        if role not in after:
            yield Described(DelegationRemoved(role=role), claims)
            continue
        terms = Pair((*pair.path, role), before.get(role, ABSENT), after[role])
        for each in with_the_rest(terms, _describe_delegation(terms, role, rings)):
            yield Described(each.fact, claims)
    if not order_is_told(before, list(after)):
        yield Described(Reordered(path=pair.path, order=tuple(after)), claims)


def describe_periods(pair: Pair, role: str | None) -> Iterator[Described]:
    """Describe the periods that stand in `pair`: of the file's own role, or of another."""
    for field in FIELD_MEANINGS:
        period = pair.child(field)
        days = period.values(int)
        if days:
            fact = PeriodChanged(role=role, field=field, before=days[0], after=days[1])
            yield Described(fact, (period.path,))


def _describe_delegation(pair: Pair, role: str, rings: Rings) -> Iterator[Described]:
    if pair.before is ABSENT:
        yield Described(DelegationAdded(role=role), (pair.child("name").path,))
    yield from _describe_terms(pair, role, rings)


def _describe_terms(pair: Pair, role: str, rings: Rings) -> Iterator[Described]:
    """Describe what a delegator says of one role."""
    threshold = pair.child("threshold")
    numbers = threshold.values(int)
    if numbers:
        fact = ThresholdChanged(role=role, before=numbers[0], after=numbers[1])
        yield Described(fact, (threshold.path,))
    yield from _describe_signers(pair.child("keyids"), role, rings)
    terminating = pair.child("terminating")
    flags = terminating.values(bool)
    if flags:
        ends = TerminatingChanged(role=role, before=flags[0], after=flags[1])
        yield Described(ends, (terminating.path,))
    yield from _describe_patterns(pair.child("paths"), role, hashed=False)
    yield from _describe_patterns(pair.child("path_hash_prefixes"), role, hashed=True)
    yield from describe_periods(pair, role)


def _describe_signers(pair: Pair, role: str, rings: Rings) -> Iterator[Described]:
    def gone(keyid: str) -> Fact:
        return SignerRemoved(role=role, signer=rings.before.signer(keyid))

    def come(keyid: str) -> Fact:
        return SignerAdded(role=role, signer=rings.after.signer(keyid))

    yield from _with_replacements(role, tuple(describe_names(pair, gone, come)))
    if pair.after == [] and pair.changed and pair.names():
        yield Described(NoSigners(role=role), (pair.path,))


def _with_replacements(role: str, described: tuple[Described, ...]) -> Iterator[Described]:
    """Tell the removal and the addition of one person's keys, or of online keys, as one fact."""
    gone, come = defaultdict(list), defaultdict(list)
    for each in described:
        match each.fact:
            case SignerRemoved(signer=signer):
                gone[_hand(signer)].append(signer)
            case SignerAdded(signer=signer):
                come[_hand(signer)].append(signer)
    replaced = {
        hand: KeyReplaced(role=role, before=gone[hand][0], after=come[hand][0])
        for hand in gone
        if len(gone[hand]) == len(come.get(hand, ())) == 1
    }
    yield from (Described(fact, described[0].claims) for fact in replaced.values())
    for each in described:
        match each.fact:
            case SignerRemoved(signer=signer) | SignerAdded(signer=signer) if (
                _hand(signer) in replaced
            ):
                continue
            case _:
                yield each


def _describe_patterns(pair: Pair, role: str, *, hashed: bool) -> Iterator[Described]:
    def gone(pattern: str) -> Fact:
        return PatternRemoved(role=role, pattern=pattern, hashed=hashed)

    def come(pattern: str) -> Fact:
        return PatternAdded(role=role, pattern=pattern, hashed=hashed)

    return describe_names(pair, gone, come)


def _hand(signer: Signer) -> str | None:
    """Return whose key it is; None for online keys, which all belong to the repository."""
    return None if signer.online else signer.label
