"""The state of a published repository: how long it lasts, who signs it, how long that takes."""

from tufline.repository.status._facts import EventFacts, Forecast, RepositoryFacts, RoleFacts
from tufline.repository.status._forecast import forecasts
from tufline.repository.status._roles import role_facts

__all__ = [
    "EventFacts",
    "Forecast",
    "RepositoryFacts",
    "RoleFacts",
    "forecasts",
    "role_facts",
]
