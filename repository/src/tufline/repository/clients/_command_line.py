"""The command line that a client speaks: that of tuf-conformance, for the programs of ours."""

import argparse
from pathlib import Path


def client_parser() -> argparse.ArgumentParser:
    """Return its parser; `command` is "init" (with `root`), "refresh" or "download"."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--metadata-dir", type=Path, required=True)
    parser.add_argument("--metadata-url")
    parser.add_argument("--target-name", action="append", default=[])
    parser.add_argument("--target-dir", type=Path)
    parser.add_argument("--target-base-url")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("init").add_argument("root", type=Path)
    commands.add_parser("refresh")
    commands.add_parser("download")
    return parser
