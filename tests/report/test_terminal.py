"""The exact text that a signer sees, of typical events.

The texts are in `golden/`. After a change that is meant, write them anew and read the difference:

    TUFLINE_UPDATE_GOLDEN=1 pytest tests/report/test_terminal.py
    git diff tests/report/golden
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.attested import VENDORS, attestation_of, replace_bob, trusting
from tests.support.rich import rich_base, rich_event
from tests.support.sample import KNOWN, NOW, Sample, key_for, signer_for
from tuf.api.metadata import DelegatedRole, Root, Targets

from tufline.repository.changes import Changes, changes_between
from tufline.repository.report import terminal
from tufline.repository.review import Policy, Purpose, Review, review

GOLDEN = Path(__file__).parent / "golden"


def artifact_waits_for_two(event: Sample) -> Purpose:
    event.put("file.txt", b"two, and longer\n")
    event.edit("targets", signers=[], version=2)
    return Purpose.EVENT


def key_replaced(event: Sample) -> Purpose:
    def replace_key(root: Root) -> None:
        root.revoke_key(key_for("@bob").keyid, "root")
        root.add_key(key_for("@bob#2"), "root")

    event.edit("root", replace_key, signers=["@alice", "@bob#2"])
    return Purpose.EVENT


def unsigned_on_main(event: Sample) -> Purpose:
    event.put("file.txt", b"two\n")
    event.edit("targets", signers=["@carol"], version=2)
    return Purpose.ACCEPTED


def key_attested(event: Sample) -> Purpose:
    event.edit("root", replace_bob, signers=["@alice"])
    event.files |= attestation_of("@bob#2")
    return Purpose.EVENT


def delegation_with_invitation(event: Sample) -> Purpose:
    def delegate(targets: Targets) -> None:
        terms = DelegatedRole("docs", [], 1, terminating=True, paths=["docs/*"])
        if targets.delegations and targets.delegations.roles is not None:
            targets.delegations.roles["docs"] = terms

    event.edit("targets", delegate, signers=[])
    event.files["metadata/.signing-event-state"] = (
        b'{\n  "invites": {\n    "@eve": [\n      "docs"\n    ]\n  }\n}'
    )
    return Purpose.EVENT


EVENTS: tuple[Callable[[Sample], Purpose], ...] = (
    artifact_waits_for_two,
    key_replaced,
    key_attested,
    unsigned_on_main,
    delegation_with_invitation,
)


def judged(event: Sample, base: Sample, purpose: Purpose) -> tuple[Review, Changes]:
    before, after = base.state(), event.state()
    policy = Policy(attestation_vendors=(VENDORS,)) if VENDORS in base.files else Policy()
    found = review(before, after, now=NOW, purpose=purpose, policy=policy)
    return found, changes_between(before, after)


def without_random_parts(report: str) -> str:
    """Return the report with the keys of this test run by name; the lines stay as they are."""
    for name in KNOWN:
        label = f"<key id of {name}>"
        report = report.replace(signer_for(name).public_key.keyid, f"{label:-<64}")
    report = re.sub(r"signed\.keys\.[0-9a-f\s]+\.\s*keyval", "signed.keys.<key id>.keyval", report)
    report = re.sub(
        r' "-----BEGIN.*?END PUBLIC KEY-----\\n"', " <public key>", report, flags=re.DOTALL
    )
    file = r"metadata/\.attestations/[0-9a-f\s]+\.pem( is new: )[0-9]+ bytes, sha256\s+[0-9a-f]{64}"
    report = re.sub(file, r"<attestation>\1<digest>", report)
    return re.sub(r"( signed:)\n(?: +[0-9a-f]+\n)+", r"\1\n      <signature>\n", report)


@pytest.mark.parametrize("make_event", EVENTS, ids=lambda make_event: make_event.__name__)
def test_a_typical_event_reads_exactly_so(make_event: Callable[[Sample], Purpose]) -> None:
    base = trusting(Sample()) if make_event is key_attested else Sample()
    event = base.copy()
    purpose = make_event(event)
    title = f"sign/{make_event.__name__}"
    report = without_random_parts(terminal(*judged(event, base, purpose), title=title))
    golden = GOLDEN / f"{make_event.__name__}.txt"
    if os.environ.get("TUFLINE_UPDATE_GOLDEN"):
        golden.write_text(report, encoding="utf-8")
    assert report == golden.read_text(encoding="utf-8")


def test_no_line_is_wider_than_80_columns_or_ends_in_space() -> None:
    base = rich_base()
    report = terminal(*judged(rich_event(base), base, Purpose.EVENT), verbose=True)
    assert max(map(len, report.splitlines())) <= 80
    assert [line for line in report.splitlines() if line != line.rstrip()] == []


def test_wide_characters_count_as_two_columns() -> None:
    base = Sample()
    event = base.copy()
    event.files["targets/" + "\u6f22" * 100] = b""
    report = terminal(*judged(event, base, Purpose.EVENT))
    assert max(len(line) + line.count("\u6f22") for line in report.splitlines()) <= 80


def test_style_gets_whole_lines_and_changes_nothing_else() -> None:
    base = rich_base()
    found = judged(rich_event(base), base, Purpose.EVENT)
    kinds: set[str] = set()

    def style(kind: str, line: str) -> str:
        kinds.add(kind)
        return f"\x1b[1m{line}\x1b[0m"

    styled = terminal(*found, style=style)
    assert styled.replace("\x1b[1m", "").replace("\x1b[0m", "") == terminal(*found)
    assert kinds >= {"refused", "heading", "error", "done", "open", "quiet"}


def test_verbose_shows_every_changed_value_raw() -> None:
    base = Sample()
    event = base.copy()
    event.put("file.txt", b"two\n")
    found = judged(event, base, Purpose.EVENT)
    assert "- signed.version: 1 → 2" in terminal(*found, verbose=True)
    assert "signed.version" not in terminal(*found)


def test_an_event_without_a_change_says_so() -> None:
    base = Sample()
    report = terminal(*judged(base, base, Purpose.EVENT))
    assert report == "UNCHANGED: nothing differs from what is accepted already\n"
