"""Attacks by somebody who may push: on main by force, and by events that must not be merged."""

from datetime import timedelta
from typing import Final

from tufline.repository.format import TARGETS, artifact_path, historic_root_path, metadata_path
from tufline.repository.jobs import MAIN
from tufline.repository.rehearsal._attack import (
    ATTACKER,
    attack,
    expect_event_refused,
    expect_main_refused,
    intruder,
    mend_main,
)
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._forgery import listing, signed_as
from tufline.repository.rehearsal._screen import expect
from tufline.repository.rehearsal._step import SERVER, Step
from tufline.repository.rehearsal._steps_keys import LATE_EVENT
from tufline.repository.rehearsal._steps_start import ARTIFACT

_EVIL: Final = b"not a release\n"
_HISTORY: Final = "sign/history"
_STRANGER: Final = "sign/stranger"


def _unsigned_change(ceremony: Ceremony) -> str:
    ceremony.pass_time(timedelta(days=4))  # the timestamp is due
    before = ceremony.user.trusts.timestamp
    mallory = intruder(ceremony, MAIN)
    files = {
        artifact_path(ARTIFACT): _EVIL,
        metadata_path(TARGETS): listing(mallory.clone, ARTIFACT, _EVIL),
    }
    mallory.push(files, "Release 3", to=MAIN)
    refused = expect_main_refused(ceremony, "unsigned")
    after = ceremony.user.trusts.timestamp
    expect(after == before + 1, f"the timestamp was {before} and is {after}")
    mend_main(ceremony)
    return f"{refused}, and the timestamp of what it held before is renewed"


def _rewritten_root(ceremony: Ceremony) -> str:
    mallory = intruder(ceremony, MAIN)
    path = historic_root_path(1)
    mallory.push({path: (mallory.clone / path).read_bytes() + b"\n"}, "Tidy up", to=_HISTORY)
    return expect_event_refused(ceremony, _HISTORY, "root-history")


def _changed_artifact(ceremony: Ceremony) -> str:
    mallory = intruder(ceremony, MAIN)
    mallory.push({artifact_path(ARTIFACT): _EVIL}, "Fix a typo", to=MAIN)
    refused = expect_main_refused(ceremony, "artifact-content")
    mend_main(ceremony)
    return refused


def _strangers_signature(ceremony: Ceremony) -> str:
    mallory = intruder(ceremony, MAIN)
    mallory.push({artifact_path(ARTIFACT): _EVIL}, "Release 3", to=_STRANGER)
    said = mallory.sign(_STRANGER, code=1).text
    expect(f"{ATTACKER} has no key" in said, f"signing as a stranger said: {said}")
    mallory.start_from(_STRANGER)
    forged = signed_as(mallory.clone, "@bob")
    mallory.push({metadata_path(TARGETS): forged}, "Sign targets as @bob", to=_STRANGER)
    return expect_event_refused(ceremony, _STRANGER, "signature")


def _revoked_key(ceremony: Ceremony) -> str:
    refused = expect_event_refused(ceremony, LATE_EVENT, "signature-unknown")
    events = (_HISTORY, _STRANGER, LATE_EVENT)
    ceremony.people["@bob"].machine.git("push", "--quiet", "origin", "--delete", *events)
    return f"{refused}; all refused events are deleted"


BY_FORCE: Final[tuple[Step, ...]] = (
    attack(ATTACKER, "merges an unsigned change by force", _unsigned_change),
    attack(ATTACKER, f"changes {ARTIFACT} on main", _changed_artifact),
)
BY_EVENTS: Final[tuple[Step, ...]] = (
    attack(ATTACKER, "rewrites root 1 in root_history", _rewritten_root),
    attack(ATTACKER, "signs with a key of her own, also as @bob", _strangers_signature),
    attack(SERVER, f"is asked to merge {LATE_EVENT}, signed by @carol's old key", _revoked_key),
)
