"""What existing workflows say that new ones must say too, and what these have no place for.

Of ours that is all that `init` lets one choose. Of tuf-on-ci's it is the same where it has a
counterpart: who logs in to which cloud, when workflows run, where metadata is published.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tufline.repository.init._options import SCHEDULES, InvalidPin, OnGitHub, Pin, pin
from tufline.repository.init._workflow import Job, Step, Unparsable, Workflow, parse_workflow

WORKFLOWS: Final = ".github/workflows/"
OURS: Final = ("signing-event", "create-signing-events", "online-sign", "publish", "check")
"""The workflows that `init` writes."""

_CLOUDS: Final = frozenset(
    {
        "gcp-workload-identity-provider",
        "gcp-service-account",
        "aws-role-to-assume",
        "aws-region",
        "azure-client-id",
        "azure-tenant-id",
        "azure-subscription-id",
    }
)
_ACTIONS: Final = "actions/"
_REPLACED: Final = frozenset(
    {
        *(*OURS, "hand-over", "shadow", "client-test"),
        *("upload-repository", "test-repository", "update-issue"),
    }
)
_OUR_STEPS: Final = frozenset({"Say why"})
_OTHER_PROJECT: Final = "/tuf-on-ci"
# Inputs and variables that our workflows give by themselves, or that are of no use any more.
_SETTLED: Final = frozenset(
    {
        *("event", "branch", "confirm-root", "published-url", "published-commit", "app-id"),
        *("app-private-key", "ref", "gh-pages", "metadata-path", "artifacts-path", "success"),
    }
)
_SETTLED_VARIABLES: Final = frozenset({"TUFLINE_CHECKS"})
_TELLING: Final = frozenset({"actions/signing-event", "actions/check"})
_SECRET: Final = re.compile(r"\$\{\{ *secrets\.([A-Z][A-Z0-9_]*) *\}\}")
_OURS_TOO: Final = frozenset({"actions/checkout", "actions/deploy-pages"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """What goes over.

    Attributes:
        app: whether jobs act as a GitHub App.
        secrets: what jobs need to tell people.
        metadata_dir: where metadata is published; None where nothing says so.
        pin: our actions, where they are used already.
        lost: what has no place in the new files, each as one line for people.
    """

    schedules: Mapping[str, tuple[str, ...]]
    online_sign: Mapping[str, str]
    app: bool
    secrets: tuple[str, ...]
    metadata_dir: str | None
    pin: Pin | None
    lost: tuple[str, ...]

    def host(self, actions: Pin) -> OnGitHub:
        """Return the host that has all of it, with these actions."""
        return OnGitHub(
            pin=actions,
            schedules=self.schedules,
            online_sign=self.online_sign,
            app=self.app,
            secrets=self.secrets,
        )


def carry(existing: Mapping[str, bytes]) -> Carried:
    """Read the workflows that ours replace, out of all files in `.github/workflows`, by path."""
    lost: list[str] = []
    workflows = dict(_parsed(existing, lost))
    steps = [step for workflow in workflows.values() for _, step in workflow.steps()]
    for name, workflow in workflows.items():
        lost += (f"{_path(name)}: {what}" for what in _without_place(workflow))
    return Carried(
        schedules={
            name: (workflows[name].crons if name in workflows else ()) or crons
            for name, crons in SCHEDULES.items()
        },
        online_sign=_log_ins(steps),
        app=any("app-id" in step.inputs for step in steps),
        secrets=tuple(dict.fromkeys(name for step in steps for name in _secrets(step))),
        metadata_dir=next(_metadata_dirs(steps), None),
        pin=next(_pins(steps), None),
        lost=tuple(dict.fromkeys(lost)),
    )


def is_theirs(data: bytes) -> bool:
    """Whether a workflow calls tuf-on-ci's actions."""
    try:
        steps = parse_workflow(data).steps()
    except Unparsable:
        return False
    return any(step.repository.endswith(_OTHER_PROJECT) for _, step in steps)


def _parsed(existing: Mapping[str, bytes], lost: list[str]) -> Iterator[tuple[str, Workflow]]:
    for name in OURS:
        data = existing.get(_path(name))
        if data is None:
            continue
        try:
            yield name, parse_workflow(data)
        except Unparsable as error:
            lost.append(f"{_path(name)}: cannot be read: {error}")


def _path(name: str) -> str:
    return f"{WORKFLOWS}{name}.yml"


def _is_known(step: Step) -> bool:
    """Whether our workflows do what the step does: an action of ours, of tuf-on-ci, or the same."""
    if not step.repository:
        return step.said in _OUR_STEPS
    return step.path.removeprefix(_ACTIONS) in _REPLACED or step.repository in _OURS_TOO


def _without_place(workflow: Workflow) -> Iterator[str]:
    for job in workflow.jobs:
        if job.calls is not None:
            yield f"job {job.name} calls {job.calls}"
        for step in job.steps:
            yield from _lost_of(job, step)


def _lost_of(job: Job, step: Step) -> Iterator[str]:
    if not _is_known(step):
        yield f"job {job.name}, step: {step.said}"
    elif step.path:
        for name in sorted(step.variables.keys() - {*_secrets(step), *_SETTLED_VARIABLES}):
            yield f"job {job.name}, env {name}: {step.variables[name]}"
        yield from _lost_inputs(job, step)


def _lost_inputs(job: Job, step: Step) -> Iterator[str]:
    for name, value in step.inputs.items():
        key = name.replace("_", "-")
        if key == "token" and "secrets." in value.replace("secrets.GITHUB_TOKEN", ""):
            yield f"token: {value} (not needed: each job has its own; delete it)"
        elif key not in _CLOUDS | _SETTLED | {"token"}:
            yield f"job {job.name}, {name}: {value}"
    folder = step.inputs.get("artifacts_path", "targets")
    if folder.strip("./") != "targets":
        yield f"job {job.name}, artifacts_path: {folder} (artifacts are published in targets)"
    if step.path.endswith("/upload-repository") and step.inputs.get("gh_pages") != "true":
        yield f"job {job.name}, gh_pages: publishing is to GitHub Pages"


def _log_ins(steps: list[Step]) -> Mapping[str, str]:
    given = {
        name.replace("_", "-"): value
        for step in steps
        if step.path == f"{_ACTIONS}online-sign"
        for name, value in step.inputs.items()
    }
    return {name: given[name] for name in sorted(given) if name in _CLOUDS and given[name]}


def _secrets(step: Step) -> Iterator[str]:
    """Yield the secrets that a step of ours gets under their own names."""
    if step.path in _TELLING and not step.repository.endswith(_OTHER_PROJECT):
        for name, value in step.variables.items():
            found = _SECRET.fullmatch(value)
            if found and found[1] == name:
                yield name


def _metadata_dirs(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        if step.path == f"{_ACTIONS}upload-repository":
            yield step.inputs.get("metadata_path", "metadata").strip("/").removeprefix("./") or "."


def _pins(steps: list[Step]) -> Iterator[Pin]:
    for step in steps:
        name = step.path.removeprefix(_ACTIONS)
        if name in OURS and not step.repository.endswith(_OTHER_PROJECT):
            try:
                yield pin(f"{step.repository}@{step.ref}")
            except InvalidPin:
                continue  # a branch or a tag pins nothing
