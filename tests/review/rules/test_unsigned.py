from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import ONLINE, Sample, key_for
from tuf.api.metadata import DelegatedRole, Delegations, Root, Targets

from tufline.repository.review import Waiting

RULE = "unsigned"


def test_row_a_unsigned_targets_on_main_are_refused() -> None:
    event = Sample()
    event.edit("targets", signers=[])

    found = judge_whole(Sample(), event)

    assert said(found, RULE) == [
        "error targets: 0 of 2 signatures that root asks for; missing: @alice, @bob, @carol"
    ]
    assert verdict(found) == "refused"


def test_row_a_too_few_signatures_on_main_are_refused() -> None:
    event = Sample()
    event.edit("targets", signers=["@bob"])

    assert said(judge_whole(Sample(), event), RULE) == [
        "error targets: 1 of 2 signatures that root asks for; missing: @alice, @carol"
    ]


def test_in_an_event_they_are_waited_for() -> None:
    event = Sample()
    event.edit("targets", signers=["@bob"])

    found = judge(Sample(), event)

    assert said(found, RULE) == []
    assert isinstance(found.verdict, Waiting)
    assert found.verdict.missing == {"@alice", "@carol"}


def test_row_m_a_threshold_above_what_is_signed_is_refused() -> None:
    event = Sample()
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 3))
    event.edit("targets", signers=["@alice", "@bob"])

    assert said(judge_whole(Sample(), event), RULE) == [
        "error targets: 2 of 3 signatures that root asks for; missing: @carol"
    ]


@pytest.mark.parametrize("signers", [["@alice"], ["@mallory", "@alice"]])
def test_a_root_needs_the_threshold_of_the_root_before(signers: list[str]) -> None:
    event = Sample()

    def change(root: Root) -> None:
        root.roles["root"].threshold = 1
        root.add_key(key_for("@mallory"), "root")

    event.edit("root", change)
    event.sign("root", event.load("root"), signers)

    assert said(judge_whole(Sample(), event), RULE) == [
        "error root: 1 of 2 signatures that the root before asks for; missing: @bob, @carol"
    ]
    assert verdict(judge(Sample(), event)) == "waiting"


def test_a_role_delegated_from_two_places_satisfies_each() -> None:
    base = Sample()
    base.edit("targets", delegate_to("pypi", "@dave"))
    base.edit("npm", delegate_to("pypi", "@mallory"))
    for signers, missing in ((["@dave"], "npm"), (["@mallory"], "targets")):
        event = base.copy()
        event.files["metadata/pypi.json"] = Sample().files["metadata/npm.json"]
        event.sign("pypi", event.load("pypi"), signers)

        assert [line.partition(";")[0] for line in said(judge_whole(base, event), RULE)] == [
            f"error pypi: 0 of 1 signatures that {missing} asks for"
        ]
        assert not next(r for r in judge(base, event).roles if r.name == "pypi").ready

    event = base.copy()
    event.files["metadata/pypi.json"] = Sample().files["metadata/npm.json"]
    event.sign("pypi", event.load("pypi"), ["@dave", "@mallory"])

    assert said(judge_whole(base, event), RULE) == []
    assert next(r for r in judge(base, event).roles if r.name == "pypi").ready


def delegate_to(name: str, signer: str) -> Callable[[Targets], None]:
    def change(targets: Targets) -> None:
        targets.delegations = targets.delegations or Delegations({}, {})
        assert targets.delegations.roles is not None
        role = DelegatedRole(name, [], 1, terminating=False, paths=[f"{name}/*"])
        targets.delegations.roles[name] = role
        targets.add_key(key_for(signer), name)

    return change


def test_row_h_changing_only_the_expiry_of_an_online_signed_role_works() -> None:
    base = Sample()

    def go_online(targets: Targets) -> None:
        targets.revoke_key(key_for("@dave").keyid, "npm")
        targets.add_key(key_for(ONLINE), "npm")

    base.edit("targets", go_online)
    base.edit("npm")
    event = base.copy()
    metadata = event.load("npm")
    metadata.signed.expires -= timedelta(days=7)
    metadata.signed.version += 1
    event.sign("npm", metadata, [ONLINE])

    found = judge(base, event)

    assert verdict(found) == "ready"
    assert found.findings == ()
    assert verdict(judge_whole(base, event)) == "ready"
