"""The command line of tuf-conformance, as our wrappers speak it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.clients.conftest import NAMES, program
from tests.clients.sites import DELEGATED, TOP, site

from tufline.repository.clients import Program, serve
from tufline.repository.clients._python_tuf import main
from tufline.repository.clients._tuftool import main as wrapped_tuftool

NO_PORT = "http://127.0.0.1:1/"


@dataclass(kw_only=True)
class Client:
    """A client in a folder, and a server that notes what it is asked for."""

    program: Program
    folder: Path
    url: str
    asked: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> int:
        command = [*self.program.command, "--metadata-dir", str(self.folder / "metadata")]
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        return subprocess.run(
            [*command, *arguments], check=False, env=environ, capture_output=True
        ).returncode

    def init(self) -> int:
        return self.run("init", str(self.folder / "root.json"))

    def refresh(self) -> int:
        return self.run("--metadata-url", f"{self.url}metadata/", "refresh")

    def download(self, *names: str) -> int:
        return self.run(
            *("--metadata-url", f"{self.url}metadata/"),
            *(argument for name in names for argument in ("--target-name", name)),
            *("--target-dir", str(self.folder / "artifacts")),
            *("--target-base-url", f"{self.url}targets/"),
            "download",
        )


@contextmanager
def installed(used: Program, folder: Path) -> Iterator[Client]:
    files, asked = site().files, []

    def read(name: str) -> bytes | None:
        asked.append(name)
        return files.get(name)

    for each in ("metadata", "artifacts"):
        (folder / each).mkdir()
    (folder / "root.json").write_bytes(files["metadata/1.root.json"])
    with serve(read) as url:
        yield Client(program=used, folder=folder, url=url, asked=asked)


@pytest.fixture(params=[name for name in NAMES if name != "tuftool"])
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    with installed(program(request.param), tmp_path) as made:
        yield made


def test_protocol(client: Client) -> None:
    assert client.init() == 0
    assert client.asked == []
    assert client.refresh() == 0
    there = {path.name for path in (client.folder / "metadata").iterdir() if path.is_file()}
    assert {"root.json", "timestamp.json", "snapshot.json", "targets.json"} <= there

    assert client.download(DELEGATED, TOP) == 0
    assert client.download(TOP) == 0

    got = [name for name in client.asked if name.startswith("targets/")]
    assert len([name for name in got if name.endswith(TOP)]) == 1
    assert client.download("no-such-file.txt") == 1


def test_nothing_is_trusted_without_init(client: Client) -> None:
    assert client.refresh() == 1


def test_tuftool_keeps_only_the_root(tmp_path: Path) -> None:
    if "tuftool" not in NAMES:
        pytest.skip("TUFTOOL IS BUILT BY `make conformance` ONLY")
    with installed(program("tuftool"), tmp_path) as client:
        assert client.init() == 0
        assert client.refresh() == 0
        assert [path.name for path in (tmp_path / "metadata").iterdir()] == ["root.json"]
        assert client.download(TOP) == 0
        assert (tmp_path / "artifacts" / TOP).read_bytes() == b"one\n"


FAKE_TUFTOOL = """#!/bin/sh
echo "$*"
case $1 in
clone) [ -e "$3" ] && mkdir "$8" && touch "$8/1.root.json" && echo two >"$8/2.root.json" ;;
download) for last; do :; done; mkdir "$last" && echo one >"$last/file.txt" ;;
esac
"""


def test_wrapper_of_tuftool(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tuftool = tmp_path / "tuftool"
    tuftool.write_text(FAKE_TUFTOOL)
    tuftool.chmod(0o755)
    (tmp_path / "first.json").write_text("one")
    start = (str(tuftool), "--metadata-dir", str(tmp_path), "--metadata-url", "http://m/")
    artifacts = ("--target-dir", str(tmp_path), "--target-base-url", "http://t/")

    assert wrapped_tuftool([*start, "refresh"]) == 1
    assert wrapped_tuftool([*start, "init", str(tmp_path / "first.json")]) == 0
    assert (tmp_path / "root.json").read_text() == "one"
    assert wrapped_tuftool([*start, *artifacts, "--target-name", TOP, "download"]) == 0
    assert (tmp_path / "root.json").read_text() == "two\n"
    assert (tmp_path / TOP).read_text() == "one\n"
    asked = capfd.readouterr().out.splitlines()[-1]
    root = tmp_path / "root.json"
    assert asked.startswith(
        f"download --root {root} --metadata-url http://m/ --targets-url http://t/ "
        f"--target-name {TOP} "
    )


# python-tuf's, in this process


def test_ours_in_this_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    used = Program(name="python-tuf", command=(sys.executable,))
    with installed(used, tmp_path) as client:
        metadata = ("--metadata-dir", str(tmp_path / "metadata"))
        where = (*metadata, "--metadata-url", f"{client.url}metadata/")
        artifacts = ("--target-dir", str(tmp_path), "--target-base-url", f"{client.url}targets/")

        assert main([*metadata, "init", str(tmp_path / "root.json")]) == 0
        assert main([*where, "refresh"]) == 0
        assert main([*where, *artifacts, "--target-name", TOP, "download"]) == 0
        assert (tmp_path / TOP).read_bytes() == b"one\n"
        assert main([*where, *artifacts, "--target-name", "none.txt", "download"]) == 1
    assert capsys.readouterr().err == "RepositoryError: no role lists none.txt\n"


def test_ours_says_that_the_server_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    used = Program(name="python-tuf", command=(sys.executable,))
    with installed(used, tmp_path):
        metadata = ("--metadata-dir", str(tmp_path / "metadata"))
        main([*metadata, "init", str(tmp_path / "root.json")])

    assert main([*metadata, "--metadata-url", NO_PORT, "refresh"]) == 1
    assert "Error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("refresh",), ("--metadata-dir", "x"), ("--metadata-dir", "x", "upload")]
)
def test_ours_refuses_other_command_lines(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2
    assert "usage: " in capsys.readouterr().err
