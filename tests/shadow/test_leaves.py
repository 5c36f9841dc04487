"""A shadow keeps everything but keys and signatures: compared leaf by leaf, in the very order."""

import json
from collections.abc import Iterator
from typing import Any

from tests.shadow.building import shadow_of, tree_of
from tests.support.rich import NESTED, rich_base, rich_event
from tests.support.sample import ONLINE, ROLE, Sample, key_for, signer_for

from tufline.repository.format import write_json
from tufline.repository.shadow import Shadow

Leaf = tuple[tuple[str | int, ...], object]


def rich() -> tuple[Sample, Sample]:
    """Return the rich event, completed: each role that it names has a file."""
    base = rich_base()
    event = rich_event(base)
    hashed = event.load(NESTED)
    hashed.sign(signer_for(ONLINE))
    event.write("hashed", hashed)
    return base, event


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[Leaf]:
    """Yield each leaf with where it stands, members in the order of the file."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, list) and value:
        for place, each in enumerate(value):
            yield from leaves(each, (*path, place))
    else:
        yield path, value


def mapped(real: Any, made: Any) -> dict[str, str]:  # noqa: ANN401 - JSON
    """Return which text took the place of which: ids of keys, and their public parts."""
    pairs = {}
    for theirs, ours in zip(_keys(real), _keys(made), strict=True):
        pairs[theirs[0]] = ours[0]
        pairs[theirs[1]["keyval"]["public"]] = ours[1]["keyval"]["public"]
    return pairs


def _keys(signed: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Return the keys, by what both sides have of them."""
    holder = signed if signed["_type"] == "root" else signed.get("delegations") or {}

    def kept(entry: tuple[str, Any]) -> str:
        key = entry[1]
        return json.dumps({**key, "keyval": {**key["keyval"], "public": ""}}, sort_keys=True)

    return sorted(holder.get("keys", {}).items(), key=kept)


def renamed(leaf: Leaf, pairs: dict[str, str]) -> Leaf:
    path, value = leaf
    steps = tuple(pairs.get(step, step) if isinstance(step, str) else step for step in path)
    return steps, pairs.get(value, value) if isinstance(value, str) else value


def published(shadow: Shadow) -> dict[str, Any]:
    """Return what is published of each role that people sign, by its path in git."""
    found = {}
    for name, data in shadow.proposed.files.items():
        version, _, role = name.removeprefix("metadata/").removesuffix(".json").partition(".")
        if role == "root":
            found[f"metadata/root_history/{version}.root.json"] = json.loads(data)
        elif role in {"targets", ROLE, NESTED, "hashed"}:
            found[f"metadata/{role}.json"] = json.loads(data)
    return found


def test_only_ids_public_parts_and_signatures_differ() -> None:
    base, event = rich()

    made = published(shadow_of(event, base))

    assert len(made) == 6
    replaced = 0
    for path, tree in made.items():
        real = json.loads(event.files[path])
        pairs = mapped(real["signed"], tree["signed"])
        ours = [renamed(each, pairs) for each in leaves(real["signed"])]
        theirs = list(leaves(tree["signed"]))
        # ids are sorted in files of ours, so that new ones stand in another order
        assert sorted(ours, key=str) == sorted(theirs, key=str), path
        assert pairs or ours == theirs, path
        replaced += len(pairs)
    assert replaced > 10


def test_every_public_part_and_signature_is_another() -> None:
    base, event = rich()

    text = json.dumps(published(shadow_of(event, base)))

    for path, data in event.files.items():
        if not path.startswith("metadata/") or "event-state" in path:
            continue
        tree = json.loads(data)
        for signature in tree["signatures"]:
            assert not signature["sig"] or signature["sig"] not in text
        for _, key in _keys(tree["signed"]):
            assert json.dumps(key["keyval"]["public"])[1:-1] not in text


def test_signatures_keep_their_order_and_their_further_fields() -> None:
    base = Sample()
    event = base.copy()
    event.edit("targets", signers=["@bob"])
    path = "metadata/targets.json"
    tree = json.loads(event.files[path])
    tree["signatures"].reverse()
    tree["signatures"][0]["x-bundle"] = {"log": [1]}
    event.files[path] = write_json(tree)

    shadow = shadow_of(event, base)

    root, targets = (tree_of(shadow, name) for name in ("1.root", "2.targets"))
    pairs = mapped(json.loads(event.files["metadata/root.json"])["signed"], root["signed"])
    people = [pairs[key_for(name).keyid] for name in ("@carol", "@bob", "@alice")]
    assert [each["keyid"] for each in targets["signatures"]] == people
    assert targets["signatures"][0]["x-bundle"] == {"log": [1]}


def test_a_file_that_stays_keeps_its_bytes_form() -> None:
    base = Sample()
    tree = json.loads(base.files[f"metadata/{ROLE}.json"])
    odd = {"signed": tree["signed"], "signatures": tree["signatures"]}
    base.files[f"metadata/{ROLE}.json"] = json.dumps(odd, indent=3).encode() + b"\n"
    event = base.copy()
    event.put("file.txt", b"two\n")

    data = shadow_of(event, base).proposed.files[f"metadata/1.{ROLE}.json"]

    assert data.startswith(b'{\n   "signed": {\n      "')
    assert data.endswith(b"\n}\n")
    assert len(data.splitlines()) == len(base.files[f"metadata/{ROLE}.json"].splitlines())


def test_empty_signatures_are_not_published() -> None:
    base = Sample()
    event = base.copy()
    event.edit("targets", signers=["@alice"])
    event.edit("root", signers=[])

    shadow = shadow_of(event, base)

    for name, data in shadow.proposed.files.items():
        if name.endswith(".json") and name.startswith("metadata/"):
            entries = json.loads(data)["signatures"]
            assert entries
            assert all(entry["sig"] for entry in entries)
