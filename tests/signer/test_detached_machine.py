"""What the machine with the key refuses of a payload, and what it never does."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.signer.helpers import NOW
from tests.signer.machine import BASE, EVENT, NAME, Machine, changed, event_of, first_use, packed
from tests.support.sample import Sample, key_for, signer_for
from tuf.api.metadata import Root

from tufline.repository.commands import main
from tufline.repository.jobs import Event
from tufline.repository.review import keys_alone
from tufline.signer.detached import (
    NotInPayload,
    pack,
    unpack,
)


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
    again = machine.bring(newer, changed(newer), "again")
    machine.output.unlink()
    said = machine.refuses(capsys, again, "--root-fingerprint", "00" * 32)
    assert "another root is pinned since the first use" in said
    assert machine.sign(capsys, again, *first_use()).code == 0


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
    assert said.endswith("hint: check --user, or ask to be invited\n")


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
