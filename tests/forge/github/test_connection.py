"""Who we are on GitHub, what is missing if nobody, and which requests are sent again."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace

import pytest
from tests.support.github import Fault, Kind
from tests.support.on_github import GRANTED, IMPATIENT, NAME, OnGitHub

from tufline.repository.forge import ForgeFailed
from tufline.repository.forge.github import NotConnected, Session, connect
from tufline.repository.forge.github._errors import (
    NotThere,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    TokenRefused,
    asking,
)

COMPLETE: Mapping[str, str] = {
    "GITHUB_REPOSITORY": NAME,
    "GITHUB_API_URL": "https://api.github.com",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_TOKEN": "secret",
}
APP = "TUFLINE_APP_ID and TUFLINE_APP_PRIVATE_KEY"


def test_session_knows_where_it_is_and_asks_nothing() -> None:
    with closing(connect(COMPLETE)) as session:
        assert session.full_name == NAME
        assert session.server == "https://github.com"
        assert session.http_token.server == "https://github.com"
        assert session.http_token.token == COMPLETE["GITHUB_TOKEN"]
        assert "secret" not in repr(session)


def test_enterprise_server_is_found_by_its_api_url() -> None:
    urls = {
        "GITHUB_API_URL": "https://git.example.org/api/v3/",
        "GITHUB_SERVER_URL": "https://git.example.org/",
    }
    with closing(connect({**COMPLETE, **urls})) as session:
        assert session.client.requester.base_url == "https://git.example.org/api/v3"
        assert session.client.requester.graphql_url == "https://git.example.org/api/graphql"
        assert session.server == "https://git.example.org"


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        (("GITHUB_REPOSITORY",), "the environment lacks GITHUB_REPOSITORY"),
        (
            ("GITHUB_API_URL", "GITHUB_SERVER_URL"),
            "the environment lacks GITHUB_API_URL and GITHUB_SERVER_URL",
        ),
        (("GITHUB_TOKEN",), f"the environment lacks GITHUB_TOKEN, or else {APP}"),
    ],
)
def test_missing_variables_are_named(missing: tuple[str, ...], message: str) -> None:
    environment = {name: value for name, value in COMPLETE.items() if name not in missing}
    with pytest.raises(NotConnected) as raised:
        connect(environment)

    assert str(raised.value) == message


@pytest.mark.parametrize("name", ["octo", "octo/tuf/more", "octo/tuf?x", "/tuf"])
def test_name_that_is_no_repository_is_refused(name: str) -> None:
    with pytest.raises(NotConnected, match="not OWNER/NAME"):
        connect({**COMPLETE, "GITHUB_REPOSITORY": name})


def test_key_that_is_none_is_refused() -> None:
    environment = {name: value for name, value in COMPLETE.items() if name != "GITHUB_TOKEN"}
    app = {"TUFLINE_APP_ID": "1", "TUFLINE_APP_PRIVATE_KEY": "no key"}
    with pytest.raises(NotConnected, match="TUFLINE_APP_PRIVATE_KEY is not a private key in PEM"):
        connect({**environment, **app})


def test_app_without_its_key_is_told_so() -> None:
    environment = {name: value for name, value in COMPLETE.items() if name != "GITHUB_TOKEN"}
    with pytest.raises(NotConnected, match="lacks TUFLINE_APP_PRIVATE_KEY"):
        connect({**environment, "TUFLINE_APP_ID": "1"})


def of_app(github: OnGitHub) -> dict[str, str]:
    """Return the environment of a workflow that uses a GitHub App."""
    app = github.hub.add_app(NAME, permissions={"pull_requests": "write"})
    return {
        "GITHUB_REPOSITORY": NAME,
        "GITHUB_API_URL": github.hub.api_url,
        "GITHUB_SERVER_URL": github.hub.url,
        "TUFLINE_APP_ID": str(app.id),
        "TUFLINE_APP_PRIVATE_KEY": app.private_key_pem,
    }


def test_app_gets_a_token_for_this_repository_alone(github: OnGitHub) -> None:
    with closing(connect(of_app(github), patience=IMPATIENT)) as session:
        token = github.hub.tokens[session.http_token.token]
        pulls = list(session.repository.get_pulls())

    assert (token.kind, token.login, token.repository) == ("app", "signing-events[bot]", NAME)
    assert pulls == []


def test_app_comes_before_the_token_of_the_job(github: OnGitHub) -> None:
    with closing(connect({**COMPLETE, **of_app(github)}, patience=IMPATIENT)) as session:
        assert session.http_token.token in github.hub.tokens


def test_api_url_that_is_none_is_refused() -> None:
    with pytest.raises(NotConnected, match="GITHUB_API_URL is 'api', not a URL"):
        connect({**COMPLETE, "GITHUB_API_URL": "api"})


def test_app_that_is_not_installed_there_is_told_so(github: OnGitHub) -> None:
    github.hub.add_repository("octo/other")
    with pytest.raises(NotThere, match="GitHub did not give the App a token: 404"):
        connect({**of_app(github), "GITHUB_REPOSITORY": "octo/other"}, patience=IMPATIENT)


@pytest.fixture
def patient(github: OnGitHub) -> Session:
    """Return a session that sends requests again, at once."""
    github.commit("main", {"README.md": "main\n"})
    github.commit("sign/a", {"a": "a"})
    github.pull("sign/a")
    token = github.hub.token("octo", repository=NAME, permissions=GRANTED, kind="actions")
    return github.session_of(token, patience=replace(IMPATIENT, attempts=2))


def read(session: Session) -> object:
    with asking("read"):
        return session.repository.get_issue(1).title


def ask(session: Session) -> object:
    with asking("ask"):
        return session.query(
            "query($owner:String!,$name:String!){repository(owner:$owner,name:$name){name}}"
        )


def change(session: Session) -> None:
    with asking("change"):
        session.repository.get_issue(1).edit(title="Other")


def comment(session: Session) -> object:
    with asking("write"):
        return session.repository.get_issue(1).create_comment("text")


@pytest.mark.parametrize(
    "kind", [500, 503, 429, Kind.SECONDARY_LIMIT, Kind.BREAK_BEFORE, Kind.BREAK_AFTER], ids=str
)
@pytest.mark.parametrize("request_", [read, ask, change])
def test_what_may_be_done_twice_is_sent_again(
    github: OnGitHub, patient: Session, request_: Callable[[Session], object], kind: int | Kind
) -> None:
    github.hub.faults.add(Fault(kind=kind, times=2))
    request_(patient)

    assert github.hub.faults.faults[-1].seen == 3


@pytest.mark.parametrize("kind", [429, Kind.SECONDARY_LIMIT], ids=str)
def test_comment_is_sent_again_where_nothing_was_done(
    github: OnGitHub, patient: Session, kind: int | Kind
) -> None:
    github.hub.faults.add(Fault(kind=kind, times=2))
    comment(patient)

    assert len(github.repository.issues[1].comments) == 1


@pytest.mark.parametrize(
    ("kind", "comments"),
    [(500, 0), (503, 0), (Kind.BREAK_BEFORE, 0), (Kind.BREAK_AFTER, 1)],
    ids=str,
)
def test_comment_that_may_have_been_written_is_not_sent_again(
    github: OnGitHub, patient: Session, kind: int | Kind, comments: int
) -> None:
    github.hub.faults.add(Fault(kind=kind))
    with pytest.raises(OutcomeUnknown):
        comment(patient)

    assert len(github.repository.issues[1].comments) == comments
    assert github.hub.faults.faults[-1].seen == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (401, TokenRefused),
        (403, PermissionMissing),
        (404, NotThere),
        (429, RateLimited),
        (Kind.SECONDARY_LIMIT, RateLimited),
        (Kind.PRIMARY_LIMIT, RateLimited),
        (500, OutcomeUnknown),
        (Kind.BREAK_BEFORE, OutcomeUnknown),
    ],
    ids=str,
)
@pytest.mark.parametrize("request_", [read, ask, change, comment])
def test_what_goes_on_failing_is_an_error_of_its_kind(
    github: OnGitHub,
    patient: Session,
    request_: Callable[[Session], object],
    kind: int | Kind,
    error: type[ForgeFailed],
) -> None:
    github.hub.faults.add(Fault(kind=kind, times=99))
    with pytest.raises(error):
        request_(patient)


def test_nothing_listens_there() -> None:
    environment = {**COMPLETE, "GITHUB_API_URL": "http://127.0.0.1:9/api/v3"}
    with (
        closing(connect(environment, patience=IMPATIENT)) as session,
        pytest.raises(OutcomeUnknown, match="the connection failed"),
    ):
        read(session)
