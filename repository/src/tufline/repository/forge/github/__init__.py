"""GitHub as a forge: github.com, or an Enterprise Server by its API URL.

    forge = GitHubForge(connect(os.environ))
    forge.show(status)

A signing event is the pull request of its branch. What is shown of it is one comment, edited in
place; who must act anew is told by one comment more. Trust: none. Whoever controls GitHub, or the
token, can show wrong statuses and keep people from being told, but signs nothing.
"""

from tufline.repository.forge.github._audit import audit
from tufline.repository.forge.github._connection import NotConnected, Patience, Session, connect
from tufline.repository.forge.github._forge import GitHubForge
from tufline.repository.forge.github._runs import GitHubWorkflows

__all__ = [
    "GitHubForge",
    "GitHubWorkflows",
    "NotConnected",
    "Patience",
    "Session",
    "audit",
    "connect",
]
