"""Clients that try shadows in this process: python-tuf's, and stricter ones made of it.

What makes other clients refuse a repository stands in what they download, so a stricter client
looks at it there: `keyids_match`, `snapshot_has_hashes`, `knows_schemes`.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from securesystemslib.formats import encode_canonical
from tuf.api.exceptions import DownloadError
from tuf.ngclient import FetcherInterface
from tuf.ngclient.urllib3_fetcher import Urllib3Fetcher

from tufline.repository.clients import (
    Accepted,
    Deployment,
    Inconclusive,
    Matrix,
    Rejected,
    Trial,
    Verdict,
    Wanted,
)
from tufline.repository.publish import Layout
from tufline.repository.publish.compliance import Accepted as Served
from tufline.repository.publish.compliance import (
    Client,
    Outcome,
    Remote,
    mapping_remote,
)
from tufline.repository.shadow import Published, Shadow

Look = Callable[[dict[str, Any]], str | None]
"""Returns why a client refuses this metadata, if it does."""


def outcomes(shadow: Shadow, layout: Layout, now: datetime) -> dict[str, Outcome]:
    """Let python-tuf update from every start; return what it says."""
    artifacts = [each.path for each in shadow.wanted]
    remote = mapping_remote(shadow.proposed.files, layout)
    found = {}
    with TemporaryDirectory() as folder:
        for version, root in shadow.proposed.roots.items():
            client = Client(Path(folder) / f"root-{version}", root)
            found[f"root {version}"] = client.refresh(remote, now=now, artifacts=artifacts)
        if shadow.known_good:
            client = _with_all_of(shadow.known_good, Path(folder) / "published", layout, now)
            found["published"] = client.refresh(remote, now=now, artifacts=artifacts)
    return found


def all_served(shadow: Shadow, layout: Layout, now: datetime) -> bool:
    """Whether python-tuf gets everything from every start."""
    found = outcomes(shadow, layout, now)
    assert found
    return all(isinstance(each, Served) and not each.unlisted for each in found.values())


def _with_all_of(published: Published, home: Path, layout: Layout, now: datetime) -> Client:
    client = Client(home, published.roots[min(published.roots)])
    outcome = client.refresh(mapping_remote(published.files, layout), now=now)
    assert isinstance(outcome, Served), outcome
    return client


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients in this process, over HTTP (`TryClients`): by name, what each of them looks at."""

    looks: Mapping[str, tuple[Look, ...]]
    silent: bool = False

    def __call__(
        self,
        deployment: Deployment,
        *,
        published: Deployment | None,
        wanted: Sequence[Wanted],
        now: datetime,
    ) -> Matrix:
        trials = []
        for name, looks in self.looks.items():
            for version, root in deployment.roots.items():
                said = Inconclusive(why="is not installed") if self.silent else None
                verdict = said or _tried(deployment, None, root, looks, wanted, now)
                trials.append(Trial(client=name, start=f"root {version}", verdict=verdict))
            if published and not self.silent:
                root = published.roots[min(published.roots)]
                verdict = _tried(deployment, published, root, looks, wanted, now)
                trials.append(Trial(client=name, start="published", verdict=verdict))
        return Matrix(trials=tuple(trials))


def _tried(
    deployment: Deployment,
    published: Deployment | None,
    root: bytes,
    looks: tuple[Look, ...],
    wanted: Sequence[Wanted],
    now: datetime,
) -> Verdict:
    with TemporaryDirectory() as folder:
        client = Client(Path(folder) / "home", root)
        if published:
            before = client.refresh(_remote(published, looks), now=now)
            if not isinstance(before, Served):
                return Inconclusive(why=f"has not got what is published: {before.reason}")
        artifacts = [each.path for each in wanted]
        outcome = client.refresh(_remote(deployment, looks), now=now, artifacts=artifacts)
    return Accepted() if isinstance(outcome, Served) else Rejected(said=outcome.reason)


def _remote(deployment: Deployment, looks: tuple[Look, ...]) -> Remote:
    return Remote(
        metadata_url=deployment.metadata_url,
        artifacts_url=deployment.artifacts_url,
        fetcher=_Looking(looks),
    )


class _Looking(FetcherInterface):
    """Downloads, and looks at metadata before the client does."""

    def __init__(self, looks: tuple[Look, ...]) -> None:
        self._fetcher = Urllib3Fetcher()
        self._looks = looks

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = b"".join(self._fetcher.fetch(url))
        if "/metadata/" in url:
            signed = json.loads(data)["signed"]
            if said := next((each for look in self._looks if (each := look(signed))), None):
                raise DownloadError(said)
        return iter((data,))


def keyids_match(signed: dict[str, Any]) -> str | None:
    """Recompute each key id, as Rust's `tough` does (TUF specification, section 4.2)."""
    for keyid, key in _keys(signed).items():
        right = hashlib.sha256((encode_canonical(key) or "").encode()).hexdigest()
        if keyid != right:
            return f"key id {keyid} is {right} by its content"
    return None


def snapshot_has_hashes(signed: dict[str, Any]) -> str | None:
    """Ask for length and hashes, as clients did that read them without looking for them."""
    missing = [
        name
        for name, entry in signed.get("meta", {}).items()
        if not {"length", "hashes"} <= entry.keys()
    ]
    return f"no length or hashes of {missing[0]}" if missing else None


def knows_schemes(*known: str) -> Look:
    """Return what asks for keys of these schemes alone."""

    def look(signed: dict[str, Any]) -> str | None:
        schemes = {key["scheme"] for key in _keys(signed).values()}
        unknown = sorted(schemes - set(known))
        return f"unsupported scheme {unknown[0]}" if unknown else None

    return look


def _keys(signed: dict[str, Any]) -> dict[str, Any]:
    holder = signed if signed["_type"] == "root" else signed.get("delegations") or {}
    keys: dict[str, Any] = holder.get("keys", {})
    return keys
