"""Clients that do not work, and what is said of them: never that they refuse the repository.

The odd clients are python-tuf's, changed in one point by a few lines.
"""

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.clients import sites
from tests.clients.conftest import Try
from tests.clients.odd import Found, Script, said, why
from tests.clients.sites import CLOCK, Site, site
from tuf.ngclient import Updater

from tufline.repository.clients import (
    Accepted,
    ClientsSettings,
    Deployment,
    Program,
    programs_of,
    serve,
    try_clients,
)


@pytest.mark.parametrize("command", ["no-such-program", "/no/such/program"])
def test_missing_program_is_named(verdict: Found, command: str) -> None:
    program = Program(name="odd", command=(command,))

    assert why(verdict(program, site())) == f"is not installed: there is no {command}"
    # under faketime too, which would say it in its own way
    later = verdict(program, site(), now=CLOCK + timedelta(days=2))
    assert why(later) == f"is not installed: there is no {command}"


def test_file_that_is_no_program_cannot_be_started(verdict: Found, tmp_path: Path) -> None:
    path = tmp_path / "client"
    path.write_text("text")

    assert why(verdict(Program(name="odd", command=(str(path),)), site())).startswith(
        f"cannot be started: {path}: "
    )


def test_crash_at_the_start_is_no_refusal(verdict: Found, script: Script) -> None:
    program = script("raise SystemExit('libfoo.so is missing')")

    assert why(verdict(program, site())) == (
        "does not work here: of a sound repository it says: init: libfoo.so is missing"
    )


def test_killed_program_is_no_refusal(verdict: Found, script: Script) -> None:
    program = script("os.kill(os.getpid(), 9)")

    assert why(verdict(program, site())) == "was killed by SIGKILL"


def test_crash_at_this_repository_is_a_refusal(verdict: Found, script: Script) -> None:
    program = script("if main(): raise MemoryError('\\x1b[2J\\x00boom \\u202e|`')")
    broken = site(sites.other_bytes)

    text = said(verdict(program, broken))

    assert text.startswith("download: LengthOrHashMismatchError: ")
    assert text.endswith("MemoryError: boom \\u202e|`")
    assert len(text) < 500
    assert text.isprintable()


def test_broken_down_at_this_repository_is_a_refusal(verdict: Found, script: Script) -> None:
    program = script("if main(): os.kill(os.getpid(), 11)")

    assert said(verdict(program, site(sites.other_bytes))) == "was killed by SIGSEGV"


def test_killed_by_others_at_this_repository_is_inconclusive(
    verdict: Found, script: Script
) -> None:
    program = script("if main(): os.kill(os.getpid(), 9)")

    assert why(verdict(program, site(sites.other_bytes))) == "was killed by SIGKILL"


@pytest.mark.parametrize("lines", ["time.sleep(600)", "while True: print('y' * 9999)"])
def test_program_that_does_not_end_is_stopped(verdict: Found, script: Script, lines: str) -> None:
    started = time.monotonic()

    found = verdict(script(lines), site(), timeout=1.5)

    assert why(found) == "did not end within 1.5 seconds"
    assert time.monotonic() - started < 10


def test_what_a_program_left_behind_is_stopped(
    verdict: Found, script: Script, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    program = script(
        "import subprocess\n"
        "left = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(child)!r}, 'w').write(str(left.pid))\n"
        "raise SystemExit(main())\n"
    )

    assert isinstance(verdict(program, site()), Accepted)

    deadline = time.monotonic() + 10
    while _runs(int(child.read_text())):
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.01)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except FileNotFoundError:
        return False
    return state.split()[0] != "Z"


def test_client_that_fetches_nothing_does_not_work(verdict: Found) -> None:
    program = Program(name="odd", command=("true",))

    assert why(verdict(program, site())) == (
        "does not work here: of a sound repository it says: "
        "it says yes, but has not downloaded self-test.txt"
    )


def test_client_that_leaves_an_artifact_out_is_found_out(verdict: Found, script: Script) -> None:
    program = script(f"raise SystemExit({sites.TOP!r} not in sys.argv and main())")

    assert said(verdict(program, site())).startswith("it says yes, but has not downloaded ")


def test_client_that_takes_other_bytes_is_found_out(verdict: Found, script: Script) -> None:
    program = script(
        "code = main()\n"
        f"if {sites.TOP!r} in sys.argv:\n"
        "    folder = sys.argv[sys.argv.index('--target-dir') + 1]\n"
        f"    open(os.path.join(folder, {sites.TOP!r}), 'w').write('other')\n"
        "raise SystemExit(code)\n"
    )

    assert said(verdict(program, site())) == (
        f"it accepted other bytes than are listed for {sites.TOP}"
    )


def test_client_that_takes_one_name_is_asked_for_each(verdict: Found, script: Script) -> None:
    program = script(
        "names = [n for n, each in enumerate(sys.argv) if each == '--target-name']\n"
        "for number in reversed(names[:-1]):\n"
        "    del sys.argv[number:number + 2]\n"
        "raise SystemExit(main())\n"
    )

    assert verdict(program, site()) == Accepted()


def test_client_may_name_files_as_it_likes(verdict: Found, script: Script) -> None:
    program = script(
        "code = main()\n"
        "if 'download' in sys.argv:\n"
        "    folder = sys.argv[sys.argv.index('--target-dir') + 1]\n"
        "    for number, name in enumerate(sorted(os.listdir(folder))):\n"
        "        os.rename(os.path.join(folder, name), os.path.join(folder, str(number)))\n"
        "raise SystemExit(code)\n"
    )

    assert verdict(program, site()) == Accepted()


def test_program_gets_no_secrets_and_no_proxy(
    verdict: Found, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    looked_for = ("GITHUB_TOKEN", "http_proxy", "HOME")
    program = script(f"raise SystemExit(str({{n: os.environ.get(n) for n in {looked_for}}}))")

    text = why(verdict(program, site()))

    assert "'GITHUB_TOKEN': None, 'http_proxy': None, 'HOME': '~/home'" in text


def test_what_clients_have_must_be_reached_first(try_site: Try, script: Script) -> None:
    tried = sites.site(sites.everything)
    broken = {**(tried.before or {}), "metadata/timestamp.json": b"{}"}
    clients = try_clients([script("raise SystemExit(main())")], timeout=60)

    matrix = try_site(Site(files=tried.files, before=broken), by=clients)

    new, from_published = matrix.trials
    assert new.verdict == Accepted()
    assert why(from_published.verdict).startswith("has not got what is published: refresh: ")


def test_nothing_is_asked_without_a_root(script: Script) -> None:
    with serve(lambda _: None) as url:
        deployment = Deployment(metadata_url=url, artifacts_url=url, roots={})
        matrix = try_clients([script("")], timeout=60)(
            deployment, published=None, wanted=[], now=CLOCK
        )

    assert (matrix.trials, matrix.accepted) == ((), False)


def test_root_that_does_not_verify_is_refused_at_once(verdict: Found, script: Script) -> None:
    files = dict(site().files)
    files["metadata/1.root.json"] = files["metadata/1.root.json"].replace(b"2026", b"2027")

    text = said(verdict(script("raise SystemExit(main())"), Site(files=files)))

    assert text.startswith("init: UnsignedMetadataError: ")


def test_ours_in_this_process_says_the_same_as_its_program(verdict: Found) -> None:
    (inside,) = programs_of(ClientsSettings(), os.environ)
    outside = replace(inside, inside=False)
    broken = site(sites.other_bytes)

    assert said(verdict(inside, broken)) == said(verdict(outside, broken))


def test_crash_of_ours_in_this_process_is_a_refusal(
    verdict: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: Updater) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(Updater, "refresh", crash)

    found = verdict(*programs_of(ClientsSettings(), os.environ), site())

    assert said(found) == "refresh: RecursionError: too deep"
