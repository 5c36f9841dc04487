"""REST operations on workflows, their runs, environments and the names of secrets."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from tests.support.github import _objects, _pulls, _represent
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, Refused, not_found, route
from tests.support.github._state import Environment, Repository, Run

_REPO = "/repos/{owner}/{repo}"
_ACTIONS = f"{_REPO}/actions"
_WORKFLOW = f"{_ACTIONS}/workflows/{{workflow_id}}"
_FOLDER = ".github/workflows"


@route("GET", f"{_ACTIONS}/workflows", needs="actions:read")
def workflows(call: Call) -> Answer:
    it = call.repository
    return call.page(_files(it), lambda name: _workflow(call, name), key="workflows")


@route("GET", _WORKFLOW, needs="actions:read")
def workflow(call: Call) -> Answer:
    return Answer(200, _workflow(call, _named(call)))


@route("POST", f"{_WORKFLOW}/dispatches", needs="actions:write")
def dispatch(call: Call) -> Answer:
    it, name = call.repository, _named(call)
    place, sha = _branch_or_tag(it, call.body["ref"])
    inputs = {key: str(value) for key, value in (call.body.get("inputs") or {}).items()}
    declared = _declared_inputs(it, sha, name)
    if declared is None:
        raise Refused(422, "Workflow does not have 'workflow_dispatch' trigger")
    unexpected = sorted(inputs.keys() - declared)
    if unexpected:
        raise Refused(422, f"Unexpected inputs provided: {unexpected}")
    _pulls.trigger(
        call.hub,
        it,
        "workflow_dispatch",
        ref=place,
        sha=sha,
        actor=_pulls.Actor(call.login, call.known.kind),
        payload={"inputs": inputs, "ref": place, "workflow": f"{_FOLDER}/{name}"},
    )
    return Answer(204)


@route("POST", f"{_REPO}/dispatches", needs="contents:write")
def repository_dispatch(call: Call) -> Answer:
    it = call.repository
    _pulls.trigger(
        call.hub,
        it,
        "repository_dispatch",
        ref=f"refs/heads/{it.default_branch}",
        sha=_objects.branch_sha(it.git_dir, it.default_branch) or _pulls.ZERO,
        actor=_pulls.Actor(call.login, call.known.kind),
        payload={
            "action": call.body["event_type"],
            "client_payload": call.body.get("client_payload"),
        },
    )
    return Answer(204)


@route("GET", f"{_WORKFLOW}/runs", needs="actions:read")
def workflow_runs(call: Call) -> Answer:
    name = _named(call)
    return _runs(call, [run for run in call.repository.runs if run.workflow == name])


@route("GET", f"{_ACTIONS}/runs", needs="actions:read")
def runs(call: Call) -> Answer:
    return _runs(call, call.repository.runs)


def _runs(call: Call, among: list[Run]) -> Answer:
    query = call.query
    found = [
        run
        for run in reversed(among)
        if query.get("branch", run.branch) == run.branch
        and query.get("event", run.event) == run.event
        and query.get("actor", run.actor) == run.actor
        and query.get("head_sha", run.sha) == run.sha
        and query.get("status", run.status) in {run.status, run.conclusion}
    ]
    it = call.repository
    return call.page(found, lambda run: _represent.run(call.hub, it, run), key="workflow_runs")


@route("GET", f"{_ACTIONS}/permissions/workflow", needs="administration:read")
def workflow_permissions(call: Call) -> Answer:
    it = call.repository
    body = {
        "default_workflow_permissions": it.default_workflow_permissions,
        "can_approve_pull_request_reviews": it.can_approve_pull_request_reviews,
    }
    return Answer(200, body)


@route("GET", f"{_ACTIONS}/secrets", needs="secrets:read")
def secrets(call: Call) -> Answer:
    def show(name: str) -> object:
        return described("actions-secret", name=name)

    return call.page(call.repository.secrets, show, key="secrets")


@route("GET", f"{_REPO}/environments", needs="actions:read")
def environments(call: Call) -> Answer:
    found = list(call.repository.environments.values())
    return call.page(found, lambda one: _environment(call, one), key="environments")


@route("GET", f"{_REPO}/environments/{{environment_name}}", needs="actions:read")
def environment(call: Call) -> Answer:
    return Answer(200, _environment(call, _environment_named(call)))


@route(
    "GET",
    f"{_REPO}/environments/{{environment_name}}/deployment-branch-policies",
    needs="actions:read",
)
def branch_policies(call: Call) -> Answer:
    environment = _environment_named(call)

    def show(name: str) -> object:
        kind = "tag" if name.startswith("tags/") else "branch"
        shown = name.removeprefix("tags/")
        return described("deployment-branch-policy", id=1, node_id="DBP_1", name=shown, type=kind)

    return call.page(environment.branches or (), show, key="branch_policies")


def _files(it: Repository) -> list[str]:
    """Return the names of the workflow files on the default branch."""
    paths = _objects.names(it.git_dir, f"refs/heads/{it.default_branch}", _FOLDER)
    names = [path.removeprefix(f"{_FOLDER}/") for path in paths]
    return [name for name in names if name.endswith((".yml", ".yaml"))]


def _named(call: Call) -> str:
    """Return the workflow file that the path names, or whose number it says."""
    wanted, it = call.path["workflow_id"], call.repository
    for name in _files(it):
        if wanted in {name, str(_represent.workflow_id(it, name))}:
            return name
    raise not_found()


def _workflow(call: Call, name: str) -> object:
    it = call.repository
    number = _represent.workflow_id(it, name)
    off = name in it.disabled_workflows
    return described(
        "workflow",
        id=number,
        node_id=f"W_{number}",
        name=name,
        path=f"{_FOLDER}/{name}",
        state="disabled_inactivity" if off else "active",
        url=f"{_represent.api(call.hub, it)}/actions/workflows/{number}",
        html_url=f"{call.hub.url}/{it.full_name}/blob/{it.default_branch}/{_FOLDER}/{name}",
    )


def _branch_or_tag(it: Repository, ref: str) -> tuple[str, str]:
    for name in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}"):
        sha = _objects.sha_of(it.git_dir, name) if name.startswith("refs/") else None
        if sha:
            return name, sha
    raise Refused(422, f"No ref found for: {ref}")


def _declared_inputs(it: Repository, sha: str, name: str) -> set[str] | None:
    """Return the inputs of `on: workflow_dispatch` at the commit, None without that trigger."""
    try:
        parsed: Any = YAML(typ="safe").load(
            _objects.read(it.git_dir, sha, f"{_FOLDER}/{name}") or ""
        )
    except YAMLError:
        return None
    triggers = (parsed or {}).get("on", {})
    if isinstance(triggers, dict):
        found = triggers.get("workflow_dispatch", {}) if "workflow_dispatch" in triggers else None
        return (
            None if "workflow_dispatch" not in triggers else set((found or {}).get("inputs") or {})
        )
    return (
        set()
        if "workflow_dispatch" in ([triggers] if isinstance(triggers, str) else triggers)
        else None
    )


def _environment_named(call: Call) -> Environment:
    found = call.repository.environments.get(call.path["environment_name"])
    if found is None:
        raise not_found()
    return found


def _environment(call: Call, one: Environment) -> object:
    limited = one.protected or one.branches is not None
    policy = {"protected_branches": one.protected, "custom_branch_policies": not one.protected}
    return described(
        "environment",
        id=one.id,
        node_id=f"EN_{one.id}",
        name=one.name,
        url=f"{_represent.api(call.hub, call.repository)}/environments/{one.name}",
        deployment_branch_policy=policy if limited else None,
    )
