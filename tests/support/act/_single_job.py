"""A workflow file of which one job is left to run: what `act` is given.

A run of `act` has one token, and on GitHub each job has its own. So each job has a run to itself.
The job stays as it is written; jobs that it needs are stood in for by such that end as those did,
with the same outputs; and one that needs the job writes how it ended to `$HARNESS_REPORT`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from tests.support.act._workflow import Workflow

REPORTER: Final = "harness-report"
Result = Literal["success", "failure", "skipped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a job ended."""

    result: Result
    outputs: Mapping[str, str] = field(default_factory=dict)


def single_job(workflow: Workflow, job: str, ended: Mapping[str, Ended]) -> str:
    """Return the file with this job, after those that have ended. It is JSON, and so YAML."""
    before = {name: _stand_in(how) for name, how in ended.items()}
    jobs = {**before, job: workflow.jobs[job], REPORTER: _reporter(job)}
    return json.dumps({**workflow.content, "jobs": jobs}, indent=2)


def read_report(text: str, job: str) -> Ended:
    """Return how the job ended, from what the last job has written."""
    said = json.loads(text)[job]
    return Ended(result=said["result"], outputs=said["outputs"] or {})


def _stand_in(how: Ended) -> Mapping[str, Any]:
    return {
        "runs-on": "ubuntu-latest",
        "if": how.result != "skipped",
        "outputs": how.outputs,
        "steps": [{"run": "true" if how.result == "success" else "false", "shell": "sh"}],
    }


def _reporter(job: str) -> Mapping[str, Any]:
    return {
        "runs-on": "ubuntu-latest",
        "needs": job,
        "if": "always()",
        "steps": [
            {
                "run": 'printf "%s" "$ENDED" > "$HARNESS_REPORT"',
                "shell": "sh",
                "env": {"ENDED": "${{ toJSON(needs) }}"},
            }
        ],
    }
