"""Carrying payloads to a machine that has neither network nor clone, nor git."""

import hashlib
import io
import json
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from tests.signer.helpers import NEXT, NOW, TUFLINE, Holder, Outcome, Server

from tufline.repository.commands import main
from tufline.repository.format import canonical_json


def root_fingerprint(server: Server) -> str:
    """Return what another signer would tell: the SHA-256 of main's oldest root."""
    return hashlib.sha256(server.read("metadata/root_history/1.root.json", "main")).hexdigest()


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def signs(person: Holder, payload: Path, output: Path, *more: str | Path) -> list[str]:
    """Return the words by which a person signs a payload with a key in a file."""
    return [
        *("sign", "--offline", str(payload), "-o", str(output), "--user", person.name),
        *("--key", f"file2:{person.key_file}", *map(str, more)),
    ]


def offline(person: Holder, payload: Path, output: Path, *more: str | Path) -> Outcome:
    """Sign a payload in this process, where there is no terminal."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        words = signs(person, payload, output, *more)
        code = main([*words, "--now", NOW.isoformat()])
    return Outcome(code, out.getvalue(), err.getvalue())


def offline_apart(folder: Path, words: list[str], **environment: str) -> Outcome:
    """Run a command on a machine that has no git, in a folder that is no clone."""
    home = folder / "home-of-its-own"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [TUFLINE, *words, "--now", NOW.isoformat()],
        cwd=home,
        env={"HOME": str(home), "PATH": str(home), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def job(server: Server, event: str = NEXT) -> str:
    """Run the signing-event job on the server; return the verdict."""
    out = io.StringIO()
    with redirect_stdout(out):
        words = ["ci", "signing-event", event, "-C", str(server.path), "--now", NOW.isoformat()]
        assert main(words) == 0
    return str(json.loads(out.getvalue())["verdict"])


def forged(payload: Path, change: Callable[[Any], object]) -> Path:
    """Return a payload in which `change` was made, with the right digest of itself."""
    tree = json.loads(payload.read_bytes())
    tree.pop("sha256")
    change(tree)
    tree["sha256"] = hashlib.sha256(canonical_json(tree)).hexdigest()
    data = json.dumps(tree).encode()
    file = payload.with_name(f"forged-{hashlib.sha256(data).hexdigest()[:8]}")
    file.write_bytes(data)
    return file
