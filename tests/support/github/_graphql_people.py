"""Who asks by GraphQL, and how people and bots are shown there."""

from dataclasses import dataclass

from tests.support.github._graphql_schema import Refusal
from tests.support.github._state import Repository, Role, State, Token, User


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. What a token may not see is refused as GitHub does."""

    state: State
    token: Token

    def sees(self, repository: Repository) -> bool:
        return self.state.may(self.token, repository, "metadata", "read")

    def demand(
        self, repository: Repository, permission: str, level: str, *, role: Role | None = None
    ) -> None:
        """Raise `Refusal` unless the token has the permission there."""
        if not self.state.may(self.token, repository, permission, level, role=role):
            raise Refusal("FORBIDDEN", _forbidden(self.token))

    def actor(self, login: str | None) -> "Actor | None":
        """Return the user or bot; None is also whoever is gone, which REST shows as a ghost."""
        found = self.state.users.get(login or "")
        return Actor(self.state, found) if found else None

    @property
    def oneself(self) -> "Oneself":
        return Oneself(self.state, self.state.users[self.token.login])


@dataclass(frozen=True, slots=True)
class Actor:
    """A user or a bot. A bot's login lacks here the "[bot]" that REST shows."""

    state: State
    user: User

    @property
    def typename(self) -> str:
        return self.user.type

    @property
    def id(self) -> str:
        return self.user.node_id

    @property
    def database_id(self) -> int:
        return self.user.id

    @property
    def login(self) -> str:
        return self.user.login.removesuffix("[bot]")

    @property
    def url(self) -> str:
        return f"{self.state.url}/{self.login}"


class Oneself(Actor):
    """The viewer, who is a "User" with the whole login even if it is a bot."""

    @property
    def login(self) -> str:
        return self.user.login


def _forbidden(token: Token) -> str:
    if token.kind != "personal":
        return "Resource not accessible by integration"
    if token.permissions is not None:
        return "Resource not accessible by personal access token"
    return f"{token.login} does not have the correct permissions to do this"
