"""python-tuf's client, with the command line of tuf-conformance. Run with `python -m`.

    CLIENT --metadata-dir DIR init ROOT
    CLIENT --metadata-dir DIR --metadata-url URL refresh
    CLIENT --metadata-dir DIR --metadata-url URL --target-name NAME ... --target-dir DIR
        --target-base-url URL download

Exit status 0 if the client is content, 1 if it is not. After `init` it trusts what lies in
`--metadata-dir` under names without a version, and nothing else. The time is the clock's, or that
in TUFLINE_CLIENT_NOW.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from tuf.api.exceptions import DownloadError, RepositoryError
from tuf.ngclient import Updater

from tufline.repository.clients._command_line import client_parser
from tufline.repository.clients._time import VARIABLE

_NOWHERE: Final = "http://127.0.0.1:9/"  # `init` asks nobody


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    stated = os.environ.get(VARIABLE)
    said = refusal(argv, now=datetime.fromisoformat(stated) if stated else None)
    if said is not None:
        print(said, file=sys.stderr)  # noqa: T201 - a program
    return 0 if said is None else 1


def refusal(argv: Sequence[str] | None, *, now: datetime | None) -> str | None:
    """Run one command as of `now` (None: the clock's time); return why the client stops, if so."""
    arguments = client_parser().parse_args(argv)
    try:
        _COMMANDS[arguments.command](arguments, now)
    except (RepositoryError, DownloadError, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def _init(arguments: argparse.Namespace, now: datetime | None) -> None:
    """Trust a root, if it verifies by its own keys, whatever the time."""
    del now
    root = Path(arguments.root).read_bytes()
    Updater(str(arguments.metadata_dir), _NOWHERE, bootstrap=root)


def _refresh(arguments: argparse.Namespace, now: datetime | None) -> None:
    _updater(arguments, now).refresh()


def _download(arguments: argparse.Namespace, now: datetime | None) -> None:
    """Download each artifact, unless the same bytes are there."""
    updater = _updater(arguments, now)
    for name in arguments.target_name:
        listed = updater.get_targetinfo(name)
        if listed is None:
            raise RepositoryError(f"no role lists {name}")
        if updater.find_cached_target(listed) is None:
            updater.download_target(listed)


def _updater(arguments: argparse.Namespace, now: datetime | None) -> Updater:
    updater = Updater(
        str(arguments.metadata_dir),
        arguments.metadata_url,
        str(arguments.target_dir) if arguments.target_dir else None,
        arguments.target_base_url,
        bootstrap=None,  # what `init` put into metadata_dir
    )
    if now is not None:
        # python-tuf notes the time here and has no option for it; it judged nothing by it so far.
        updater._trusted_set.reference_time = now  # noqa: SLF001 - no other way
    return updater


_COMMANDS: Final = {"init": _init, "refresh": _refresh, "download": _download}

if __name__ == "__main__":
    sys.exit(main())
