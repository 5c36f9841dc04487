"""Checks of what artifacts say, beyond what TUF knows of them."""

from tufline.repository.validators._settings import BUNDLED, ValidatorSettings

__all__ = ["BUNDLED", "ValidatorSettings"]
