"""`[notify]` and `[watch]`: what is refused, and that no secret is repeated."""

import pytest

from tufline.repository.notify import Kind, Security
from tufline.repository.settings import InvalidSettings, parse_settings

SMTP = '[[notify.smtp]]\nserver = "m"\nsender = "a@b.c"\nrecipients = ["b@c.d"]\n'


def test_defaults_tell_everything_but_wake_nobody_for_a_signature() -> None:
    text = (
        f'{SMTP}[[notify.webhook]]\nurl-variable = "A"\n[[notify.pagerduty]]\nkey-variable = "B"\n'
    )
    settings = parse_settings(text.encode()).notify

    assert settings.webhook[0].of == settings.smtp[0].of == tuple(Kind)
    assert settings.pagerduty[0].of == (Kind.PROBLEM, Kind.MENDED)
    assert (settings.smtp[0].port, settings.smtp[0].security) == (587, Security.STARTTLS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[notify.webhook]]", "notify.webhook.0.url-variable: Field required"),
        ('[[notify.webhook]]\nurl-variable = "A"\nof = ["news"]', "notify.webhook.0.of.0"),
        ('[[notify.webhook]]\nurl-variable = "A"\nkind = "x"', "notify.webhook.0.kind"),
        ('[[notify.email]]\nserver = "m"', "notify.email"),
        ('[notify]\nrepository = " "', "repository is a name"),
        (SMTP + "port = 0", "port a number up to 65535"),
        (SMTP + "port = 65536", "port a number up to 65535"),
        (SMTP + 'security = "ssl"', "notify.smtp.0.security"),
        (SMTP + 'user-variable = "A"', "go together"),
        (
            SMTP + 'user-variable = "A"\npassword-variable = "B"\nsecurity = "none"',
            "without TLS",
        ),
        (SMTP.replace('"m"', '"m x"'), "server is the name of a host"),
        (SMTP.replace("a@b.c", "A <a@b.c>"), "plain mail addresses"),
        (SMTP.replace("b@c.d", "b@c.d\\nBcc: e@f.g"), "plain mail addresses"),
        (SMTP.replace('["b@c.d"]', "[]"), "plain mail addresses"),
        ('[[notify.pagerduty]]\nkey-variable = "A"\nof = ["asked"]', "pagerduty is told of"),
        ("[watch]\nevery = { online-sign = 0 }", "every is 1 hour or more"),
    ],
)
def test_wrong_entry_is_named(text: str, words: str) -> None:
    with pytest.raises(InvalidSettings) as caught:
        parse_settings(text.encode())

    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        '[[notify.webhook]]\nurl-variable = "https://hooks.example/SECRET"',
        '[[notify.pagerduty]]\nkey-variable = "a-SECRET"',
        SMTP + 'user-variable = "A"\npassword-variable = "a-SECRET"',
        '[watch]\nheartbeat-variable = "https://SECRET"',
    ],
)
def test_secret_in_place_of_a_variable_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(InvalidSettings, match="names an environment variable") as caught:
        parse_settings(text.encode())

    assert "SECRET" not in str(caught.value)
