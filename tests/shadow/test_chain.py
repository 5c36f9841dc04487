"""The root chain of a shadow, and who signs what in it."""

import json
from typing import Any

import pytest
from tests.shadow.building import (
    LAYOUT,
    event_of,
    new_people,
    published,
    served,
    shadow_of,
    tree_of,
)
from tests.shadow.trying import outcomes
from tests.support.judging import rewrite
from tests.support.sample import NOW, ROLE, Sample

from tufline.repository.publish import Layout
from tufline.repository.shadow import CannotShadow


def test_clients_follow_a_change_of_all_keys_from_everywhere() -> None:
    base = published()
    event = event_of(base, new_people, lambda event: event.edit("root"))

    shadow = shadow_of(event, base)

    assert outcomes(shadow, LAYOUT, NOW).keys() == {"root 1", "root 2", "root 3", "published"}
    assert served(shadow)


def test_new_roots_are_signed_by_all_who_may_in_either_and_old_ones_as_they_are() -> None:
    base = published()
    base.edit("root", signers=["@alice", "@carol"])
    event = event_of(base, new_people)

    shadow = shadow_of(event, base)

    roots = {each: tree_of(shadow, f"{each}.root") for each in (1, 2, 3)}
    counts = [len(roots[each]["signatures"]) for each in (1, 2, 3)]
    assert counts == [3, 2, 5]
    assert len({json.dumps(each["signed"]["roles"]["root"]) for each in roots.values()}) == 2
    assert served(shadow)


def test_only_roots_that_clients_may_hold_are_made() -> None:
    base = published()
    base.edit("root")
    base.files["metadata/root_history/1.root.json"] = b"no root at all"
    layout = Layout(oldest_root=2, metadata_dir=".")

    shadow = shadow_of(event_of(base), base, layout=layout)

    assert sorted(shadow.proposed.roots) == [2]
    assert "1.root.json" not in shadow.proposed.files
    assert served(shadow, layout)


def test_a_signature_that_does_not_verify_stays_bad() -> None:
    base = published()

    def spoil(tree: Any) -> None:  # noqa: ANN401 - JSON
        tree["signatures"][0]["sig"] = "00" * 70

    rewrite(base, ROLE, spoil)

    shadow = shadow_of(event_of(base), base)

    (signature,) = tree_of(shadow, f"1.{ROLE}")["signatures"]
    assert signature["sig"] == "00" * 70
    assert not served(shadow)


def test_what_nobody_signs_yet_is_signed_by_everybody() -> None:
    base = published()
    event = event_of(base, lambda event: event.edit("targets", signers=[]))
    event.edit(ROLE, signers=[])

    shadow = shadow_of(event, base)

    assert len(tree_of(shadow, "3.targets")["signatures"]) == 3
    assert served(shadow)


def test_nothing_is_made_before_people_have_brought_their_keys() -> None:
    base = published()
    event = event_of(base)
    event.edit("root", lambda root: setattr(root.roles["targets"], "threshold", 4))

    with pytest.raises(CannotShadow, match="targets is to be signed by 4, and has 3 keys so far"):
        shadow_of(event, base)


def test_first_event_of_a_repository_has_a_shadow() -> None:
    shadow = shadow_of(Sample())

    assert shadow.known_good is None
    assert tree_of(shadow, "1.snapshot")["signed"]["meta"]["targets.json"].keys() == {
        "hashes",
        "length",
        "version",
    }
    assert served(shadow)
