"""Services that hold online keys, on loopback, with their real protocols and planned faults."""

from tests.support.kms._clouds import Clouds, clouds
from tests.support.kms._faults import Fault, Faults
from tests.support.kms._repository import OnlineRepository, main_with, online_repository
from tests.support.kms._signing import Limits, SigningFailed, SigningHost, signing_host

__all__ = [
    "Clouds",
    "Fault",
    "Faults",
    "Limits",
    "OnlineRepository",
    "SigningFailed",
    "SigningHost",
    "clouds",
    "main_with",
    "online_repository",
    "signing_host",
]
