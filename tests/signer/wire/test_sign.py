"""`tufline sign` and what clients get, through the command line: told, asked, refused."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.signer.helpers import NOW, Holder, Outcome, Server, converse, git
from tests.signer.publishing import Site, sha256

NEXT = "sign/next"


@pytest.fixture
def live(started: Server, alice: Holder, site: Site) -> Server:
    """Return the server with a repository that is published, and an event that waits."""
    started.commit("main", "tufline.toml", site.settings)
    site.publish(started)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "300")
    return started


def fingerprint(server: Server) -> str:
    return sha256(server.read("metadata/root_history/1.root.json", "main"))


def first_sign(server: Server, person: Holder) -> Outcome:
    return person.yes("sign", NEXT, "--root-fingerprint", fingerprint(server))


def pins(server: Server) -> list[Path]:
    return sorted((server.folder / "home").rglob("pinned-roots/*/root.json"))


def signed(server: Server) -> tuple[str, ...]:
    return server.review(NEXT).roles[0].signed


def test_first_use_pins_the_root_that_was_named(live: Server, alice: Holder, site: Site) -> None:
    outcome = first_sign(live, alice)
    assert outcome.out.splitlines()[:5] == [
        "first use of this repository on this machine: root 1 on main will be trusted",
        "  from now on. Compare its SHA-256 with what another signer tells you:",
        f"  {fingerprint(live)}",
        f"comparing main with what clients get at {site.url} ...",
        "main is what clients get (root 1, timestamp 1)",
    ]
    assert signed(live) == ("@alice",)
    (pinned,) = pins(live)
    assert sha256(pinned.read_bytes()) == fingerprint(live)


def test_second_use_asks_nothing(live: Server, alice: Holder, site: Site) -> None:
    first_sign(live, alice)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "200")
    outcome = alice.yes("sign", NEXT)
    assert outcome.out.splitlines()[:2] == [
        f"comparing main with what clients get at {site.url} ...",
        "main is what clients get (root 1, timestamp 1)",
    ]


def test_yes_is_no_answer_to_the_first_pin(live: Server, alice: Holder) -> None:
    outcome = alice.run("sign", NEXT, "--yes")
    assert outcome.code == 2
    assert "there is no terminal to ask at: give --root-fingerprint HEX\n" in outcome.err
    assert (signed(live), pins(live)) == ((), [])


def test_at_a_terminal_the_first_pin_is_asked_about(live: Server, alice: Holder) -> None:
    question = "is this the right root 1? [y/N]: "
    shown = converse(alice, ["sign", NEXT, "--yes"], [(question, "n")], code=130)
    assert fingerprint(live) in shown
    assert "comparing" not in shown
    assert (signed(live), pins(live)) == ((), [])
    converse(alice, ["sign", NEXT, "--yes"], [(question, "y")])
    assert signed(live) == ("@alice",)
    assert len(pins(live)) == 1


def test_other_fingerprint_pins_nothing(live: Server, alice: Holder) -> None:
    outcome = alice.run("sign", NEXT, "--yes", "--root-fingerprint", "00" * 32)
    assert outcome.code == 1
    assert outcome.err.startswith(
        f"error: root 1 on main has the SHA-256 {fingerprint(live)}, "
        "which is not what --root-fingerprint gives\n"
    )
    assert (signed(live), pins(live)) == ((), [])


def test_fingerprint_may_have_colons_and_capitals(live: Server, alice: Holder) -> None:
    digest = fingerprint(live).upper()
    pairs = ":".join(digest[at : at + 2] for at in range(0, 64, 2))
    alice.yes("sign", NEXT, "--root-fingerprint", pairs)
    assert len(pins(live)) == 1


def test_fingerprint_of_another_root_than_the_pinned_one_stops(live: Server, alice: Holder) -> None:
    first_sign(live, alice)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "200")
    outcome = alice.run("sign", NEXT, "--yes", "--root-fingerprint", "00" * 32, "--no-wire")
    assert outcome.code == 1
    assert outcome.err.startswith(
        "error: another root is pinned since the first use of this repository on this machine: "
        f"root 1, SHA-256 {fingerprint(live)}; "
        "--root-fingerprint gives neither it nor a root that leads to it\n"
    )
    assert f"delete the folder {pins(live)[0].parent} and pin the root anew" in outcome.err
    assert signed(live) == ()


def test_fingerprint_of_the_pinned_root_or_of_one_that_led_to_it_goes_on(
    live: Server, alice: Holder, bob: Holder, site: Site
) -> None:
    first, before = fingerprint(live), live.heads()["main"]
    first_sign(live, alice)
    bob.yes("sign", NEXT, "--root-fingerprint", first)
    live.merge(NEXT)
    site.publish(live)
    second = sha256(live.read("metadata/root.json", "main"))
    for days, known in (("200", first), ("190", first), ("180", second)):
        alice.yes("delegate", NEXT, "root", "--expiry-period", days)
        alice.yes("sign", NEXT, "--root-fingerprint", known)
        assert signed(live) == ("@alice",)
    assert second in {sha256(pin.read_bytes()) for pin in pins(live)}
    git(live.path, "update-ref", "refs/heads/main", before)
    alice.yes("delegate", "sign/old", "root", "--expiry-period", "200")
    outcome = alice.run("sign", "sign/old", "--yes", "--root-fingerprint", first)
    assert outcome.err.startswith("error: main is older than the repository of your pinned root")


def rewrite(live: Server) -> None:
    """Let whoever controls the git host begin main anew, with a root of their own."""
    for branch in live.heads():
        if branch != "main":
            git(live.path, "update-ref", "-d", f"refs/heads/{branch}")
    begin = git(live.path, "rev-list", "--max-parents=0", "main")
    git(live.path, "update-ref", "refs/heads/main", begin)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(live.folder / "data of mallory"))
        mallory = live.holder("@mallory")
        live.start(mallory, mallory)
        mallory.yes("sign", "sign/start")
        live.merge()
        live.commit("main", "tufline.toml", "# no url: nothing to compare with\n")
        mallory.yes("delegate", NEXT, "root", "--signers", "@mallory,@alice")


def test_rewritten_main_is_not_signed_on(live: Server, alice: Holder) -> None:
    """Mallory owns the git host, and rewrites main from its first root on (docs/security.md)."""
    first_sign(live, alice)
    real = fingerprint(live)
    rewrite(live)
    before = live.heads()
    outcome = alice.run("sign", NEXT, "--yes")
    assert outcome.code == 1
    assert "tufline.toml names no [publish] url any more; this is that of the last" in outcome.out
    assert outcome.err == (
        "error: main is not what clients get:\n"
        "  root version 1 is two things\n"
        f"    main:      sha256 {fingerprint(live)}\n"
        f"    published: sha256 {real}\n"
        "hint: nothing was signed; ask the other signers on another way than the git host; "
        "main may have been rewritten\n"
    )
    assert live.heads() == before
    outcome = alice.run("sign", NEXT, "--yes", "--no-wire")
    assert outcome.err.startswith("error: main is not the repository of your pinned root:\n")
    assert live.heads() == before


def test_main_that_was_put_back_is_not_signed_on(
    live: Server, alice: Holder, bob: Holder, site: Site
) -> None:
    old = live.heads()["main"]
    first_sign(live, alice)
    bob.yes("sign", NEXT, "--root-fingerprint", fingerprint(live))
    live.merge(NEXT)
    site.publish(live)
    git(live.path, "update-ref", "refs/heads/main", old)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "200")
    outcome = alice.run("sign", NEXT, "--yes")
    assert outcome.code == 1
    assert outcome.err.startswith(
        "error: main is older than what clients get, so it was put back:\n"
        "  root: main has version 1, clients have version 2\nhint: "
    )
    assert signed(live) == ()


def test_main_before_it_is_published_is_told(live: Server, alice: Holder, bob: Holder) -> None:
    first_sign(live, alice)
    bob.yes("sign", NEXT, "--root-fingerprint", fingerprint(live))
    live.merge(NEXT)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "200")
    outcome = alice.yes("sign", NEXT)
    assert (
        "main is newer than what clients get, as it is between a merge and publishing:\n"
        "  root version 2, clients have version 1\n"
    ) in outcome.out
    assert signed(live) == ("@alice",)


def test_expired_timestamp_is_told_and_no_reason_to_stop(live: Server, alice: Holder) -> None:
    late = NOW + timedelta(days=8)
    outcome = alice.yes("sign", NEXT, "--root-fingerprint", fingerprint(live), at=late)
    assert (
        "EXPIRED: clients refuse what is published, since it ended: timestamp on\n  2026-03-08\n"
    ) in outcome.out
    assert signed(live) == ("@alice",)


def test_site_that_is_gone_stops_unless_it_is_left_out(
    live: Server, alice: Holder, site: Site
) -> None:
    first_sign(live, alice)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "200")
    (site.folder / "metadata/timestamp.json").unlink()
    outcome = alice.run("sign", NEXT, "--yes")
    assert outcome.code == 1
    assert outcome.err == (
        f"error: what clients get at {site.url} could not be downloaded: "
        "nothing is published there: the server answers with HTTP status 404\n"
        "hint: check the network and [publish] url in tufline.toml; "
        "to sign without comparing, if others agree: --no-wire\n"
    )
    assert signed(live) == ()
    outcome = alice.yes("sign", NEXT, "--no-wire")
    assert outcome.out.splitlines()[:2] == [
        "NOT COMPARED: main may differ from what clients get (--no-wire)",
        "main goes on from your pinned root 1",
    ]
    assert signed(live) == ("@alice",)


def test_url_comes_from_main_and_never_from_the_event(
    live: Server, alice: Holder, site: Site
) -> None:
    live.commit(NEXT, "tufline.toml", '[publish]\nurl = "http://127.0.0.1:9/"\n')
    outcome = alice.run("sign", NEXT, "--yes", "--root-fingerprint", fingerprint(live))
    assert outcome.code == 1
    assert "is refused" in outcome.err
    assert "127.0.0.1:9/" not in outcome.out.partition("sign/next")[0]
    assert "comparing" not in outcome.out  # a refused event makes no download
    del site


def test_changed_url_is_told(live: Server, alice: Holder, site: Site) -> None:
    first_sign(live, alice)
    other = site.url.replace("127.0.0.1", "localhost")
    live.commit("main", "tufline.toml", site.settings.replace(site.url, other))
    alice.yes("delegate", "sign/other", "root", "--expiry-period", "200")
    outcome = alice.yes("sign", "sign/other")
    assert f"[publish] url in tufline.toml has changed; it was {site.url}\n" in outcome.out
    assert f"comparing main with what clients get at {other} ...\n" in outcome.out


def test_nothing_is_downloaded_where_there_is_nothing_to_sign(live: Server, alice: Holder) -> None:
    first_sign(live, alice)
    outcome = alice.run("sign", NEXT)
    assert outcome.code == 0
    assert "comparing" not in outcome.out
    del live


def test_repository_without_a_url_is_not_compared(started: Server, alice: Holder) -> None:
    alice.yes("delegate", NEXT, "root", "--expiry-period", "300")
    outcome = alice.yes("sign", NEXT)
    assert outcome.out.startswith(
        "NOT COMPARED: main may differ from what clients get (tufline.toml has no\n"
        "  [publish] url)\n"
    )
    assert pins(started) == []


def test_damaged_pin_stops_and_says_how_to_mend_it(live: Server, alice: Holder) -> None:
    first_sign(live, alice)
    alice.yes("delegate", NEXT, "root", "--expiry-period", "200")
    (pinned,) = pins(live)
    pinned.write_bytes(pinned.read_bytes()[:-20])
    for options in ((), ("--no-wire",), ("--root-fingerprint", fingerprint(live))):
        outcome = alice.run("sign", NEXT, "--yes", *options)
        assert outcome.code == 1
        assert outcome.err.startswith(f"error: your pinned root in {pinned.parent} is damaged: ")
        assert f"delete the folder {pinned.parent} and pin the root anew" in outcome.err
    assert signed(live) == ()


def test_many_roles_that_are_not_published_yet_fit_on_a_screen(live: Server, alice: Holder) -> None:
    first_sign(live, alice)
    for number in range(12):
        data = live.read("metadata/targets.json", "main").decode()
        live.commit("main", f"metadata/role-{number:02}.json", data)
    alice.yes("delegate", "sign/other", "root", "--expiry-period", "200")
    outcome = alice.run("sign", "sign/other", "--yes")
    assert outcome.out.splitlines()[1:3] == [
        "main is newer than what clients get, as it is between a merge and publishing:",
        "  role-00 version 1, clients do not have it",
    ]
    assert outcome.out.splitlines()[12] == "  and 2 more roles"
