"""Web pages of git remotes: where a pull request from a fork is opened. Pure.

web_url("git@github.com:org/repo.git")      # https://github.com/org/repo
pull_request_url(upstream, fork, "sign/x")  # a page that offers sign/x of the fork
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlencode, urlsplit

_SCHEMES: Final = frozenset({"ssh", "git", "http", "https", "git+ssh", "ssh+git", "git+https"})
# What git takes as host:path. One letter before the colon is a drive of Windows.
_SHORT: Final = re.compile(
    r"(?:[^@/\s]+@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^@:/\s\[\]]{2,}):(?P<path>.+)"
)
# Hosts that serve git by ssh under another name than their pages, to get through firewalls.
_OTHER_NAMES: Final = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_LEAST_PARTS: Final = 2  # of a path: an owner and a repository


@dataclass(frozen=True, kw_only=True, slots=True)
class WebPlace:
    """A repository's page: scheme, host with a port where it has one, and the path's parts."""

    scheme: str
    host: str
    parts: tuple[str, ...]

    @property
    def url(self) -> str:
        """The page."""
        return f"{self.scheme}://{self.host}/{'/'.join(map(quote, self.parts))}"


def web_url(remote: str) -> str | None:
    """Return the page of a remote, given its URL; None where it can have none, as for a folder."""
    place = web_place(remote)
    return place.url if place else None


def web_place(remote: str) -> WebPlace | None:
    """Return where the page of a remote is; None where there is none."""
    remote = remote.strip()
    if "://" in remote:
        return _of_url(remote)
    short = _SHORT.fullmatch(remote)
    return _place("https", short["host"], short["path"]) if short else None


def pull_request_url(
    upstream: str, fork: str, branch: str, *, base: str | None = None
) -> str | None:
    """Return where a fork's branch can be offered to `base`, by default its like, of the original.

    Both are URLs of remotes. None where they have no pages, are on different hosts, or are one.
    The form of GitHub is also understood by Forgejo and Gitea; hosts named gitlab get GitLab's.
    """
    original, ours = web_place(upstream), web_place(fork)
    if original is None or ours is None or original.host.lower() != ours.host.lower():
        return None
    if _same(original.parts, ours.parts):
        return None
    if "gitlab" in original.host.lower().split(":")[0].split("."):
        names = {"source_branch": branch, "target_branch": base or branch}
        asked = urlencode({f"merge_request[{name}]": value for name, value in names.items()})
        return f"{ours.url}/-/merge_requests/new?{asked}"
    return (
        f"{original.url}/compare/{quote(base or branch)}...{_head(original, ours, branch)}?expand=1"
    )


def _head(original: WebPlace, ours: WebPlace, branch: str) -> str:
    """Return how the fork's branch is named; with its repository where that is called otherwise."""
    owner, name = ours.parts[0], ours.parts[-1]
    named = (owner,) if name.lower() == original.parts[-1].lower() else (owner, name)
    return ":".join(map(quote, (*named, branch)))


def _of_url(remote: str) -> WebPlace | None:
    try:
        parts = urlsplit(remote)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port that is no number, brackets that do not close
        return None
    if parts.scheme not in _SCHEMES or host is None:
        return None
    host = f"[{host}]" if ":" in host else host
    web = parts.scheme in {"http", "https"}
    if web and port is not None:  # the port of ssh or git says nothing about pages
        host = f"{host}:{port}"
    return _place(parts.scheme if web else "https", host, unquote(parts.path))


def _place(scheme: str, host: str, path: str) -> WebPlace | None:
    path = path.strip("/").removesuffix(".git").strip("/")
    parts = tuple(part for part in path.split("/") if part)
    if len(parts) < _LEAST_PARTS or not {".", "..", "~"}.isdisjoint(parts):
        return None
    return WebPlace(scheme=scheme, host=_OTHER_NAMES.get(host.lower(), host), parts=parts)


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return [part.lower() for part in one] == [part.lower() for part in other]
