"""A small, stateful GitHub on loopback, for the real PyGithub and the real git.

    with serve(tmp_path) as hub:
        hub.add_repository("octo/tuf", collaborators={"alice": "write"})
        api = Github(base_url=hub.api_url, auth=Auth.Token(hub.token("alice")))

Every request and answer is held against GitHub's own descriptions of its API; what breaks them
fails the test when the server stops. What a description does not say (who triggers what, which
error comes when) follows GitHub's documentation.
"""

from tests.support.github._faults import Fault, FaultPlan, Kind
from tests.support.github._hub import Hub
from tests.support.github._serve import serve
from tests.support.github._state import (
    App,
    Protection,
    Repository,
    Request,
    Ruleset,
    WorkflowEvent,
)

__all__ = [
    "App",
    "Fault",
    "FaultPlan",
    "Hub",
    "Kind",
    "Protection",
    "Repository",
    "Request",
    "Ruleset",
    "WorkflowEvent",
    "serve",
]
