"""Whatever branches, people and roles are called: nothing of theirs is more than text.

What GitHub formats, links or mentions is what is outside of code spans: there, all must be ours.
"""

import re
import shlex

import pytest

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge.github import _texts as texts
from tufline.repository.history import Commit

TRICKS = {
    "shell": "sign/$(reboot);`id`",
    "shell_quotes": "sign/'x'\"y\"",
    "markdown_link": "sign/[x](https://evil.example)",
    "markdown_image": "sign/![x](y)",
    "markdown_emphasis": "sign/**bold**_it_",
    "markdown_code": "sign/``` ` ``",
    "markdown_table": "sign/a|b",
    "html": "sign/<img/src=x/onerror=alert(1)>",
    "html_comment": "sign/--><!--",
    "our_record": "sign/<!--tufline-status-AAAA-->",
    "mention": "sign/@octo/security",
    "reference": "sign/#1",
    "address": "sign/www.evil.example",
    "direction": "sign/\u202egnp.exe",
    "invisible": "sign/a\u200bb\u3164",
    "combining": "sign/a\u0301\u0336",
    "line_break": "sign/a\u2028b",
    "emoji": "sign/:tada:\U0001f389",
}
# What may stand in a title, which people read as text, and GitHub as text with references.
HARMLESS_TITLE = re.compile(r"Signing event [A-Za-z0-9._/ \\-]+")
CODE = re.compile(r"`[^`\n]*`")
HIDDEN = re.compile(r"\n<!-- tufline-[a-z]+ [A-Za-z0-9+/=]+ -->\Z")
OURS = re.compile(r"[A-Za-z ,.;:'()\n-]*")


def status(event: str, *asks: Ask) -> EventStatus:
    return EventStatus(
        event=event,
        main=Commit("1" * 40),
        head=Commit("2" * 40),
        verdict="waiting",
        summary="waiting",
        text="text",
        asks=asks,
    )


def outside_code(body: str) -> str:
    """Return what is neither in a code span nor in our record."""
    return CODE.sub("", HIDDEN.sub("", body))


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_title_is_plain_letters(trick: str) -> None:
    assert HARMLESS_TITLE.fullmatch(texts.title(trick))


@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_description_holds_the_branch_only_in_code(trick: str) -> None:
    plain = outside_code(texts.description("sign/plain"))

    assert outside_code(texts.description(trick)) == plain
    assert OURS.fullmatch(plain)


@pytest.mark.parametrize("field", ["event", "who", "role"])
@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_comment_holds_names_only_in_code(trick: str, field: str) -> None:
    names = {"event": "sign/a", "who": "@no login", "role": "root", field: trick}
    ask = Ask(act=Act.SIGN, who=names["who"], role=names["role"])
    body = texts.telling_comment(status(names["event"], ask), [ask], proposer=None, earlier=0)
    visible = outside_code(body)

    assert OURS.fullmatch(visible)
    assert visible == (
        ": please sign \n\nRun  in a clone: it shows you the change, and signs with your key.\n"
    )
    assert body.count("<!--") == 1 + HIDDEN.sub("", body).count("<!--")
    assert body.replace("\U0001f389", "").isascii()


def test_command_in_a_comment_gives_a_shell_nothing_else_to_do() -> None:
    event = "sign/$(reboot);&|<>"
    (code,) = (
        found
        for found in CODE.findall(texts.description(event))
        if found.startswith("`tufline sign ")
    )

    assert code == "`tufline sign 'sign/$(reboot);&\\u007c<>'`"
    assert shlex.split(code.strip("`")) == ["tufline", "sign", "sign/$(reboot);&\\u007c<>"]


def test_bodies_are_these_to_the_letter() -> None:
    ask = Ask(act=Act.SIGN_AGAIN, who="@octo/security", role="`</code>@ann\u202e")
    body = texts.telling_comment(
        status(TRICKS["markdown_link"], ask), [ask], proposer=None, earlier=0
    )

    assert HIDDEN.sub("", body) == (
        '`@octo/security`: please sign `"\\u0060</code>@ann\\u202e"` again:'
        " it was changed after you signed\n"
        "\n"
        "Run `tufline sign 'sign/[x](https://evil.example)'` in a clone:"
        " it shows you the change, and signs with your key.\n"
    )
    assert texts.title(TRICKS["mention"]) == "Signing event sign/\\u0040octo/security"
    assert texts.title(TRICKS["direction"]) == "Signing event sign/\\u202egnp.exe"


@pytest.mark.parametrize(
    "summary", ["a\nb", "a\u202eb", "a\u200bb", "a\x1b[31mb", "a\u2028b"], ids=ascii
)
def test_commit_status_is_one_visible_line(summary: str) -> None:
    shown = texts.commit_description(summary)

    assert shown.isascii()
    assert shown.isprintable()


@pytest.mark.parametrize("login", ["octo/security", "a b", "x](y)", "<b>", "a\nb"])
def test_proposer_that_is_no_login_is_not_mentioned(login: str) -> None:
    ask = Ask(act=Act.MEND)
    body = texts.telling_comment(status("sign/a", ask), [ask], proposer=login, earlier=0)

    assert body.startswith("Whoever proposed this event: please ")
    assert "@" not in HIDDEN.sub("", body)
