"""What is checked of an event beside review: by real clients, by online keys, by validators."""

from tufline.repository.jobs.checks._checks import Checks, run_checks
from tufline.repository.jobs.checks._interface import Checker

__all__ = ["Checker", "Checks", "run_checks"]
