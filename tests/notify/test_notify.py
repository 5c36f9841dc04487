"""Sinks from settings; telling all of them; and problems that are told once."""

import pytest
from tests.support.memory_forge import MemoryForge
from tests.support.memory_history import Fault, Killed, When
from tests.support.memory_sink import MemorySink
from tests.support.web_service import web_service

from tufline.repository.forge import ForgeFailed
from tufline.repository.notify import (
    ForgeSink,
    Kind,
    Notice,
    NotifySettings,
    NotSent,
    PagerDutySettings,
    SmtpSettings,
    WebhookSettings,
    notify,
    open_sinks,
    report_problems,
)

SMTP = SmtpSettings(
    server="mail.example",
    sender="a@example.org",
    recipients=("b@example.org",),
    user_variable="MAIL_USER",
    password_variable="MAIL_PASSWORD",  # noqa: S106 - the name of a variable
)
ALL = NotifySettings(
    webhook=(WebhookSettings(url_variable="CHAT"),),
    smtp=(SMTP,),
    pagerduty=(PagerDutySettings(key_variable="PAGER"),),
)
ENVIRONMENT = {
    "CHAT": "https://chat.example/secret",
    "MAIL_USER": "robot",
    "MAIL_PASSWORD": "secret",
    "PAGER": "secret",
}


def notice(kind: Kind = Kind.PROBLEM, *, title: str = "publish failed", text: str = "x") -> Notice:
    return Notice(kind=kind, key="publish", title=title, text=text)


# from settings


def test_every_kind_of_sink_is_opened() -> None:
    sinks, unset = open_sinks(ALL, ENVIRONMENT)

    assert [each.name for each in sinks] == ["webhook CHAT", "smtp mail.example", "pagerduty PAGER"]
    assert unset == ()
    assert "secret" not in repr(sinks)


@pytest.mark.parametrize(
    ("variable", "sink"),
    [
        ("CHAT", "webhook CHAT"),
        ("PAGER", "pagerduty PAGER"),
        ("MAIL_USER", "smtp mail.example"),
        ("MAIL_PASSWORD", "smtp mail.example"),
    ],
)
@pytest.mark.parametrize("value", [None, "", " \n"])
def test_variable_that_is_not_set_is_named_and_the_others_are_opened(
    variable: str, sink: str, value: str | None
) -> None:
    given = {name: text for name, text in ENVIRONMENT.items() if name != variable}
    sinks, unset = open_sinks(ALL, given if value is None else {**given, variable: value})

    assert [str(each) for each in unset] == [
        f"{sink}: the environment variable {variable} is not set"
    ]
    assert len(sinks) == 2


def test_login_is_not_needed() -> None:
    anonymous = SmtpSettings(server="m", sender="a@b.c", recipients=("b@c.d",))
    sinks, unset = open_sinks(NotifySettings(smtp=(anonymous,)), {})

    assert (len(sinks), unset) == (1, ())


@pytest.mark.parametrize(
    ("named", "environment", "shown"),
    [
        ("by settings", {"GITHUB_REPOSITORY": "example/tuf"}, "[by settings] "),
        (None, {"GITHUB_REPOSITORY": "example/tuf"}, "[example/tuf] "),
        (None, {}, "[tufline] "),
    ],
)
def test_whoever_is_told_knows_the_repository(
    named: str | None, environment: dict[str, str], shown: str
) -> None:
    settings = NotifySettings(repository=named, webhook=ALL.webhook)
    with web_service() as service:
        sinks, _ = open_sinks(settings, {**environment, "CHAT": service.url})
        assert notify(sinks, notice()) == ()

    assert shown in service.received[0].body.decode()


def test_sink_is_told_only_what_it_wants() -> None:
    settings = NotifySettings(webhook=(WebhookSettings(url_variable="CHAT", of=(Kind.MENDED,)),))
    with web_service() as service:
        sinks, _ = open_sinks(settings, {"CHAT": service.url})
        for kind in Kind:
            notify(sinks, notice(kind, title=f"this is {kind}"))

    (asked,) = service.received
    assert "this is mended" in asked.body.decode()


# telling


def test_sink_that_fails_or_has_a_defect_does_not_silence_the_others() -> None:
    failing = MemorySink("failing", error=NotSent("failing", "no answer in time"))
    defect = MemorySink("defect", error=ValueError("https://chat.example/secret"))
    working = MemorySink("working")

    unsent = notify([failing, defect, working], notice())

    assert [str(each) for each in unsent] == [
        "failing: no answer in time",
        "defect: unexpected ValueError",
    ]
    assert working.told == [notice()]


# problems


def test_problem_is_told_once_and_so_is_its_end() -> None:
    forge, sink = MemoryForge(), MemorySink()
    for found in (notice(), notice(), None, None):
        assert report_problems(forge, [sink], {"publish": found}) == ()

    assert [(each.kind, each.title) for each in sink.told] == [
        (Kind.PROBLEM, "publish failed"),
        (Kind.MENDED, "publish works again"),
    ]
    assert {each.key for each in sink.told} == {"publish"}
    assert forge.problems() == {}


def test_forge_shows_title_text_and_url() -> None:
    forge = MemoryForge()
    found = Notice(
        kind=Kind.PROBLEM, key="x", title="x\nfailed", text="a\nb", url="https://x.example"
    )

    report_problems(forge, [], {"x": found})

    assert forge.problems() == {"x": "x\\nfailed\n\na\nb\n\nhttps://x.example"}
    before = list(forge.performed)
    report_problems(forge, [], {"x": found})
    assert forge.performed[len(before) :] == ["problems"]


def test_other_title_is_news_and_other_text_is_not() -> None:
    forge, sink = MemoryForge(), MemorySink()
    for found in (notice(), notice(text="y"), notice(title="publish did not run")):
        report_problems(forge, [sink], {"publish": found})

    assert [each.title for each in sink.told] == ["publish failed", "publish did not run"]
    assert forge.problems() == {"publish": "publish did not run\n\nx"}


def test_problems_of_others_stay() -> None:
    forge, sink = MemoryForge(), MemorySink()
    forge.open_problem("signing-event sign/x", "broken")

    report_problems(forge, [sink], {"publish": None})

    assert forge.problems() == {"signing-event sign/x": "broken"}
    assert sink.told == []


def test_sink_that_fails_is_reported_and_the_forge_shows_the_problem() -> None:
    forge = MemoryForge()
    failing = MemorySink("chat", error=NotSent("chat", "no answer in time"))

    (unsent,) = report_problems(forge, [failing], {"publish": notice()})

    assert str(unsent) == "chat: no answer in time"
    assert "publish" in forge.problems()


def test_forge_that_fails_is_reported_and_told_by_the_next_run() -> None:
    error = ForgeFailed("the forge is away")
    forge = MemoryForge(fault=Fault(nth=1, when=When.BEFORE, operation="open_problem", error=error))
    sink = MemorySink()

    (unsent,) = report_problems(forge, [sink], {"publish": notice()})
    assert str(unsent) == f"forge: the forge is away; {ForgeFailed.hint}"

    assert report_problems(forge, [sink], {"publish": notice()}) == ()
    assert "publish" in forge.problems()
    assert sink.told == [notice(), notice()]


@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("mended", [False, True])
def test_killed_at_the_forge_everybody_is_told_all_the_same(when: When, *, mended: bool) -> None:
    forge, sink = MemoryForge(), MemorySink()
    if mended:
        report_problems(forge, [], {"publish": notice()})
    found = {"publish": None if mended else notice()}
    operation = "close_problem" if mended else "open_problem"
    forge.fault = Fault(nth=1, when=when, operation=operation)

    with pytest.raises(Killed):
        report_problems(forge, [sink], found)
    report_problems(forge, [sink], found)

    assert len(sink.told) == (2 if when is When.BEFORE else 1)
    assert bool(forge.problems()) is not mended


def test_what_people_are_asked_is_no_problem_of_the_forge() -> None:
    forge = MemoryForge()

    ForgeSink(forge).send(notice(Kind.ASKED))

    assert forge.performed == []
