"""Who may do what on the emulated GitHub: tokens, permissions, apps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from github import (
    Auth,
    BadCredentialsException,
    Github,
    GithubException,
    GithubIntegration,
    UnknownObjectException,
)
from github.Repository import Repository as ApiRepository
from tests.github.asking import Ask, client, open_pull, refusal
from tests.support.github import Hub, Repository, serve

BY_INTEGRATION = "Resource not accessible by integration"


@pytest.mark.usefixtures("tuf")
def test_unknown_token_is_a_bad_credential(hub: Hub) -> None:
    with client(hub, "ghp_unknown") as api, pytest.raises(BadCredentialsException):
        api.get_repo("octo/tuf")


@pytest.mark.usefixtures("tuf")
def test_user_is_told_to_personal_tokens_only(hub: Hub) -> None:
    with client(hub, hub.token("alice")) as api:
        assert api.get_user().login == "alice"
    with (
        client(hub, hub.token("", kind="actions", repository="octo/tuf")) as api,
        pytest.raises(GithubException) as error,
    ):
        assert api.get_user().login
    assert refusal(error) == (403, BY_INTEGRATION)


def test_private_repository_is_not_there_for_strangers(hub: Hub, ask: Ask, tuf: Repository) -> None:
    tuf.private = True
    hub.add_user("carol")

    assert ask().private
    with pytest.raises(UnknownObjectException):
        ask("carol")


EVERYTHING = dict.fromkeys(
    (
        "actions",
        "administration",
        "contents",
        "issues",
        "pages",
        "pull_requests",
        "secrets",
        "statuses",
    ),
    "write",
)

NEEDS: dict[str, tuple[str, Callable[[ApiRepository], object]]] = {
    "list pulls": ("pull_requests=read", lambda it: it.get_pulls().totalCount),
    "open a pull": ("pull_requests=write", open_pull),
    "open an issue": ("issues=write", lambda it: it.create_issue("a")),
    "comment on an issue": (
        "issues=write; pull_requests=write",
        lambda it: it.get_issue(1).create_comment("a"),
    ),
    "label": ("issues=write; pull_requests=write", lambda it: it.create_label("a", "ffffff")),
    "status": (
        "statuses=write",
        lambda it: it.get_branch("sign/a").commit.create_status("success"),
    ),
    "merge": ("contents=write", lambda it: it.get_pull(2).merge()),
    "ref": ("contents=write", lambda it: it.get_git_ref("heads/sign/a").delete()),
    "runs": ("actions=read", lambda it: it.get_workflow_runs().totalCount),
    "protection": ("administration=read", lambda it: it.get_branch("main").get_protection()),
    "secrets": ("secrets=read", lambda it: [*it.get_secrets()]),
    "pages": (
        "pages=read",
        lambda it: it.requester.requestJsonAndCheck("GET", f"{it.url}/pages"),
    ),
}


@pytest.mark.parametrize("name", NEEDS)
def test_token_of_actions_needs_the_permission_of_each_operation(ask: Ask, name: str) -> None:
    accepted, operation = NEEDS[name]
    ask("octo").create_issue("one")
    open_pull(ask("octo"))
    needed = dict(pair.split("=") for pair in accepted.split("; "))
    one_less = {need: "read" if level == "write" else "none" for need, level in needed.items()}
    permissions = {**EVERYTHING, **one_less}

    with pytest.raises(GithubException) as error:
        operation(ask(kind="actions", repository="octo/tuf", permissions=permissions))

    assert refusal(error) == (403, BY_INTEGRATION)
    headers = {key.lower(): value for key, value in (error.value.headers or {}).items()}
    assert headers["x-accepted-github-permissions"] == accepted


def test_token_of_actions_with_its_permissions_acts_as_the_bot(ask: Ask) -> None:
    limits = {"contents": "write", "pull-requests": "write", "statuses": "write"}
    pull = open_pull(ask(kind="actions", repository="octo/tuf", permissions=limits))
    pull.create_issue_comment("hello")
    pull.add_to_labels("event")

    assert pull.merge().merged
    assert {pull.user.login, pull.get_issue_comments()[0].user.login} == {"github-actions[bot]"}


def test_pull_request_permission_is_not_enough_for_an_issue(ask: Ask) -> None:
    issue = ask("octo").create_issue("a")
    bot = ask(kind="actions", repository="octo/tuf", permissions={"pull-requests": "write"})

    with pytest.raises(GithubException) as error:
        bot.requester.requestJsonAndCheck("POST", f"{issue.url}/comments", input={"body": "hello"})

    assert refusal(error) == (403, BY_INTEGRATION)


def test_token_of_one_repository_writes_nothing_in_another(hub: Hub, ask: Ask) -> None:
    hub.add_repository("octo/other", collaborators={"alice": "write"})
    limited = ask(kind="actions", repository="octo/other", permissions={"issues": "write"})

    with pytest.raises(GithubException) as error:
        limited.create_issue("a")

    assert error.value.status == 403


def test_limited_personal_token_does_not_do_what_its_user_may(ask: Ask) -> None:
    with pytest.raises(GithubException) as error:
        open_pull(ask("alice", permissions={"pull_requests": "read"}))

    assert refusal(error) == (403, "Resource not accessible by personal access token")


def test_reader_does_not_write_contents(ask: Ask) -> None:
    with pytest.raises(GithubException) as error:
        ask("bob").get_git_ref("heads/sign/a").delete()

    assert error.value.status == 403


def test_app_gets_a_short_lived_token_for_what_it_was_granted(hub: Hub, ask: Ask) -> None:
    ask()
    app = hub.add_app("octo/tuf", permissions={"issues": "write", "contents": "read"})
    auth = Auth.AppAuth(app.id, app.private_key_pem)
    with GithubIntegration(auth=auth, base_url=hub.api_url) as integration:
        assert integration.get_app().slug == "signing-events"
        installation = integration.get_repo_installation("octo", "tuf")
        token = integration.get_access_token(installation.id, permissions={"issues": "write"})

    assert token.expires_at - datetime.now(UTC) > timedelta(minutes=59)
    with client(hub, token.token) as api:
        assert api.get_repo("octo/tuf").create_issue("a").user.login == "signing-events[bot]"
        with pytest.raises(GithubException) as error:
            api.get_repo("octo/tuf").get_branch("main")
    assert refusal(error) == (403, BY_INTEGRATION)


def test_token_of_an_app_ends_after_an_hour(tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with serve(tmp_path, now=lambda: now) as hub:
        hub.add_repository("octo/tuf")
        app = hub.add_app("octo/tuf", permissions={"issues": "write"})
        auth = Auth.AppAuth(app.id, app.private_key_pem).get_installation_auth(app.installation)
        with Github(auth=auth, base_url=hub.api_url, retry=None) as api:
            assert api.get_repo("octo/tuf").name == "tuf"
            token = auth.token
        now += timedelta(hours=1)
        with client(hub, token) as api, pytest.raises(BadCredentialsException):
            api.get_repo("octo/tuf")


def test_app_with_another_key_is_refused(hub: Hub, ask: Ask) -> None:
    ask()
    app = hub.add_app("octo/tuf", permissions={"issues": "write"})
    other = hub.add_app("octo/tuf", permissions={"issues": "write"}, slug="other")
    auth = Auth.AppAuth(app.id, other.private_key_pem)
    with (
        GithubIntegration(auth=auth, base_url=hub.api_url) as integration,
        pytest.raises(GithubException) as error,
    ):
        integration.get_access_token(app.installation)

    assert error.value.status == 401


def test_app_is_granted_no_more_than_it_has(hub: Hub, ask: Ask) -> None:
    ask()
    app = hub.add_app("octo/tuf", permissions={"issues": "read"})
    auth = Auth.AppAuth(app.id, app.private_key_pem)
    with (
        GithubIntegration(auth=auth, base_url=hub.api_url) as integration,
        pytest.raises(GithubException) as error,
    ):
        integration.get_access_token(app.installation, permissions={"issues": "write"})

    assert error.value.status == 422
