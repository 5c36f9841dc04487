"""Whatever an event holds, it is shadowed or not; nothing else happens."""

import pytest
from securesystemslib.signer import Key, SigstoreKey
from tests.shadow.building import Change, event_of, published, served, shadow_of
from tests.support.delegating import delegate, edit, terms_of
from tests.support.sample import ROLE, Sample
from tuf.api.metadata import Targets

from tufline.repository.format import TARGETS
from tufline.repository.shadow import CannotShadow
from tufline.repository.shadow import _chain as chain
from tufline.repository.shadow import _content as content


def test_delegations_in_a_circle_end() -> None:
    base = published()
    delegate(base, "one", ["one/*"], {})
    delegate(base, "two", ["one/*"], {}, by="one")
    event = event_of(base)

    def back(targets: Targets) -> None:
        role = event.load("targets").signed.delegations.roles["one"]
        targets.delegations = event.load("one").signed.delegations
        assert targets.delegations
        targets.delegations.roles = {"one": role}

    edit(event, "two", back)

    assert served(shadow_of(event, base))


def test_roles_with_names_that_no_file_has_are_not_published() -> None:
    base = published()
    event = event_of(base)
    terms_of(event, ROLE, lambda role: setattr(role, "name", "../../evil"))

    names = list(shadow_of(event, base).proposed.files)

    assert not any("evil" in name or ".." in name for name in names)


def _without_file(event: Sample) -> None:
    del event.files[f"metadata/{ROLE}.json"]


def _too_large(event: Sample) -> None:
    event.files[f"metadata/{ROLE}.json"] += b" " * 5_000_000


def _no_json(event: Sample) -> None:
    event.files["metadata/targets.json"] = b"{"


def _not_an_object(event: Sample) -> None:
    event.files["metadata/targets.json"] = b'{"signed": [], "signatures": {}}'


def _gap(event: Sample) -> None:
    event.files["metadata/root_history/3.root.json"] = event.files["metadata/root.json"]


def _wrong_version(event: Sample) -> None:
    event.files["metadata/root_history/2.root.json"] = event.files["metadata/root.json"]


def _without_periods(event: Sample) -> None:
    event.edit("root", lambda root: root.roles["snapshot"].unrecognized_fields.clear())


def _nested(event: Sample) -> None:
    event.files["metadata/targets.json"] = b"[" * 100_000


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_file, "npm.json is missing"),
        (_too_large, "larger than clients accept"),
        (_no_json, "not as expected"),
        (_not_an_object, "not as expected"),
        (_gap, "lacks a version"),
        (_wrong_version, "holds version 1"),
        (_without_periods, "snapshot"),
        (_nested, "not as expected"),
    ],
)
def test_whatever_an_event_holds_it_is_shadowed_or_not(spoil: Change, said: str) -> None:
    base = published()
    event = event_of(base, spoil)

    with pytest.raises(CannotShadow, match=said):
        shadow_of(event, base)


def test_sigstore_identity_cannot_be_shadowed_and_is_named() -> None:
    base = published()
    event = event_of(base)
    identity = {"identity": "alice@example.org", "issuer": "https://example.org"}
    key = SigstoreKey("5" * 64, "sigstore-oidc", "Fulcio", identity)

    def add(targets: Targets) -> None:
        assert targets.delegations
        targets.delegations.keys[key.keyid] = key
        assert targets.delegations.roles
        targets.delegations.roles[ROLE].keyids.append(key.keyid)

    event.edit("targets", add)

    with pytest.raises(CannotShadow, match=f"{TARGETS} has key {'5' * 64}.*sigstore-oidc"):
        shadow_of(event, base)
    assert isinstance(key, Key)


def test_more_roots_or_roles_than_clients_follow_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = published()
    event = event_of(base, lambda event: event.edit("root"))
    monkeypatch.setattr(chain, "MOST_ROOTS", 1)
    with pytest.raises(CannotShadow, match="more than 1 roots"):
        shadow_of(event, base)
    monkeypatch.undo()
    monkeypatch.setattr(content, "MOST_ROLES", 1)
    with pytest.raises(CannotShadow, match="more than 1 roles"):
        shadow_of(event, base)
