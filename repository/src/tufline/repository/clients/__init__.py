"""Real TUF clients, in any language: each is tried on a deployment, and says yes or no."""

from tufline.repository.clients._interface import (
    Accepted,
    Deployment,
    Inconclusive,
    Matrix,
    Program,
    Rejected,
    Trial,
    TryClients,
    Verdict,
    Wanted,
)
from tufline.repository.clients._settings import BUNDLED, ClientsSettings

__all__ = [
    "BUNDLED",
    "Accepted",
    "ClientsSettings",
    "Deployment",
    "Inconclusive",
    "Matrix",
    "Program",
    "Rejected",
    "Trial",
    "TryClients",
    "Verdict",
    "Wanted",
]
