"""Checks of what artifacts say, beyond what TUF knows of them."""

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
from tufline.repository.validators._run import Task, content, tasks, validate
from tufline.repository.validators._settings import ValidatorSettings

__all__ = [
    "Job",
    "Opinion",
    "RunCommand",
    "Sound",
    "Subject",
    "Task",
    "Undecided",
    "Unsound",
    "Validation",
    "ValidatorSettings",
    "content",
    "run_command",
    "tasks",
    "validate",
]
