"""Webhook, PagerDuty and heartbeat, against real servers that work and that fail."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.ports import free_port
from tests.support.web_service import Act, Answer, Reply, web_service

from tufline.repository.notify import Kind, Notice, NotSent, Severity, Sink, WatchSettings, beat
from tufline.repository.notify._http import Patience, request
from tufline.repository.notify._pagerduty import PagerDutySink
from tufline.repository.notify._webhook import WebhookSink

SECRET = "T0000-secret-B1111"  # noqa: S105 - it opens nothing
QUICK = Patience(answer=0.2, tries=2, pause=0.01, longest_pause=1)
PROBLEM = Notice(
    kind=Kind.PROBLEM,
    key="publish",
    title="publish failed",
    text="it fails since yesterday\nnext: read the log",
    url="https://forge.example/run/7?a=1&b=2",
)


def webhook(url: str) -> Sink:
    return WebhookSink(
        name="webhook SLACK", url=f"{url}/{SECRET}", repository="example/tuf", patience=QUICK
    )


def pagerduty(url: str, repository: str = "example/tuf") -> Sink:
    return PagerDutySink(
        name="pagerduty KEY", url=url, key=SECRET, repository=repository, patience=QUICK
    )


def sent(make: Callable[[str], Sink], *notices: Notice) -> list[Any]:
    with web_service() as service:
        for notice in notices:
            make(service.url).send(notice)
    return [json.loads(each.body) for each in service.received]


def message_of(title: str, text: str) -> str:
    notice = Notice(kind=Kind.PROBLEM, key="x", title=title, text=text)
    return str(sent(webhook, notice)[0]["text"])


def test_webhook_posts_slack_s_json_to_its_url() -> None:
    with web_service() as service:
        webhook(service.url).send(PROBLEM)

    (asked,) = service.received
    assert (asked.method, asked.path) == ("POST", f"/{SECRET}")
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body) == {
        "text": (
            "```\n"
            "[example/tuf] publish failed\n"
            "it fails since yesterday\n"
            "next: read the log\n"
            "```\n"
            "https://forge.example/run/7?a=1&amp;b=2"
        )
    }


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> wake up",
        "<!here|all of you>",
        "<@U024BE7LH>",
        "<https://evil.example|the log>",
        "&lt;!channel&gt;",
        "```\n<!channel>\n@channel [log](https://evil.example)",
        "``` @channel `",
    ],
)
def test_attack_text_of_others_makes_no_mention_or_link(text: str) -> None:
    message = message_of(text, text)

    assert message.startswith("```\n")
    assert message.endswith("\n```")
    inner = message[4:-4]
    assert not set("<>`") & set(inner)
    assert inner.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").count("&") == 0
    unescaped = inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert text.replace("`", "'") in unescaped


def test_attack_title_stays_one_line_and_nothing_invisible_is_sent() -> None:
    message = message_of("a\nb\u202ec", "d\r\ne\u200bf\x1b[1m")

    assert message == "```\n[example/tuf] a\\nb\\u202ec\nd\ne\\u200bf\\x1b[1m\n```"


def test_attack_endless_text_is_cut() -> None:
    assert len(message_of("a" * 10_000, "b" * 1_000_000)) < 5_000


def test_pagerduty_is_triggered_and_resolved_by_the_same_key() -> None:
    mended = Notice(kind=Kind.MENDED, key="publish", title="ok", text="", severity=Severity.INFO)
    asked = Notice(kind=Kind.ASKED, key="publish", title="sign", text="")

    trigger, resolve = sent(pagerduty, PROBLEM, mended, asked)

    assert trigger == {
        "routing_key": SECRET,
        "event_action": "trigger",
        "dedup_key": resolve["dedup_key"],
        "payload": {
            "summary": "[example/tuf] publish failed",
            "source": "example/tuf",
            "severity": "error",
            "custom_details": {"text": "it fails since yesterday\nnext: read the log"},
        },
        "links": [{"href": "https://forge.example/run/7?a=1&b=2", "text": "publish"}],
    }
    assert (resolve["event_action"], resolve["payload"]["severity"]) == ("resolve", "info")


def test_pagerduty_keeps_repositories_and_matters_apart() -> None:
    other = Notice(kind=Kind.PROBLEM, key="online-sign", title="x", text="")
    keys = {each["dedup_key"] for each in sent(pagerduty, PROBLEM, other)}
    (elsewhere,) = sent(lambda url: pagerduty(url, "example/staging"), PROBLEM)

    assert len(keys | {elsewhere["dedup_key"]}) == 3


@pytest.mark.parametrize(
    "first",
    [500, 503, Reply(status=429, headers={"Retry-After": "0"}), Act.CLOSE, Act.HALF, Act.HANG],
)
def test_a_failure_that_passes_is_tried_again(first: Answer) -> None:
    with web_service([first, 200]) as service:
        webhook(service.url).send(PROBLEM)

    assert len(service.received) == 2


FAILURES: dict[str, tuple[Answer, str]] = {
    "500": (500, "the service answered with HTTP status 500"),
    "403": (Reply(status=403, body=SECRET.encode()), "answered with HTTP status 403"),
    "429": (429, "the service answered with HTTP status 429"),
    "hang": (Act.HANG, "no answer in time"),
    "close": (Act.CLOSE, "the connection broke before the answer was complete"),
    "half": (Act.HALF, "the connection broke before the answer was complete"),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("make", [webhook, pagerduty])
def test_failure_that_stays_is_named_without_the_secret(
    failure: str, make: Callable[[str], Sink]
) -> None:
    answer, words = FAILURES[failure]
    with web_service([answer]) as service, pytest.raises(NotSent) as caught:
        make(service.url).send(PROBLEM)

    assert str(caught.value).startswith(f"{make('').name}: ")
    assert words in str(caught.value)
    expect_no_secret(caught.value)


def expect_no_secret(error: NotSent) -> None:
    assert SECRET not in repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


def test_nobody_listens() -> None:
    port = free_port()
    with pytest.raises(NotSent, match="nobody listens there") as caught:
        webhook(f"http://127.0.0.1:{port}").send(PROBLEM)

    expect_no_secret(caught.value)


def test_redirect_is_not_followed_with_the_secret() -> None:
    with web_service() as elsewhere:
        moved = Reply(status=307, headers={"Location": elsewhere.url})
        with web_service([moved]) as service, pytest.raises(NotSent, match="HTTP status 307"):
            pagerduty(service.url).send(PROBLEM)

    assert elsewhere.received == []


def test_attack_service_that_asks_for_a_long_pause_is_not_obeyed() -> None:
    begun = time.monotonic()
    wait = Reply(status=429, headers={"Retry-After": "86400"})
    with web_service([wait]) as service, pytest.raises(NotSent):
        webhook(service.url).send(PROBLEM)

    assert time.monotonic() - begun < 10
    assert len(service.received) == 2


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"http://hooks.example/{SECRET}", "does not begin with https://"),
        (f"ftp://hooks.example/{SECRET}", "does not begin with https://"),
        (SECRET, "does not begin with https://"),
        (f"https://[{SECRET}", "cannot be understood"),
        (f"https://a:b{SECRET}/", "cannot be understood"),
    ],
)
def test_url_that_is_not_safe_is_refused_without_showing_it(url: str, words: str) -> None:
    with pytest.raises(NotSent, match=words) as caught:
        request("webhook SLACK", "POST", url, patience=QUICK)

    expect_no_secret(caught.value)


def test_service_without_tls_is_named() -> None:
    with web_service() as service, pytest.raises(NotSent, match="does not speak TLS"):
        webhook(service.url.replace("http:", "https:")).send(PROBLEM)


def test_no_secret_in_the_repr_of_a_sink() -> None:
    assert SECRET not in repr((webhook("https://x.example"), pagerduty("https://x.example")))


def test_heartbeat_requests_its_url() -> None:
    settings = WatchSettings(heartbeat_variable="BEAT")
    with web_service() as service:
        unsent = beat(settings, {"BEAT": f" {service.url}/{SECRET}\n"}, patience=QUICK)

    assert unsent == ()
    assert [(each.method, each.path) for each in service.received] == [("GET", f"/{SECRET}")]


def test_heartbeat_that_fails_or_lacks_its_url_is_reported() -> None:
    settings = WatchSettings(heartbeat_variable="BEAT")
    with web_service([500]) as service:
        (failed,) = beat(settings, {"BEAT": f"{service.url}/{SECRET}"}, patience=QUICK)
    (unset,) = beat(settings, {})

    assert str(failed) == "heartbeat BEAT: the service answered with HTTP status 500"
    assert str(unset) == "heartbeat BEAT: the environment variable BEAT is not set"
    assert beat(WatchSettings(), {}) == ()
