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
from tufline.repository.clients._matrix import matrix_json, matrix_markdown, trial_line
from tufline.repository.clients._programs import FOLDER_VARIABLE, programs_of
from tufline.repository.clients._reach import Reach
from tufline.repository.clients._serve import Read, serve
from tufline.repository.clients._settings import BUNDLED, ClientsSettings
from tufline.repository.clients._try import try_clients
from tufline.repository.clients._wanted import spread, wanted_artifacts

__all__ = [
    "BUNDLED",
    "FOLDER_VARIABLE",
    "Accepted",
    "ClientsSettings",
    "Deployment",
    "Inconclusive",
    "Matrix",
    "Program",
    "Reach",
    "Read",
    "Rejected",
    "Trial",
    "TryClients",
    "Verdict",
    "Wanted",
    "matrix_json",
    "matrix_markdown",
    "programs_of",
    "serve",
    "spread",
    "trial_line",
    "try_clients",
    "wanted_artifacts",
]
