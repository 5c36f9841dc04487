"""Where clients are found, and how they are installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tufline.repository.clients import FOLDER_VARIABLE, ClientsSettings, programs_of

TOP = Path(__file__).parents[2]


def program(path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_python_tuf_comes_along() -> None:
    (ours,) = programs_of(ClientsSettings(), {})

    assert ours.name == "python-tuf"
    assert ours.command[:3] == (sys.executable, "-P", "-m")
    assert ours.takes_time


def test_folder_comes_before_path(tmp_path: Path) -> None:
    first, second = (program(tmp_path / folder / "tuf-js") for folder in ("a", "b"))
    environ = {FOLDER_VARIABLE: str(first.parent), "PATH": str(second.parent)}
    settings = ClientsSettings(use=("tuf-js",))

    assert programs_of(settings, environ)[0].command == (str(first),)
    assert programs_of(settings, {"PATH": str(second.parent)})[0].command == (str(second),)


def test_what_is_not_installed_keeps_its_name(tmp_path: Path) -> None:
    settings = ClientsSettings(use=("tuf-js", "tuftool"))

    commands = [each.command for each in programs_of(settings, {"PATH": str(tmp_path)})]

    assert commands == [("tuf-js",), ("tuftool",)]


def test_tuftool_is_run_by_a_wrapper(tmp_path: Path) -> None:
    path = program(tmp_path / "tuftool")

    (found,) = programs_of(ClientsSettings(use=("tuftool",)), {"PATH": str(tmp_path)})

    assert found.command[-2:] == ("tufline.repository.clients._tuftool", str(path))
    assert not found.folders


def test_commands_of_the_settings_come_first() -> None:
    settings = ClientsSettings(
        use=("ours", "go-tuf"), commands={"ours": ("/opt/ours", "-x"), "go-tuf": ("/opt/go",)}
    )

    ours, go_tuf = programs_of(settings, {})

    assert (ours.command, ours.takes_time) == (("/opt/ours", "-x"), False)
    assert (go_tuf.command, go_tuf.takes_time) == (("/opt/go",), False)


def install(
    folder: Path, *names: str, said: str = "", path: str
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", str(TOP / "bin/install-clients"), str(folder), *names],
        check=False,
        input=said,
        env={"PATH": path, "HOME": str(folder)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """Return a PATH without any toolchain."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ("dirname", "mkdir", "tr", "grep"):
        source = next(Path(each, name) for each in os.get_exec_path() if Path(each, name).exists())
        (folder / name).symlink_to(source)
    return str(folder)


def test_missing_toolchain_is_named_and_the_rest_installed(tmp_path: Path, bare: str) -> None:
    ran = install(tmp_path / "x", "tuf-js", "go-tuf", "tuftool", "python-tuf", path=bare)

    assert ran.returncode == 0
    lines = ran.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["NO npm", "NO go", "NO cargo"]


def test_unknown_client_is_wrong_usage(tmp_path: Path, bare: str) -> None:
    ran = install(tmp_path / "x", "curl", path=bare)

    assert ran.returncode == 2
    assert ran.stderr.startswith("no client curl: there are python-tuf, tuf-js, ")


def test_names_of_others_on_standard_input_are_left_alone(tmp_path: Path, bare: str) -> None:
    ran = install(tmp_path / "x", "-", said="\n ours \n  go-tuf\n*\n", path=bare)

    assert ran.returncode == 0
    assert ran.stderr.startswith("NO go: without it the client go-tuf is not tried")
    assert ran.stderr.count("\n") == 1


def test_versions_are_exact_and_no_registry_is_named() -> None:
    package = (TOP / "clients/tuf-js/package.json").read_text()
    lock = (TOP / "clients/tuf-js/package-lock.json").read_text()

    assert '"tuf-js": "5.0.1"' in package
    assert "go-tuf/v2 v2.4.2" in (TOP / "clients/go-tuf/go.mod").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/')


def test_rust_clients_are_built_once_in_their_version(tmp_path: Path, bare: str) -> None:
    asked = tmp_path / "asked"
    cargo = Path(bare) / "cargo"
    cargo.write_text(
        f'#!/bin/sh\necho "$*" >>{asked}\nwhile [ "$1" != --root ]; do shift; done\n'
        'mkdir -p "$2/bin"\nfor name in conformance_client tuftool; do\n'
        '  echo "#!/bin/sh" >"$2/bin/$name"; chmod +x "$2/bin/$name"\ndone\n'
    )
    cargo.chmod(0o755)
    for name in ("cp", "cat", "chmod"):
        source = next(Path(each, name) for each in os.get_exec_path() if Path(each, name).exists())
        (Path(bare) / name).symlink_to(source)

    for _ in range(2):
        ran = install(tmp_path / "x", "sigstore-tuf", "tuftool", path=bare)
        assert (ran.returncode, ran.stderr) == (0, "")

    root = f"{tmp_path}/x/lib"
    start = "install --quiet --locked --force --version"
    assert asked.read_text().splitlines() == [
        f"{start} 0.10.0 --root {root}/sigstore-tuf --example conformance_client sigstore-tuf",
        f"{start} 0.16.0 --root {root}/tuftool tuftool",
    ]
    assert {path.name for path in (tmp_path / "x/bin").iterdir()} == {"sigstore-tuf", "tuftool"}
