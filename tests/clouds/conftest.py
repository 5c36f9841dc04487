"""Says loudly where these tests cannot run: their libraries are in an environment of their own."""

from importlib.util import find_spec

import pytest

_NEEDED = ("boto3", "hvac", "google.cloud.kms", "azure.keyvault")


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


_MISSING = [name for name in _NEEDED if not _is_there(name)]
collect_ignore_glob = ["*"] if _MISSING else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _MISSING:
        said = f"SKIPPED tests/clouds: {', '.join(_MISSING)} not installed; run `make test`"
        terminalreporter.write_line(said, yellow=True)
