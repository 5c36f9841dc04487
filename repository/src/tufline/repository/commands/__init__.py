"""The commands: one file each. Only here does Tufline print, prompt or exit."""

from tufline.repository.commands._answer import append_to, show_answer
from tufline.repository.commands._main import main, tufline
from tufline.repository.commands._options import (
    forge_option,
    git_dir_option,
    json_option,
    now_option,
)
from tufline.repository.commands._place import ForgeName, open_place
from tufline.repository.commands._screen import spelled, styled
from tufline.repository.commands._verifiers import verifiers

__all__ = [
    "ForgeName",
    "append_to",
    "forge_option",
    "git_dir_option",
    "json_option",
    "main",
    "now_option",
    "open_place",
    "show_answer",
    "spelled",
    "styled",
    "tufline",
    "verifiers",
]
