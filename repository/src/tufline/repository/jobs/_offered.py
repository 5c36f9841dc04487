"""What a contribution to an event holds, read as data: signatures that count, and nothing else.

It is compared with the commit of the event that it began from. So what the event got since does not
look removed, and an offer made for an earlier commit counts as long as what was signed is the same.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from securesystemslib.signer import Signature
from tuf.api.metadata import Root, Targets

from tufline.repository.edit import role_files, with_signature
from tufline.repository.errors import Refusal
from tufline.repository.format import (
    ONLINE_ROLES,
    ROOT,
    TARGETS,
    Document,
    InvalidDetached,
    RoleName,
    historic_root_path,
    is_below_detached,
    metadata_path,
    parse_detached,
    parse_document,
    role_of_path,
    signer_label,
)
from tufline.repository.history import Commit, History
from tufline.repository.jobs._events import Event
from tufline.repository.jobs._fold import case_of, with_detached
from tufline.repository.report import Sentence, as_markdown, name, prose, value
from tufline.repository.review import MOST_DETACHED, Counts, Tally, judge_signature, tally
from tufline.repository.state import (
    PLAIN,
    Difference,
    Loaded,
    State,
    Unreadable,
    delegation_graph,
    delegation_of,
    same,
)

_MOST_COMMITS: Final = 20


class NotTaken(Refusal):
    """A contribution holds something else than signatures that count. `reason` is Markdown."""

    hint = "sign the event as it is now with `tufline sign`, and offer nothing but that"

    def __init__(self, *reason: Sentence) -> None:
        self.reason = as_markdown(tuple(part for sentence in reason for part in sentence))
        super().__init__(self.reason)


def offered_files(
    history: History, event: Event, head: Commit, *, now: datetime
) -> dict[str, bytes | None]:
    """Return the event's files with the signatures of the contribution; raise `NotTaken`.

    Detached ones go into the metadata like the others. So offers never conflict with each other.
    """
    _expect_plain_history(history, event, head)
    files: dict[str, bytes | None] = {}
    detached: list[Difference] = []
    base = State(history.files(_base(history, event.head, head)))
    offered = State(history.files(head))
    for change in _own_changes(history, event, base, offered, head):
        role = role_of_path(change.path)
        if is_below_detached(change.path):
            detached.append(change)
        elif role is not None and role not in ONLINE_ROLES:
            files |= _with_signatures(event, role, change, base, offered)
        elif not _is_copy_of_root(event, change, offered):
            reason = ", and nothing but signatures can be taken"
            raise NotTaken(("it changes ", name(change.path), reason))
    if len(detached) > MOST_DETACHED:
        raise NotTaken((f"it holds more than {MOST_DETACHED} signature files",))
    for change in detached:  # last: they go into what the other signatures made
        files |= _with_detached(event, change, offered, files, now=now)
    if not files:
        raise NotTaken(("it holds no signature that the event lacks",))
    return files


def _with_detached(
    event: Event,
    change: Difference,
    offered: State,
    files: dict[str, bytes | None],
    *,
    now: datetime,
) -> dict[str, bytes]:
    """Return the event's files of a role with the detached signature that the change brings."""
    if change.before is not None or change.after is None or change.after.kind not in PLAIN:
        raise NotTaken(("it changes or removes ", name(change.path), ", or makes no file of it"))
    try:
        signature = parse_detached(offered.files.read(change.after), change.path)
    except InvalidDetached as error:
        raise NotTaken(
            (name(change.path), " is no detached signature: ", prose(str(error)))
        ) from error
    role = case_of(event, now=now).role(signature.role)
    judged = judge_signature(role, signature)
    if not isinstance(judged, Counts):
        raise NotTaken((name(change.path), " does not count: ", prose(judged.reason)))
    return with_detached(role, signature, files)


def _expect_plain_history(history: History, event: Event, head: Commit) -> None:
    """Refuse what would bring other commits along, such as those of another event."""
    first = None
    for info in islice(history.first_parents(head), _MOST_COMMITS):
        if history.contains(event.head, info.id):
            break
        for parent in info.parents[1:]:
            if not any(history.contains(one, parent) for one in (event.head, event.main)):
                reason = ", which is neither the event's nor main's"
                raise NotTaken(("it merges ", name(parent), reason))
        if not history.contains(event.main, info.id):
            first = info.id
    else:
        reason = f"it has more than {_MOST_COMMITS} commits, or does not begin at the event"
        raise NotTaken((reason,))
    if first is not None:
        _expect_of_no_other_branch(history, event, head, first)


def _expect_of_no_other_branch(history: History, event: Event, head: Commit, first: Commit) -> None:
    """Refuse commits of a branch that would count as merged with the event, though it is not."""
    for branch, other in history.branches().items():
        if branch != event.name and other != head and history.contains(other, first):
            raise NotTaken(("it is built on commits of the branch ", name(branch)))


def _base(history: History, one: Commit, other: Commit) -> Commit:
    bases = history.merge_bases(one, other)
    if len(bases) != 1:
        raise NotTaken((f"it and the event have {len(bases)} merge bases",))
    return bases[0]


def _own_changes(
    history: History, event: Event, base: State, offered: State, head: Commit
) -> Iterator[Difference]:
    """Yield what the contribution changes; not what it has from main, as signers' tools take in."""
    main = history.files(_base(history, event.main, head))
    for change in offered.files.since(base.files):
        if not same(change.after, main.find(change.path)):
            yield change


def _is_copy_of_root(event: Event, change: Difference, offered: State) -> bool:
    root = event.proposed.root()
    copied = offered.files.find(metadata_path(ROOT))
    return (
        isinstance(root, Document)
        and change.path == historic_root_path(root.signed.version)
        and same(change.after, copied)
    )


def _with_signatures(
    event: Event, role: RoleName, change: Difference, base: State, offered: State
) -> dict[str, bytes]:
    """Return the event's files of a role with what signatures the contribution adds."""
    document = _expect_of_event(event, role, change, offered.role(role))
    known = _signatures_of(base.role(role), document.payload)
    _expect_none_removed(role, known, document.metadata.signatures)
    counted = tuple(_tallies(event, role, document))
    current = _expect_document(event.proposed.role(role), change.path)
    already = {keyid for each in _tallies(event, role, current) for keyid in each.signed}
    data = current.data
    for keyid, signature in document.metadata.signatures.items():
        if signature.signature and known.get(keyid) != signature:
            _expect_verified(role, signature, counted)
            if keyid not in already:
                data = with_signature(_parsed(role, data), signature)
    return role_files(role, current.signed.version, data) if data != current.data else {}


def _signatures_of(before: Loaded, payload: bytes) -> Mapping[str, Signature]:
    """Return the signatures that the same content had when the contribution began."""
    if isinstance(before, Document) and before.payload == payload:
        return before.metadata.signatures
    return {}


def _expect_of_event(
    event: Event, role: RoleName, change: Difference, offered: Loaded
) -> Document[Any]:
    """Return the role as offered, if it is what the event wants to have signed."""
    if change.after is None:
        raise NotTaken(("it deletes ", name(change.path)))
    if change.before is not None and change.before.kind != change.after.kind:
        kind = f" another kind of file: {change.after.kind}"
        raise NotTaken(("it makes ", name(change.path), kind))
    document = _expect_document(offered, change.path)
    current, known = event.proposed.role(role), event.known_good.role(role)
    if not isinstance(current, Document):
        raise NotTaken(("the event has no role ", name(role)))
    if document.payload != current.payload:
        raise NotTaken(
            ("it has version ", value(document.signed.version), " of ", name(role)),
            (", which is not what the event has as version ", value(current.signed.version)),
        )
    if isinstance(known, Document) and known.payload == current.payload:
        raise NotTaken(("the event does not change ", name(role), ", so it needs no signature"))
    return document


def _expect_document(loaded: Loaded, path: str) -> Document[Any]:
    if isinstance(loaded, Document):
        return loaded
    reason = loaded.reason if isinstance(loaded, Unreadable) else "there is no such file"
    raise NotTaken((name(path), " cannot be read: ", prose(reason)))


def _expect_none_removed(
    role: RoleName, before: Mapping[str, Signature], after: Mapping[str, Signature]
) -> None:
    for keyid, signature in before.items():
        if signature.signature and not (keyid in after and after[keyid].signature):
            raise NotTaken(("it removes the signature of ", name(role), " by key ", name(keyid)))


def _expect_verified(role: RoleName, signature: Signature, counted: tuple[Tally, ...]) -> None:
    """Refuse a signature that does not count, and what else its entry may carry."""
    keys = {keyid: key for each in counted for keyid, key in each.delegation.keys.items()}
    if signature.keyid not in keys:
        raise NotTaken(("key ", name(signature.keyid), " may not sign ", name(role)))
    holder = name(signer_label(keys[signature.keyid]))
    if signature.unrecognized_fields:  # so has an identity's; those who sign online push by right
        raise NotTaken(("the signature of ", holder, " carries more than a signature"))
    if not any(signature.keyid in each.signed for each in counted):
        raise NotTaken(("the signature of ", name(role), " by ", holder, " does not verify"))


def _tallies(event: Event, role: RoleName, document: Document[Any]) -> Iterator[Tally]:
    """Count by who delegates the role now, and by main's root: clients hold that one."""
    top_level = role in {ROOT, TARGETS}
    delegators = (ROOT,) if top_level else delegation_graph(event.proposed).delegators.get(role, ())
    found = [delegation_of(each, event.proposed.role(each), role) for each in delegators]
    if top_level:
        found.append(delegation_of(ROOT, event.known_good.root(), role))
    return (tally(document, each, event.verifier) for each in found if each is not None)


def _parsed(role: RoleName, data: bytes) -> Document[Any]:
    return parse_document(data, Root) if role == ROOT else parse_document(data, Targets)
