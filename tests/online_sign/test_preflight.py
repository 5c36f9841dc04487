"""Preflight: the online keys that an event proposes are tried before people are asked to sign."""

from collections.abc import Iterable

import pytest
from securesystemslib.signer import Key, SigstoreKey
from tests.jobs.arranging import EVENT, add_online_role, changed_artifact, with_settings
from tests.online_sign.holding import let_sign
from tests.support.memory_keys import MemoryKeys
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import NOW, ONLINE, Sample, key_for
from tuf.api.metadata import Root

from tufline.online_sign._keys import OnlineKeyFailed
from tufline.online_sign.preflight import PREFIX, OnlineKeysCheck
from tufline.online_sign.steps import sign_roles
from tufline.online_sign.tick import checkers
from tufline.repository.forge import CheckVerdict, EventCheck, Task
from tufline.repository.format import canonical_json, online_uri
from tufline.repository.jobs import ChangeRefused, Event, load_event
from tufline.repository.jobs.checks import Checker
from tufline.repository.jobs.checks.online_keys import ONLINE_KEYS_ELSEWHERE

NEXT = "file2:next"
ALLOWED = b'[review]\nonline-keys = ["file2:"]\n'


class Listening(MemoryKeys):
    """`OnlineKeys` that remember what they were asked to sign."""

    def __init__(self) -> None:
        super().__init__()
        self.payloads: list[bytes] = []

    def sign(self, key: Key, payload: bytes) -> object:  # type: ignore[override] # the same object
        self.payloads.append(payload)
        return super().sign(key, payload)


def proposing(main: Sample, uris: Iterable[str], role: str = "timestamp") -> Pipeline:
    """Return a pipeline with an event that gives the role these online keys."""
    pipeline = Pipeline(main=main)
    event = main.copy()
    let_sign(event, role, uris)
    pipeline.push(EVENT, event)
    return pipeline


def loaded(pipeline: Pipeline) -> Event:
    return load_event(pipeline.history, EVENT)


def checked(pipeline: Pipeline, keys: object = None) -> EventCheck:
    event = loaded(pipeline)
    checker = OnlineKeysCheck(keys or pipeline.keys)  # type: ignore[arg-type] # the port
    found = checker.check(event, event.review(now=NOW), now=NOW)
    assert found is not None
    return found


def content_of(pipeline: Pipeline, checker: Checker | None = None) -> str | None:
    event = loaded(pipeline)
    return (checker or ONLINE_KEYS_ELSEWHERE).content(event, event.review(now=NOW))


def test_key_that_works_passes() -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, NEXT])

    check = checked(pipeline)

    assert check == EventCheck(
        name="online-keys",
        content=check.content,
        verdict=CheckVerdict.PASSED,
        summary="2 online key(s) signed and verified",
    )
    assert sorted(pipeline.keys.tried) == [NEXT, ONLINE]


def test_what_is_signed_can_never_be_metadata_and_is_never_twice_the_same() -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, NEXT])
    keys = Listening()

    checked(pipeline, keys)

    assert all(each.startswith(PREFIX) for each in keys.payloads)
    assert not canonical_json({}).startswith(PREFIX[:1])
    assert len(set(keys.payloads)) == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("missing", "no such key"), ("swapped", "signed with another key than the metadata has")],
)
def test_key_that_cannot_sign_fails_with_the_reason(fault: str, reason: str) -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, NEXT])
    getattr(pipeline.keys, fault).add(NEXT)

    check = checked(pipeline)

    assert (check.verdict, check.summary) == (CheckVerdict.FAILED, "cannot be used: file2:next")
    assert check.text == f"- `file2:next: {reason}`"


def test_key_that_is_busy_says_nothing_against_the_event() -> None:
    class Busy:
        def sign(self, key: Key, payload: bytes) -> object:
            del payload
            raise OnlineKeyFailed(online_uri(key) or "", "busy", transient=True)

    main = with_settings(ALLOWED + b"[online]\nbudget = 0\n")
    pipeline = proposing(main, [NEXT])

    check = checked(pipeline, Busy())

    assert check.verdict is CheckVerdict.INCONCLUSIVE
    assert check.summary == "could not be tried: file2:next, file2:online"


def test_attack_key_that_main_does_not_allow_is_never_opened() -> None:
    pipeline = proposing(first_main(), [ONLINE, NEXT])

    check = checked(pipeline)

    assert pipeline.keys.tried == [ONLINE]
    assert check.verdict is CheckVerdict.INCONCLUSIVE
    assert check.text == (
        "- `file2:next: main does not allow its use yet; add a prefix of it to online-keys under"
        " [review] in tufline.toml on main`"
    )


def test_key_that_main_allows_meanwhile_is_checked_anew() -> None:
    pipeline = proposing(first_main(), [ONLINE, NEXT])
    before = content_of(pipeline)
    main = with_settings(ALLOWED)
    pipeline.merge_by_force(main)

    assert before is not None
    assert content_of(pipeline) not in {None, before}


def test_sigstore_identity_is_inconclusive() -> None:
    keyval = {"identity": "https://github.com/example/x@refs/heads/main", "issuer": "https://x"}
    key = SigstoreKey("", "sigstore-oidc", "Fulcio", keyval)
    key.unrecognized_fields["x-tuf-on-ci-online-uri"] = "sigstore:"
    key.keyid = "0" * 64
    main = with_settings(b'[review]\nonline-keys = ["sigstore:"]\n')
    pipeline = Pipeline(main=main)
    event = main.copy()

    def add(root: Root) -> None:
        root.add_key(key, "timestamp")

    event.edit("root", add)
    pipeline.push(EVENT, event)

    check = checked(pipeline)

    assert (check.verdict, pipeline.keys.tried) == (CheckVerdict.INCONCLUSIVE, [ONLINE])
    assert "a Sigstore identity cannot be verified" in check.text


def test_no_keys_change_so_there_is_nothing_to_check() -> None:
    pipeline = Pipeline()
    pipeline.push(EVENT, changed_artifact(pipeline.main))

    assert content_of(pipeline) is None
    assert OnlineKeysCheck(pipeline.keys).content(loaded(pipeline), None) is None  # type: ignore[arg-type] # not looked at


def test_other_role_for_the_same_key_is_nothing_to_check() -> None:
    pipeline = Pipeline()
    event = pipeline.main.copy()
    add_online_role(event)
    pipeline.push(EVENT, event)

    assert content_of(pipeline) is None


def test_key_of_a_delegated_role_is_checked_too() -> None:
    main = with_settings(ALLOWED)
    add_online_role(main)
    pipeline = Pipeline(main=main)
    event = main.copy()

    def swap(targets: object) -> None:
        targets.delegations.roles["nightly"].keyids = []  # type: ignore[attr-defined]
        targets.add_key(key_for(NEXT), "nightly")  # type: ignore[attr-defined]

    event.edit("targets", swap)
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    pipeline.keys.missing.add(NEXT)

    assert checked(pipeline).summary == "cannot be used: file2:next"


def test_job_without_keys_sees_the_same_content_and_leaves_the_check_to_another() -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, NEXT])
    event = loaded(pipeline)
    found = event.review(now=NOW)
    here, elsewhere = OnlineKeysCheck(pipeline.keys), ONLINE_KEYS_ELSEWHERE

    assert content_of(pipeline, here) == content_of(pipeline, elsewhere)
    assert elsewhere.check(event, found, now=NOW) is None
    assert (here.name, here.task) == (elsewhere.name, elsewhere.task)
    assert here.task is Task.ONLINE_SIGN
    assert checkers(pipeline.keys) == (here,)


def test_what_is_said_of_a_hostile_uri_is_one_line_that_formats_nothing() -> None:
    uri = "file2:next"
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, uri])

    class Hostile:
        def sign(self, key: Key, payload: bytes) -> object:
            del payload
            raise OnlineKeyFailed(online_uri(key) or "", "`@admin`\n\n# owned|")

    check = checked(pipeline, Hostile())

    assert check.text.count("\n") == 1
    assert check.text.splitlines()[0] == "- `file2:next: \\u0060@admin\\u0060\\n\\n# owned\\u007c`"


# as a part of signing an event


def test_signing_an_event_tries_its_keys_first_and_tells() -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, NEXT])
    pipeline.keys.missing.add(NEXT)

    done = sign_roles(pipeline.place, EVENT, pipeline.keys)

    assert done.check is not None
    assert done.check.verdict is CheckVerdict.FAILED
    assert (done.signed.roles, done.problem) == ((), None)


def test_check_is_known_though_the_role_could_not_be_signed() -> None:
    main = with_settings(ALLOWED)
    add_online_role(main)
    pipeline = Pipeline(main=main)
    event = main.copy()
    let_sign(event, "timestamp", [NEXT])
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)
    pipeline.keys.missing.add(ONLINE)

    done = sign_roles(pipeline.place, EVENT, pipeline.keys)

    assert done.check is not None
    assert done.check.summary == "cannot be used: file2:online"
    assert "nightly could not be signed" in str(done.problem)


def test_refused_event_is_not_tried() -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, NEXT])
    event = pipeline.main.copy()
    let_sign(event, "timestamp", [NEXT])
    event.files[".github/workflows/x.yml"] = b"on: push\n"
    pipeline.push(EVENT, event)

    with pytest.raises(ChangeRefused):
        sign_roles(pipeline.place, EVENT, pipeline.keys)
    assert pipeline.keys.tried == []
