"""How every command ends: exit codes, messages and hints, tracebacks, and what is imported."""

import errno
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from tests.commands.running import Terminal, expect_failure
from tests.jobs.arranging import EVENT
from tests.support.pipeline import Pipeline

from tufline.repository.commands import tufline as group
from tufline.repository.errors import Refusal

HEAVY = {
    *("tuf", "securesystemslib", "cryptography", "jinja2", "pydantic", "pkcs11", "requests"),
    *("github", "ruamel", "urllib3", "smtplib"),
}


class Broken(Refusal):
    """Says no."""

    hint = "ask again"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Return a list: what is put into it, the command `tufline fail` raises."""
    errors: list[BaseException] = []

    @click.command()
    def fail() -> None:
        raise errors[0]

    find = type(group).get_command

    def get_command(self: click.Group, context: click.Context, name: str) -> click.Command | None:
        return fail if name == "fail" else find(self, context, name)  # type: ignore[arg-type]

    monkeypatch.setattr(type(group), "get_command", get_command)
    return errors


# the table


def test_done_is_0(tufline: Terminal) -> None:
    ran = tufline("--version")

    assert (ran.code, ran.out) == (0, "0.1.0\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["review", "--nonsense"],
        ["ci", "nonsense"],
        ["ci", "build"],
        ["ci", "signing-event"],
        ["ci", "check", "--ahead", "-1"],
        ["review", "stray"],
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(arguments: list[str], tufline: Terminal) -> None:
    ran = tufline(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("Usage: tufline")
    assert "Error: " in ran.err


def test_refusal_is_1_with_message_and_hint(
    tufline: Terminal, failing: list[BaseException]
) -> None:
    failing.append(Broken("the rule says no"))

    ran = tufline("fail")

    assert (ran.code, ran.out, ran.err) == (1, "", "error: the rule says no\nhint: ask again\n")


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), EOFError(), click.Abort()])
def test_interruption_is_130(
    interruption: BaseException, tufline: Terminal, failing: list[BaseException]
) -> None:
    failing.append(interruption)

    ran = tufline("fail")

    assert (ran.code, ran.out) == (130, "")
    assert ran.err.strip() == "interrupted"


def test_defect_is_1_asks_for_a_report_and_shows_no_traceback(
    tufline: Terminal, failing: list[BaseException]
) -> None:
    failing.append(ZeroDivisionError("by zero"))

    ran = tufline("fail")

    assert ran.code == 1
    assert ran.err == (
        "error: unexpected ZeroDivisionError: by zero\n"
        "hint: this is a defect of tufline; run again with -v and report what it prints\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("ci", "signing-event", "sign/x", "--forge", "github"),
        ("ci", "hand-over", "sign/x", "--forge", "github"),
        ("ci", "watch", "--forge", "github"),
        ("init", "--check", "--name", "octo/tuf", "--actions", f"octo/tuf@{'0' * 40}"),
    ],
)
def test_without_the_library_for_github_the_hint_names_the_extra(
    arguments: tuple[str, ...], tufline: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.startswith("tufline.repository.forge.git")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "github", None)  # what `import` then raises is the same

    ran = tufline(*arguments)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "error: this needs the library PyGithub, which is not installed\n"
        "hint: install Tufline with its extra `github`, in a checkout: "
        "pip install './repository[github]'\n"
    )


@pytest.mark.parametrize("flag", ["-v", "--verbose"])
@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), Broken("no")])
def test_traceback_is_shown_with_v(
    flag: str, error: Exception, tufline: Terminal, failing: list[BaseException]
) -> None:
    failing.append(error)

    ran = tufline(flag, "fail")

    assert ran.code == 1
    assert "Traceback (most recent call last)" in ran.err
    assert "error: " in ran.err


def test_error_of_the_system_names_the_file(
    tufline: Terminal, failing: list[BaseException]
) -> None:
    failing.append(PermissionError(errno.EACCES, "Permission denied", "some/file"))

    assert tufline("fail").err == "error: some/file: permission denied\n"


def test_full_disk_asks_for_space(tufline: Terminal, failing: list[BaseException]) -> None:
    failing.append(OSError(errno.ENOSPC, "No space left on device", "some/file"))

    assert tufline("fail").err == (
        "error: some/file: no space left on device\n"
        "hint: free some space, then run the command again\n"
    )


def test_error_of_the_system_without_a_file_is_told_all_the_same(
    tufline: Terminal, failing: list[BaseException]
) -> None:
    failing.append(OSError("odd"))

    assert tufline("fail").err == "error: the system: odd\n"


# what the machine can do to a command


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let every write fail, as on a full disk; git's too."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, handler)


def test_full_disk_while_committing_changes_nothing(
    tufline: Terminal, pipeline: Pipeline, server: Path, request: pytest.FixtureRequest
) -> None:
    event = pipeline.main.copy()
    event.files["targets/file.txt"] = b"two\n"
    pipeline.push(EVENT, event)
    before = dict(pipeline.history.branches())
    request.getfixturevalue("full_disk")

    expect_failure(tufline.at_now("ci", "signing-event", EVENT, "-C", server))

    assert dict(pipeline.history.branches()) == before


def test_full_disk_while_publishing_leaves_no_file(
    tufline: Terminal,
    pipeline: Pipeline,
    server: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)
    request.getfixturevalue("full_disk")

    expect_failure(tufline.at_now("ci", "publish", "-C", server), "File too large")

    left = [path for name in ("staging", "production") for path in (tmp_path / name).rglob("*.*")]
    assert [path for path in left if path.is_file()] == []


def test_store_whose_folder_is_a_file_is_named(
    tufline: Terminal, pipeline: Pipeline, server: Path, tmp_path: Path
) -> None:
    tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)
    (tmp_path / "staging").rmdir()
    (tmp_path / "staging").write_text("")

    expect_failure(tufline.at_now("ci", "publish", "-C", server), "staging: no such folder")
    assert list((tmp_path / "production").iterdir()) == []


def test_read_only_store_is_named(tufline: Terminal, pipeline: Pipeline, server: Path) -> None:
    # a file system in which not even root may make a folder
    pipeline.main.files["tufline.toml"] = b'[publish]\nproduction = "/sys"\n'
    pipeline.merge_by_force(pipeline.main)
    tufline.at_now("ci", "online-sign", "-C", server, "--confirm-root", pipeline.confirmed)

    expect_failure(
        tufline.at_now("ci", "publish", "-C", server),
        "give this user or token the right to write to the store",
    )


# in a process of its own


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def test_help_lists_the_commands_without_what_they_need() -> None:
    script = (
        "import sys; from tufline.repository.commands import main; main(['--help']);"
        "main(['ci', '--help']); print('MODULES', *sys.modules)"
    )

    done = run_python("-c", script)

    shown, _, modules = done.stdout.partition("MODULES")
    for command in ("ci", "events", "merge", "rehearse", "review", "sign", "online-sign", "tick"):
        assert f"  {command} " in shown
    loaded = {name.partition(".")[0] for name in modules.split()}
    assert loaded & HEAVY == set()


def test_every_command_has_help(tufline: Terminal) -> None:
    context = click.Context(group)
    for name in group.list_commands(context):
        ran = tufline(name, "--help")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"Usage: tufline {name}")


def test_no_traceback_and_no_output_from_a_process_of_its_own(tmp_path: Path) -> None:
    done = run_python(
        "-c",
        "import sys; from tufline.repository.commands import main; sys.exit(main())",
        "review",
        "-C",
        str(tmp_path),
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
