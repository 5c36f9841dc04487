"""A process that signs online, run by tests as `python -m tests.support.kms.host`.

It reads one JSON object per line, does what that says, and answers with one line. The libraries of
the clouds take what they need from its environment, as they do in a job.
"""

import io
import json
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from securesystemslib.signer import (
    AWSSigner,
    AzureSigner,
    GCPSigner,
    HSMSigner,
    VaultSigner,
)

_IMPORTS: Final[Mapping[str, Callable[..., Any]]] = {
    "awskms": AWSSigner.import_,
    "azurekms": AzureSigner.import_,
    "gcpkms": GCPSigner.import_,
    "hsm": HSMSigner.import_,
    "hv": VaultSigner.import_,
}


def _import(kind: str, arguments: list[Any]) -> Mapping[str, Any]:
    """Return the URI and the public key, as they come from the service."""
    uri, key = _IMPORTS[kind](*arguments)
    return {"uri": uri, "key": key.to_dict()}


def _sign(
    server: str, now: str, confirmed: str, budget: float, attempt: float, haste: float
) -> Mapping[str, Any]:
    """Run the job as the command does, with these limits; waits are `haste` times shorter."""
    from tufline.online_sign._keys import KeysByUri, OnlineKeys  # noqa: PLC0415 - not needed for imports
    from tufline.online_sign._retrying import Retrying  # noqa: PLC0415 - "
    from tufline.online_sign._run import Run  # noqa: PLC0415 - "
    from tufline.online_sign.job import online_sign  # noqa: PLC0415 - "
    from tufline.repository.history import open_history  # noqa: PLC0415 - "

    def sleep(seconds: float) -> None:
        time.sleep(seconds / haste)

    def patience(keys: OnlineKeys, _: float) -> OnlineKeys:
        return Retrying(keys, budget=budget, attempt=attempt, sleep=sleep)

    keys = Run(KeysByUri(), patience=patience)
    with open_history(Path(server)) as history:
        when = datetime.fromisoformat(now)
        outcome = online_sign(history, keys, now=when, confirmed_root=confirmed)
    return {
        "moved": outcome.moved,
        "signed": list(outcome.signed),
        "refused": str(outcome.refused) if outcome.refused else None,
    }


def _run(arguments: list[str]) -> Mapping[str, Any]:
    """Run `tufline` with these arguments."""
    from tufline.repository.commands import main  # noqa: PLC0415 - not needed to import keys

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


_ACTS: Final[Mapping[str, Callable[..., Mapping[str, Any]]]] = {
    "import": _import,
    "sign": _sign,
    "run": _run,
}


def _answer(act: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - the test judges it
        hint = getattr(error, "hint", None)
        return {"error": type(error).__name__, "message": str(error), "hint": hint}


def main() -> None:
    """Answer until there are no more lines."""
    for line in sys.stdin:
        asked = json.loads(line)
        act = partial(_ACTS[asked.pop("act")], **asked)
        sys.stdout.write(json.dumps(_answer(act)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
