"""Names, messages and files that try to act where GitHub shows them: they stay text."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from tests.attacks.github import World, changed_artifact, first_main, tuf_on_github, unsigned_change
from tests.attacks.shown import MARK, effects, effects_of_plain
from tests.support.github._state import Issue
from tests.support.on_github import BOT
from tests.support.sample import STRANGER, Sample, key_for
from tuf.api.metadata import DelegatedRole, Root, TargetFile, Targets

from tufline.repository.forge import Task
from tufline.repository.jobs.hand_over import hand_over
from tufline.repository.jobs.merge import merge
from tufline.repository.jobs.record import record, record_path
from tufline.repository.jobs.signing_events import signing_events

SIGNERS: Final = ("@alice", "@bob", "@carol", "@dave")
TEXTS: Final = (
    f"`{MARK}`",
    f"``{MARK}` @everyone",
    f"$({MARK})",
    f"{MARK};reboot|x&&y",
    f"{MARK}'\"",
    f"<script>{MARK}</script>",
    f"<!--{MARK}-->",
    f"<img src=x onerror={MARK}>",
    f"&lt;{MARK}&gt;&#64;everyone",
    f"{MARK} @everyone",
    f"@octo/{MARK}",
    f"![{MARK}](http://evil.example/x.png)",
    f"[{MARK}]: http://evil.example/",
    f"www.evil.example/{MARK}",
    f"{MARK}#1 GH-1 octo/tuf#1",
    f"octo/tuf#1-{MARK}",
    f"\u202e{MARK}\u2066",
    f"{MARK}\u200b\ufeff\u00ad",
    f"{MARK}\u0301\u0308",
    f"{MARK}{'a' * 180}",
    f"--upload-pack={MARK}",
    f"-{MARK}",
    f"{{{{{MARK}}}}}{{%x%}}",
    f"__{MARK}__",
    f"{MARK}%0a%23%s%n",
    f"\\`{MARK}",
)
# What git forbids in a branch: https://git-scm.com/docs/git-check-ref-format
_NO_BRANCH: Final = re.compile(r"[\0-\040\177~^:?*\[\\]|\.\.|@\{|\.$|\.lock$|//")
BRANCHES: Final = tuple(f"sign/{text}" for text in TEXTS if not _NO_BRANCH.search(text))


def _main() -> Sample:
    """Return what main holds; metadata of "npm" has no periods, so it cannot follow artifacts."""
    main = first_main()
    main.edit("npm", lambda npm: npm.unrecognized_fields.clear())
    return main


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with tuf_on_github(tmp_path, _main()) as world:
        yield world


def look(world: World) -> None:
    world.run(lambda place: tuple(signing_events(place)))


def ours(world: World) -> list[tuple[str, str]]:
    """Return each body that we wrote, with the title of where it is if that is ours too."""
    return [
        (issue.title if issue.author == BOT else "", body or "")
        for issue in world.github.repository.issues.values()
        for author, body in [(issue.author, issue.body), *_comments(issue)]
        if author == BOT
    ]


def _comments(issue: Issue) -> list[tuple[str, str]]:
    return [(each.author, each.body) for each in issue.comments]


def assert_only_text(world: World) -> None:
    """Check everything that we have written on GitHub."""
    written = ours(world)
    for title, body in written:
        assert effects(body, mentions=SIGNERS) == [], body
        assert effects_of_plain(title) == []
        assert re.fullmatch(r"|(Signing event|Tufline:) [A-Za-z0-9 ._/\\-]+", title), title
    for status in world.github.repository.statuses:
        assert effects_of_plain(status.description or "") == []
        assert len(status.description or "") <= 140
    assert any(MARK in body for _, body in written)


@pytest.mark.parametrize(
    "body",
    [
        "`a`` @everyone",
        "``a` @everyone``` x",
        "@everyone",
        "` <b>",
        "`a` <b>`",
        "[x](http://evil.example/)",
        "[x][y]",
        "www.evil.example",
        "&lt;b&gt;",
        "a\\`b`@x\\``",
        "`\u202e`",
        "```\n@everyone\n``",
        "<details><summary>@x</summary>",
        f"`a`\n{MARK}",
        "#1",
        "<!-- tufline-status @x -->",
    ],
)
def test_check_itself_sees_what_acts(body: str) -> None:
    assert effects(body, mentions=SIGNERS)


@pytest.mark.parametrize(
    "body",
    ["`@everyone` ``a`b`` @alice", "```\n<b>@x\n```", "<!-- tufline-telling AAA= -->", "`\\`"],
)
def test_check_itself_lets_code_and_signers_pass(body: str) -> None:
    assert effects(body, mentions=SIGNERS) == []


def test_attack_branch_names_that_act(world: World) -> None:
    """Each is shown in many states: it waits, is held by another such, is refused, or fails."""
    for branch in BRANCHES:
        world.push(branch, unsigned_change(world.main).files, message=branch)
    look(world)
    assert_only_text(world)
    pulls = world.github.repository.issues.values()
    assert {each.pull.head for each in pulls if each.pull} == set(BRANCHES)

    for branch in BRANCHES[::2]:
        world.push(branch, {"unclaimed": b""})
    for branch in BRANCHES[1::2]:
        world.push(branch, {"targets/npm/keys.json": b"its metadata cannot follow\n"})
    look(world)
    assert_only_text(world)
    problems = [each for each in world.github.repository.issues.values() if not each.pull]
    assert len(problems) == len(BRANCHES[1::2])


@pytest.mark.parametrize("branch", BRANCHES)
def test_attack_branch_name_reaches_a_job_as_its_input(world: World, branch: str) -> None:
    world.run(lambda place: hand_over(place.forge, branch))

    assert world.dispatched() == {(Task.SIGNING_EVENT, "refs/heads/main", branch)}


@pytest.mark.parametrize("text", [f"@octo/{MARK}", f"octo/tuf#1-{MARK}", f"`{MARK}`"])
def test_attack_branch_name_in_a_merge(world: World, text: str) -> None:
    """GitHub notifies whom a commit's message mentions, and links what it refers to."""
    branch = f"sign/{text}"
    event = changed_artifact(world.main)
    world.push(branch, event.files, message=f"Fixes #1 @everyone <b>{MARK}</b>\n\ncloses #2")
    look(world)
    commit = world.run(lambda place: merge(place, branch))
    world.run(record)

    assert_only_text(world)
    with world.place() as place:
        place.history.refresh()
        message = place.history.info(commit).message
    assert re.fullmatch(r"Merge signing event sign/[\w/\\-]+\s*", message)
    assert MARK in message
    assert set(world.files("records")) == {record_path(commit)}


def hostile_files(event: Sample) -> None:
    for text in TEXTS:
        if "/" not in text:
            event.files[f"targets/{text}"] = b"x"
            event.files[f"metadata/{text}.json"] = b"x"
            event.files[f"{text}.md"] = b"x"
    event.files[f"targets/a\n# {MARK}\n- [x] `@alice` signed"] = b"x"


def hostile_targets(event: Sample) -> None:
    entry = TargetFile.from_data("x", b"x", ["sha256"])

    def change(targets: Targets) -> None:
        for text in TEXTS:
            entry.unrecognized_fields[text] = {text: text}
            targets.targets[text] = entry
            targets.unrecognized_fields[text] = text

    event.edit("targets", change, signers=[])


def hostile_delegations(event: Sample) -> None:
    def change(targets: Targets) -> None:
        assert targets.delegations
        assert targets.delegations.roles is not None
        for text in TEXTS:
            terms = DelegatedRole(text, [], 1, terminating=True, paths=[f"{text}/*"])
            targets.delegations.roles[text] = terms

    event.edit("targets", change, signers=[])


def hostile_keys(event: Sample) -> None:
    def change(root: Root) -> None:
        for text in TEXTS:
            key = key_for(STRANGER)
            key.unrecognized_fields["x-tuf-on-ci-keyowner"] = f"@{text}"
            key.keyid = text
            root.add_key(key, "targets")

    event.edit("root", change, signers=[])


def hostile_invitations(event: Sample) -> None:
    invites = {f"@{text}": ["targets", text] for text in TEXTS}
    event.files["metadata/.signing-event-state"] = json.dumps({"invites": invites}).encode()


@pytest.mark.parametrize(
    "attack",
    [
        hostile_files,
        hostile_targets,
        hostile_delegations,
        hostile_keys,
        hostile_invitations,
    ],
)
def test_attack_content_that_acts(world: World, attack: Callable[[Sample], None]) -> None:
    event = world.main.copy()
    attack(event)
    world.push("sign/a", event.files)
    look(world)

    assert_only_text(world)


def test_attack_fork_offers_files_whose_names_act(world: World) -> None:
    world.push("sign/a", unsigned_change(world.main).files)
    look(world)
    numbers = [
        world.offer(f"eve{number}", {f"{text}.md": b"x"}, "sign/a")
        for number, text in enumerate(TEXTS)
        if "/" not in text
    ]
    look(world)

    assert_only_text(world)
    issues = world.github.repository.issues
    assert [len(issues[number].comments) for number in numbers] == [1] * len(numbers)


def test_attack_problem_whose_text_acts(world: World) -> None:
    with world.place() as place:
        for text in TEXTS:
            place.forge.open_problem(f"signing-event sign/{text}", f"{text}\n```\n{text}\n````\n")
            place.forge.close_problem(f"signing-event sign/{text}")

    assert_only_text(world)
