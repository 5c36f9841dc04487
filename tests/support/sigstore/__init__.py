"""A whole Sigstore on loopback: who people are, certificates, logs, timestamps, and its trust.

Its clients, and the repository that delivers its trust to them, are here too.
"""

from tests.support.sigstore._python import Sigstore, python_sigstore
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT, Authority, Instance, Log

__all__ = [
    "SIGNING_CONFIG",
    "TRUSTED_ROOT",
    "Authority",
    "Instance",
    "Log",
    "Sigstore",
    "python_sigstore",
]
