"""What is checked of an event beside review, and what depends on it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.jobs.arranging import EVENT, changed_artifact, with_settings
from tests.jobs.looking import pushed, run, status
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import Sample

from tufline.repository.forge import Act, CheckVerdict, EventCheck, Task, status_json
from tufline.repository.forge import status_from_json as from_json
from tufline.repository.jobs import Event
from tufline.repository.jobs.signing_events import signing_events
from tufline.repository.review import Review

PASSED = CheckVerdict.PASSED


@dataclass(kw_only=True)
class OneCheck:
    """A checker whose answer is given: None where it cannot check here."""

    verdict: CheckVerdict | None = PASSED
    name: str = "clients"
    task: Task | None = Task.SIGNING_EVENT
    applies: bool = True
    asked: list[str] = field(default_factory=list)

    def content(self, event: Event, found: Review) -> str | None:
        del found
        data = event.proposed.read("targets/file.txt") or b""
        return data.hex() if self.applies else None

    def check(self, event: Event, found: Review, *, now: datetime) -> EventCheck | None:
        del now
        content = self.content(event, found) or ""
        self.asked.append(content)
        return answer(content, self.verdict) if self.verdict else None


def answer(content: str, verdict: CheckVerdict = PASSED) -> EventCheck:
    return EventCheck(
        name="clients", content=content, verdict=verdict, summary="tuf-js stops", text="| a | b |"
    )


def event_with(*signers: str, data: bytes = b"two\n", main: Sample | None = None) -> Sample:
    event = changed_artifact(main or first_main(), data)
    event.sign("targets", event.load("targets"), signers)
    return event


def checked(pipeline: Pipeline, *checkers: OneCheck) -> Pipeline:
    pipeline.checkers = checkers
    return pipeline


def acts(pipeline: Pipeline) -> set[tuple[Act, str]]:
    return {(ask.act, ask.who) for ask in status(pipeline).asks}


def test_people_are_asked_once_the_check_has_passed() -> None:
    pipeline = checked(pushed(event_with()), OneCheck())
    run(pipeline)

    assert acts(pipeline) == {(Act.SIGN, who) for who in ("@alice", "@bob", "@carol")}
    assert "- passed: `clients`: `tuf-js stops`\n\n  | a | b |\n" in status(pipeline).text


def test_nobody_is_asked_to_sign_what_failed() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(verdict=CheckVerdict.FAILED))
    run(pipeline)

    shown = status(pipeline)
    assert acts(pipeline) == {(Act.MEND, "")}
    assert (shown.verdict, shown.summary) == ("refused", "clients: tuf-js stops")


def test_what_says_nothing_stops_nobody_and_is_shown() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(verdict=CheckVerdict.INCONCLUSIVE))
    run(pipeline)

    assert (Act.SIGN, "@alice") in acts(pipeline)
    assert "- says nothing: `clients`" in status(pipeline).text


def test_missing_check_is_asked_for_once_and_nobody_is_asked_meanwhile() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(verdict=None))
    run(pipeline)
    run(pipeline)

    shown = status(pipeline)
    assert pipeline.forge.requested == [(Task.SIGNING_EVENT, EVENT)]
    assert (shown.verdict, shown.asks, shown.wanted) == ("waiting", (), ("clients",))
    assert shown.summary == "waiting for checks, before anybody is asked to sign: clients"


def test_missing_check_is_asked_for_again_after_a_push() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(verdict=None))
    run(pipeline)
    pipeline.push(EVENT, event_with(data=b"three\n"))
    run(pipeline)

    assert pipeline.forge.requested == [(Task.SIGNING_EVENT, EVENT)] * 2


def test_run_for_all_events_asks_for_the_missing_check_too() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(verdict=None))
    list(signing_events(pipeline.place))

    assert (Task.SIGNING_EVENT, EVENT) in pipeline.forge.requested


def test_answer_of_an_earlier_job_counts_for_what_it_is_about_only() -> None:
    checker = OneCheck(verdict=None)
    pipeline = checked(pushed(event_with()), checker)
    pipeline.checked = (answer(b"one\n".hex()),)
    run(pipeline)
    assert status(pipeline).wanted == ("clients",)

    pipeline.checked = (answer(b"two\n".hex()),)
    run(pipeline)
    assert (Act.SIGN, "@alice") in acts(pipeline)


def test_signature_does_not_make_the_check_run_again() -> None:
    checker = OneCheck()
    pipeline = checked(pushed(event_with()), checker)
    run(pipeline)
    pipeline.push(EVENT, event_with("@alice"))
    run(pipeline)

    assert len(checker.asked) == 1
    assert acts(pipeline) == {(Act.SIGN, who) for who in ("@bob", "@carol")}


def test_what_did_not_pass_is_tried_again_where_that_can_be_done() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(verdict=CheckVerdict.FAILED))
    run(pipeline)
    checked(pipeline, OneCheck(verdict=None))
    run(pipeline)
    assert status(pipeline).verdict == "refused"

    checked(pipeline, OneCheck())
    run(pipeline)
    assert status(pipeline).verdict == "waiting"
    assert (Act.SIGN, "@alice") in acts(pipeline)


def test_who_was_asked_stays_asked_while_a_change_is_checked() -> None:
    pipeline = checked(pushed(event_with("@alice")), OneCheck())
    run(pipeline)
    before = acts(pipeline)
    checked(pipeline, OneCheck(verdict=None))
    pipeline.push(EVENT, event_with(data=b"three\n"))
    run(pipeline)

    assert acts(pipeline) == before - {(Act.SIGN_AGAIN, "@alice")}
    assert status(pipeline).verdict == "waiting"


def test_event_that_is_refused_is_not_checked() -> None:
    event = event_with()
    event.files["metadata/other.txt"] = b"x"
    checker = OneCheck()
    run(checked(pushed(event), checker))

    assert checker.asked == []


def test_check_that_does_not_apply_is_neither_done_nor_missing() -> None:
    pipeline = checked(pushed(event_with()), OneCheck(applies=False))
    run(pipeline)

    assert (status(pipeline).checks, status(pipeline).wanted) == ((), ())


def test_event_at_its_threshold_is_not_merged_before_it_is_checked() -> None:
    main = with_settings(b"[merge]\nat-threshold = true\n")
    signed = event_with("@alice", "@bob", main=main)
    pipeline = checked(pushed(signed, main), OneCheck(verdict=None))
    assert not run(pipeline).merged
    checked(pipeline, OneCheck(verdict=CheckVerdict.FAILED))
    assert not run(pipeline).merged

    checked(pipeline, OneCheck())
    assert run(pipeline).merged


def test_machine_merges_nothing_of_which_a_check_says_nothing_but_people_are_asked_to() -> None:
    main = with_settings(b'[merge]\nat-threshold = true\nmaintainers = ["@bob"]\n')
    pipeline = pushed(event_with("@alice", "@bob", main=main), main)
    checked(pipeline, OneCheck(verdict=CheckVerdict.INCONCLUSIVE))

    assert not run(pipeline).merged
    assert status(pipeline).verdict == "ready"
    assert acts(pipeline) == {(Act.MERGE, "@bob")}


def test_status_remembers_its_checks() -> None:
    pipeline = checked(pushed(event_with()), OneCheck())
    run(pipeline)
    shown = replace(status(pipeline), wanted=("online-keys",))

    assert from_json(status_json(shown)) == shown
