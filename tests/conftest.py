"""Settings of hypothesis for all tests, and their order.

No deadline, for the machine may be busy with other tests. With `CI` in the environment the examples
are the same in every run, so that a failure there is about the change and not about luck.
"""

import os

import pytest
from hypothesis import settings

_LONG = "tests/workflows/"

pytest.register_assert_rewrite("tests.signer.transcribing")  # says what differs

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))
