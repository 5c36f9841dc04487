"""The state of a published repository: how long it lasts, who signs it, how long that takes."""

from tufline.repository.status._facts import EventFacts, Forecast, RepositoryFacts, RoleFacts
from tufline.repository.status._forecast import forecasts
from tufline.repository.status._ladder import Ending, Ladder, Rung, endings
from tufline.repository.status._roles import role_facts

__all__ = [
    "Ending",
    "EventFacts",
    "Forecast",
    "Ladder",
    "RepositoryFacts",
    "RoleFacts",
    "Rung",
    "endings",
    "forecasts",
    "role_facts",
]
