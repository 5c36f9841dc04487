"""Workflow files as GitHub reads them: what starts them, their jobs, and what each job may do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Final

from ruamel.yaml import YAML

FOLDER: Final = ".github/workflows/"
_PERMISSIONS: Final = (
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "packages",
    "pages",
    "pull-requests",
    "security-events",
    "statuses",
)
_BY_DEFAULT: Final = {"contents": "read", "packages": "read"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """A workflow file of a commit. `path` is from the top; `content` is what the YAML says."""

    path: str
    commit: str
    content: Mapping[str, Any]

    @property
    def file(self) -> str:
        return self.path.removeprefix(FOLDER)

    @property
    def triggers(self) -> Mapping[str, Any]:
        """What starts it: the filters by event, None where there are none."""
        on = self.content["on"]
        if isinstance(on, str):
            return {on: None}
        return on if isinstance(on, Mapping) else dict.fromkeys(on)

    @property
    def jobs(self) -> Mapping[str, Mapping[str, Any]]:
        jobs: Mapping[str, Mapping[str, Any]] = self.content["jobs"]
        return jobs

    def in_order(self) -> tuple[str, ...]:
        """Return the jobs' names, each after those that it needs."""
        graph = {name: _listed(job.get("needs")) for name, job in self.jobs.items()}
        return tuple(TopologicalSorter(graph).static_order())

    def permissions(self, job: str, default: str) -> Mapping[str, str]:
        """Return what the job's token may do; `default` is the repository's own, "read" or "write".

        What the file says counts, whatever the default: a workflow may ask for more.
        """
        said = self.jobs[job].get("permissions", self.content.get("permissions"))
        if said is None:
            said = f"{default}-all" if default == "write" else _BY_DEFAULT
        if isinstance(said, Mapping):
            return {str(name): str(level) for name, level in said.items()}
        return dict.fromkeys(_PERMISSIONS, str(said).removesuffix("-all"))

    def environment(self, job: str) -> str | None:
        """Return the name of the environment that the job deploys to."""
        said = self.jobs[job].get("environment")
        name = said["name"] if isinstance(said, Mapping) else said
        if name is not None and "${{" in name:
            raise NotImplementedError(f"{self.path}: the environment {name} is an expression")
        return name

    def uses(self) -> Iterator[str]:
        """Yield the actions that its jobs' steps name."""
        for job in self.jobs.values():
            yield from uses(job["steps"])


def parse_workflow(path: str, commit: str, data: bytes) -> Workflow:
    return Workflow(path=path, commit=commit, content=parse_yaml(data))


def parse_yaml(data: bytes) -> Any:  # noqa: ANN401 - any YAML
    return YAML(typ="safe", pure=True).load(data.decode())


def uses(steps: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the actions that the steps name, but for those in the same folder."""
    return (step["uses"] for step in steps if not step.get("uses", "./").startswith("./"))


def _listed(said: str | list[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else said or []
