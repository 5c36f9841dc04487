"""NEEDS row P: the page of any remote, and of a pull request from any fork."""

import pytest

from tufline.signer._pull_request import pull_request_url, web_url

PAGE = "https://github.com/org/repo"


@pytest.mark.parametrize(
    ("remote", "page"),
    [
        ("git@github.com:org/repo.git", PAGE),
        ("git@github.com:org/repo", PAGE),
        ("git@github.com:/org/repo.git", PAGE),
        ("github.com:org/repo.git", PAGE),
        ("org-123@github.com:org/repo.git", PAGE),
        ("ssh://git@github.com/org/repo.git", PAGE),
        ("ssh://git@github.com:22/org/repo", PAGE),
        ("ssh://git@ssh.github.com:443/org/repo.git", PAGE),
        ("git+ssh://git@github.com/org/repo.git", PAGE),
        ("git://github.com/org/repo.git", PAGE),
        ("https://github.com/org/repo.git", PAGE),
        ("https://github.com/org/repo", PAGE),
        ("https://github.com/org/repo/", PAGE),
        ("https://github.com/org/repo.git/", PAGE),
        ("https://me:secret@github.com/org/repo.git", PAGE),
        ("  https://github.com/org/repo\n", PAGE),
        ("http://git.example.org:3000/org/repo.git", "http://git.example.org:3000/org/repo"),
        ("https://git.example.org:8443/org/repo", "https://git.example.org:8443/org/repo"),
        ("ssh://git@git.example.org:2222/org/repo", "https://git.example.org/org/repo"),
        ("git@[2001:db8::1]:org/repo.git", "https://[2001:db8::1]/org/repo"),
        ("https://[2001:db8::1]:8443/org/repo", "https://[2001:db8::1]:8443/org/repo"),
        ("git@gitlab.example.org:a/b/c.git", "https://gitlab.example.org/a/b/c"),
        ("git@github.com:bob_acme/repo.git", "https://github.com/bob_acme/repo"),
        ("git@github.com:org/repo.github.io", "https://github.com/org/repo.github.io"),
        ("git@github.com:org/.github", "https://github.com/org/.github"),
        ("https://github.com/org/a%20b", "https://github.com/org/a%20b"),
        ("/srv/git/org/repo.git", None),
        ("../org/repo.git", None),
        ("file:///srv/git/org/repo.git", None),
        ("C:\\git\\org\\repo", None),
        ("C:/git/org/repo", None),
        ("https://github.com/repo", None),
        ("https://github.com", None),
        ("https://github.com:port/org/repo", None),
        ("https://[::1/org/repo", None),
        ("ssh://git@example.org/~/org/repo", None),
        ("git@example.org:../org/repo", None),
        ("ext::sh -c run", None),
        ("", None),
    ],
)
def test_page_of_a_remote(remote: str, page: str | None) -> None:
    assert web_url(remote) == page


@pytest.mark.parametrize(
    ("upstream", "fork", "page"),
    [
        (
            "git@github.com:org/repo.git",
            "git@github.com:bob_acme/repo.git",
            f"{PAGE}/compare/sign/next...bob_acme:sign/next?expand=1",
        ),
        (
            "https://github.com/org/repo",
            "git@GitHub.com:bob/Repo",
            f"{PAGE}/compare/sign/next...bob:sign/next?expand=1",
        ),
        (
            "https://github.com/org/repo",
            "git@github.com:bob/org-repo.git",
            f"{PAGE}/compare/sign/next...bob:org-repo:sign/next?expand=1",
        ),
        (
            "https://code.example.org:3000/org/repo",
            "https://code.example.org:3000/bob/repo",
            "https://code.example.org:3000/org/repo/compare/sign/next...bob:sign/next?expand=1",
        ),
        (
            "git@gitlab.com:org/group/repo.git",
            "git@gitlab.com:bob/repo.git",
            (
                "https://gitlab.com/bob/repo/-/merge_requests/new?"
                "merge_request%5Bsource_branch%5D=sign%2Fnext&"
                "merge_request%5Btarget_branch%5D=sign%2Fnext"
            ),
        ),
        ("git@github.com:org/repo.git", "https://github.com/org/repo", None),
        ("git@github.com:org/repo.git", "git@example.org:bob/repo.git", None),
        ("git@github.com:org/repo.git", "/srv/git/repo.git", None),
        ("/srv/git/repo.git", "git@github.com:bob/repo.git", None),
    ],
)
def test_page_that_opens_a_pull_request(upstream: str, fork: str, page: str | None) -> None:
    assert pull_request_url(upstream, fork, "sign/next") == page


def test_name_of_a_branch_is_quoted() -> None:
    page = pull_request_url("git@github.com:org/repo", "git@github.com:bob/repo", "sign/a#b c?d")
    assert page == f"{PAGE}/compare/sign/a%23b%20c%3Fd...bob:sign/a%23b%20c%3Fd?expand=1"


def test_event_that_only_the_fork_has_is_offered_to_main() -> None:
    page = pull_request_url(
        "git@github.com:org/repo", "git@github.com:bob/repo", "sign/new", base="main"
    )
    assert page == f"{PAGE}/compare/main...bob:sign/new?expand=1"
