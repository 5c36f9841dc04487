"""Artifacts that make a bundled validator stumble are refused; they do not stop the job."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.sigstore._trust import TRUSTED_ROOT
from tests.validators.documents import b64, instance, put, spoilt
from tests.validators.test_tasks import Runs, check_of

from tufline.repository.forge import CheckVerdict, check_json
from tufline.repository.validators import Unsound

WINDOW = ("tlogs", 1, "publicKey", "validFor")
CERTIFICATE = ("certificateAuthorities", 0, "certChain", "certificates", 0, "rawBytes")
ENVIRONMENT = 2**17  # bytes that Linux lets one variable have
VERSION_3 = bytes.fromhex("a003020102")


def of_unknown_version(der: bytes) -> bytes:
    place = der.index(VERSION_3) + len(VERSION_3) - 1
    return der[:place] + b"\x07" + der[place + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        put("tlogs", 1, "baseUrl", value="https://["),
        put("tlogs", 1, "baseUrl", value="https://[::1%]"),
        put(*WINDOW, "start", value="9999-12-31T23:59:59-14:00"),
        put("certificateAuthorities", 0, "validFor", "start", value="0001-01-01T00:00:00+14:00"),
        put(*CERTIFICATE, value=b64(of_unknown_version(instance().authorities[0].chain[0]))),
    ],
)
def test_what_the_validator_stumbles_over_is_refused(change: Callable[[Any], object]) -> None:
    said = check_of({TRUSTED_ROOT: spoilt(instance().trusted_root(), change)})

    assert said is not None
    assert said.verdict is CheckVerdict.FAILED
    assert "validator trust: " in said.text


def test_what_programs_say_of_many_artifacts_fits_into_a_variable() -> None:
    said = Runs(Unsound(problems=("\U00010348" * 300,) * 21))
    names = [f"npm/{'n' * 200}{number}" for number in range(9)]

    found = check_of(dict.fromkeys(names, b"x"), said)

    assert found is not None
    assert found.verdict is CheckVerdict.FAILED
    assert len(json.dumps([check_json(found)]).encode()) < ENVIRONMENT
    assert "and 1" in found.text
