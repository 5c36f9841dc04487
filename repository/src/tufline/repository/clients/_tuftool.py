"""tuftool (the Rust library tough) with the command line of tuf-conformance.

    python -m tufline.repository.clients._tuftool TUFTOOL --metadata-dir DIR ...

tuftool updates and downloads in one command and keeps nothing afterwards. So `refresh` has it
fetch and verify all metadata, of every delegated role too; of that we keep the newest root, and
nothing else: what it shows is that the repository is sound for a client of that root. It never
shows that a rollback of timestamp or snapshot is noticed. `init` only keeps the root: a root that
tuftool cannot read is refused at `refresh`. The time is the clock's.
"""

import re
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tufline.repository.clients._command_line import client_parser

_ROOT: Final = "root.json"
_VERSIONED: Final = re.compile(r"([0-9]+)\.root\.json")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status, which is 1 where tuftool fails."""
    tuftool, *rest = sys.argv[1:] if argv is None else argv
    arguments = client_parser().parse_args(rest)
    if arguments.command == "init":
        shutil.copyfile(arguments.root, arguments.metadata_dir / _ROOT)
        return 0
    with TemporaryDirectory(prefix="tufline-tuftool-") as folder:
        for command in _commands(arguments, Path(folder)):
            if subprocess.run([tuftool, *command], check=False).returncode != 0:  # noqa: S603 - as told
                return 1
        _keep(Path(folder), arguments)
    return 0


def _commands(arguments: Namespace, folder: Path) -> Iterator[tuple[str, ...]]:
    trusted = ("--root", str(arguments.metadata_dir / _ROOT))
    metadata = ("--metadata-url", arguments.metadata_url)
    kept = ("--metadata-only", "--metadata-dir", str(folder / "metadata"))
    yield "clone", *trusted, *metadata, *kept
    if arguments.command == "download":
        names = (each for name in arguments.target_name for each in ("--target-name", name))
        targets = ("--targets-url", arguments.target_base_url)
        yield "download", *trusted, *metadata, *targets, *names, str(folder / "artifacts")


def _keep(folder: Path, arguments: Namespace) -> None:
    """Trust the newest root from now on, and put the artifacts where they belong."""
    roots = {
        int(match[1]): path
        for path in (folder / "metadata").iterdir()
        if (match := _VERSIONED.fullmatch(path.name))
    }
    if roots:
        shutil.copyfile(roots[max(roots)], arguments.metadata_dir / _ROOT)
    if arguments.command == "download":
        shutil.copytree(folder / "artifacts", arguments.target_dir, dirs_exist_ok=True)


if __name__ == "__main__":
    sys.exit(main())
