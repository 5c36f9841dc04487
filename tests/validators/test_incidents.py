"""Mistakes of the kinds that reached a public trust root and took a second ceremony to repair.

Each is an event that changes one thing of a sound repository; without the validators it is merged.
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT
from tests.validators.documents import b64, instance, put, spoilt
from tests.validators.test_tasks import check_of

from tufline.repository.forge import CheckVerdict

Change = Callable[[Any], object]


def swap_ids(tree: Any) -> None:  # noqa: ANN401 - JSON
    first, second = tree["tlogs"]
    first["logId"], second["logId"] = second["logId"], first["logId"]


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        pytest.param(TRUSTED_ROOT, swap_ids, "tlogs[0].logId.keyId", id="wrong-log-id"),
        pytest.param(
            TRUSTED_ROOT,
            put("tlogs", 1, "logId", "keyId", value=b64(instance().logs[1].spki)),
            "tlogs[1].logId.keyId",
            id="the-key-in-place-of-its-id",
        ),
        pytest.param(
            SIGNING_CONFIG,
            put("rekorTlogUrls", 0, "url", value="https://log2.exmaple.org"),
            "rekorTlogUrls[0].url (https://log2.exmaple.org) is not in tlogs",
            id="typo-in-a-url",
        ),
        pytest.param(
            TRUSTED_ROOT,
            put("tlogs", 1, "baseUrl", value="https://log2.exmaple.org"),
            "tlogs[1].logId.keyId",
            id="typo-in-a-log's-name",
        ),
        pytest.param(
            TRUSTED_ROOT,
            lambda tree: tree["tlogs"][0]["publicKey"]["validFor"].pop("end"),
            "tlogs[0].publicKey.validFor.end is gone, but main has ended it",
            id="end-date-rolled-back",
        ),
        pytest.param(
            SIGNING_CONFIG,
            put("rekorTlogUrls", 0, "url", value="https://log1.example.org"),
            "has ended in tlogs of trusted_root.json",
            id="signing-with-an-ended-log",
        ),
    ],
)
def test_it_is_refused_before_anybody_signs(file: str, change: Change, named: str) -> None:
    sound = instance().trusted_root() if file == TRUSTED_ROOT else instance().signing_config()
    said = check_of({file: spoilt(sound, change)})
    assert said is not None
    assert said.verdict is CheckVerdict.FAILED
    assert named in said.text
