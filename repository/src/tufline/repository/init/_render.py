"""The files of a repository, from the templates beside this module.

The templates are written with `[[ value ]]` and `[% if %]`, since `{{ }}` is GitHub's.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from tufline.repository import project
from tufline.repository.init._options import Options


def render(options: Options) -> Mapping[str, bytes]:
    """Return the files of a new repository, or of its server, by path; sorted."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - slow to import, # fmt: skip

    templates = dict(_templates(options))
    environment = Environment(
        loader=FunctionLoader(templates.get),
        autoescape=False,  # noqa: S701 - no HTML; values are quoted by `toml` and checked as options
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = json.dumps  # a JSON text is one in YAML and in TOML too
    values = _values(options)
    return {
        path: environment.get_template(path).render(values).encode() for path in sorted(templates)
    }


def _templates(options: Options) -> Iterator[tuple[str, str]]:
    """Yield path and text of each template: those of all hosts, then the host's own."""
    top = files("tufline.repository.init") / "templates"
    yield from _below(top / "all", "")
    yield from _below(top / ("github" if options.on_github else "bare"), "")


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        path = prefix + entry.name
        if entry.is_dir():
            yield from _below(entry, f"{path}/")
        else:
            yield path, entry.read_text(encoding="utf-8")


def _values(options: Options) -> dict[str, Any]:
    return {
        "name": options.name,
        "maintainers": options.maintainers,
        "metadata_dir": options.metadata_dir,
        "project": project,
        "pages_url": _pages_url(options.name),
        "host": options.host,
    }


def _pages_url(name: str) -> str:
    """Return where GitHub Pages shows "owner/name", unless a domain of its own is set."""
    owner, _, repository = name.lower().partition("/")
    site = f"https://{owner}.github.io/"
    return site if f"https://{repository}/" == site else f"{site}{name.partition('/')[2]}/"
