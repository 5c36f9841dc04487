"""A signing event on an emulated GitHub: its status, and what became of it."""

from dataclasses import replace

from tests.support.github._state import Issue, Pull, Role
from tests.support.on_github import OnGitHub

from tufline.repository.forge import Act, Ask, EventStatus

ANN = Ask(act=Act.SIGN, who="@ann", role="root")
BO = Ask(act=Act.SIGN, who="@bo", role="npm")


def waiting_event(github: OnGitHub) -> EventStatus:
    """Push sign/a, one commit ahead of main, and return its status; ann may write there."""
    github.hub.add_user("bo")
    github.hub.add_user("ann")
    github.repository.collaborators["ann"] = Role.WRITE
    return EventStatus(
        event="sign/a",
        main=github.commit("main", {"README.md": "main\n"}),
        head=github.commit("sign/a", {"metadata/root.json": "{}"}),
        verdict="waiting",
        summary="waiting for @ann",
        text="**waiting** for `@ann`\n",
        asks=(ANN,),
        signed=(("root", "@bo"),),
    )


def ready(status: EventStatus) -> EventStatus:
    """Return the status once everybody signed."""
    return replace(status, verdict="ready", summary="ready to merge", text="**ready**\n", asks=())


def event(github: OnGitHub) -> tuple[Issue, Pull]:
    """Return the one pull request that there is."""
    (issue,) = github.repository.issues.values()
    assert issue.pull
    return issue, issue.pull
