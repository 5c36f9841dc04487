"""A key that fails while others are enough, and keys that fail so that nothing can be signed."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest
from securesystemslib.signer import Key, Signature
from tests.jobs.arranging import EVENT, add_online_role, changed_artifact
from tests.online_sign.holding import let_sign, signers
from tests.support.memory_sink import MemorySink
from tests.support.pipeline import DAY, Pipeline, first_main
from tests.support.sample import ONLINE, Sample

from tufline.online_sign._keys import OnlineKeyFailed
from tufline.online_sign._not_signed import NotSigned
from tufline.online_sign._run import WRONG_KEY, FailedKey, Run
from tufline.online_sign.tick import PROBLEM
from tufline.repository.format import online_uri
from tufline.repository.publish.compliance import Accepted
from tufline.repository.settings import OnlineSettings

STANDBY = "file2:standby"
BOTH = (ONLINE, STANDBY)
GONE = FailedKey(name=ONLINE, reason="no such key")


def with_standby(uris: Iterable[str] = BOTH, *, threshold: int = 1) -> Sample:
    main = first_main()
    for role in ("snapshot", "timestamp"):
        let_sign(main, role, uris, threshold=threshold)
    return main


class Counting:
    """`OnlineKeys` that count who is asked; those in `bad` sign garbage, or under another id."""

    def __init__(self, keys: object, bad: str = "", how: str = "garbage") -> None:
        self._keys, self._bad, self._how = keys, bad, how
        self.asked: Counter[str] = Counter()

    def sign(self, key: Key, payload: bytes) -> Signature:
        uri = online_uri(key) or ""
        self.asked[uri] += 1
        signature: Signature = self._keys.sign(key, payload)  # type: ignore[attr-defined] # OnlineKeys
        if uri != self._bad:
            return signature
        if self._how == "garbage":
            return Signature(key.keyid, "00" * 64)
        if self._how == "no hex":
            return Signature(key.keyid, "garbage")
        return Signature("0" * 64, signature.signature)


# one of two fails


def test_standby_signs_alone_while_the_other_key_is_gone() -> None:
    pipeline = Pipeline(main=with_standby())
    pipeline.keys.missing.add(ONLINE)

    outcome = pipeline.online_sign()

    assert (outcome.signed, outcome.failed_keys) == (("snapshot", "timestamp"), (GONE,))
    assert signers(pipeline, "snapshot", BOTH) == signers(pipeline, "timestamp", BOTH) == {STANDBY}
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


@pytest.mark.parametrize("how", ["garbage", "no hex", "other id"])
def test_signature_that_does_not_verify_is_never_kept(how: str) -> None:
    pipeline = Pipeline(main=with_standby())
    pipeline.keys = Counting(pipeline.keys, ONLINE, how)  # type: ignore[assignment] # the port

    outcome = pipeline.online_sign()

    assert outcome.failed_keys == (FailedKey(name=ONLINE, reason=WRONG_KEY),)
    for role in ("snapshot", "timestamp"):
        data = pipeline.files(pipeline.head("publish"))[f"metadata/{role}.json"]
        assert data.count(b'"sig"') == 1
        assert signers(pipeline, role, BOTH) == {STANDBY}


def test_key_that_failed_is_not_asked_again_for_the_other_role() -> None:
    pipeline = Pipeline(main=with_standby())
    pipeline.keys.missing.add(ONLINE)
    keys = pipeline.keys = Counting(pipeline.keys)  # type: ignore[assignment] # the port

    pipeline.online_sign()

    assert keys.asked == {ONLINE: 1, STANDBY: 2}


def test_mended_key_signs_with_the_next_version_and_is_no_reason_for_one() -> None:
    pipeline = Pipeline(main=with_standby())
    pipeline.keys.missing.add(ONLINE)
    pipeline.online_sign()
    pipeline.keys.missing.clear()

    assert pipeline.online_sign().signed == ()
    pipeline.now += 5 * DAY
    outcome = pipeline.online_sign()

    assert (outcome.signed, outcome.failed_keys) == (("timestamp",), ())
    assert signers(pipeline, "timestamp", BOTH) == set(BOTH)


def test_both_are_needed_where_the_threshold_is_two() -> None:
    pipeline = Pipeline(main=with_standby(threshold=2))
    pipeline.keys.missing.add(ONLINE)

    with pytest.raises(NotSigned, match=r"snapshot could not be signed .* nothing was published"):
        pipeline.online_sign()

    assert "publish" not in pipeline.history.branches()


# too few


def test_error_names_every_key_and_what_clients_have_until_when() -> None:
    pipeline = Pipeline(main=with_standby())
    pipeline.start()
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    before = pipeline.everything()
    pipeline.keys.missing.add(ONLINE)
    pipeline.keys.swapped.add(STANDBY)

    with pytest.raises(NotSigned) as caught:
        pipeline.online_sign()

    assert str(caught.value) == (
        "snapshot could not be signed by its online keys: file2:online: no such key; file2:standby:"
        " signed with another key than the metadata has; clients go on until 2026-03-08 12:00 UTC"
        " with timestamp 1 (snapshot 1 is valid until 2026-03-31 12:00 UTC)"
    )
    assert [each.name for each in caught.value.failed] == [*BOTH]
    assert pipeline.everything() == before


def test_error_says_so_where_clients_have_nothing_valid_any_more() -> None:
    pipeline = Pipeline(main=with_standby())
    pipeline.start()
    pipeline.keys.missing |= {*BOTH}
    pipeline.now += 8 * DAY

    with pytest.raises(NotSigned) as caught:
        pipeline.online_sign()

    assert str(caught.value).endswith(
        "; clients have had nothing valid since 2026-03-08 12:00 UTC, when timestamp 1 expired"
        " (snapshot 1 is valid until 2026-03-31 12:00 UTC)"
    )


def test_error_counts_what_was_renewed_of_the_old_content_meanwhile() -> None:
    pipeline = Pipeline()
    pipeline.start()
    changed = pipeline.main.copy()
    for role in ("snapshot", "timestamp"):
        let_sign(changed, role, [ONLINE, STANDBY], threshold=2)
    pipeline.merge_by_force(changed)
    pipeline.keys.missing.add(STANDBY)
    pipeline.now += 5 * DAY

    with pytest.raises(NotSigned) as caught:
        pipeline.online_sign()

    assert str(caught.value).endswith(
        ": file2:standby: no such key; clients go on until 2026-03-13 12:00 UTC with timestamp 2"
        " (snapshot 1 is valid until 2026-03-31 12:00 UTC)"
    )


# retrying, in a whole run


def test_busy_key_is_tried_again_within_the_budget_of_the_settings() -> None:
    class Busy(Counting):
        def sign(self, key: Key, payload: bytes) -> Signature:
            if not self.asked[ONLINE]:
                self.asked[ONLINE] += 1
                raise OnlineKeyFailed(ONLINE, "busy", transient=True)
            return super().sign(key, payload)

    for budget, signed in ((0, False), (5, True)):
        main = first_main()
        main.files["tufline.toml"] += f"[online]\nbudget = {budget}\n".encode()
        pipeline = Pipeline(main=main)
        pipeline.keys = Busy(pipeline.keys)  # type: ignore[assignment] # the port
        if signed:
            assert pipeline.online_sign().failed_keys == ()
            continue
        with pytest.raises(NotSigned, match="busy"):
            pipeline.online_sign()


def test_one_run_over_several_jobs_has_one_budget() -> None:
    budgets = []

    def patience(keys: object, budget: float) -> object:
        budgets.append(budget)
        return keys

    run = Run(Pipeline().keys, patience=patience)  # type: ignore[arg-type] # keys as they are
    run.begin(OnlineSettings(budget=7)).begin(OnlineSettings(budget=9))

    assert budgets == [7]


# a tick


def steps_of(pipeline: Pipeline) -> dict[str, str | None]:
    return {step.job: step.problem or step.said for step in pipeline.tick()}


def test_tick_goes_on_and_opens_a_problem_that_stays_until_the_key_has_signed_again() -> None:
    sink = MemorySink()
    pipeline = Pipeline(main=with_standby(), sinks=(sink,))
    pipeline.keys.missing.add(ONLINE)

    said = steps_of(pipeline)["online-sign"]

    assert said == "signed snapshot and timestamp, without file2:online: no such key"
    opened = pipeline.forge.problems()
    assert opened.keys() == {PROBLEM}
    assert opened[PROBLEM].startswith("signed without file2:online: no such key; mend")
    assert [(each.key, each.kind) for each in sink.told] == [(PROBLEM, "problem")]

    pipeline.keys.missing.clear()
    steps_of(pipeline)  # nothing is due, so nobody knows that it works
    assert pipeline.forge.problems().keys() == {PROBLEM}

    pipeline.now += timedelta(days=5)
    steps_of(pipeline)
    assert pipeline.forge.problems() == {}
    assert [(each.key, each.kind) for each in sink.told][1:] == [(PROBLEM, "mended")]


def test_tick_asks_a_dead_key_once_for_all_its_steps() -> None:
    main = with_standby()
    add_online_role(main)
    pipeline = Pipeline(main=main)
    pipeline.keys.missing.add(ONLINE)
    keys = pipeline.keys = Counting(pipeline.keys)  # type: ignore[assignment] # the port
    event = main.copy()
    event.edit("nightly", signers=[])
    pipeline.push(EVENT, event)

    said = steps_of(pipeline)

    assert keys.asked == {ONLINE: 1, STANDBY: 2}
    assert "nightly could not be signed" in str(said[f"signing-event {EVENT}"])
