"""Certificate chains: do they parse, does each certificate sign the one before, and when?"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from tufline.repository.validators.sigstore._models import Authority
from tufline.repository.validators.sigstore._windows import FOREVER, Window, text, window


def load_chain(authority: Authority) -> list[x509.Certificate]:
    """Return the certificates up to the first that does not parse."""
    chain: list[x509.Certificate] = []
    for each in authority.cert_chain.certificates:
        try:
            chain.append(x509.load_der_x509_certificate(each.raw_bytes))
        except ValueError:
            break
    return chain


def lifetime(chain: Sequence[x509.Certificate]) -> Window:
    """Return when all certificates of the chain are valid; forever where there is none."""
    spans = [Window(each.not_valid_before_utc, each.not_valid_after_utc) for each in chain]
    return Window(
        max((each.start for each in spans), default=FOREVER.replace(year=1)),
        min((each.end for each in spans), default=FOREVER),
    )


def chain_problems(place: str, authority: Authority) -> Iterator[str]:
    """Yield what is wrong with an authority's chain."""
    chain = load_chain(authority)
    if len(chain) < len(authority.cert_chain.certificates):
        yield f"{_member(place, len(chain))} is no certificate; copy it anew"
        return
    yield from _link_problems(place, chain)
    yield from _time_problems(place, authority, chain)


def _link_problems(place: str, chain: Sequence[x509.Certificate]) -> Iterator[str]:
    for number, (each, issuer) in enumerate(pairwise(chain)):
        if not _issued(each, issuer):
            yield (
                f"{_member(place, number)} is not issued by the certificate after it;"
                " order the chain from the leaf to the root"
            )
    if not _issued(chain[-1], chain[-1]):
        last = _member(place, len(chain) - 1)
        yield f"{last} is not self-signed; let the chain end with the root"


def _time_problems(
    place: str, authority: Authority, chain: Sequence[x509.Certificate]
) -> Iterator[str]:
    span, life = authority.valid_for, lifetime(chain)
    if span.start < life.start:
        yield (
            f"{place}.validFor.start is {text(span.start)}, but the chain is valid from"
            f" {text(life.start)} only; start then or later"
        )
    if span.end is not None and span.end > life.end:
        yield (
            f"{place}.validFor.end is {text(span.end)}, but the chain expires at"
            f" {text(life.end)}; end then or earlier"
        )


def authority_window(authority: Authority) -> Window:
    """Return when the authority is trusted and its chain is valid."""
    return window(authority.valid_for).within(lifetime(load_chain(authority)))


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _member(place: str, number: int) -> str:
    return f"{place}.certChain.certificates[{number}]"
