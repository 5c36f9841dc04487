"""What lies below metadata/.signatures counts, is void, or is an error."""

import json

import pytest
from tests.support.detached import detached
from tests.support.judging import judge, judge_whole, places, said, verdict
from tests.support.sample import ONLINE, STRANGER, Sample, key_for
from tuf.api.metadata import Root

from tufline.repository.state import Kind

RULE = "detached-signature"
BOB = key_for("@bob").keyid
BASE = Sample()


def _event(**files: bytes) -> Sample:
    """Return a new targets that nobody has signed."""
    event = BASE.copy()
    event.edit("targets", signers=[])
    event.files |= files
    return event


EVENT = _event()


def _with(files: dict[str, bytes], event: Sample = EVENT) -> Sample:
    changed = event.copy()
    changed.files |= files
    return changed


def _error(event: Sample) -> str:
    """Return the one error of the rule, without what all of them say."""
    found = judge(BASE, event)
    (remark,) = said(found, RULE)
    assert verdict(found) == "refused"
    start, end = "not a signature that counts: ", "; delete the file"
    return remark.partition(start)[2].removesuffix(end)


def test_signature_that_verifies_is_waited_for_to_be_taken() -> None:
    found = judge(BASE, _with(detached(EVENT, "@bob")))
    assert said(found, RULE) == [
        (
            "waiting targets: a signature of targets version 2 by @bob, which the next run puts "
            "into the metadata"
        )
    ]
    assert verdict(found) == "waiting"
    assert [each.rule for each in found.errors] == []


def test_ready_event_that_still_holds_one_is_not_ready() -> None:
    event = BASE.copy()
    event.edit("targets", signers=["@alice", "@carol"])
    assert verdict(judge(BASE, event)) == "ready"
    assert verdict(judge(BASE, _with(detached(event, "@bob"), event))) == "waiting"


@pytest.mark.parametrize("person", ["@alice", "@alice#2"])
def test_new_root_may_be_signed_by_the_keys_of_the_root_before(person: str) -> None:
    def replace_key(root: Root) -> None:
        root.revoke_key(key_for("@alice").keyid, "root")
        root.add_key(key_for("@alice#2"), "root")

    event = BASE.copy()
    event.edit("root", replace_key, signers=[])
    found = judge(BASE, _with(detached(event, person, "root"), event))
    assert places(found, RULE) == [f"waiting {next(iter(detached(event, person, 'root')))}"]


def test_signature_of_an_old_version_is_void_and_names_whose_it_was() -> None:
    event = EVENT.copy()
    event.edit("targets", signers=[])
    found = judge(BASE, _with(detached(EVENT, "@bob"), event))
    assert said(found, RULE) == [
        (
            "waiting targets: the signature of targets version 2 by @bob is void, the event has "
            "version 3 now; the next run removes it"
        )
    ]


def test_signature_of_other_content_of_the_same_version_is_void() -> None:
    event = BASE.copy()
    event.edit("targets", lambda targets: targets.targets.pop("file.txt"), signers=[])
    found = judge(BASE, _with(detached(event, "@bob")))
    assert "by @bob is void, the content has changed since" in said(found, RULE)[0]


def test_signature_of_a_role_that_the_event_leaves_alone_is_void() -> None:
    found = judge(BASE, _with(detached(BASE, "@dave", "npm")))
    assert "by @dave is void, the event does not change the role" in said(found, RULE)[0]


def test_attack_replayed_signature_under_the_new_version_and_content_does_not_verify() -> None:
    old = json.loads(*detached(BASE, "@bob").values())["sig"]
    assert _error(_with(detached(EVENT, "@bob", fields={"sig": old}))) == (
        "the signature of @bob does not verify"
    )


def test_attack_signature_of_a_key_that_was_just_removed() -> None:
    base = Sample()
    event = base.copy()
    event.edit("npm", signers=[])
    file = detached(event, "@dave", "npm")

    def swap(targets: object) -> None:
        targets.revoke_key(key_for("@dave").keyid, "npm")  # type: ignore[attr-defined] # Targets
        targets.add_key(key_for("@carol#2"), "npm")  # type: ignore[attr-defined] # Targets

    assert places(judge(base, _with(file, event)), RULE) == [f"waiting {next(iter(file))}"]
    event.edit("targets", swap)
    assert _error(_with(file, event)) == f"key {key_for('@dave').keyid} may not sign npm"


def test_attack_key_that_nobody_named() -> None:
    keyid = key_for(STRANGER).keyid
    assert _error(_with(detached(EVENT, STRANGER))) == f"key {keyid} may not sign targets"


def test_attack_keys_signature_under_anothers_id() -> None:
    own = next(iter(detached(EVENT, "@bob")))
    files = detached(EVENT, STRANGER, at=own, fields={"keyid": BOB})
    assert _error(_with(files)) == "the signature of @bob does not verify"


def test_attack_role_of_an_online_key() -> None:
    base = Sample()

    def by_online_key(targets: object) -> None:
        targets.revoke_key(key_for("@dave").keyid, "npm")  # type: ignore[attr-defined] # Targets
        targets.add_key(key_for(ONLINE), "npm")  # type: ignore[attr-defined] # Targets

    base.edit("targets", by_online_key)
    event = base.copy()
    event.edit("npm", signers=[])
    found = judge(base, _with(detached(event, ONLINE, "npm"), event))
    assert "signs online, never apart from the event" in said(found, RULE)[0]
    assert verdict(found) == "refused"


@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_attack_online_role(role: str) -> None:
    base = Sample()
    base.sign_online()
    event = base.copy()
    event.files |= detached(base, ONLINE, role)
    (remark,) = said(judge(base, event), RULE)
    assert f"the event has no role {role} that people sign" in remark


def test_attack_role_and_version_that_are_not_there() -> None:
    path = f"metadata/.signatures/pypi/2/{BOB}.json"
    assert _error(_with(detached(EVENT, "@bob", at=path, fields={"role": "pypi"}))) == (
        "the event has no role pypi that people sign"
    )
    path = f"metadata/.signatures/targets/9/{BOB}.json"
    assert _error(_with(detached(EVENT, "@bob", at=path, fields={"version": 9}))) == (
        "the event has targets in version 2 only"
    )


PLACES = [
    "metadata/.signatures/README",
    f"metadata/.signatures/targets/{BOB}.json",
    f"metadata/.signatures/targets/2/{BOB.upper()}.json",
    f"metadata/.signatures/targets/2/{BOB}.JSON",
    f"metadata/.signatures/targets/2/{BOB}.json\n",
    f"metadata/.signatures/targets/02/{BOB}.json",
    f"metadata/.signatures/targets/0/{BOB}.json",
    f"metadata/.signatures/../2/{BOB}.json",
    f"metadata/.signatures/.hidden/2/{BOB}.json",
    f"metadata/.signatures/a/b/2/{BOB}.json",
    f"metadata/.signatures/targets/2/{BOB[:-1]}.json",
]


@pytest.mark.parametrize("path", PLACES, ids=range(len(PLACES)))
def test_attack_place_that_is_nobodys(path: str) -> None:
    assert _error(_with(detached(EVENT, "@bob", at=path))) == (
        "the path is not <role>/<version>/<key id>.json"
    )


def test_attack_place_of_another() -> None:
    path = f"metadata/.signatures/targets/2/{key_for('@carol').keyid}.json"
    assert _error(_with(detached(EVENT, "@bob", at=path))) == (
        "its path says another role, version or key id than it does itself"
    )


DEFECTS = {
    "field_that_nobody_knows": {"bundle": "x"},
    "field_missing": {"sig": None},
    "signature_is_empty": {"sig": ""},
    "signature_is_upper_case": {"sig": "AB"},
    "signature_is_a_number": {"sig": 12},
    "version_is_a_text": {"version": "2"},
    "version_is_true": {"version": True},
    "digest_is_short": {"payload-sha256": "ab"},
    "role_climbs_out": {"role": "../root"},
    "key_id_is_upper_case": {"keyid": BOB.upper()},
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_attack_file_that_says_something_else(defect: dict[str, object]) -> None:
    path = f"metadata/.signatures/targets/2/{BOB}.json"
    assert _error(_with(detached(EVENT, "@bob", at=path, fields=defect)))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b'{"a": 1, "a": 1}', b"[" * 20_000])
def test_attack_file_that_cannot_be_read(data: bytes) -> None:
    assert _error(_with({f"metadata/.signatures/targets/2/{BOB}.json": data}))


def test_attack_giant_file() -> None:
    ((path, data),) = detached(EVENT, "@bob").items()
    assert _error(_with({path: data + b" " * 40_000})) == f"{len(data) + 40_000} bytes, over 32768"


def test_attack_thousands_of_files() -> None:
    files = {f"metadata/.signatures/targets/2/{n:064x}.json": b"{}" for n in range(3000)}
    found = judge(BASE, _with(files))
    assert said(found, RULE) == [
        "error metadata/.signatures: more than 256 files; delete them",
    ]
    assert verdict(found) == "refused"


def test_attack_symbolic_link() -> None:
    files = detached(EVENT, "@bob")
    event = _with(files)
    event.kinds = dict.fromkeys(files, Kind.SYMLINK)
    assert _error(event) == "a symlink, not a plain file"


def test_file_on_main_is_refused() -> None:
    main = Sample()
    file = detached(main, "@bob")
    main.files |= file
    found = judge_whole(None, main)
    assert places(found, RULE) == [f"error {next(iter(file))}"]
    assert verdict(found) == "refused"


def test_removing_what_came_to_main_is_fine() -> None:
    main = Sample()
    main.files |= detached(main, "@bob")
    found = judge(main, EVENT)
    assert said(found, RULE) == []
    assert verdict(found) == "waiting"
