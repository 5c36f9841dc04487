"""Documents of metadata, with an edit."""

import json
from collections.abc import Callable
from typing import Any

from tests.support.sample import Sample
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from tufline.repository.format import write_json

KINDS: dict[str, type[Any]] = {
    "root": Root,
    "targets": Targets,
    "npm": Targets,
    "snapshot": Snapshot,
    "timestamp": Timestamp,
}


SAMPLE = Sample()
SAMPLE.sign_online()


Edit = Callable[[Any], object]


def data_of(role: str) -> bytes:
    return SAMPLE.files[f"metadata/{role}.json"]


def edited(role: str, edit: Edit) -> bytes:
    tree = json.loads(data_of(role))
    edit(tree)
    return write_json(tree)
