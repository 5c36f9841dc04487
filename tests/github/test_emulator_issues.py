"""Issues, comments, labels and statuses of the emulated GitHub."""

import pytest
from github import GithubException, UnknownObjectException
from tests.github.asking import Ask, client, open_pull, refusal
from tests.support.github import Hub


def test_issue_is_opened_changed_and_closed(ask: Ask) -> None:
    issue = ask().create_issue("publish fails", body="text", labels=["tufline"], assignee="bob")
    issue.edit(title="publish failed", body="later", state="closed", state_reason="completed")

    found = ask().get_issue(issue.number)
    assert (found.title, found.body, found.state) == ("publish failed", "later", "closed")
    assert (found.state_reason, found.user.login) == ("completed", "alice")
    assert ([label.name for label in found.labels], found.assignees[0].login) == (
        ["tufline"],
        "bob",
    )
    assert found.closed_at is not None

    found.edit(state="open")
    assert (ask().get_issue(issue.number).state, found.state_reason) == ("open", "reopened")


def test_issues_are_listed_by_label_state_and_creator(ask: Ask) -> None:
    ask().create_issue("a", labels=["x", "y"])
    ask().create_issue("b", labels=["x"]).edit(state="closed")
    ask("octo").create_issue("c")
    open_pull(ask())

    def titles(**filters: object) -> list[str]:
        return [issue.title for issue in ask().get_issues(**filters)]  # type: ignore[arg-type] # as given

    assert titles() == ["Sign a", "c", "a"]
    assert titles(labels=["x"], state="all") == ["b", "a"]
    assert titles(labels=["x", "y"]) == ["a"]
    assert titles(creator="octo") == ["c"]
    assert titles(state="all", sort="updated", direction="asc") == ["a", "b", "c", "Sign a"]
    assert [issue.pull_request is not None for issue in ask().get_issues()] == [True, False, False]


def test_readers_may_open_issues_but_not_label_them(ask: Ask) -> None:
    issue = ask("bob").create_issue("question", labels=["x"])
    assert issue.labels == []

    with pytest.raises(GithubException) as error:
        issue.add_to_labels("x")

    assert error.value.status == 403


def test_comments_are_written_edited_and_deleted(ask: Ask) -> None:
    pull = open_pull(ask())
    first, second = pull.create_issue_comment("one"), pull.create_issue_comment("two")
    pull.get_issue_comment(first.id).edit("ONE")
    second.delete()

    assert [(each.body, each.user.login) for each in pull.get_issue_comments()] == [
        ("ONE", "alice")
    ]
    assert ask().get_pull(pull.number).comments == 1
    with pytest.raises(UnknownObjectException):
        pull.get_issue_comment(second.id)


def test_comment_of_somebody_else_is_edited_by_who_has_the_role(ask: Ask) -> None:
    issue = ask("bob").create_issue("question")
    comment = issue.create_comment("mine")
    ask().get_issue(issue.number).get_comment(comment.id).edit("changed")
    assert issue.get_comment(comment.id).body == "changed"

    theirs = ask().get_issue(issue.number).create_comment("of alice")
    with pytest.raises(GithubException) as error:
        issue.get_comment(theirs.id).edit("of bob")
    assert error.value.status == 403


def test_empty_comment_is_refused(ask: Ask) -> None:
    with pytest.raises(GithubException) as error:
        ask().create_issue("a").create_comment(" ")

    assert refusal(error) == (422, "Validation Failed body missing_field")


def test_labels_are_made_found_without_case_and_deleted(ask: Ask) -> None:
    repository = ask()
    repository.create_label("Signing Event", "ff0000", "a change")
    issue = repository.create_issue("a", labels=["signing event"])
    assert [label.name for label in issue.labels] == ["Signing Event"]
    with pytest.raises(GithubException) as error:
        repository.create_label("signing event", "00ff00")
    assert refusal(error) == (422, "Validation Failed name already_exists")

    label = repository.get_label("Signing Event")
    assert (label.color, label.description) == ("ff0000", "a change")
    label.delete()
    assert ([*repository.get_labels()], [*issue.get_labels()]) == ([], [])


def test_labels_of_a_pull_request_are_added_replaced_and_removed(ask: Ask) -> None:
    pull = open_pull(ask())

    def names() -> list[str]:
        return [label.name for label in pull.get_labels()]

    pull.add_to_labels("a", "b", "a")
    assert names() == ["a", "b"]
    pull.set_labels("b", "c")
    assert names() == ["b", "c"]
    pull.remove_from_labels("c")
    assert names() == ["b"]
    pull.delete_labels()
    assert names() == []
    with pytest.raises(UnknownObjectException):
        pull.remove_from_labels("a")


def test_statuses_of_a_commit_say_together_the_worst(ask: Ask) -> None:
    commit = ask().get_branch("sign/a").commit
    said = []
    for state, context in (
        ("pending", "signing-event"),
        ("success", "other"),
        ("success", "signing-event"),
        ("failure", "other"),
    ):
        commit.create_status(state, context=context, description=state)
        said.append(commit.get_combined_status().state)

    assert said == ["pending", "pending", "success", "failure"]
    assert commit.get_combined_status().total_count == 2
    assert [status.description for status in commit.get_statuses()] == [
        "failure",
        "success",
        "success",
        "pending",
    ]


def test_status_of_an_unknown_commit_is_refused(hub: Hub, ask: Ask) -> None:
    ask()
    with client(hub, hub.token("alice")) as api, pytest.raises(GithubException) as error:
        api.requester.requestJsonAndCheck(
            "POST", f"/repos/octo/tuf/statuses/{'1' * 40}", input={"state": "success"}
        )

    assert error.value.status == 422
