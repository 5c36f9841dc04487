"""The state of a published repository: how long it lasts, who signs it, how long that takes."""

from tufline.repository.status._facts import EventFacts, Forecast, RepositoryFacts, RoleFacts

__all__ = ["EventFacts", "Forecast", "RepositoryFacts", "RoleFacts"]
