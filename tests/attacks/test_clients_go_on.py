"""One bad merge, one bad setting or one bad store must not stop clients for good."""

from collections.abc import Callable

import pytest
from tests.jobs.arranging import changed_artifact, started
from tests.support.memory_store import MemoryStore
from tests.support.pipeline import DAY, SETTINGS, Pipeline
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root

from tufline.repository.history import Commit, CorruptRepository, Move
from tufline.repository.publish import StoreFailed
from tufline.repository.publish.compliance import Accepted
from tufline.repository.state import Files


def tighten_expiry(settings: bytes) -> bytes:
    return settings + b'[review]\nlongest-expiry = { "*" = 100 }\n'


def tighten_online_keys(settings: bytes) -> bytes:
    return settings + b'[review]\nonline-keys = ["gcpkms:"]\n'


@pytest.mark.parametrize("tighten", [tighten_expiry, tighten_online_keys])
def test_settings_that_forbid_what_main_holds_are_refused_before_they_count(
    tighten: Callable[[bytes], bytes],
) -> None:
    """Else publishing, which goes by them, would refuse for ever."""
    pipeline = started(publish=True)
    main = pipeline.main.copy()
    main.files["tufline.toml"] = tighten(SETTINGS)
    pipeline.merge_by_force(main)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert (outcome.refused is not None, outcome.signed) == (True, ("timestamp",))
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def give_targets_to(*names: str) -> Callable[[Root], None]:
    def change(root: Root) -> None:
        root.roles["targets"].keyids = []
        for name in names:
            root.add_key(key_for(name), "targets")

    return change


def through_other_keys(main: Sample) -> Sample:
    """Return a main two roots ahead: targets verifies under the first and the last of three."""
    ahead = main.copy()
    ahead.edit("root", give_targets_to("@alice#2", "@bob#2"))
    ahead.edit("root", give_targets_to("@alice", "@bob"))
    ahead.edit("targets", signers=["@alice", "@bob"])
    return ahead


def test_root_in_between_under_which_targets_does_not_verify_is_refused() -> None:
    pipeline = started(publish=True)
    ahead = through_other_keys(pipeline.main)
    pipeline.merge_by_force(ahead)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert outcome.refused is not None
    (error,) = outcome.refused.errors
    assert str(error) == (
        "unsigned: targets: does not verify under root 2, which clients may hold; "
        "publish what is accepted first, or declare root 3 an emergency"
    )
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_emergency_that_is_declared_with_its_root_is_taken() -> None:
    pipeline = started(publish=True)
    ahead = through_other_keys(pipeline.main)
    ahead.files["tufline.toml"] = SETTINGS + b"[review]\nemergency-roots = [3]\n"
    pipeline.merge_by_force(ahead)

    assert pipeline.online_sign().refused is None
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def test_targets_waits_for_a_production_that_lags_behind() -> None:
    """Published as it is, it would stop clients, and publishing would refuse it for ever."""
    pipeline = started(publish=True)
    changed = pipeline.main.copy()
    changed.edit("root", give_targets_to("@bob", "@carol", "@dave"))
    changed.edit("targets", signers=["@bob", "@carol"])
    pipeline.merge_by_force(changed)
    assert pipeline.online_sign().refused is None
    later = changed.copy()
    later.edit("root", give_targets_to("@carol", "@dave"))
    later.edit("targets", signers=["@carol", "@dave"])
    pipeline.merge_by_force(later)

    assert pipeline.online_sign().refused is not None

    pipeline.publish()
    assert pipeline.online_sign().refused is None
    pipeline.publish()
    assert isinstance(pipeline.refresh_client(), Accepted)


def no_branch(pipeline: Pipeline) -> None:
    head = pipeline.head("main")
    pipeline.history.move([Move(branch="main", old=head, new=None)])


def no_tree(pipeline: Pipeline) -> None:
    files = pipeline.history.files
    pipeline.merge_by_force(changed_artifact(pipeline.main))
    main = pipeline.head("main")

    def broken(commit: Commit) -> Files:
        if commit == main:
            raise CorruptRepository("tree holds a mode")
        found: Files = files(commit)
        return found

    pipeline.history.files = broken


@pytest.mark.parametrize("damage", [no_branch, no_tree])
def test_attack_main_that_cannot_even_be_read_does_not_stop_the_timestamp(
    damage: Callable[[Pipeline], None],
) -> None:
    pipeline = started(publish=True)
    damage(pipeline)
    pipeline.now += 5 * DAY

    steps = pipeline.tick()

    assert pipeline.version("timestamp") == 2
    assert any(step.job == "online-sign" and step.problem for step in steps)
    assert isinstance(pipeline.refresh_client(), Accepted)


@pytest.mark.parametrize(
    "text",
    [
        b'[author]\nname = "a <b>"\n',
        b'[author]\nname = "."\n',
        b'[author]\nemail = "a\\nb"\n',
        b'[publish]\nproduction = "a\\u0000b"\n',
        b"[review]\nlongest-expiry = { root = 9999999999 }\n",
    ],
)
def test_attack_settings_that_every_later_run_would_fail_with_are_refused(text: bytes) -> None:
    """Once accepted they would count, and no run could take better ones."""
    pipeline = started()
    main = pipeline.main.copy()
    main.files["tufline.toml"] = text
    pipeline.merge_by_force(main)
    pipeline.now += 5 * DAY

    outcome = pipeline.online_sign()

    assert outcome.signed == ("timestamp",)
    assert outcome.refused is not None
    assert [each.rule for each in outcome.refused.errors] == ["settings"]


@pytest.mark.parametrize("failure", [StoreFailed("x", "broken"), PermissionError(13, "denied")])
def test_store_that_cannot_be_seen_does_not_stop_the_timestamp(failure: Exception) -> None:
    """Where it is, is a setting; only a run that takes a better one can mend that."""
    pipeline = started(publish=True)

    class Broken(MemoryStore):
        def get(self, name: str) -> bytes:
            raise failure if name else AssertionError

    pipeline.stores["production"] = Broken()
    pipeline.now += 5 * DAY

    assert pipeline.online_sign().signed == ("timestamp",)
