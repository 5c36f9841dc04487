"""GitHub Actions on this machine, for the emulated GitHub: the real workflow files, run by `act`.

    tools = make_tools(tmp_path / "tools")
    runner = Runner(hub=hub, tools=tools, folder=tmp_path / "runs")
    runner.settle()

Jobs are programs on this machine, which see neither its settings nor anybody's credentials. What is
not as on GitHub: the order of runs (one after another, none cancelled), images (whatever is
installed here), and identities (nothing asks for one; see `Grant`).
"""

from tests.support.act._runner import Grant, JobRun, NotAsExpected, Runner
from tests.support.act._tools import ACT, NO_ACT, Tools, make_tools

__all__ = ["ACT", "NO_ACT", "Grant", "JobRun", "NotAsExpected", "Runner", "Tools", "make_tools"]
