"""Settings of hypothesis for all tests.

No deadline, for the machine may be busy with other tests. With `CI` in the environment the examples
are the same in every run, so that a failure there is about the change and not about luck.
"""

import os

from hypothesis import settings

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
