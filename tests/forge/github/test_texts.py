"""What people read: titles, comments, commit statuses, word for word."""

from dataclasses import replace

import pytest

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge.github import _records as records
from tufline.repository.forge.github import _texts as texts
from tufline.repository.history import Commit

STATUS = EventStatus(
    event="sign/a",
    main=Commit("1" * 40),
    head=Commit("2" * 40),
    verdict="waiting",
    summary="waiting for @ann",
    text="**waiting** for `@ann`\n",
    asks=(Ask(act=Act.SIGN, who="@ann", role="root"), Ask(act=Act.MERGE)),
    signed=(("root", "@bo"),),
)


def told(*asks: Ask, proposer: str | None = None) -> str:
    """Return the visible part of a telling comment."""
    body = texts.telling_comment(STATUS, asks, proposer=proposer, earlier=0)
    return body.partition("\n<!--")[0]


def test_pull_request_explains_itself() -> None:
    assert texts.title("sign/a") == "Signing event sign/a"
    assert texts.description("sign/a") == (
        "This is a signing event: a change of the repository that its signers review and sign.\n"
        "\n"
        "- Where it stands is in the comment below, which is kept up to date;"
        " what is written into it is lost.\n"
        "- Signers run `tufline sign sign/a` in a clone, which shows them all that they sign.\n"
        "- It is a draft until every signature is there."
        " Only then is the commit status `signing-event` green.\n"
        "- More changes go to the branch `sign/a`. A change made after a signature may void it.\n"
    )


def test_title_fits() -> None:
    assert len(texts.title("sign/" + "ä" * 200)) == 256


def test_person_is_told_what_to_do_and_the_one_command() -> None:
    assert told(Ask(act=Act.SIGN, who="@ann", role="root")) == (
        "@ann: please sign `root`\n"
        "\n"
        "Run `tufline sign sign/a` in a clone: it shows you the change, and signs with your key.\n"
    )


def test_people_are_told_by_person() -> None:
    asks = (
        Ask(act=Act.SIGN, who="@bo", role="npm"),
        Ask(act=Act.MEND, who="@bo", role="root"),
        Ask(act=Act.MERGE, who="@ann"),
    )

    assert told(*asks) == (
        "@ann: please merge this pull request: every signature is there\n"
        "\n"
        "@bo, please:\n"
        "- mend what the report says about `root`\n"
        "- sign `npm`\n"
        "\n"
        "Run `tufline sign sign/a` in a clone: it shows you the change, and signs with your key.\n"
    )


@pytest.mark.parametrize(
    ("ask", "line"),
    [
        (Ask(act=Act.ACCEPT, who="@a", role="r"), "accept the invitation to sign `r`"),
        (Ask(act=Act.SIGN_AGAIN, who="@a"), "sign again: something was changed after you signed"),
        (
            Ask(act=Act.SIGN_AGAIN, who="@a", role="r"),
            "sign `r` again: it was changed after you signed",
        ),
        (
            Ask(act=Act.WAIT, who="@a", role="r"),
            "wait with `r`: another event changes it too, and comes first",
        ),
    ],
)
def test_each_act_has_its_words(ask: Ask, line: str) -> None:
    assert told(ask).splitlines()[0] == f"@a: please {line}"


@pytest.mark.parametrize(
    ("proposer", "name"),
    [
        ("ann", "@ann"),
        (None, "Whoever proposed this event"),
        ("github-actions[bot]", "Whoever proposed this event"),
    ],
)
def test_ask_without_a_name_is_for_the_proposer(proposer: str | None, name: str) -> None:
    assert told(Ask(act=Act.MEND), proposer=proposer).startswith(f"{name}: please mend what ")


@pytest.mark.parametrize("who", ["@ann", "@a-b-c", "@Ann9", "@ann_corp", "@" + "a" * 39])
def test_possible_login_is_mentioned(who: str) -> None:
    assert texts.login(who) == who[1:]


@pytest.mark.parametrize(
    "who",
    [
        "",
        "@",
        "ann",
        "@-a",
        "@a-",
        "@a--b",
        "@org/team",
        "@a.b",
        "@a b",
        "@ä",
        "@a\n",
        "@" + "a" * 40,
    ],
)
def test_what_is_no_login_is_not_mentioned(who: str) -> None:
    assert texts.login(who) is None


def test_commit_description_fits() -> None:
    assert texts.commit_description("waiting for @ann") == "waiting for @ann"
    assert texts.commit_description("x" * 141) == "x" * 139 + "…"
    assert texts.commit_description("a\nb") == "a\\nb"


def test_status_comment_is_the_report_and_remembers_the_status() -> None:
    body = texts.status_comment(STATUS, ["k"])

    assert body.startswith("**waiting** for `@ann`\n\n<!-- tufline-status ")
    assert body.endswith(" -->")
    assert records.read(body) == records.Shown(status=STATUS, told=frozenset({"k"}))


def test_status_is_forgotten_when_somebody_edits_the_text() -> None:
    body = texts.status_comment(STATUS, ["k"])

    assert records.read(body.replace("waiting", "ready", 1)) == records.Shown(status=None)
    assert records.read("before " + body) == records.Shown(status=None)
    assert records.read(body + "\nafter") is None


def test_line_ends_of_windows_change_nothing() -> None:
    body = texts.status_comment(STATUS, []).replace("\n", "\r\n")

    assert records.read(body) == records.Shown(status=STATUS)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "text",
        "\n<!-- tufline-status !!! -->",
        "\n<!-- tufline-status AAAA -->",
        "\n<!-- tufline-telling eJyLjgUAARUAuQ== -->",  # a list
    ],
)
def test_what_is_no_record_is_none(body: str) -> None:
    assert records.read(body) is None


def test_tellings_differ_even_for_the_same_asks() -> None:
    bodies = [
        texts.telling_comment(STATUS, STATUS.asks, proposer=None, earlier=number)
        for number in range(2)
    ]
    found = [records.read(body) for body in bodies]

    assert all(isinstance(each, records.Telling) for each in found)
    assert {each.asks for each in found if isinstance(each, records.Telling)} == {
        frozenset(STATUS.asks)
    }
    assert len({records.key_of(body) for body in bodies}) == 2


@pytest.mark.parametrize("lines", [600, 700, 5000])
def test_long_report_is_cut_after_a_line_and_says_where_the_rest_is(lines: int) -> None:
    text = f"{'x' * 99}\n" * lines
    body = texts.status_comment(replace(STATUS, text=text), [])
    shown = records.read(body)

    assert isinstance(shown, records.Shown)
    assert shown.status is not None
    note = (
        "*This is too long for a comment. To see all of it, fetch the branch and run*"
        " `tufline review --base origin/main --event origin/sign/a`\n\n"
    )
    visible = shown.status.text
    if lines == 600:
        assert visible == text
    else:
        assert visible.startswith(note)
        assert set(visible.removeprefix(note).splitlines()) == {"x" * 99}
        assert texts.COMMENT_LIMIT - 100 < len(body) <= texts.COMMENT_LIMIT


def test_telling_hundreds_of_people_still_fits_and_forgets_nobody() -> None:
    asks = [Ask(act=Act.SIGN, who=f"@a{n}", role=f"r{n}") for n in range(2000)]
    body = texts.telling_comment(STATUS, asks, proposer=None, earlier=0)
    found = records.read(body)

    assert len(body) <= texts.COMMENT_LIMIT
    assert isinstance(found, records.Telling)
    assert found.asks == frozenset(asks)
