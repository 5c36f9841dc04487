"""An event judges what it touches, and what it brings into force by touching something else."""

from tests.support.delegating import delegate, edit
from tests.support.judging import judge, places, verdict
from tests.support.sample import STRANGER, Sample, signer_for
from tuf.api.metadata import DelegatedRole, Delegations

from tufline.repository.review import Review


def _judged(found: Review) -> list[str]:
    return [role.name for role in found.roles]


def _with_sleepers() -> Sample:
    """Return a repository with files of two roles, one below the other, that nobody trusts."""
    sample = Sample()
    delegate(sample, "outer", ["outer/*", "outer/*/*"], {})
    delegate(sample, "inner", ["outer/inner/*"], {"outer/inner/x": b"1"}, by="outer")
    metadata = sample.load("inner")
    metadata.signatures.clear()
    metadata.sign(signer_for(STRANGER))
    sample.write("inner", metadata)
    del sample.files["targets/outer/inner/x"]
    edit(sample, "targets", lambda targets: targets.delegations.roles.pop("outer"))
    return sample


def test_roles_that_a_delegation_brings_into_force_are_judged_in_full() -> None:
    base = _with_sleepers()
    event = base.copy()
    delegate(event, "outer", ["outer/*", "outer/*/*"], {})
    event.files["metadata/outer.json"] = base.files["metadata/outer.json"]
    found = judge(base, event)
    assert _judged(found) == ["targets", "inner", "outer"]
    assert [role.ready for role in found.roles] == [True, False, True]
    assert places(found, "artifact-missing") == ["error targets/outer/inner/x"]
    assert verdict(found) == "refused"


def test_roles_in_force_are_not_judged_again_when_delegated_once_more() -> None:
    base = Sample()
    delegate(base, "outer", ["outer/*"], {"outer/x": b"1"})
    delegate(base, "inner", ["outer/*"], {}, by="outer")
    event = base.copy()
    terms = DelegatedRole("outer", [], 1, terminating=True, paths=["npm/*"])
    again = Delegations({}, {"outer": terms})
    edit(event, "npm", lambda targets: setattr(targets, "delegations", again))
    assert _judged(judge(base, event)) == ["npm", "outer"]


def test_event_judges_owner_and_lister_of_a_changed_artifact() -> None:
    base = Sample()
    delegate(base, "deep", ["npm/deep/*"], {"npm/deep/x": b"1"}, by="npm")
    event = base.copy()
    event.files["targets/npm/deep/x"] = b"2"
    assert _judged(judge(base, event)) == ["deep", "npm"]
