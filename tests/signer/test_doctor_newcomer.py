"""`tufline doctor` for somebody whose key main does not know yet, and whose token is not ready."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.signer.helpers import Holder, Server
from tests.support.tokens import LABEL, empty_token, lock


def examined(person: Holder) -> dict[str, Any]:
    answer = json.loads(person.run_apart("doctor", "--json", "--no-sign").out)
    return {each["name"]: each for each in answer["checks"]}


@pytest.mark.usefixtures("started")
def test_new_key_has_the_id_that_the_metadata_will_have(dora: Holder) -> None:
    (listed,) = json.loads(dora.run_apart("key", "list", "--json").out)["keys"]

    said = examined(dora)["key"]["said"]

    assert said == f"slot 9c of {LABEL}: key {listed['keyid'][:7]}, new to the metadata"


@pytest.mark.parametrize("state", ["empty", "locked", "not plugged in"])
def test_token_that_cannot_sign_is_not_asked_to_be_plugged_in_again(
    server: Server, tmp_path: Path, state: str
) -> None:
    token = empty_token(tmp_path / "token")
    if state == "locked":
        lock(token)
    elif state == "not plugged in":
        for file in token.folder.glob("tokens/*/*"):
            file.unlink()
    found = examined(server.holder("@dora", token=token))["attached"]

    assert found["outcome"] == "doubt"
    assert (
        found["mend"]
        == {
            "empty": "see `tufline key list`; make a key with `tufline key create --token`, "
            "or check --key",
            "locked": "unlock it with its PUK (for a YubiKey: `ykman piv access unblock-pin`)",
            "not plugged in": "plug in your token; `tufline key list` shows what is attached",
        }[state]
    )
