"""What an attacker does to an event, and which rules refuse it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from tests.support.judging import judge, judge_whole
from tests.support.sample import Sample

from tufline.repository.review import Review


def repository() -> Sample:
    """Return known good, the same each time: all roles have a version 1 to go back to."""
    return _made().copy()


@cache
def _made() -> Sample:
    sample = Sample()
    sample.edit("root")
    sample.edit("targets")
    sample.edit("npm")
    return sample


def signed_change() -> tuple[Sample, Sample]:
    """Return known good, and an event that all signed, in which every role changes."""
    base = repository()
    event = base.copy()
    event.put("file.txt", b"two\n")
    event.put("npm/keys.json", b"other keys\n")
    event.edit("root")
    return base, event


def refusals(base: Sample, event: Sample) -> set[str]:
    """Return the rules that refuse the event; it must be refused on main as well."""
    assert errors(judge_whole(base, event)), "main accepts it"
    return errors(judge(base, event))


def errors(found: Review) -> set[str]:
    """Return the rules that refuse."""
    return {each.rule for each in found.errors}


def resigned(sample: Sample, role: str, change: Callable[[Any], object]) -> None:
    """Change the role and keep the signatures as they were made."""
    metadata = sample.load(role)
    change(metadata.signed)
    sample.write(role, metadata)
