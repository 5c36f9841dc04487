"""A payload is hostile: what is read of it, what is refused, what is never done."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.signer.carrying import forged
from tests.signer.helpers import NOW, Outcome
from tests.support.sample import Sample, key_for, signer_for
from tuf.api.metadata import Root

from tufline.repository.commands import main
from tufline.repository.format import Owner
from tufline.repository.history import Commit
from tufline.repository.jobs import Event
from tufline.repository.review import Lineage, keys_alone
from tufline.repository.settings import read_settings
from tufline.signer._asked import asked_of
from tufline.signer.commands._carried import seen_of
from tufline.signer.detached import (
    InvalidPayload,
    NotInPayload,
    PayloadTooLarge,
    pack,
    read_medium,
    unpack,
)

BOB = Owner("@bob")
NAME = "sign/change"


def event_of(base: Sample, proposed: Sample, **other: Any) -> Event:  # noqa: ANN401 - the event's
    known_good = base.state()
    fields: dict[str, Any] = {
        "name": NAME,
        "main": Commit("a" * 40),
        "head": Commit("b" * 40),
        "behind": False,
        "known_good": known_good,
        "proposed": proposed.state(),
        "lineage": Lineage(),
        "settings": read_settings(known_good),
    }
    return Event(**(fields | other))


def changed(base: Sample) -> Sample:
    """Return an event with a new artifact that nobody has signed."""
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.sign("targets", event.load("targets"), [])
    return event


def look(event: Event) -> object:
    return seen_of(event, person=BOB, now=NOW)


def packed(base: Sample, proposed: Sample, **other: Any) -> bytes:  # noqa: ANN401 - the event's
    return pack(event_of(base, proposed, **other), keys_alone, look)


BASE = Sample()
EVENT = changed(BASE)


class Machine:
    """A machine without a clone: a medium, a key, what is trusted."""

    def __init__(self, folder: Path) -> None:
        self.medium = folder / "medium"
        self.medium.mkdir()
        self.key = folder / "bob.pem"
        self.key.write_bytes(signer_for("@bob").private_bytes)
        self.output = self.medium / "signatures"

    def bring(self, base: Sample = BASE, proposed: Sample = EVENT, name: str = "payload") -> Path:
        file = self.medium / name
        file.write_bytes(packed(base, proposed))
        return file

    def words(self, payload: Path, *more: str | Path) -> list[str]:
        key = f"file2:{self.key}"
        words = ["sign", "--offline", payload, "-o", self.output, "--user", "@bob", "--key", key]
        return [*map(str, [*words, "--now", NOW.isoformat(), *more])]

    def sign(self, capsys: pytest.CaptureFixture[str], payload: Path, *more: str | Path) -> Outcome:
        capsys.readouterr()
        code = main(self.words(payload, "--yes", *more))
        found = capsys.readouterr()
        return Outcome(code, found.out, found.err)

    def refuses(self, capsys: pytest.CaptureFixture[str], payload: Path, *more: str | Path) -> str:
        """Return why nothing is signed."""
        outcome = self.sign(capsys, payload, *more)
        assert outcome.code != 0, outcome.out
        assert not self.output.exists()
        return outcome.err


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def first_use(sample: Sample = BASE) -> tuple[str, str]:
    root = sample.files["metadata/root_history/1.root.json"]
    return "--root-fingerprint", hashlib.sha256(root).hexdigest()


# what is carried is what is reviewed


def _edited_root(sample: Sample) -> Sample:
    event = sample.copy()
    event.edit("root", signers=[])
    return event


def _without_artifact(sample: Sample) -> Sample:
    event = sample.copy()
    del event.files["targets/npm/keys.json"]
    event.edit("npm", lambda targets: targets.targets.clear(), signers=[])
    return event


def _delegated_otherwise(sample: Sample) -> Sample:
    event = sample.copy()
    event.edit("targets", lambda targets: targets.delegations.roles["npm"].paths.pop(), signers=[])
    return event


EVENTS: dict[str, Callable[[Sample], Sample]] = {
    "artifact": changed,
    "root": _edited_root,
    "artifact_removed": _without_artifact,
    "delegation": _delegated_otherwise,
}


@pytest.mark.parametrize("make", EVENTS.values(), ids=EVENTS)
def test_payload_is_reviewed_as_the_event_is(make: Callable[[Sample], Sample]) -> None:
    event = event_of(BASE, make(BASE))
    data = pack(event, keys_alone, look)
    carried = unpack(data, keys_alone)
    assert look(carried) == look(event)
    for person in (BOB, Owner("@dave"), Owner("@nobody")):
        assert asked_of(person, carried, now=NOW) == asked_of(person, event, now=NOW)
    assert pack(event, keys_alone, look) == data
    assert pack(carried, keys_alone, look) == data


def test_payload_holds_what_matters_and_not_the_rest() -> None:
    base = BASE.copy()
    base.files |= {f"targets/npm/{n}.bin": os.urandom(1000) for n in range(50)}
    base.edit("npm")
    tree = json.loads(packed(base, changed(base)))
    contents = [base64.b64decode(each) for each in tree["contents"]]
    assert b"two\n" in contents
    assert b"one\n" in contents
    assert base.files["metadata/root.json"] in contents
    assert not any(len(each) == 1000 for each in contents)


def test_payload_that_would_be_too_large_is_refused() -> None:
    with pytest.raises(PayloadTooLarge):
        pack(event_of(BASE, EVENT), keys_alone, look, largest=10_000)


def test_lineage_of_the_event_is_judged_too() -> None:
    lineage = Lineage(merge_bases=1, stale=("metadata/targets.json",))
    carried = unpack(packed(BASE, EVENT, lineage=lineage), keys_alone)
    assert [each.rule for each in carried.review(now=NOW).errors] == ["stale-path"]


# what is no payload


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not_json": lambda _: b"\xff\xfe",
    "a_list": lambda _: b"[]",
    "cut_off": lambda data: data[:-20],
    "bit_flipped": lambda data: data.replace(b'"behind": false', b'"behind": true '),
    "key_twice": lambda data: data.replace(b"{", b'{"event": "sign/other",', 1),
    "nested": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_payload_is_refused(damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InvalidPayload):
        unpack(damage(packed(BASE, EVENT)), keys_alone)


def _put(*path: Any, to: object) -> Callable[[Any], object]:  # noqa: ANN401 - keys of JSON
    def change(tree: Any) -> None:  # noqa: ANN401 - JSON
        for each in path[:-1]:
            tree = tree[each]
        tree[path[-1]] = to

    return change


FORGERIES: dict[str, Callable[[Any], object]] = {
    "newer_version": _put("version", to=2),
    "other_format": _put("format", to="tufline-signatures"),
    "extra_field": _put("verdict", to="ready"),
    "field_missing": lambda tree: tree.pop("lineage"),
    "no_event": _put("event", to="main"),
    "event_with_escape": _put("event", to="sign/\x1b[2J"),
    "event_very_long": _put("event", to="sign/" + "x" * 300),
    "main_is_no_commit": _put("main", to="HEAD"),
    "behind_is_a_number": _put("behind", to=1),
    "lineage_is_empty": _put("lineage", to={}),
    "lineage_of_text": _put("lineage", to={"merge-bases": "1", "stale": []}),
    "path_climbs_out": _put("proposed", "metadata/../../etc/passwd", to=["file", "x"]),
    "path_is_absolute": _put("proposed", "/etc/passwd", to=["file", "x"]),
    "path_into_git": _put("known-good", ".GIT/hooks/pre-push", to=["file", "x"]),
    "path_with_nul": _put("proposed", "targets/a\0b", to=["file", "x"]),
    "path_very_long": _put("proposed", "a" * 5000, to=["file", "x"]),
    "unknown_kind": _put("proposed", "targets/x", to=["device", "x"]),
    "no_id": _put("proposed", "targets/x", to=["file", ""]),
    "entry_is_a_number": _put("proposed", "targets/x", to=1),
    "side_is_a_list": _put("known-good", to=[]),
    "contents_is_an_object": _put("contents", to={}),
    "content_is_not_base64": _put("contents", to=["%%%"]),
    "content_is_a_number": _put("contents", to=[1]),
}


@pytest.mark.parametrize("change", FORGERIES.values(), ids=FORGERIES)
def test_attack_forged_payload_is_refused(
    change: Callable[[Any], object], machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    said = machine.refuses(capsys, forged(machine.bring(), change))
    assert said.startswith("error: this is not a payload to sign: "), said


def test_attack_file_that_is_no_plain_file(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    link, pipe = machine.medium / "link", machine.medium / "pipe"
    link.symlink_to(machine.bring())
    os.mkfifo(pipe)
    assert "link is a symbolic link" in machine.refuses(capsys, link)
    assert "pipe is not a plain file" in machine.refuses(capsys, pipe)
    assert "medium is not a plain file" in machine.refuses(capsys, machine.medium)
    assert "cannot be used: No such file" in machine.refuses(capsys, machine.medium / "none")
    with (machine.medium / "giant").open("wb") as giant:
        giant.truncate(2**40)
    assert "larger than 67108864 bytes" in machine.refuses(capsys, machine.medium / "giant")
    assert read_medium(machine.medium / "payload", largest=10**6)


# what a forger could say


def test_attack_content_that_review_needs_is_left_out(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = forged(machine.bring(), lambda tree: tree["contents"].pop())
    assert "the payload does not hold " in machine.refuses(capsys, payload, *first_use())


def test_attack_change_that_breaks_a_rule_is_refused(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    other = base64.b64encode(b"poison").decode()

    def swap(tree: Any) -> None:  # noqa: ANN401 - JSON
        tree["contents"] = [
            other if base64.b64decode(each) == b"two\n" else each for each in tree["contents"]
        ]
        tree["proposed"]["targets/file.txt"][1] = hashlib.sha256(b"poison").hexdigest()

    said = machine.refuses(capsys, forged(machine.bring(), swap), *first_use())
    assert f"{NAME} is refused" in said


def test_attack_another_repository_is_not_taken_for_the_known_one(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.sign(capsys, machine.bring(), *first_use()).code == 0
    machine.output.unlink()
    other = Sample(people=("@bob", "@alice"), threshold=1)
    payload = machine.bring(other, changed(other), "other")
    assert "give --root-fingerprint HEX" in machine.refuses(capsys, payload)
    said = machine.refuses(capsys, payload, *first_use())
    assert "which is not what --root-fingerprint gives" in said


def test_attack_older_main_than_this_machine_saw(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = BASE.copy()
    newer.edit("root")
    assert machine.sign(capsys, machine.bring(newer, changed(newer)), *first_use()).code == 0
    machine.output.unlink()
    said = machine.refuses(capsys, machine.bring(name="old"))
    assert "main is older than the repository that this machine saw" in said


def _rewritten() -> Sample:
    """Return a main whose second root only some keys of the first have signed."""

    def by_mallory(root: Root) -> None:
        for role in ("root", "targets"):
            for name in ("@alice", "@carol"):
                root.revoke_key(key_for(name).keyid, role)
            root.add_key(key_for("@mallory"), role)

    evil = BASE.copy()
    evil.edit("root", by_mallory, signers=["@bob", "@mallory"])
    evil.edit("targets", signers=["@bob", "@mallory"])
    return evil


def _all_metadata(event: Event) -> None:
    for files in (event.known_good.files, event.proposed.files):
        assert list(files.read_many(files.below("metadata")))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (b"", "give --root-fingerprint HEX"),  # its oldest root that leads to the newest is another
        (b"[review]\noldest-root = 1\n", "which does not follow from the newest root"),
    ],
)
def test_attack_main_whose_root_does_not_follow(
    settings: bytes, said: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.sign(capsys, machine.bring(), *first_use()).code == 0
    machine.output.unlink()
    evil = _rewritten()
    evil.files["tufline.toml"] = settings
    file = machine.medium / "evil"
    file.write_bytes(pack(event_of(evil, changed(evil)), keys_alone, _all_metadata))
    assert said in machine.refuses(capsys, file)


@pytest.mark.parametrize("hidden", ["metadata/targets.json", "metadata/root.json"])
def test_attack_what_is_shown_as_new_must_be_new(
    hidden: str, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without main's version a signer would see no change, without its root no pin would tell."""
    base = BASE.copy()
    base.files = {} if "root" in hidden else {p: d for p, d in base.files.items() if p != hidden}
    file = machine.medium / "hiding"
    file.write_bytes(pack(event_of(base, EVENT), keys_alone, _all_of_event))
    said = machine.refuses(capsys, file, *first_use())
    assert "targets is of version 2, and the payload's main has no earlier version of it" in said


def _all_of_event(event: Event) -> None:
    for files in (event.known_good.files, event.proposed.files):
        list(files.read_many(files.below("")))


def test_root_goes_on_by_the_chain(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert machine.sign(capsys, machine.bring(), *first_use()).code == 0
    newer = BASE.copy()
    newer.edit("root")
    outcome = machine.sign(capsys, machine.bring(newer, changed(newer), "newer"))
    assert outcome.code == 0
    assert "its main has root 2, which goes on from the root that is trusted here" in outcome.out


# what is never done


def test_attack_settings_beside_the_payload_are_not_read(
    machine: Machine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.medium / ".tufline-sign.toml").write_text('pykcs11lib = "./evil.so"\nnonsense = 1\n')
    monkeypatch.chdir(machine.medium)
    assert machine.sign(capsys, machine.bring(), *first_use()).code == 0


def test_attack_program_that_the_payload_names_is_not_run(
    machine: Machine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    base = BASE.copy()
    ran = tmp_path / "ran"
    base.files["tufline.toml"] = (
        f'[[validator]]\nname = "evil"\npaths = ["file.txt"]\ncommand = ["touch", "{ran}"]\n'
    ).encode()
    payload = machine.bring(base, changed(base))
    outcome = machine.sign(capsys, payload, *first_use())
    assert outcome.code == 0, outcome.err
    assert "programs are not run from a payload" in outcome.out
    assert not ran.exists()


def test_output_that_is_a_link_is_not_written_through(
    machine: Machine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    payload, other = machine.bring(), tmp_path / "precious"
    other.write_text("precious")
    machine.output.symlink_to(other)
    outcome = machine.sign(capsys, payload, *first_use())
    assert outcome.code == 1
    assert "is there already, and is not a plain file" in outcome.err
    assert "sign targets" not in outcome.err
    assert other.read_text() == "precious"


# how it is asked for


def test_usage(machine: Machine, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    payload = str(machine.bring())
    settings = tmp_path / "mine.toml"
    settings.write_text(f'user-name = "@bob"\nkey = "file2:{machine.key}"\n')
    cases = {
        "give -o FILE": ["--offline", payload, "--user", "@bob"],
        "who signs? give --user @NAME": ["--offline", payload, "-o", str(machine.output)],
        "give --user or --settings, not both": (
            ["--offline", payload, "-o", "x", "--user", "b", "--settings", str(settings)]
        ),
        "says which event it is; name none": ["sign/x", "--offline", payload],
        "go with --offline FILE": ["--user", "@bob"],
    }
    for said, words in cases.items():
        assert main(["sign", *words]) == 2
        assert said in capsys.readouterr().err
    words = ["sign", "--offline", payload, "-o", str(machine.output), "--settings", str(settings)]
    assert main([*words, "--yes", "--now", NOW.isoformat(), *first_use()]) == 0
    assert machine.output.exists()


def test_person_whom_nobody_knows(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    said = machine.refuses(capsys, machine.bring(), *first_use(), "--user", "@nobody")
    assert f"@nobody has no key and no invitation in {NAME}" in said


def test_key_that_is_another(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.key.write_bytes(signer_for("@mallory").private_bytes)
    said = machine.refuses(capsys, machine.bring(), *first_use())
    assert key_for("@bob").keyid[:7] in said


def test_invited_person_is_told_where_to_accept(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    event = BASE.copy()
    event.files["metadata/.signing-event-state"] = b'{"invites": {"@bob": ["npm"]}}'
    outcome = machine.sign(capsys, machine.bring(BASE, event), *first_use())
    assert "you are invited to npm: accept with tufline sign, in a clone" in outcome.out
    assert outcome.last == "nothing for @bob to sign here; nothing was written"


def test_help_is_fast_to_import() -> None:
    """What `--help` loads has nothing of payloads, keys or the network."""
    code = (
        "import sys, tufline.signer.commands.sign, tufline.signer.commands.payload, "
        "tufline.signer.commands.signature; "
        "print([m for m in sys.modules if m.startswith(('tuf.', 'securesystemslib', "
        "'tufline.signer.detached'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_listing_without_contents_behaves_as_any_other_files() -> None:
    carried = unpack(packed(BASE, EVENT), keys_alone)
    files = carried.proposed.files
    assert list(files.names("metadata"))
    assert list(files.since(carried.known_good.files))
    (entry,) = files.below("targets/npm")
    with pytest.raises(NotInPayload, match=r"'targets/npm/keys\.json'"):
        files.read(entry)
