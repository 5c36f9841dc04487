"""Comments, labels and other small things as GraphQL shows them."""

from dataclasses import dataclass
from datetime import datetime

from tests.support.github._graphql_people import Actor, Viewer
from tests.support.github._state import Comment, Label


@dataclass(frozen=True, slots=True)
class Commit:
    oid: str
    typename = "Commit"

    @property
    def id(self) -> str:
        return f"C_{self.oid}"


@dataclass(frozen=True, slots=True)
class LabelView:
    label: Label
    typename = "Label"

    @property
    def id(self) -> str:
        return self.label.node_id

    @property
    def name(self) -> str:
        return self.label.name

    @property
    def color(self) -> str:
        return self.label.color

    @property
    def description(self) -> str | None:
        return self.label.description


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    requested_reviewer: Actor | None


@dataclass(frozen=True, slots=True)
class CommentView:
    viewer: Viewer
    comment: Comment
    subject_url: str
    typename = "IssueComment"

    @property
    def id(self) -> str:
        return self.comment.node_id

    @property
    def database_id(self) -> int:
        return self.comment.id

    @property
    def full_database_id(self) -> str:
        return str(self.comment.id)

    @property
    def body(self) -> str:
        return self.comment.body

    @property
    def author(self) -> Actor | None:
        return self.viewer.actor(self.comment.author)

    @property
    def editor(self) -> Actor | None:
        return self.viewer.actor(self.comment.editor)

    @property
    def last_edited_at(self) -> datetime | None:
        return self.comment.updated if self.comment.editor else None

    @property
    def created_at(self) -> datetime:
        return self.comment.created

    @property
    def updated_at(self) -> datetime:
        return self.comment.updated

    @property
    def viewer_did_author(self) -> bool:
        return self.viewer.token.login == self.comment.author

    @property
    def url(self) -> str:
        return f"{self.subject_url}#issuecomment-{self.comment.id}"
