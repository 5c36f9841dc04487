"""What the status of an event says: who must do what, by when, with which command."""

from datetime import timedelta

import pytest
from tests.support.sample import NOW

from tufline.repository.changes import Changes
from tufline.repository.forge import Act, Ask
from tufline.repository.format import RoleName
from tufline.repository.project import RULES
from tufline.repository.report import Standing, event_page, event_summary
from tufline.repository.review import (
    Finding,
    Ready,
    Refused,
    Review,
    Severity,
    Unchanged,
    Verdict,
    Waiting,
)

ERROR = Finding(
    rule="expiry",
    severity=Severity.ERROR,
    message="has expired",
    role=RoleName("npm"),
    path=None,
)
NEED = Finding(
    rule="artifact-unlisted",
    severity=Severity.NOTICE,
    message="is not listed",
    role=None,
    path="targets/f",
    waits=True,
)
WAITING = Waiting(frozenset(), ())


def standing(*asks: Ask, **facts: object) -> Standing:
    given = {"event": "sign/x", "signed": (), "now": NOW, "asks": asks, **facts}
    return Standing(**given)  # type: ignore[arg-type] # as the test says


def reviewed(verdict: Verdict = WAITING) -> Review:
    findings = verdict.findings if isinstance(verdict, Refused) else ()
    return Review(roles=(), findings=findings, verdict=verdict)


def checklist(found: Review, shown: Standing) -> list[str]:
    page = event_page(found, Changes(), shown)
    return [line for line in page.splitlines() if line.startswith("- [")]


def test_page_begins_with_what_each_person_has_to_do_and_goes_on_with_the_report() -> None:
    shown = standing(
        Ask(act=Act.SIGN, who="@bob", role="targets"),
        Ask(act=Act.SIGN_AGAIN, who="@bob", role="root"),
        Ask(act=Act.ACCEPT, who="@eve", role="docs"),
        signed=(("root", "@alice"), ("targets", "@alice"), ("npm", "@bob")),
        expiries={"root": NOW + timedelta(days=20)},
    )

    assert event_page(reviewed(), Changes(), shown) == (
        "### Who must act\n"
        "\n"
        "- [x] `@alice`: signed `root`, `targets`\n"
        "- [ ] `@bob`: sign `targets`; sign `root` again (it has changed) before 2026-03-21, "
        "when it expires; signed `npm`; run `tufline sign sign/x`\n"
        "- [ ] `@eve`: accept the invitation to sign `docs`; run `tufline sign sign/x`\n"
        "\n"
        "**WAITING: sound so far, but not complete**\n"
    )


def test_page_without_anybody_to_act_is_the_report_alone() -> None:
    page = event_page(reviewed(Unchanged()), Changes(), standing())

    assert page == "**UNCHANGED: nothing differs from what is accepted already**\n"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (1, " before 2026-03-02, when it expires;"),
        (0, " at once: what clients have expired on 2026-03-01;"),
        (-9, " at once: what clients have expired on 2026-02-20;"),
    ],
)
def test_deadline_is_when_clients_can_do_no_longer_without(days: int, said: str) -> None:
    expiries = {"root": NOW + timedelta(days=days)}
    shown = standing(Ask(act=Act.SIGN, who="@bob", role="root"), expiries=expiries)

    assert checklist(reviewed(), shown) == [
        f"- [ ] `@bob`: sign `root`{said} run `tufline sign sign/x`"
    ]


def test_role_that_is_signed_and_asked_for_by_the_other_root_is_not_said_to_be_done() -> None:
    shown = standing(Ask(act=Act.SIGN, who="@bob", role="root"), signed=(("root", "@bob"),))

    assert checklist(reviewed(), shown) == ["- [ ] `@bob`: sign `root`; run `tufline sign sign/x`"]


@pytest.mark.parametrize(
    ("ask", "facts", "said"),
    [
        (Ask(act=Act.MERGE, who="@al"), {}, "`@al`: merge it"),
        (
            Ask(act=Act.MEND),
            {},
            "whoever proposed this: mend what is found below, and push again",
        ),
        (
            Ask(act=Act.MEND),
            {"stale": True},
            (
                "whoever proposed this: make the change anew from main, "
                "which has changed the same meanwhile"
            ),
        ),
        (
            Ask(act=Act.WAIT),
            {"held_by": "sign/a"},
            (
                "whoever proposed this: wait until `sign/a` is merged or withdrawn: "
                "it changes the same role, too"
            ),
        ),
    ],
)
def test_who_does_not_sign_is_told_what_to_do(
    ask: Ask, facts: dict[str, object], said: str
) -> None:
    assert checklist(reviewed(), standing(ask, **facts)) == [f"- [ ] {said}"]


def test_rules_are_linked_to_the_manual() -> None:
    page = event_page(reviewed(Refused((ERROR,))), Changes(), standing())

    assert f"- **ERROR** [`expiry`]({RULES}#expiry), role `npm`: `has expired`" in page


@pytest.mark.parametrize(
    ("verdict", "shown", "summary"),
    [
        (Ready(), standing(Ask(act=Act.MERGE, who="@al")), "ready to merge"),
        (Unchanged(), standing(), "nothing differs from main"),
        (Refused((ERROR,)), standing(), "1 error: expiry: npm: has expired"),
        (
            Refused((ERROR, ERROR)),
            standing(Ask(act=Act.MEND)),
            "2 errors: expiry: npm: has expired; expiry: npm: has expired",
        ),
        (
            WAITING,
            standing(
                Ask(act=Act.SIGN, who="@bob", role="root"),
                Ask(act=Act.SIGN, who="@bob", role="npm"),
                Ask(act=Act.ACCEPT, who="@alice", role="npm"),
            ),
            "waiting for @alice, @bob",
        ),
        (
            Waiting(frozenset(), (NEED,)),
            standing(Ask(act=Act.MEND)),
            "waiting: artifact-unlisted: targets/f: is not listed",
        ),
        (WAITING, standing(), "waiting for an online key"),
        (
            Ready(),
            standing(Ask(act=Act.WAIT), held_by="sign/a"),
            "waiting for sign/a, which changes the same role",
        ),
        (
            Refused((ERROR,)),
            standing(Ask(act=Act.MEND), stale=True),
            "main has changed the same meanwhile: make the change anew from main",
        ),
    ],
)
def test_summary_reads_exactly_so(verdict: Verdict, shown: Standing, summary: str) -> None:
    assert event_summary(reviewed(verdict), shown) == summary
