"""The property of every transition, and that its checker sees when it is broken.

At every prefix of the uploads, a compliant client that holds any supported root updates or stays,
and never goes backwards.
"""

import pytest
from tests.publish.scenarios import (
    LAYOUT,
    SCENARIOS,
    before_and_after,
    change_content,
    change_targets_people,
    delegate,
    published_files,
    replace_online_key,
    three_changes,
)
from tests.support.published import NOW, Published

from tufline.repository.publish import (
    Layout,
    Upload,
    check_transition,
    transition,
    with_bytes,
)
from tufline.repository.publish.compliance import Violation, check_prefixes, listed_artifacts
from tufline.repository.state import State

SIGSTORE = Layout(metadata_dir=".")


def violations_of(
    before: State | None,
    after: State,
    uploads: tuple[Upload, ...],
    *,
    layout: Layout = LAYOUT,
    emergency: bool = False,
) -> tuple[Violation, ...]:
    asked = {*listed_artifacts(after), *(listed_artifacts(before) if before else ())}
    return check_prefixes(
        published_files(before, layout) if before else {},
        with_bytes(after, uploads),
        layout=layout,
        now=NOW,
        artifacts=sorted(asked),
        emergency=emergency,
    )


@pytest.mark.parametrize("layout", [LAYOUT, SIGSTORE], ids=["folder", "base"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_clients_follow_at_every_prefix(name: str, layout: Layout) -> None:
    before, after = before_and_after(SCENARIOS[name])

    check_transition(before, after)
    uploads = transition(before, after, layout=layout)

    assert uploads
    assert violations_of(before, after, uploads, layout=layout) == ()


@pytest.mark.parametrize("layout", [LAYOUT, SIGSTORE], ids=["folder", "base"])
def test_first_publication_serves_all_roots_as_soon_as_it_serves_one(layout: Layout) -> None:
    _, after = before_and_after(three_changes)

    check_transition(None, after)
    uploads = transition(None, after, layout=layout)

    assert uploads[-1].name == layout.timestamp
    assert violations_of(None, after, uploads, layout=layout) == ()


def test_emergency_lets_clients_stop_but_all_have_the_new_state_in_the_end() -> None:
    before, after = before_and_after(change_targets_people)

    check_transition(before, after, emergency=True)
    uploads = transition(before, after, layout=LAYOUT, emergency=True)

    assert uploads[0].name == LAYOUT.root(2)
    assert violations_of(before, after, uploads, emergency=True) == ()
    assert violations_of(before, after, uploads) != ()


def test_emergency_that_never_reaches_the_timestamp_is_caught() -> None:
    before, after = before_and_after(change_targets_people)
    uploads = transition(before, after, layout=LAYOUT, emergency=True)[:-1]

    found = violations_of(before, after, uploads, emergency=True)

    assert {violation.uploads for violation in found} == {len(uploads)}


def test_new_root_before_metadata_that_it_verifies_is_caught() -> None:
    before, after = before_and_after(replace_online_key)
    uploads = transition(before, after, layout=LAYOUT)

    found = violations_of(before, after, (uploads[-1], *uploads[:-1]))

    assert {violation.last for violation in found} == {uploads[-1].name, uploads[0].name}
    assert all("timestamp was signed by 0/1 keys" in violation.reason for violation in found)


def test_new_key_alone_is_caught_in_any_order() -> None:
    repository = Published()
    before = repository.state()
    repository.rotate(online=("online-2",))
    repository.sign_online(by=("online-2",))
    after = repository.state()
    uploads = transition(before, after, layout=LAYOUT)

    assert violations_of(before, after, uploads) != ()
    assert violations_of(before, after, (uploads[-1], *uploads[:-1])) != ()


def test_timestamp_before_artifacts_is_caught() -> None:
    before, after = before_and_after(change_content)
    uploads = transition(before, after, layout=LAYOUT)
    artifacts = tuple(upload for upload in uploads if upload.is_artifact)
    metadata = tuple(upload for upload in uploads if not upload.is_artifact)

    found = violations_of(before, after, metadata + artifacts)

    assert found
    assert found[0].uploads == len(metadata)
    assert "targets/" in found[0].reason


def test_artifact_never_uploaded_is_caught() -> None:
    before, after = before_and_after(delegate)
    uploads = transition(before, after, layout=LAYOUT)

    assert violations_of(before, after, uploads[1:]) != ()


def test_client_that_goes_backwards_is_caught() -> None:
    repository = Published()
    change_content(repository)
    before = repository.state()
    repository.rotate(online=("online-2",))
    del repository.files["metadata/timestamp.json"]  # the next one is version 1 again
    repository.renew_timestamp(by=("online", "online-2"))
    after = repository.state()

    uploads = transition(before, after, layout=LAYOUT, emergency=True)
    found = violations_of(before, after, uploads, emergency=True)

    assert any(violation.reason == "timestamp went backwards" for violation in found)


def test_timestamp_with_other_bytes_under_the_same_version_is_caught() -> None:
    repository = Published()
    before = repository.state()
    del repository.files["metadata/timestamp.json"]
    change_content(repository)  # timestamp is version 1 again
    after = repository.state()

    found = violations_of(before, after, transition(before, after, layout=LAYOUT))

    assert any("a new client trusts" in violation.reason for violation in found)
