"""The commands: one file each. Only here does Tufline print, prompt or exit."""

from tufline.repository.commands._main import main, tufline
from tufline.repository.commands._options import (
    git_dir_option,
    now_option,
)
from tufline.repository.commands._screen import spelled, styled

__all__ = [
    "git_dir_option",
    "main",
    "now_option",
    "spelled",
    "styled",
    "tufline",
]
