from pathlib import Path

import pytest
from tests.signer.helpers import Holder, Server, git

from tufline.repository.format import Owner
from tufline.signer._settings import (
    InvalidSignerSettings,
    NoSettings,
    NotAClone,
    SignerSettings,
    find_clone,
    read_signer_settings,
)

ALICE = Owner("@alice")
NEW, OLD = ".tufline-sign.toml", ".tuf-on-ci-sign.ini"
URI = "hsm:2?label=YubiKey+PIV+%2315835999"


def test_user_name_is_enough(tmp_path: Path) -> None:
    (tmp_path / NEW).write_text('user-name = "@alice"\n')
    assert read_signer_settings(tmp_path) == SignerSettings(file=tmp_path / NEW, user=ALICE)


def test_everything_can_be_set(tmp_path: Path) -> None:
    (tmp_path / NEW).write_text(
        'user-name = "@alice"\npull-remote = "up"\npush-remote = "fork"\n'
        f'pykcs11lib = "/lib/x.so"\nkey = "{URI}"\n[signing-keys]\nABC = "{URI}"\n'
    )
    assert read_signer_settings(tmp_path) == SignerSettings(
        file=tmp_path / NEW,
        user=ALICE,
        pull_remote="up",
        push_remote="fork",
        module=Path("/lib/x.so"),
        key=URI,
        signing_keys={"abc": URI},
    )


def test_settings_of_tuf_on_ci_are_read(tmp_path: Path) -> None:
    (tmp_path / OLD).write_text(
        "[settings]\nuser-name = @Alice\npull-remote = up\npush-remote = fork\n"
        f"pykcs11lib = /lib/x.so\n[signing-keys]\nabc = {URI}\n"
    )
    assert read_signer_settings(tmp_path) == SignerSettings(
        file=tmp_path / OLD,
        user=ALICE,
        pull_remote="up",
        push_remote="fork",
        module=Path("/lib/x.so"),
        signing_keys={"abc": URI},
    )


def test_own_settings_come_before_those_of_tuf_on_ci(tmp_path: Path) -> None:
    (tmp_path / OLD).write_text("[settings]\nuser-name = @old\n")
    (tmp_path / NEW).write_text('user-name = "@new"\n')
    assert read_signer_settings(tmp_path).user == "@new"


def test_push_goes_where_pull_comes_from(tmp_path: Path) -> None:
    (tmp_path / NEW).write_text('user-name = "@a"\npull-remote = "up"\n')
    assert read_signer_settings(tmp_path).push_remote == "up"


@pytest.mark.parametrize(
    ("written", "read"),
    [("@Alice", "@alice"), ("alice", "@alice"), ("@bob_acme", "@bob_acme"), ("_Me", "@_me")],
)
def test_row_p_user_names_are_lower_case_and_may_hold_underscores(
    tmp_path: Path, written: str, read: str
) -> None:
    (tmp_path / NEW).write_text(f'user-name = "{written}"\n')
    assert read_signer_settings(tmp_path).user == read


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (NEW, "", "no user-name"),
        (NEW, 'user-name = "@a"\nuser = "b"\npin = "1"\n', "unknown entry pin, user"),
        (NEW, "user-name = 3\n", "user-name is 3, not a text"),
        (NEW, 'user-name = "@a"\nkey = ""\n', "key is '', not a text"),
        (NEW, 'user-name = "a b"\n', "'@a b' is not a user name"),
        (NEW, "user-name = @a\n", "Invalid value (at line 1, column 13)"),
        (NEW, 'user-name = "@a"\n[signing-keys]\nabc = 1\n', "abc is 1, not a text"),
        (OLD, "[settings]\n", "no user-name"),
        (OLD, "[settings]\nuser-name = @a\n[more]\n", "unknown section more"),
        (OLD, "[settings]\nuser-name = @a\nx = 1\n", "unknown entry x"),
        (
            OLD,
            "user-name = @a\n",
            "File contains no section headers. file: '<string>', line: 1 'user-name = @a\\n'",
        ),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidSignerSettings) as caught:
        read_signer_settings(tmp_path)
    assert str(caught.value) == f"{tmp_path / name}: {problem}"
    assert ('user-name = "@your-name", in quotes' in (caught.value.hint or "")) == (name == NEW)


def test_absent_settings_say_which_file_to_make(tmp_path: Path) -> None:
    with pytest.raises(NoSettings) as caught:
        read_signer_settings(tmp_path)
    assert str(caught.value) == f"there is no .tufline-sign.toml in {tmp_path}"
    assert caught.value.hint == (
        f'create {tmp_path}/.tufline-sign.toml with one line, user-name = "@your-name"; '
        "docs/settings.md lists what else it may hold"
    )


def test_folder_inside_a_clone_leads_to_its_top(alice: Holder) -> None:
    inside = alice.clone / "a" / "b"
    inside.mkdir(parents=True)
    assert find_clone(inside) == alice.clone
    assert find_clone(alice.clone / ".git") == alice.clone


def test_bare_repository_is_no_clone(server: Server) -> None:
    with pytest.raises(NotAClone) as caught:
        find_clone(server.path)
    assert str(caught.value) == f"{server.path} is not in a git clone"


def test_folder_that_is_no_clone_is_named_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotAClone, match=f"^{tmp_path} is not in a git clone$"):
        find_clone(Path())


def test_settings_that_came_with_a_commit_are_refused(server: Server, alice: Holder) -> None:
    server.commit("main", NEW, 'user-name = "@mallory"\npykcs11lib = "evil.so"\n')
    (alice.clone / NEW).unlink()
    git(alice.clone, "pull", "--quiet")
    outcome = alice.run("sign", "sign/start")
    assert outcome.code == 1
    assert outcome.err == (
        f"error: {alice.clone / NEW} is part of the commit that is checked out, "
        "so it is not used\n"
        "hint: remove it from the branch, and make the file anew on your machine\n"
    )
