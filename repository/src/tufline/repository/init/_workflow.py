"""What a workflow file says, as far as another one can take it over."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_ACTION: Final = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)(?:/(?P<path>[^@]+))?@(?P<ref>\S+)")


class Unparsable(ValueError):
    """The file is no workflow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step. All but `said` are of the action that it uses, if it does."""

    said: str
    repository: str = ""
    path: str = ""
    ref: str = ""
    inputs: Mapping[str, str]
    variables: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job. `calls` is the workflow that it calls, if it does."""

    name: str
    calls: str | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """A workflow: when it is scheduled (cron), and what it does."""

    crons: tuple[str, ...]
    jobs: tuple[Job, ...]

    def steps(self) -> Iterator[tuple[Job, Step]]:
        """Yield each step with its job."""
        return ((job, step) for job in self.jobs for step in job.steps)


def parse_workflow(data: bytes) -> Workflow:
    """Return what the file says; raise `Unparsable`."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only an upgrade needs it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - as above

    try:
        tree = YAML(typ="safe", pure=True).load(data.decode())
    except (YAMLError, ValueError) as error:
        raise Unparsable(str(error).partition("\n")[0]) from error
    try:
        return Workflow(crons=tuple(_crons(tree["on"])), jobs=tuple(_jobs(tree["jobs"])))
    except (KeyError, TypeError, AttributeError) as error:
        raise Unparsable("it does not say when it runs, or what it does") from error


def _crons(triggers: Any) -> Iterator[str]:  # noqa: ANN401 - YAML
    if isinstance(triggers, dict):
        for schedule in triggers.get("schedule") or ():
            yield str(schedule["cron"])


def _jobs(jobs: Mapping[str, Any]) -> Iterator[Job]:
    for name, job in jobs.items():
        steps = tuple(_step(step) for step in job.get("steps") or ())
        yield Job(name=str(name), calls=job.get("uses"), steps=steps)


def _step(step: Mapping[str, Any]) -> Step:
    uses = str(step.get("uses", ""))
    inputs, variables = _texts(step.get("with")), _texts(step.get("env"))
    said = uses or str(step.get("name") or step.get("run") or "").partition("\n")[0]
    found = _ACTION.fullmatch(uses)
    if not found:
        return Step(said=said, inputs=inputs, variables=variables)
    return Step(
        said=said,
        repository=found["repository"],
        path=found["path"] or "",
        ref=found["ref"],
        inputs=inputs,
        variables=variables,
    )


def _texts(values: Mapping[str, object] | None) -> Mapping[str, str]:
    return {str(name): _text(value) for name, value in (values or {}).items()}


def _text(value: object) -> str:
    """Return a value as GitHub hands it to an action: as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
