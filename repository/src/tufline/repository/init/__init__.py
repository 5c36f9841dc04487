"""A repository's own files beside metadata and targets: workflows, settings, texts for people.

    files = render(Options(name="example/tuf", host=OnGitHub(pin=installed_pin())))

`render`, `carry`, `upgrade`, `compare` and the checks are pure; `installed_pin` asks which commit
our actions are pinned to, and the functions on files read and write a folder.
"""

from tufline.repository.init._carry import WORKFLOWS, Carried, carry
from tufline.repository.init._check import check
from tufline.repository.init._facts import (
    Branch,
    Deployers,
    Environment,
    Pages,
    Protection,
    RepositoryFacts,
    Unknown,
    WorkflowToken,
)
from tufline.repository.init._folder import (
    Comparison,
    compare,
    files_below,
    read_files,
    write_files,
)
from tufline.repository.init._local import OWNERS_PATH, check_files
from tufline.repository.init._options import (
    SCHEDULES,
    InvalidPin,
    InvalidSecret,
    OnGitHub,
    OnServer,
    Options,
    Pin,
    pin,
    secret,
)
from tufline.repository.init._origin import NoPin, installed_pin
from tufline.repository.init._remark import Remark, Severity
from tufline.repository.init._render import render
from tufline.repository.init._upgrade import Upgrade, upgrade, workflows

__all__ = [
    "OWNERS_PATH",
    "SCHEDULES",
    "WORKFLOWS",
    "Branch",
    "Carried",
    "Comparison",
    "Deployers",
    "Environment",
    "InvalidPin",
    "InvalidSecret",
    "NoPin",
    "OnGitHub",
    "OnServer",
    "Options",
    "Pages",
    "Pin",
    "Protection",
    "Remark",
    "RepositoryFacts",
    "Severity",
    "Unknown",
    "Upgrade",
    "WorkflowToken",
    "carry",
    "check",
    "check_files",
    "compare",
    "files_below",
    "installed_pin",
    "pin",
    "read_files",
    "render",
    "secret",
    "upgrade",
    "workflows",
    "write_files",
]
