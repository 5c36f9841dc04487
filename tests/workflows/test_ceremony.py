"""The ceremony of `tufline rehearse`, on GitHub: the workflows that `tufline init` writes, run."""

from pathlib import Path

import pytest
from tests.support.act import Tools
from tests.workflows.conftest import ReportJobs
from tests.workflows.stage import set_stage
from tests.workflows.steps import BEGIN, FIRST_PUBLICATION, github
from tests.workflows.steps_after import AUTOMATIC, ON_GITHUB
from tests.workflows.told import Told, told

from tufline.repository.rehearsal import ATTACKS, CHANGES, KEYS, START, Failed, play

pytestmark = pytest.mark.no_cover  # the same code over very many cases

SCENARIO = (
    *BEGIN,
    *START,
    *FIRST_PUBLICATION,
    *CHANGES,
    *KEYS,
    *ON_GITHUB,
    *ATTACKS,
    *AUTOMATIC,
)
BOT = "github-actions[bot]"
JOBS = {
    "check.yml/check",
    "create-signing-events.yml/create-signing-events",
    "online-sign.yml/online-sign",
    "online-sign.yml/tell",
    "publish.yml/build",
    "publish.yml/client-test",
    "publish.yml/deploy",
    "signing-event.yml/hand-over",
    "signing-event.yml/shadow",
    "signing-event.yml/signing-event",
}
# Who was told how often: to accept, to sign, and @alice, who is the maintainer, to merge.
MENTIONS = {
    "sign/start": {"alice": 3, "bob": 2, "carol": 1},
    "sign/release-2": {"alice": 2, "bob": 1, "carol": 1},
    "sign/npm": {"alice": 2, "bob": 1, "carol": 1, "dave": 2},
    "sign/root-v2": {"alice": 2, "bob": 1, "carol": 1},
    "sign/online-key": {"alice": 2, "bob": 1, "carol": 1},
    "sign/automatic": {"alice": 1, "bob": 1, "carol": 1},
}


def test_a_whole_ceremony_on_github(tools: Tools, tmp_path: Path, report_jobs: ReportJobs) -> None:
    with set_stage(tmp_path, tools) as ceremony:
        for outcome in play(ceremony, SCENARIO):
            step = outcome.step
            assert not isinstance(outcome, Failed), f"{step.who} {step.what}: {outcome.error}"
        hub, runs = github(ceremony).hub, github(ceremony).workflows.runner.runs
        report_jobs(runs)

        assert {run.job for run in runs if run.result == "success"} == JOBS
        assert {event: told(hub, event) for event in MENTIONS} == {
            event: Told(
                merged_by=BOT if event == "sign/automatic" else "alice",
                statuses=1,
                mentions=mentions,
                others=0,
                labels=("signing-event: ready",),
                state="success",
            )
            for event, mentions in MENTIONS.items()
        }
