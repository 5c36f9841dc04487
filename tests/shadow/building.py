"""Shadows of the samples."""

import json
from collections.abc import Callable
from typing import Any

from tests.shadow.trying import all_served
from tests.support.sample import NOW, ONLINE, Sample, key_for
from tuf.api.metadata import Root

from tufline.repository.publish import Layout
from tufline.repository.shadow import Shadow, Terms, build

LAYOUT = Layout()
TERMS = Terms(now=NOW)


def shadow_of(
    event: Sample,
    known_good: Sample | None = None,
    *,
    layout: Layout = LAYOUT,
    terms: Terms = TERMS,
) -> Shadow:
    known = known_good.state() if known_good else None
    return build(event.state(), known, layout=layout, terms=terms)


def tree_of(shadow: Shadow, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the JSON of one published file of the proposed state."""
    return json.loads(shadow.proposed.files[f"metadata/{name}.json"])


Change = Callable[[Sample], object]


def event_of(base: Sample, *changes: Change) -> Sample:
    event = base.copy()
    event.put("file.txt", b"two\n")
    for change in changes:
        change(event)
    return event


def published() -> Sample:
    base = Sample()
    base.sign_online()
    return base


def served(shadow: Shadow, layout: Layout = LAYOUT) -> bool:
    return all_served(shadow, layout, NOW)


def new_people(event: Sample) -> None:
    """Rotate everybody: root, targets, and the online key."""

    def change(root: Root) -> None:
        for name in ("@alice", "@bob"):
            for role in ("root", "targets"):
                root.revoke_key(key_for(name).keyid, role)
                root.add_key(key_for(f"{name}#2"), role)
        for role in ("snapshot", "timestamp"):
            root.revoke_key(key_for(ONLINE).keyid, role)
            root.add_key(key_for("file2:next"), role)

    event.edit("root", change)
    event.edit("targets", signers=[])
