"""An event cannot have keys asked without end, nor fill what jobs hand on with their names."""

import json
from collections.abc import Iterable

from tests.jobs.arranging import with_settings
from tests.online_sign.test_preflight import ALLOWED, checked, proposing
from tests.support.sample import ONLINE

from tufline.repository.forge import CheckVerdict, check_json

_ENVIRONMENT = 2**17  # bytes that Linux lets one variable have


def many(number: int, length: int = 0) -> Iterable[str]:
    return (f"file2:key-{each}-{'x' * length}" for each in range(number))


def test_many_proposed_keys_are_not_all_tried() -> None:
    pipeline = proposing(with_settings(ALLOWED), [ONLINE, *many(120)])

    found = checked(pipeline)

    assert len(pipeline.keys.tried) <= 50
    assert found.verdict is CheckVerdict.INCONCLUSIVE
    assert "more than 50" in found.text


def test_long_names_stay_within_what_a_variable_holds() -> None:
    pipeline = proposing(with_settings(ALLOWED), many(60, length=5_000))
    pipeline.keys.missing.update(many(60, length=5_000))

    said = json.dumps([check_json(checked(pipeline))])

    assert len(said.encode()) < _ENVIRONMENT / 4
