"""The bar of a long upload: for people at a terminal, and for nobody else."""

import io
import sys

import pytest

from tufline.repository.commands._progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_person_at_a_terminal_sees_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_bar("publishing") as show:
        assert show is not None
        for done in range(5):
            show(done, 4)

    assert "publishing" in screen.getvalue()
    assert "100%" in screen.getvalue()


def test_upload_of_nothing_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with progress_bar("publishing") as show:
        assert show is not None
        show(0, 0)


def test_job_without_a_terminal_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("publishing") as show:
        assert show is None
    assert capsys.readouterr() == ("", "")
