"""Clients that are odd in one point, and short ways to ask what is said of them."""

from collections.abc import Callable
from dataclasses import replace

from tests.clients.sites import Site, site

from tufline.repository.clients import Inconclusive, Matrix, Program, Rejected, Verdict

Script = Callable[[str], Program]
Found = Callable[..., Verdict]


def only(matrix: Matrix) -> Verdict:
    (trial,) = matrix.trials
    return trial.verdict


def only_metadata() -> Site:
    """Return a sound site of which no artifact is asked for."""
    return replace(site(), wanted=())


def why(verdict: Verdict) -> str:
    assert isinstance(verdict, Inconclusive), verdict
    return verdict.why


def said(verdict: Verdict) -> str:
    assert isinstance(verdict, Rejected), verdict
    return verdict.said
