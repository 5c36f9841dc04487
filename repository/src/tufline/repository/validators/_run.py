"""Which validators look at which artifacts of a change, and what they say.

The validators are those of known good: what an event says of them counts only after the merge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256

from tuf.api.metadata import DelegatedRole

from tufline.repository.format import artifact_of_path, artifact_path
from tufline.repository.state import PLAIN, Entry, State, may_list
from tufline.repository.validators._bundled import BundledValidator, bundled
from tufline.repository.validators._command import run_command
from tufline.repository.validators._interface import (
    Job,
    Opinion,
    RunCommand,
    Sound,
    Subject,
    Undecided,
    Unsound,
    Validation,
)
from tufline.repository.validators._settings import ValidatorSettings

_LARGEST = 32 * 2**20  # what we hold in memory for a validator, all files together
_PROGRAM = "./"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One validator and one artifact of the proposed state that it must look at.

    Attributes:
        siblings: the other artifacts that it looks at too.
    """

    validator: ValidatorSettings
    artifact: Entry
    siblings: tuple[Entry, ...]


def tasks(
    settings: Sequence[ValidatorSettings], proposed: State, changed: Iterable[str]
) -> tuple[Task, ...]:
    """Return what must be validated when the files at the paths `changed` differ.

    An artifact is looked at if it changes, or if what a bundled validator compares it with does.
    """
    if not settings:
        return ()
    folders: dict[str, set[str]] = {}
    for path in changed:
        artifact = artifact_of_path(path)
        if artifact is not None:
            folder, _, name = artifact.rpartition("/")
            folders.setdefault(folder, set()).add(name)
    return tuple(
        task
        for folder, names in sorted(folders.items())
        for task in _tasks_of(settings, _folder(proposed, folder), names)
    )


def content(wanted: Iterable[Task], known_good: State) -> str | None:
    """Return a digest of all that the tasks look at; None where there is nothing to do."""
    parts: list[object] = []
    for task in wanted:
        before = known_good.files.find(task.artifact.path)
        programs = tuple(sorted((each.path, each.id) for each in _programs(task, known_good)))
        looked_at = (task.artifact, *task.siblings)
        files = tuple((each.path, each.id) for each in looked_at)
        parts.append((repr(task.validator), files, before and before.id, programs))
    return sha256(repr(parts).encode()).hexdigest() if parts else None


def validate(
    wanted: Iterable[Task],
    known_good: State,
    proposed: State,
    *,
    now: datetime,
    run: RunCommand = run_command,
) -> tuple[Validation, ...]:
    """Do the tasks. Never raises for what the files hold."""
    return tuple(
        Validation(
            validator=task.validator.name,
            artifact=task.artifact.path.partition("/")[2],
            opinion=_opinion(task, known_good, proposed, now=now, run=run),
        )
        for task in wanted
    )


def _opinion(
    task: Task, known_good: State, proposed: State, *, now: datetime, run: RunCommand
) -> Opinion:
    entries = (task.artifact, *task.siblings)
    found = dict(_read(proposed, entries))
    if len(found) < len(entries):
        return Undecided(why=f"it and its siblings are larger than {_LARGEST >> 20} MiB")
    if task.validator.use is None:
        programs = dict(_read(known_good, _programs(task, known_good)))
        return run(_job(task, found, programs))
    subject = Subject(
        artifact=task.artifact.path.partition("/")[2],
        data=found[task.artifact.path],
        before=known_good.read(task.artifact.path),
        siblings={_name(each.path): found[each.path] for each in task.siblings},
        now=now,
    )
    problems = _problems(bundled(task.validator.use), subject)
    return Unsound(problems=problems) if problems else Sound()


def _problems(ours: BundledValidator, subject: Subject) -> tuple[str, ...]:
    """Return what one of ours says; where it stumbles over the file, so will clients."""
    try:
        return tuple(ours.validate(subject))
    except Exception as error:  # noqa: BLE001 - the file may hold anything
        return (f"it cannot be understood ({type(error).__name__}: {error}); write it anew",)


def _job(task: Task, found: Mapping[str, bytes], programs: Mapping[str, bytes]) -> Job:
    return Job(
        command=task.validator.command,
        programs=programs,
        artifact=task.artifact.path.partition("/")[2],
        artifacts={path.partition("/")[2]: data for path, data in found.items()},
        timeout=task.validator.timeout,
    )


def _tasks_of(
    settings: Sequence[ValidatorSettings], folder: Mapping[str, Entry], changed: set[str]
) -> Iterator[Task]:
    for validator in settings:
        ours = bundled(validator.use) if validator.use else None
        matching = [name for name, entry in folder.items() if _matches(validator, entry)]
        for name in matching:
            siblings = [each for each in (matching if ours is None else folder) if each != name]
            if ours is not None:
                siblings = [each for each in siblings if ours.compares_with(each)]
            if name in changed or _moves(ours, changed):
                entries = tuple(folder[each] for each in siblings)
                yield Task(validator=validator, artifact=folder[name], siblings=entries)


def _moves(ours: BundledValidator | None, changed: set[str]) -> bool:
    """Whether something changes that a bundled validator compares its artifact with."""
    return ours is not None and any(map(ours.compares_with, changed))


def _folder(state: State, folder: str) -> dict[str, Entry]:
    """Return the plain files directly in a folder of artifacts, by name."""
    path = artifact_path(folder).rstrip("/")
    found = (state.files.find(f"{path}/{name}") for name in state.files.names(path))
    return {_name(each.path): each for each in found if each and each.kind in PLAIN}


def _matches(validator: ValidatorSettings, entry: Entry) -> bool:
    return may_list(_terms(validator.paths), entry.path.partition("/")[2])


@cache
def _terms(paths: tuple[str, ...]) -> DelegatedRole:
    return DelegatedRole("validated", [], 1, terminating=False, paths=list(paths))


def _programs(task: Task, known_good: State) -> Iterator[Entry]:
    """Yield the files of known good that the command needs.

    A word that begins with "./" names one; what lies in its folder and below comes along.
    """
    for word in task.validator.command:
        if not word.startswith(_PROGRAM):
            continue
        path = word.removeprefix(_PROGRAM)
        folder = path.rpartition("/")[0]
        found = known_good.files.below(folder) if folder else (known_good.files.find(path),)
        yield from (each for each in found if each and each.kind in PLAIN)


def _read(state: State, entries: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes by path, as many as there is room for."""
    room = _LARGEST
    for entry, data in state.files.read_many(entries):
        room -= len(data)
        if room < 0:
            return
        yield entry.path, data


def _name(path: str) -> str:
    return path.rpartition("/")[2]
