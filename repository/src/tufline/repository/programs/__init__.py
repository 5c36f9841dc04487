"""Programs of others, run so that they can do little harm."""

from tufline.repository.programs._run import Crashed, NotRun, Ran, bare_environment, run

__all__ = ["Crashed", "NotRun", "Ran", "bare_environment", "run"]
