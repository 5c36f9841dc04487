"""Tests of what is published with real clients: python-tuf's `ngclient`, in this process.

    run_client(store_remote(store, layout), trusted_root, now=now, artifacts=["file.txt"])
    check_prefixes(files, uploads, layout=layout, now=now, artifacts=["file.txt"])

The first is one client's answer to a repository. The second is the property that every transition
must have: wherever its uploads stop, every client goes on.
"""

from tufline.repository.publish.compliance._client import (
    Accepted,
    Client,
    Outcome,
    Rejected,
    Versions,
    run_client,
)
from tufline.repository.publish.compliance._prefixes import Violation, check_prefixes
from tufline.repository.publish.compliance._remote import (
    Remote,
    mapping_remote,
    read_remote,
    store_remote,
    web_remote,
)
from tufline.repository.publish.compliance._sample import listed_artifacts

__all__ = [
    "Accepted",
    "Client",
    "Outcome",
    "Rejected",
    "Remote",
    "Versions",
    "Violation",
    "check_prefixes",
    "listed_artifacts",
    "mapping_remote",
    "read_remote",
    "run_client",
    "store_remote",
    "web_remote",
]
