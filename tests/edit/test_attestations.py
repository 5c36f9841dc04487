"""An attestation comes with its key, and goes with it."""

from tests.edit.event import ALICE, BOB, CAROL, NPM, Event, bare_key
from tests.support.attested import attestation_of, path_of
from tests.support.judging import judge
from tests.support.sample import Sample, key_for

from tufline.repository.edit import accept, invite, remove_signer, replace_key, set_threshold
from tufline.repository.format import (
    ROOT,
    TARGETS,
    Attestation,
    attestation_path,
    parse_attestation,
)


def said_of(person: str) -> Attestation:
    (data,) = attestation_of(person).values()
    return parse_attestation(data)


def accepted() -> Event:
    """Return an event in which @bob accepted to sign npm with a new key, which is attested."""
    event = Event()
    draft = event.draft()
    invite(draft, BOB, [NPM])
    event.apply(draft)
    draft = event.draft()
    accept(draft, BOB, bare_key("@bob#2"), attestation=said_of("@bob#2"))
    written = event.apply(draft)
    assert written.keys() > {"metadata/targets.json", path_of("@bob#2")}
    return event


def attestations(event: Event) -> dict[str, bytes]:
    return {path: data for path, data in event.files.items() if ".attestations" in path}


def test_it_is_written_with_the_key_under_its_id() -> None:
    event = accepted()
    assert event.signed("targets").delegations.keys[key_for("@bob#2").keyid]
    assert attestations(event) == attestation_of("@bob#2")


def test_it_goes_when_the_key_is_replaced_and_the_new_one_brings_its_own() -> None:
    event = accepted()
    draft = event.draft()
    replace_key(draft, BOB, bare_key("@alice#2"), attestation=said_of("@alice#2"))
    event.apply(draft)
    (path,) = attestations(event)
    (keyid,) = set(event.signed("root").keys) & set(event.signed("targets").delegations.keys)
    assert path == attestation_path(keyid)


def test_it_goes_with_a_signer_and_stays_with_other_changes() -> None:
    event = accepted()
    draft = event.draft()
    set_threshold(draft, TARGETS, 1)
    event.apply(draft)
    assert attestations(event) == attestation_of("@bob#2")
    draft = event.draft()
    remove_signer(draft, NPM, BOB)
    event.apply(draft)
    assert attestations(event) == {}


def test_other_files_there_are_left_for_people_to_see() -> None:
    event = accepted()
    event.files["metadata/.attestations/README"] = b"?"
    draft = event.draft()
    replace_key(draft, ALICE, bare_key("@alice#2"))
    event.apply(draft)
    assert attestations(event).keys() == {
        "metadata/.attestations/README",
        path_of("@bob#2"),
    }


def test_it_stays_away_where_the_role_that_delegates_knows_the_key() -> None:
    main = Sample()
    main.edit("root", lambda root: root.revoke_key(key_for("@carol").keyid, "targets"))
    event = Event(main.files)
    draft = event.draft()
    invite(draft, CAROL, [TARGETS])
    event.apply(draft)
    draft = event.draft()
    accept(draft, CAROL, bare_key("@carol"), attestation=said_of("@carol"))
    event.apply(draft)
    assert key_for("@carol").keyid in event.signed(ROOT).roles["targets"].keyids
    assert attestations(event) == {}
    proposed = main.copy()
    proposed.files = dict(event.files)
    assert judge(main, proposed).errors == ()


def test_it_goes_with_a_key_that_is_known_elsewhere() -> None:
    event = Event()
    draft = event.draft()
    invite(draft, BOB, [NPM])
    event.apply(draft)
    draft = event.draft()
    accept(draft, BOB, bare_key("@bob"), attestation=said_of("@bob"))
    event.apply(draft)
    assert attestations(event) == attestation_of("@bob")
    draft = event.draft()
    remove_signer(draft, NPM, BOB)
    event.apply(draft)
    assert attestations(event) == {}


def test_nothing_comes_where_the_token_says_nothing() -> None:
    event = Event()
    draft = event.draft()
    replace_key(draft, ALICE, bare_key("@alice#2"))
    event.apply(draft)
    assert event.signed(ROOT).keys[key_for("@alice#2").keyid]
    assert attestations(event) == {}
