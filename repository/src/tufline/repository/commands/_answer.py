"""How a job answers: in JSON, to whoever reads its output and to the next step of a workflow."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click


def show_answer(answer: Mapping[str, Any]) -> None:
    """Print the answer as one line of ASCII; on GitHub it is the step's output `answer` as well."""
    line = json.dumps(answer)
    click.echo(line)
    append_to("GITHUB_OUTPUT", f"answer={line}\n")


def append_to(variable: str, text: str) -> None:
    """Append to the file that an environment variable names, if it names one."""
    name = os.environ.get(variable)
    if name:
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
