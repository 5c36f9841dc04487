"""The bundled validator `sigstore-signing-config`: `signing_config.v0.2.json`.

What it names must be trusted: whoever signs there makes bundles that nobody can verify otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tufline.repository.validators._interface import Subject
from tufline.repository.validators.sigstore._certificates import authority_window
from tufline.repository.validators.sigstore._models import (
    Authority,
    Broken,
    Service,
    ServiceConfig,
    SigningConfig,
    TrustedRoot,
    parse,
)
from tufline.repository.validators.sigstore._windows import (
    Window,
    covered,
    kind_problems,
    order_problem,
    text,
    window,
)

TRUSTED_ROOT: Final = "trusted_root.json"
"""The name of the file, in the same folder, with which the signing configuration is compared."""

_WITHOUT_OWN_TIME: Final = 2  # logs from this version on do not say when they took an entry


@dataclass(frozen=True, slots=True)
class _Kind:
    """The services of one kind, and what the trusted root calls them; None: it has none."""

    member: str
    services: tuple[Service, ...]
    trusted: str | None
    config: ServiceConfig | None = None


def validate_signing_config(subject: Subject) -> tuple[str, ...]:
    """Return what is wrong with a signing configuration, by itself and beside the trusted root."""
    try:
        config = parse(SigningConfig, subject.data)
    except Broken as error:
        return error.problems
    trusted, problem = _trusted(subject)
    found = list(problem)
    for kind in _kinds(config):
        found += _own_problems(kind, subject.now)
        if trusted is not None and kind.trusted is not None:
            found += _trust_problems(kind, trusted[kind.trusted], subject.now)
    return (*found, *_time_source_problems(config, subject.now))


def _kinds(config: SigningConfig) -> Iterator[_Kind]:
    yield _Kind("caUrls", config.ca_urls, "certificateAuthorities")
    yield _Kind("oidcUrls", config.oidc_urls, None)
    yield _Kind("rekorTlogUrls", config.rekor_tlog_urls, "tlogs", config.rekor_tlog_config)
    yield _Kind("tsaUrls", config.tsa_urls, "timestampAuthorities", config.tsa_config)


def _own_problems(kind: _Kind, now: datetime) -> Iterator[str]:
    urls = [_url(service.url) for service in kind.services]
    for number, service in enumerate(kind.services):
        place = f"{kind.member}[{number}]"
        yield from order_problem(f"{place}.validFor", service.valid_for)
        if urls.index(urls[number]) < number:
            first = f"{kind.member}[{urls.index(urls[number])}]"
            yield f"{place}.url is that of {first} too; remove one of the two"
        end = service.valid_for.end
        if end is not None and end < now:
            yield f"{place} ({service.url}) has ended at {text(end)}; remove it"
    yield from kind_problems(
        kind.member, [window(service.valid_for) for service in kind.services], now
    )
    yield from _selection_problems(kind, now)


def _selection_problems(kind: _Kind, now: datetime) -> Iterator[str]:
    if kind.config is None or kind.config.selector != "EXACT":
        return
    name = "rekorTlogConfig" if kind.member == "rekorTlogUrls" else "tsaConfig"
    current = sum(window(service.valid_for).holds(now) for service in kind.services)
    if kind.config.count is None:
        yield f"{name}.count is missing, which selector EXACT needs; add it"
    elif kind.config.count > current:
        wanted = f"{name}.count is {kind.config.count}, but {kind.member} has {current} valid now"
        yield f"{wanted}; lower the count, or add services"


def _trust_problems(
    kind: _Kind, trusted: Mapping[str, Sequence[Window]], now: datetime
) -> Iterator[str]:
    """Yield which services are used at a time when nobody trusts them, from now on."""
    for number, service in enumerate(kind.services):
        place = f"{kind.member}[{number}].url ({service.url})"
        windows = trusted.get(_url(service.url))
        used = window(service.valid_for)
        if windows is None:
            yield f"{place} is not in {kind.trusted} of {TRUSTED_ROOT}; correct it, or add it there"
            continue
        if used.end < now:
            continue  # said already: it has ended
        from_now = Window(max(used.start, now), used.end)
        end = max(each.end for each in windows)
        if end < now:
            ended = f"has ended in {kind.trusted} of {TRUSTED_ROOT} at {text(end)}"
            yield f"{place} {ended}; remove it"
        elif not covered(from_now, windows):
            beyond = f"is used when {kind.trusted} of {TRUSTED_ROOT} does not trust it"
            yield f"{place} {beyond}; make its validFor shorter than the one there"


def _time_source_problems(config: SigningConfig, now: datetime) -> Iterator[str]:
    current = [each for each in config.rekor_tlog_urls if window(each.valid_for).holds(now)]
    newer = any(each.major_api_version >= _WITHOUT_OWN_TIME for each in current)
    if newer and not config.tsa_urls:
        yield "tsaUrls is empty, but a log of version 2 gives no time; add a timestamp authority"
    if config.tsa_urls and config.tsa_config is None:
        yield "tsaConfig is missing, which tsaUrls needs; add it"


def _trusted(
    subject: Subject,
) -> tuple[Mapping[str, Mapping[str, Sequence[Window]]] | None, tuple[str, ...]]:
    """Return the trusted windows by kind and URL, or why there are none."""
    data = subject.siblings.get(TRUSTED_ROOT)
    if data is None:
        return None, (f"there is no {TRUSTED_ROOT} beside it; add one",)
    try:
        root = parse(TrustedRoot, data)
    except Broken:
        return None, (f"{TRUSTED_ROOT} beside it cannot be read; correct that first",)
    logs = [(log.base_url, window(log.public_key.valid_for)) for log in root.tlogs]
    now = subject.now
    issuers = [(each.uri, _trust(each, now)) for each in root.certificate_authorities]
    stampers = [(each.uri, _trust(each, now)) for each in root.timestamp_authorities]
    kinds = {"tlogs": logs, "certificateAuthorities": issuers, "timestampAuthorities": stampers}
    return {kind: _by_url(found) for kind, found in kinds.items()}, ()


def _trust(authority: Authority, now: datetime) -> Window:
    """Return when an authority is trusted: a chain counts when it has expired, not that it will."""
    found = authority_window(authority)
    return found if found.end < now else window(authority.valid_for)


def _by_url(found: Sequence[tuple[str, Window]]) -> Mapping[str, Sequence[Window]]:
    urls = {_url(url) for url, _ in found}
    return {each: [span for url, span in found if _url(url) == each] for each in urls}


def _url(url: str) -> str:
    return url.rstrip("/")
