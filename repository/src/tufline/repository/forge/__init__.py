"""Where people work together on a change: the port, and the plain git server."""

from tufline.repository.forge._bare import BareForge
from tufline.repository.forge._interface import EventStatus, Forge, ForgeFailed

__all__ = ["BareForge", "EventStatus", "Forge", "ForgeFailed"]
