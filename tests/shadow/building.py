"""Shadows of the samples."""

import json
from typing import Any

from tests.support.sample import NOW, Sample

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
