"""Real clients, in several languages, on repositories that are sound and on others.

What is expected of each client is what was seen: a later version may well say something else, and
then these tables, and docs/clients.md, should be corrected.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.clients import sites
from tests.clients.conftest import NAMES, Try, program
from tests.clients.sites import Change, site

from tufline.repository.clients import Accepted, Matrix, Rejected

Record = Callable[[str, Matrix], None]


@pytest.mark.parametrize("name", NAMES)
def test_client_is_installed(name: str) -> None:
    assert shutil.which(program(name).command[0])


def verdicts(matrix: Matrix, start: str) -> dict[str, type]:
    return {each.client: type(each.verdict) for each in matrix.trials if each.start == start}


def expect(matrix: Matrix, start: str, *, refused_by: set[str] | None) -> None:
    """Make sure that exactly these clients refuse, None: all; and the others accept."""
    found = verdicts(matrix, start)
    refusing = set(NAMES) if refused_by is None else refused_by
    assert found, matrix
    expected = {client: Rejected if client in refusing else Accepted for client in found}
    assert found == expected, matrix


@pytest.mark.parametrize(
    "change",
    [sites.nothing, sites.hashes_everywhere, sites.keyid_of_whole_key],
    ids=lambda change: change.__name__,
)
def test_sound_repository_is_accepted(change: Change, try_site: Try, record: Record) -> None:
    matrix = try_site(site(change))
    record(change.__name__, matrix)

    expect(matrix, "new", refused_by=set())


def test_every_client_gets_on_from_every_start(try_site: Try, record: Record) -> None:
    matrix = try_site(replace(site(sites.everything), roots=(1, 2, 3)))
    record("everything", matrix)

    assert {each.start for each in matrix.trials} == {"new", "root 2", "root 3", "published"}
    for start in ("new", "root 2", "root 3", "published"):
        expect(matrix, start, refused_by=set())
    assert matrix.accepted


def test_artifacts_in_folders_are_downloaded_by_all_but_tuftool(try_site: Try) -> None:
    matrix = try_site(site())

    untried = {
        each.client: set(each.verdict.untried)
        for each in matrix.trials
        if isinstance(each.verdict, Accepted)
    }
    in_folders = {sites.DELEGATED, sites.NESTED}
    assert untried == {name: in_folders if name == "tuftool" else set() for name in untried}
    assert untried


@pytest.mark.parametrize(
    ("change", "refused_by"),
    [
        (sites.other_bytes, None),
        (sites.expired_timestamp, None),
        (sites.unsigned_targets, None),
        (sites.unsigned_root, None),
        (sites.empty_signature, set()),
        (sites.only_sha512, {"tuftool"}),
        (sites.keyid_without_fields, {"tuftool"}),
        (sites.p384_online, {"tuf-js", "tuftool"}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_new_client_refuses(
    change: Change, refused_by: set[str] | None, try_site: Try, record: Record
) -> None:
    matrix = try_site(site(change))
    record(change.__name__, matrix)

    expect(matrix, "new", refused_by=refused_by)


@pytest.mark.parametrize("change", [sites.snapshot_goes_back, sites.timestamp_goes_back])
def test_client_with_memory_refuses_to_go_back(
    change: Change, try_site: Try, record: Record
) -> None:
    matrix = try_site(site(change))
    record(change.__name__, matrix)

    expect(matrix, "new", refused_by=set())
    expect(matrix, "published", refused_by=set(NAMES) - {"tuftool"})
