"""A whole pipeline in memory: history, forge, online keys and stores, with a repository on main.

pipeline = Pipeline()               # main as `Sample()` has it, never signed online
pipeline.start()                    # first online signing
event = pipeline.main.copy()
pipeline.push("sign/change", event) # one commit on main's head
pipeline.merge_by_force(event)      # whatever it is
"""

import copy
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.faults import FaultPlan
from tests.support.memory_forge import MemoryForge
from tests.support.memory_history import MemoryHistory
from tests.support.memory_keys import MemoryKeys
from tests.support.memory_store import MemoryStore
from tests.support.sample import NOW, Sample

from tufline.online_sign.job import Outcome, online_sign
from tufline.online_sign.steps import sign_main, sign_roles
from tufline.online_sign.tick import online_signing
from tufline.repository.forge import EventCheck
from tufline.repository.history import Author, Commit, Move
from tufline.repository.jobs._steps import Step
from tufline.repository.jobs.checks import Checker
from tufline.repository.jobs.place import Place
from tufline.repository.jobs.publishing import Published, deployed_now, publish
from tufline.repository.jobs.tick import tick
from tufline.repository.notify import Sink
from tufline.repository.publish import Layout, Listed, NotThere, Store, Tag
from tufline.repository.publish.compliance import Client, store_remote
from tufline.repository.publish.compliance import Outcome as ClientOutcome
from tufline.repository.review import VerifierFor, keys_alone
from tufline.repository.state import State

SETTINGS = b'[publish]\nstaging = "staging"\nproduction = "production"\n'
PERSON = Author(name="Somebody", email="somebody@example.org")
DAY = timedelta(days=1)


@cache
def _first_sample() -> Sample:
    sample = Sample()
    sample.files["tufline.toml"] = SETTINGS
    return sample


def first_main() -> Sample:
    """Return what main holds first: the same, with all signatures, whenever it is asked for."""
    return _first_sample().copy()


def root_digest(sample: Sample, version: int = 1) -> str:
    """Return what a person confirms on the first run."""
    return hashlib.sha256(sample.files[f"metadata/root_history/{version}.root.json"]).hexdigest()


@dataclass(kw_only=True)
class Pipeline:
    """Ports and their contents.

    `main` is what main was given last; `confirmed` the digest of its first root, as people know it.
    """

    main: Sample = field(default_factory=first_main)
    history: Any = field(default_factory=MemoryHistory)
    forge: Any = field(default_factory=MemoryForge)
    keys: MemoryKeys = field(default_factory=MemoryKeys)
    stores: dict[str, MemoryStore] = field(
        default_factory=lambda: {"staging": MemoryStore(), "production": MemoryStore()}
    )
    plan: FaultPlan = field(default_factory=FaultPlan)
    sinks: tuple[Sink, ...] = ()
    checkers: tuple[Checker, ...] = ()
    checked: tuple[EventCheck, ...] = ()
    verifiers: VerifierFor = keys_alone
    now: datetime = NOW
    confirmed: str = ""

    def __post_init__(self) -> None:
        self.confirmed = self.confirmed or root_digest(self.main)
        if not self.history.branches("main"):
            self.commit("main", self.main.files)

    def copy(self, plan: FaultPlan | None = None) -> "Pipeline":
        """Return an equal pipeline in which `plan` may strike."""
        other = copy.deepcopy(self)
        other.plan = plan or FaultPlan()
        return other

    # what people do

    def commit(
        self,
        branch: str,
        files: Mapping[str, bytes],
        *,
        onto: Commit | None = None,
        merging: Iterable[Commit] = (),
    ) -> Commit:
        """Move the branch to a commit with exactly these files, on its head or on `onto`."""
        old = self.history.branches(branch).get(branch)
        base = old or onto
        known = self.files(base) if base else {}
        commit: Commit = self.history.write(
            tree=base,
            changes={**dict.fromkeys(known.keys() - files.keys()), **files},
            parents=[*([base] if base else []), *merging],
            message=f"Change {branch}",
            author=PERSON,
            when=self.now,
        )
        self.history.move([Move(branch=branch, old=old, new=commit)])
        return commit

    def push(self, name: str, event: Sample, *, onto: Commit | None = None) -> Commit:
        """Push an event that holds exactly these files, on main's head or on `onto`."""
        return self.commit(name, event.files, onto=onto or self.head("main"))

    def merge_by_force(self, main: Sample) -> Commit:
        """Put anything on main."""
        self.main = main
        return self.commit("main", main.files)

    # what jobs do

    @property
    def place(self) -> Place:
        return Place(
            history=self.plan.watch(self.history, "history"),
            forge=self.plan.watch(self.forge, "forge"),
            now=self.now,
            open_store=self.open_store,
            sinks=self.sinks,
            checkers=self.checkers,
            checked=self.checked,
            verifiers=self.verifiers,
        )

    def open_store(self, place: str) -> Store:
        """Return the store of that name; one that fails if there is none."""
        found: Store = self.stores.get(place) or _Missing(place)
        return self.plan.watch(found, "store")

    def online_sign(self, **options: Any) -> Outcome:  # noqa: ANN401 - the job's
        """Run online signing on a main that somebody has confirmed."""
        place = self.place
        given: dict[str, Any] = {
            "now": self.now,
            "deployed": deployed_now(place.history, open_store=place.open_store),
            "confirmed_root": self.confirmed,
        }
        return online_sign(place.history, self.plan.watch(self.keys, "keys"), **(given | options))

    def sign_main(self) -> Outcome:
        """Run online signing as a job, which asks for what must follow."""
        keys = self.plan.watch(self.keys, "keys")
        return sign_main(self.place, keys, confirmed_root=self.confirmed)

    def sign_event(self, name: str) -> tuple[str, ...]:
        """Sign an event's roles online as a job, which asks for what must follow."""
        done = sign_roles(self.place, name, self.plan.watch(self.keys, "keys"))
        if done.problem is not None:
            raise done.problem
        return done.signed.roles

    def publish(self) -> Published:
        place = self.place
        return publish(
            place.history, now=self.now, open_store=place.open_store, verifiers=self.verifiers
        )

    def tick(self, *, online: bool = True) -> tuple[Step, ...]:
        keys = self.plan.watch(self.keys, "keys")
        signing = online_signing(self.confirmed, keys) if online else None
        return tuple(tick(self.place, signing))

    def start(self, *, publish: bool = False) -> None:
        """Sign online for the first time, and publish if asked to."""
        self.online_sign()
        if publish:
            self.publish()

    # what there is to see

    def head(self, branch: str) -> Commit:
        commit: Commit = self.history.branches(branch)[branch]
        return commit

    def files(self, commit: str) -> dict[str, bytes]:
        files = self.history.files(commit)
        return {entry.path: data for entry, data in files.read_many(files.below(""))}

    def state(self, branch: str) -> State:
        return State(self.history.files(self.head(branch)))

    def version(self, role: str, branch: str = "publish") -> int:
        """Return the version of a role's metadata on a branch."""
        state = self.state(branch)
        loaded: Any = {"snapshot": state.snapshot, "timestamp": state.timestamp}.get(
            role,
            partial(state.role, role),  # type: ignore[arg-type] # a role of the sample
        )()
        return int(loaded.signed.version)

    def everything(self) -> dict[str, object]:
        """Return all that a job could have changed; commits are named by all that is in them."""
        return {
            "branches": dict(self.history.branches()),
            "statuses": dict(self.forge.statuses()),
            "problems": dict(self.forge.problems()),
            "told": sorted(self.forge.told),
            "declined": dict(self.forge.declined),
            "cleared": dict(self.forge.cleared),
            "stores": {name: dict(store.files) for name, store in self.stores.items()},
        }

    def refresh_client(
        self, *, at: datetime | None = None, store: str = "production"
    ) -> ClientOutcome:
        """Return what a new client with root 1 says of a store."""
        layout = Layout()
        remote = store_remote(self.stores[store], layout)
        with TemporaryDirectory() as home:
            client = Client(Path(home), self.stores[store].files[layout.root(1)])
            return client.refresh(remote, now=at or self.now, artifacts=["file.txt"])


class _Missing:
    """A store whose folder is not there."""

    def __init__(self, place: str) -> None:
        self._place = place

    def put(self, name: str, data: bytes, **_: object) -> None:
        del name, data
        raise NotThere(self._place, "no such folder")

    def get(self, name: str) -> bytes:
        del name
        raise NotThere(self._place, "no such folder")

    def read(self, name: str) -> tuple[bytes, Tag]:
        del name
        raise NotThere(self._place, "no such folder")

    def listing(self) -> Iterator[Listed]:
        raise NotThere(self._place, "no such folder")

    def delete(self, name: str, tag: Tag) -> None:
        del name, tag
        raise NotThere(self._place, "no such folder")

    workers = 1
