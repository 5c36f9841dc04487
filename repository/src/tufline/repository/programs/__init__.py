"""Programs of others, run so that they can do little harm."""

from tufline.repository.programs._run import NotRun, Ran, bare_environment, run

__all__ = ["NotRun", "Ran", "bare_environment", "run"]
