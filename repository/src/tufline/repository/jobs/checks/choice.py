"""Which checks a job can do itself: all, or none where it holds what clients must not get at."""

from collections.abc import Sequence
from functools import partial

from tufline.repository.history import History
from tufline.repository.jobs.checks._interface import Checker
from tufline.repository.jobs.checks.clients import CLIENTS_ELSEWHERE, ClientsCheck, published_state
from tufline.repository.jobs.checks.online_keys import ONLINE_KEYS_ELSEWHERE
from tufline.repository.jobs.checks.validators import VALIDATORS_ELSEWHERE, ValidatorsCheck


def checks_here(history: History, of_keys: Sequence[Checker] = ()) -> tuple[Checker, ...]:
    """Return checks that are done at once; `of_keys` are those of a job that holds online keys."""
    clients = ClientsCheck(published=partial(published_state, history))
    return (ValidatorsCheck(), clients, *(of_keys or (ONLINE_KEYS_ELSEWHERE,)))


def checks_elsewhere() -> tuple[Checker, ...]:
    """Return checks that other jobs do: those that hold no token, and the one with the keys."""
    return (VALIDATORS_ELSEWHERE, CLIENTS_ELSEWHERE, ONLINE_KEYS_ELSEWHERE)
