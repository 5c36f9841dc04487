"""Keys beside the job: tokens (PKCS#11) and files, there or not, empty or swapped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tests.clouds.kms.holding import Holding, Keys, moved_to
from tests.support.kms import (
    OnlineRepository,
    SigningFailed,
    main_with,
    online_repository,
    signing_host,
)
from tests.support.tokens import LABEL, PIN, SoftToken, empty_token, make_token, plug_in

Variables = dict[str, str]


@contextmanager
def _with_token(folder: Path, variables: Variables, key: Holding) -> Iterator[OnlineRepository]:
    (folder / "job").mkdir()
    with (
        signing_host(folder / "job", variables) as host,
        online_repository(folder, host, main_with([key.key], [key.key])) as repository,
    ):
        yield repository


def _plugged(token: SoftToken, pin: str = PIN) -> Variables:
    return {**token.environment, "TUFLINE_HSM_PIN": pin}


TOKENS: dict[str, tuple[Callable[[Path], Variables], str]] = {
    "wrong-pin": (lambda folder: _plugged(plug_in(folder), pin="999999"), "PinIncorrect"),
    "no-pin": (lambda folder: dict(plug_in(folder).environment), "TUFLINE_HSM_PIN"),
    "no-key": (lambda folder: _plugged(empty_token(folder)), "could not find ECDSA private key"),
    "other-token": (
        lambda folder: _plugged(make_token(folder, label="another", pin=PIN)),
        f"No PKCS#11 token found for label {LABEL}",
    ),
    "other-key": (
        lambda folder: _plugged(plug_in(folder)),
        "signed with another key than the metadata has",
    ),
    "no-module": (lambda _: {"TUFLINE_HSM_PIN": PIN}, "PYKCS11LIB"),
}


@pytest.mark.parametrize("name", TOKENS)
def test_token_that_cannot_sign_is_named_with_the_reason(
    name: str, keys: Keys, tmp_path: Path
) -> None:
    make, said = TOKENS[name]
    with _with_token(tmp_path, make(tmp_path / "token"), keys["hsm"]) as repository:
        with pytest.raises(SigningFailed, match=said) as caught:
            repository.sign()

        assert keys["hsm"].uri in str(caught.value)
        assert PIN not in str(caught.value)
        assert repository.commits == ()


def _other_key() -> bytes:
    return CryptoSigner.generate_ed25519().private_bytes


FILES: dict[str, tuple[Callable[[], bytes | None], str]] = {
    "missing": (lambda: None, "not found in"),
    "empty": (lambda: b"", "Unable to load PEM file"),
    "garbage": (lambda: b"-----BEGIN PRIVATE KEY-----\n????", "Unable to load PEM file"),
    "other-key": (_other_key, "does not match public key"),
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_holds_no_such_key_is_named(
    name: str, keys: Keys, opened: Callable[..., OnlineRepository], tmp_path: Path
) -> None:
    make, said = FILES[name]
    file, content = tmp_path / "key", make()
    if content is not None:
        file.write_bytes(content)
    moved = moved_to(keys["file2"], f"file2:{file}")
    repository = opened(moved)

    with pytest.raises(SigningFailed, match=said) as caught:
        repository.sign()

    assert moved.uri in str(caught.value)
    assert repository.commits == ()
