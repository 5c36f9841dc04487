"""Private keys in files: encrypted or not, of every kind that securesystemslib signs with."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tests.signer.helpers import write_key

from tufline.repository.review import LocalKeys
from tufline.signer.keys import (
    FileExists,
    FileNotWritten,
    LibraryMissing,
    LocalMachineKeys,
    Tokens,
    UnusableKey,
    WeakPassphrase,
    WrongPassphrase,
    make_file,
    public_file_of,
)
from tufline.signer.keys._files import FileSigner
from tufline.signer.keys._making import FILE_KINDS

WORDS = "correct horse battery staple"


def keys_in(uri: str, secret: Callable[[str], str]) -> LocalMachineKeys:
    tokens = Tokens(None, lambda _: pytest.fail("no token was named"))
    return LocalMachineKeys(tokens, chosen=uri, known={}, secret=secret)


@pytest.mark.parametrize("kind", FILE_KINDS)
@pytest.mark.parametrize("passphrase", [None, WORDS])
def test_key_that_was_made_signs(tmp_path: Path, kind: str, passphrase: str | None) -> None:
    file = tmp_path / "key.pem"
    made = make_file(file, kind, passphrase)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (b"ENCRYPTED" in file.read_bytes()) is (passphrase is not None)
    asked: list[str] = []

    def secret(what: str) -> str:
        asked.append(what)
        return WORDS

    keys = keys_in(f"file2:{file}", secret)
    key = keys.new_key()
    assert key == made
    assert keys.find(key) == f"file2:{file}"
    assert asked == []  # PATH.pub says which key it is
    for payload in (b"one", b"two"):
        assert LocalKeys().verify(key, keys.sign(key, payload), payload)
    assert asked == ([f"passphrase of {file}"] if passphrase else [])


def test_key_of_securesystemslib_is_opened(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    signer = CryptoSigner.generate_mldsa()
    file.write_bytes(signer.private_bytes)
    keys = keys_in(f"file2:{file}", lambda _: pytest.fail("it has no passphrase"))
    assert keys.new_key() == signer.public_key
    assert LocalKeys().verify(signer.public_key, keys.sign(signer.public_key, b"x"), b"x")


def test_passphrase_is_needed_to_see_a_key_without_its_public_file(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    made = make_file(file, "p256", WORDS)
    public_file_of(file).unlink()
    asked: list[str] = []

    def secret(what: str) -> str:
        asked.append(what)
        return WORDS

    keys = keys_in(f"file2:{file}", secret)
    assert keys.new_key() == made
    keys.sign(made, b"payload")
    assert asked == [f"passphrase of {file}"]


def test_wrong_passphrase_is_said_and_not_asked_again(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    key = make_file(file, "p256", WORDS)
    asked: list[str] = []

    def secret(what: str) -> str:
        asked.append(what)
        return "another one"

    with pytest.raises(WrongPassphrase) as caught:
        keys_in(f"file2:{file}", secret).sign(key, b"payload")
    assert str(caught.value) == f"this is not the passphrase of {file}"
    assert len(asked) == 1


def test_public_file_of_another_key_does_not_sign(tmp_path: Path) -> None:
    file, other = tmp_path / "key.pem", tmp_path / "other.pem"
    make_file(file, "p256", WORDS)
    stranger = make_file(other, "p256", WORDS)
    public_file_of(other).replace(public_file_of(file))
    with pytest.raises(UnusableKey) as caught:
        keys_in(f"file2:{file}", lambda _: WORDS).sign(stranger, b"payload")
    assert "does not match public key" in str(caught.value)


def test_public_file_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    make_file(file, "p256", WORDS)
    public_file_of(file).write_text("no key\n")
    with pytest.raises(UnusableKey) as caught:
        keys_in(f"file2:{file}", lambda _: WORDS).new_key()
    assert str(caught.value) == f"file2:{file}: key.pem.pub is not its public key"


def test_home_and_the_prefix_of_securesystemslib_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_key(tmp_path / "key.pem")
    monkeypatch.setenv("HOME", str(tmp_path))
    home = keys_in("file2:~/key.pem", lambda _: "").new_key()
    monkeypatch.setenv("CRYPTO_SIGNER_PATH_PREFIX", str(tmp_path))
    assert keys_in("file2:key.pem", lambda _: "").new_key() == home


def test_file_signer_is_one_of_securesystemslib(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    key = make_file(file, "ml-dsa-87", WORDS)
    signer = FileSigner.from_priv_key_uri(f"file2:{file}", key, lambda _: WORDS)
    signer.public_key.verify_signature(signer.sign(b"payload"), b"payload")
    with pytest.raises(UnusableKey):
        FileSigner.from_priv_key_uri(f"file2:{file}", key)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    for taken in (file, public_file_of(file)):
        taken.write_text("mine")
        with pytest.raises(FileExists):
            make_file(file, "p256", None)
        assert [path.read_text() for path in tmp_path.glob("key*")] == ["mine"]
        taken.unlink()


def test_link_that_leads_nowhere_is_not_followed(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExists):
        make_file(file, "p256", None)
    assert not (tmp_path / "elsewhere").exists()
    assert not public_file_of(file).exists()


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "key.pem"
    with pytest.raises(FileNotWritten) as caught:
        make_file(file, "p256", None)
    assert str(caught.value) == f"{file}.pub cannot be written: no such file or directory"


def test_passphrase_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeakPassphrase) as caught:
        make_file(tmp_path / "key.pem", "p256", "12345678901")
    assert str(caught.value) == "the passphrase is shorter than 12 characters"
    assert list(tmp_path.glob("key*")) == []


@pytest.mark.parametrize("uri", ["tkey:?digest=7c75714", "tkey:?digest=7c75714&passphrase=true"])
def test_tkey_says_which_library_it_needs(tmp_path: Path, uri: str) -> None:
    key = make_file(tmp_path / "key.pem", "ml-dsa-44", None)
    with pytest.raises(LibraryMissing) as caught:
        keys_in(uri, lambda _: WORDS).new_key()
    assert caught.value.hint == "pip install 'tufline-signer[tkey]'"
    with pytest.raises(LibraryMissing):
        keys_in(uri, lambda _: WORDS).sign(key, b"payload")
