"""What a forge kept of a status may be written by others: it counts for nothing, or is sound."""

from typing import Any

import pytest

from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.forge._record import status_from_json, status_json
from tufline.repository.history import Commit

STATUS = EventStatus(
    event="sign/change",
    main=Commit("a" * 40),
    head=Commit("b" * 40),
    verdict="waiting",
    summary="waiting for @ann",
    text="text",
    asks=(Ask(act=Act.SIGN, who="@ann", role="targets"),),
    signed=(("targets", "@bob"),),
)


def test_what_was_kept_is_read_again() -> None:
    assert status_from_json(status_json(STATUS)) == STATUS


@pytest.mark.parametrize(
    "ask",
    [
        {"act": "sign", "who": "@ann", "role": ["targets"]},
        {"act": "sign", "who": {"x": 1}, "role": "targets"},
        {"act": "sign", "who": None, "role": 7},
    ],
)
def test_attack_asks_of_other_types_stop_no_run(ask: dict[str, Any]) -> None:
    found = status_from_json(status_json(STATUS) | {"asks": [ask]})

    assert found is not None
    assert set(found.asks).isdisjoint(STATUS.asks)
    assert sorted(found.asks + STATUS.asks)


@pytest.mark.parametrize("ask", [{"act": "sign"}, {"act": "sing", "who": "", "role": ""}, "x", 7])
def test_asks_that_are_none_make_it_no_status(ask: object) -> None:
    assert status_from_json(status_json(STATUS) | {"asks": [ask]}) is None
