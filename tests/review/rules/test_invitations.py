import json

import pytest
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import Sample

from tufline.repository.format import INVITATIONS_PATH

BASE = Sample()


def _inviting(invites: object) -> Sample:
    event = BASE.copy()
    event.files[INVITATIONS_PATH] = json.dumps({"invites": invites}).encode()
    return event


def test_invitation_to_a_role_that_exists_is_fine() -> None:
    found = judge(BASE, _inviting({"@eve": ["root", "targets", "npm"]}))
    assert said(found, "invitations") == []
    assert verdict(found) == "waiting"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"invites": {"@eve": []}}', b'{"invites": {"@eve": ["a/b"]}}']
)
def test_file_that_cannot_be_read_is_refused(data: bytes) -> None:
    event = BASE.copy()
    event.files[INVITATIONS_PATH] = data
    for found in (judge(BASE, event), judge_whole(None, event)):
        (remark,) = said(found, "invitations")
        assert remark.startswith(f"error {INVITATIONS_PATH}: cannot be read: ")
        assert verdict(found) == "refused"


@pytest.mark.parametrize("role", ["pypi", "snapshot", "timestamp"])
def test_invitation_to_a_role_that_nobody_can_join_is_refused(role: str) -> None:
    found = judge(BASE, _inviting({"@eve": [role]}))
    assert said(found, "invitations") == [
        (
            f"error {INVITATIONS_PATH}: @eve is invited to {role}, which does not exist; "
            "delegate to it first"
        )
    ]


@pytest.mark.parametrize(("person", "role"), [("@alice", "root"), ("@dave", "npm")])
def test_invitation_of_someone_who_signs_already_is_a_notice(person: str, role: str) -> None:
    found = judge(BASE, _inviting({person: [role]}))
    assert said(found, "invitations") == [
        f"notice {role}: {person} is invited and signs already; accepting replaces the key"
    ]


def test_file_that_invites_nobody_is_waited_for_to_go() -> None:
    event = BASE.copy()
    event.put("file.txt", b"2")
    event.files[INVITATIONS_PATH] = b'{"invites": {}}'
    found = judge(BASE, event)
    assert places(found, "invitations") == [f"waiting {INVITATIONS_PATH}"]
    assert verdict(found) == "waiting"


@pytest.mark.parametrize(
    ("invites", "names"), [({"@eve": ["npm"], "@bob": ["npm"]}, "@eve, @bob"), ({}, "nobody")]
)
def test_file_on_main_is_refused_and_names_who_is_invited(invites: object, names: str) -> None:
    found = judge_whole(None, _inviting(invites))
    assert said(found, "invitations") == [
        (
            f"error {INVITATIONS_PATH}: still here, inviting {names}; remove it and finish the "
            "event that it belongs to"
        )
    ]
    assert verdict(found) == "refused"


def test_without_the_file_there_is_nothing_to_say() -> None:
    assert said(judge(None, Sample()), "invitations") == []
    assert said(judge_whole(None, Sample()), "invitations") == []
