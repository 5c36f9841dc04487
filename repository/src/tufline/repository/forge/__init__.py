"""Where people work together on a change: the port, and the plain git server.

The adapter for GitHub, `forge.github`, needs a library of its own and is imported by who uses it.
"""

from tufline.repository.forge._bare import BareForge
from tufline.repository.forge._interface import (
    Act,
    Ask,
    CheckVerdict,
    Contribution,
    EventCheck,
    EventStatus,
    Forge,
    ForgeFailed,
    MergeRefused,
    ProposalFacts,
    Task,
)
from tufline.repository.forge._record import (
    check_from_json,
    check_json,
    status_from_json,
    status_json,
)
from tufline.repository.forge._runs import WorkflowRun, Workflows

__all__ = [
    "Act",
    "Ask",
    "BareForge",
    "CheckVerdict",
    "Contribution",
    "EventCheck",
    "EventStatus",
    "Forge",
    "ForgeFailed",
    "MergeRefused",
    "ProposalFacts",
    "Task",
    "WorkflowRun",
    "Workflows",
    "check_from_json",
    "check_json",
    "status_from_json",
    "status_json",
]
