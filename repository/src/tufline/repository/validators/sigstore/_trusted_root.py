"""The bundled validator `sigstore-trusted-root`: `trusted_root.json`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from tufline.repository.validators._interface import Subject
from tufline.repository.validators.sigstore._certificates import authority_window, chain_problems
from tufline.repository.validators.sigstore._key_files import key_file_problems
from tufline.repository.validators.sigstore._keys import key_problems
from tufline.repository.validators.sigstore._models import (
    Authority,
    Broken,
    TransparencyLog,
    TrustedRoot,
    parse,
)
from tufline.repository.validators.sigstore._windows import (
    Window,
    kind_problems,
    order_problem,
    text,
    window,
)


def validate_trusted_root(subject: Subject) -> tuple[str, ...]:
    """Return what is wrong with a trusted root and the key files beside it."""
    try:
        root = parse(TrustedRoot, subject.data)
    except Broken as error:
        return error.problems
    return (
        *_log_problems("tlogs", root.tlogs, subject.now),
        *_authority_problems("certificateAuthorities", root.certificate_authorities, subject.now),
        *_log_problems("ctlogs", root.ctlogs, subject.now),
        *_authority_problems("timestampAuthorities", root.timestamp_authorities, subject.now),
        *_reopened(subject, root),
        *key_file_problems(root, subject.siblings),
    )


def _log_problems(kind: str, logs: Sequence[TransparencyLog], now: datetime) -> Iterator[str]:
    for number, log in enumerate(logs):
        place = f"{kind}[{number}]"
        yield from key_problems(place, log)
        yield from order_problem(f"{place}.publicKey.validFor", log.public_key.valid_for)
    yield from _twice(kind, "baseUrl", [_url(log.base_url) for log in logs])
    yield from _twice(kind, "publicKey", [log.public_key.raw_bytes.hex() for log in logs])
    yield from kind_problems(kind, [window(log.public_key.valid_for) for log in logs], now)


def _authority_problems(
    kind: str, authorities: Sequence[Authority], now: datetime
) -> Iterator[str]:
    for number, authority in enumerate(authorities):
        place = f"{kind}[{number}]"
        yield from chain_problems(place, authority)
        yield from order_problem(f"{place}.validFor", authority.valid_for)
    # An authority keeps its URL when it gets new certificates, so only these are unique.
    yield from _twice(kind, "certChain", [_leaf(each).hex() for each in authorities])
    yield from kind_problems(kind, list(map(_sound_window, authorities)), now)


def _sound_window(authority: Authority) -> Window:
    """Return when the authority can be used; what is wrong with its times is said elsewhere."""
    found = authority_window(authority)
    return found if found.start <= found.end else window(authority.valid_for)


def _twice(kind: str, member: str, values: Sequence[str]) -> Iterator[str]:
    for number, value in enumerate(values):
        first = values.index(value)
        if first < number:
            yield (
                f"{kind}[{number}].{member} is that of {kind}[{first}] too;"
                " correct it, or remove one of the two"
            )


def _reopened(subject: Subject, root: TrustedRoot) -> Iterator[str]:
    """Yield which entries had ended in known good, and have not any more.

    Nobody revives a log: its end is lost by whoever edits an older copy of the file. To correct an
    end within the past is fine.
    """
    ended = {key: end for _, key, end in _ends(_known_good(subject)) if end and end < subject.now}
    for place, key, end in _ends(root):
        before = ended.get(key)
        if before is not None and (end is None or end >= subject.now):
            now = text(end) if end else "gone"
            yield (
                f"{place}.validFor.end is {now}, but main has ended it at {text(before)};"
                " begin with main's file, and put the end back"
            )


def _known_good(subject: Subject) -> TrustedRoot | None:
    try:
        return parse(TrustedRoot, subject.before) if subject.before is not None else None
    except Broken:
        return None


def _ends(root: TrustedRoot | None) -> Iterator[tuple[str, bytes, datetime | None]]:
    """Yield for each entry its place, what it is known by, and its end."""
    if root is None:
        return
    for kind, logs in (("tlogs", root.tlogs), ("ctlogs", root.ctlogs)):
        for number, log in enumerate(logs):
            place, span = f"{kind}[{number}].publicKey", log.public_key.valid_for
            yield place, _known_by(kind, log.public_key.raw_bytes), span.end
    kinds = (
        ("certificateAuthorities", root.certificate_authorities),
        ("timestampAuthorities", root.timestamp_authorities),
    )
    for kind, authorities in kinds:
        for number, each in enumerate(authorities):
            yield f"{kind}[{number}]", _known_by(kind, _leaf(each)), each.valid_for.end


def _known_by(kind: str, data: bytes) -> bytes:
    return sha256(kind.encode() + b"\0" + data).digest()


def _leaf(authority: Authority) -> bytes:
    return authority.cert_chain.certificates[0].raw_bytes


def _url(url: str) -> str:
    return url.rstrip("/")
