"""What tests of jobs arrange first: events, offers, other keys."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from tests.support.delegating import delegate
from tests.support.pipeline import SETTINGS, Pipeline, first_main
from tests.support.sample import ONLINE, Sample, key_for
from tuf.api.metadata import Root

from tufline.repository.forge import Contribution
from tufline.repository.history import Commit, Move

EVENT = "sign/change"


NEXT_KEY = "file2:next"


DUE = timedelta(days=305)
"""How long after `NOW` the signing periods of the sample's people begin."""


def add_online_role(sample: Sample, role: str = "nightly") -> None:
    """Delegate to a role that the online key signs; its metadata is signed."""
    delegate(sample, role, [f"{role}/*"], {f"{role}/app.bin": b"nightly\n"})

    def give(targets: object) -> None:
        delegated = targets.delegations.roles[role]  # type: ignore[attr-defined]
        delegated.keyids = []
        targets.add_key(key_for(ONLINE), role)  # type: ignore[attr-defined]

    sample.edit("targets", give)
    sample.sign(role, sample.load(role), [ONLINE])


def replace_online_key(sample: Sample, uri: str = NEXT_KEY) -> None:
    """Let the next root name another online key for both online roles."""

    def change(root: Root) -> None:
        for role in ("snapshot", "timestamp"):
            root.revoke_key(key_for(ONLINE).keyid, role)
            root.add_key(key_for(uri), role)

    sample.edit("root", change)


def offer(
    pipeline: Pipeline,
    files: Mapping[str, bytes],
    *,
    number: int = 7,
    onto: Commit | None = None,
    merging: Iterable[Commit] = (),
) -> Commit:
    """Offer a commit with exactly these files to the event, on its head, as a fork does."""
    fork = f"fork-{number}-{len(pipeline.forge.offered.get(EVENT, []))}"
    head = pipeline.commit(fork, files, onto=onto or pipeline.head(EVENT), merging=merging)
    pipeline.history.move([Move(branch=fork, old=head, new=None)])
    ref = f"refs/pull/{number}/head"
    offered = Contribution(number=number, ref=ref, head=head, who="somebody")
    pipeline.forge.offered.setdefault(EVENT, []).append(offered)
    pipeline.history.offered[ref] = head
    return head


def started(*, publish: bool = False) -> Pipeline:
    pipeline = Pipeline()
    pipeline.start(publish=publish)
    return pipeline


def with_settings(text: bytes) -> Sample:
    main = first_main()
    main.files["tufline.toml"] = SETTINGS + text
    return main


def changed_artifact(main: Sample, data: bytes = b"two\n") -> Sample:
    """Return an event with a changed artifact whose metadata everybody signed."""
    event = main.copy()
    event.put("file.txt", data)
    return event
