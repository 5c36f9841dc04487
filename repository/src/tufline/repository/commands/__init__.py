"""The commands: one file each. Only here does Tufline print, prompt or exit."""

from tufline.repository.commands._group import CI_COMMANDS, COMMANDS, LazyGroup
from tufline.repository.commands._main import main, tufline
from tufline.repository.commands._options import (
    Instant,
    git_dir_option,
    json_option,
    now_option,
    remote_option,
)
from tufline.repository.commands._screen import spelled, styled

__all__ = [
    "CI_COMMANDS",
    "COMMANDS",
    "Instant",
    "LazyGroup",
    "git_dir_option",
    "json_option",
    "main",
    "now_option",
    "remote_option",
    "spelled",
    "styled",
    "tufline",
]
