from datetime import timedelta
from typing import Any

import pytest
from tests.validators.documents import NOW, config_problems, put

from tufline.repository.validators import Subject
from tufline.repository.validators.sigstore import validate_signing_config

LOG = ("rekorTlogUrls", 0)
FIRST_LOG = "https://log1.example.org"


def test_a_sound_file_has_no_problem() -> None:
    assert config_problems() == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("mediaType", value="v0.1"), "mediaType: Input should be"),
        (put("caUrls", value=[]), "caUrls: Tuple should have at least 1 item"),
        (put(*LOG, "majorApiVersion", value=0), "rekorTlogUrls[0].majorApiVersion: Input should"),
        (put(*LOG, "url", value="https://lgo2.example.org"), "is not in tlogs of trusted_root"),
        (
            put("caUrls", 0, "url", value="https://log2.example.org"),
            "not in certificateAuthorities",
        ),
        (put("tsaUrls", 0, "url", value="https://tsa.example.org"), "not in timestampAuthorities"),
        (
            put(*LOG, "url", value=FIRST_LOG),
            "has ended in tlogs of trusted_root.json at 2025-11-21T12:00:00Z; remove it",
        ),
        (
            put(*LOG, "validFor", "end", value="2026-02-01T00:00:00Z"),
            "(https://log2.example.org) has ended at 2026-02-01T00:00:00Z; remove it",
        ),
        (
            put(*LOG, "validFor", "end", value="2024-02-01T00:00:00Z"),
            "rekorTlogUrls[0].validFor ends at 2024-02-01T00:00:00Z, before it starts",
        ),
        (
            lambda t: t["rekorTlogUrls"].append(t["rekorTlogUrls"][0]),
            "rekorTlogUrls[1].url is that of rekorTlogUrls[0] too; remove one of the two",
        ),
        (put(*LOG, "validFor", "start", value="2027-01-01T00:00:00Z"), "none that is valid now"),
        (put("tsaUrls", value=[]), "tsaUrls is empty, but a log of version 2 gives no time"),
        (lambda t: t.pop("tsaConfig"), "tsaConfig is missing, which tsaUrls needs; add it"),
        (put("tsaConfig", value={"selector": "EXACT"}), "tsaConfig.count is missing"),
        (
            put("rekorTlogConfig", value={"selector": "EXACT", "count": 2}),
            "rekorTlogConfig.count is 2, but rekorTlogUrls has 1 valid now",
        ),
    ],
)
def test_each_defect_is_named_with_its_place(change: Any, expected: str) -> None:  # noqa: ANN401 - a change
    problems = config_problems(change)
    assert [each for each in problems if expected in each], problems


def test_what_the_trusted_root_ends_is_found_from_here() -> None:
    end = put("tlogs", 1, "publicKey", "validFor", "end", value="2026-06-01T00:00:00Z")
    used = "rekorTlogUrls[0].url (https://log2.example.org) is used when tlogs of trusted_root.json"
    assert config_problems(root=end) == (
        f"{used} does not trust it; make its validFor shorter than the one there",
    )
    shorter = put(*LOG, "validFor", "end", value="2026-05-01T00:00:00Z")
    assert config_problems(shorter, root=end) == ()


def test_a_chain_that_expires_ends_the_trust_too() -> None:
    assert any("has ended in certificateAuthorities" in each for each in _years_later())


def _years_later() -> tuple[str, ...]:
    return config_problems(now=NOW + timedelta(days=4000))


def test_without_the_trusted_root_nothing_can_be_compared() -> None:
    assert config_problems(root=None) == ("there is no trusted_root.json beside it; add one",)
    broken = config_problems(root=lambda tree: tree.clear())
    assert broken == ("trusted_root.json beside it cannot be read; correct that first",)


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b'{"caUrls": [1]}'])
def test_whatever_is_there_is_an_answer(data: bytes) -> None:
    subject = Subject(artifact="signing_config.v0.2.json", data=data, now=NOW)
    assert validate_signing_config(subject)
