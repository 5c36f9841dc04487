"""Several PKCS#11 modules on one machine: copies of SoftHSM, under the names of others."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pkcs11
import pytest
from tests.support.slots import without_key
from tests.support.tokens import LABEL, PIN, SoftToken, plug_in

from tufline.repository.review import LocalKeys
from tufline.signer.keys import (
    LocalMachineKeys,
    ModuleNotLoaded,
    NoToken,
    Tokens,
    attached,
)
from tufline.signer.keys import _modules as places

YKCS11, OPENSC = "libykcs11.so", "opensc-pkcs11.so"
Install = Callable[[str], Path]


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftToken:
    """Return a token that any module here shows, since all are SoftHSM."""
    made = plug_in(tmp_path / "token")
    monkeypatch.setenv("SOFTHSM2_CONF", made.environment["SOFTHSM2_CONF"])
    return made


@pytest.fixture
def install(token: SoftToken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    folder = tmp_path / "lib"
    folder.mkdir()
    monkeypatch.setattr(places, "FOLDERS", (str(folder),))

    def copy(name: str) -> Path:
        return Path(shutil.copy(token.module, folder / name))

    yield copy
    for file in folder.iterdir():
        pkcs11.unload(str(file))


def broken(install: Install, name: str) -> None:
    install(name).write_text("not a library\n")


def tokens() -> Tokens:
    return Tokens(None, lambda _: PIN)


def test_module_that_does_not_work_is_passed_over(install: Install) -> None:
    broken(install, YKCS11)
    works = install(OPENSC)
    (found,) = tokens().plugged_in()
    assert found.module == works
    uri = tokens().the_one()
    key = tokens().public_key(uri)
    assert LocalKeys().verify(key, tokens().sign(uri, key, b"payload"), b"payload")


def test_only_module_that_does_not_work_is_named(install: Install) -> None:
    broken(install, YKCS11)
    with pytest.raises(ModuleNotLoaded) as caught:
        list(tokens().plugged_in())
    assert str(caught.value.module).endswith(YKCS11)


def test_module_without_tokens_is_no_failure_beside_one_that_does_not_work(
    install: Install, token: SoftToken
) -> None:
    broken(install, YKCS11)
    install(OPENSC)
    shutil.rmtree(token.folder / "tokens")
    (token.folder / "tokens").mkdir()
    with pytest.raises(NoToken):
        list(tokens().plugged_in())


def test_later_module_is_not_loaded_where_the_key_is_found(install: Install) -> None:
    """Two libraries that speak to one card at the same time disturb each other."""
    first, second = install(YKCS11), install(OPENSC)
    key = tokens().public_key(tokens().the_one())
    keys = LocalMachineKeys(tokens(), chosen=None, known={})
    assert keys.find(key) == f"slot 9c of {LABEL}"
    keys.sign(key, b"payload")
    loaded = set(pkcs11._loaded)  # noqa: SLF001 - nothing public tells what was loaded
    assert loaded & {str(first), str(second)} == {str(first)}


def test_card_that_two_modules_show_is_listed_once(install: Install) -> None:
    first = install(YKCS11)
    install(OPENSC)
    assert len(list(tokens().plugged_in())) == 2
    (shown,) = attached(tokens(), ())
    assert shown.module == first


def test_token_without_a_key_is_listed_with_its_problem(install: Install, token: SoftToken) -> None:
    install(YKCS11)
    without_key(token)
    (shown,) = attached(tokens(), ())
    assert (shown.name, shown.keys) == (LABEL, ())
    assert shown.problem == "it has no P-256 or P-384 key"
