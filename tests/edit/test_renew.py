import pytest
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Key, Signature
from tests.edit.event import ALICE, BOB, CAROL, DAVE, NPM, Event, bare_key, terms
from tests.support.sample import NOW, Sample, key_for, signer_for
from tuf.api.metadata import Targets

from tufline.repository.edit import (
    OnlineRole,
    UnknownRole,
    accept,
    delegate,
    invite,
    remove_signer,
    renew_distrusted,
    resign,
    set_paths,
    set_signers,
    set_threshold,
)
from tufline.repository.format import ROOT, SNAPSHOT, TARGETS, Document, RoleName
from tufline.repository.state import Delegation


def is_satisfied(delegation: Delegation, document: Document[Targets]) -> bool:
    """Count good signatures with securesystemslib alone."""
    good = [key for key in delegation.keys.values() if _is_good(key, document)]
    return len(good) >= delegation.threshold


def _is_good(key: Key, document: Document[Targets]) -> bool:
    try:
        key.verify_signature(document.metadata.signatures[key.keyid], document.payload)
    except (KeyError, UnverifiedSignatureError):
        return False
    return True


def test_a_new_version_with_a_new_expiry_and_nothing_else() -> None:
    event = Event()
    before = event.load("npm")
    draft = event.draft(NOW.replace(month=9))
    resign(draft, NPM)
    assert set(event.apply(draft)) == {"metadata/npm.json"}
    after = event.signed("npm")
    assert (after.version, after.expires > before.signed.expires) == (2, True)
    after.version, after.expires = before.signed.version, before.signed.expires
    assert after == before.signed


def test_root_is_resigned_with_its_historic_copy() -> None:
    event = Event()
    draft = event.draft()
    resign(draft, ROOT)
    assert set(event.apply(draft)) == {"metadata/root.json", "metadata/root_history/2.root.json"}


def test_resigning_twice_in_an_event_keeps_the_signatures() -> None:
    event = Event()
    for _ in range(2):
        draft = event.draft()
        resign(draft, NPM)
        event.apply(draft)
        event.sign("npm", "@dave")
    assert event.signed("npm").version == 2
    draft = event.draft()
    resign(draft, NPM)
    assert draft.files() == {}


def test_roles_that_people_do_not_sign_are_not_resigned() -> None:
    with pytest.raises(OnlineRole):
        resign(Event().draft(), SNAPSHOT)
    with pytest.raises(UnknownRole):
        resign(Event().draft(), RoleName("pypi"))


def test_a_role_that_a_changed_delegation_no_longer_accepts_gets_a_new_version() -> None:
    event = Event()
    draft = event.draft()
    set_signers(draft, NPM, [BOB])
    accept(draft, BOB, bare_key("@bob"))
    assert renew_distrusted(draft, is_satisfied) == (NPM,)
    files = event.apply(draft)
    assert set(files) == {"metadata/targets.json", "metadata/npm.json"}
    assert event.signed("npm").version == 2
    assert event.unsigned("npm") == [key_for("@bob").keyid]
    assert renew_distrusted(event.draft(), is_satisfied) == ()


def test_targets_is_renewed_when_root_asks_for_other_keys() -> None:
    sample = Sample()
    sample.sign("targets", sample.load("targets"), ["@alice", "@bob"])
    event = Event(sample.files)
    draft = event.draft()
    set_signers(draft, TARGETS, [BOB, CAROL])
    assert renew_distrusted(draft, is_satisfied) == (TARGETS,)


def test_a_role_that_still_has_its_threshold_is_left_alone() -> None:
    draft = Event().draft()
    remove_signer(draft, TARGETS, ALICE)
    set_paths(draft, TARGETS, NPM, ["npm/*"])
    assert renew_distrusted(draft, is_satisfied) == ()
    assert "metadata/npm.json" not in draft.files()


def test_a_role_with_a_new_version_in_the_event_waits_for_its_signatures() -> None:
    event = Event()
    draft = event.draft()
    resign(draft, NPM)
    event.apply(draft)
    draft = event.draft()
    invite(draft, BOB, [NPM])
    set_threshold(draft, NPM, 2)
    assert renew_distrusted(draft, is_satisfied) == ()


def test_a_second_delegator_that_asks_for_more_is_a_changed_delegation() -> None:
    draft = Event().draft()
    invite(draft, BOB, [NPM])
    delegate(draft, TARGETS, RoleName("pypi"), terms(ALICE))
    delegate(draft, RoleName("pypi"), NPM, terms(DAVE, BOB, threshold=2))
    assert renew_distrusted(draft, is_satisfied) == (NPM,)


def test_a_published_version_that_was_signed_anew_gets_a_new_version() -> None:
    event = Event()
    metadata = event.load("npm")
    keyid = key_for("@bob").keyid
    metadata.signatures[keyid] = signer_for("@bob").sign(metadata.signed_bytes)
    event.files["metadata/npm.json"] = metadata.to_bytes()
    draft = event.draft()
    assert renew_distrusted(draft, is_satisfied) == (NPM,)
    event.apply(draft)
    assert event.signed("npm").version == 2


def test_only_empty_signatures_more_or_less_are_no_reason() -> None:
    event = Event()
    metadata = event.load("npm")
    metadata.signatures["aa"] = Signature("aa", "")
    sample = Sample(people=("@alice",), threshold=1)
    sample.write("npm", metadata)
    event.files["metadata/npm.json"] = sample.files["metadata/npm.json"]
    assert renew_distrusted(event.draft(), is_satisfied) == ()


def test_files_that_cannot_be_read_are_left_to_the_rules() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, BOB, [NPM])
    set_threshold(draft, NPM, 2)
    event.apply(draft)
    event.files["metadata/npm.json"] = b"{}"
    assert renew_distrusted(event.draft(), is_satisfied) == ()


def test_a_delegation_that_did_not_change_is_no_reason() -> None:
    sample = Sample()
    sample.sign("npm", sample.load("npm"), [])
    draft = Event(sample.files).draft()
    draft.targets(TARGETS).unrecognized_fields["x-note"] = 1
    assert renew_distrusted(draft, is_satisfied) == ()
