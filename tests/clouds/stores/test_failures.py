"""What goes wrong on the way to the clouds: each is named as the port says, with the reason."""

import pytest
from tests.clouds.stores.conftest import PlaceOf
from tests.publish.scenarios import LAYOUT, before_and_after, change_content, published_files
from tests.support.stores.contract import put, tag_of
from tests.support.stores.front import BROKEN, Front, Reply, Request
from tests.support.stores.publishing import everything

from tufline.repository.publish import (
    NoSpace,
    ReadOnlyStore,
    Store,
    StoreChanged,
    StoreFailed,
    deploy,
    open_store,
)

pytestmark = pytest.mark.parametrize("s3_server", ["moto"], indirect=True)

WRITES = {"PUT", "POST", "DELETE"}


class Answers:
    """Answers one request of some kind itself; with `after`, the server does first what it asks.

    With `about` it is one that has this text in its address or its body.
    """

    def __init__(
        self, front: Front, reply: Reply, *, writes: bool, after: bool = False, about: str = ""
    ) -> None:
        self.left = 1
        self._about = about
        self._front = front
        self._reply = reply
        self._writes = writes
        self._after = after

    def __call__(self, request: Request) -> Reply | None:
        """Answer, if it is this one's turn."""
        if not self.left or (request.method in WRITES) is not self._writes:
            return None
        if self._about not in request.path and self._about.encode() not in request.body:
            return None
        self.left -= 1
        if self._after:
            self._front.forward(request)
        return self._reply


@pytest.fixture(params=["gcs", "s3"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def front(kind: str, gcs_server: Front, s3_server: Front) -> Front:
    return gcs_server if kind == "gcs" else s3_server


@pytest.fixture
def store(kind: str, gcs_place: PlaceOf, s3_place: PlaceOf, prefix: str) -> Store:
    return open_store((gcs_place if kind == "gcs" else s3_place)(f"tuf/{prefix}"))


def error(status: int, code: str) -> Reply:
    """Say what went wrong as both services understand it: by the status, and in S3's words."""
    body = f"<Error><Code>{code}</Code><Message>so it is</Message></Error>".encode()
    return Reply(status=status, headers=(("Content-Type", "application/xml"),), body=body)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (error(403, "AccessDenied"), ReadOnlyStore),
        (error(507, "InsufficientStorage"), NoSpace),
        (error(400, "InvalidRequest"), StoreFailed),
        (error(412, "PreconditionFailed"), StoreChanged),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_write_that_is_refused_is_named(
    front: Front, store: Store, reply: Reply, expected: type[Exception]
) -> None:
    rule = Answers(front, reply, writes=True)
    front.rules.insert(0, rule)
    with pytest.raises(expected) as caught:
        put(store, "folder/a", b"x")
    front.rules.remove(rule)

    assert type(caught.value) is expected
    assert "folder/a" in str(caught.value)
    assert list(store.listing()) == []


def test_read_that_is_denied_is_no_missing_file(front: Front, store: Store) -> None:
    put(store, "a", b"x")
    rule = Answers(front, error(403, "AccessDenied"), writes=False)
    front.rules.insert(0, rule)
    with pytest.raises(StoreFailed) as caught:
        store.get("a")
    front.rules.remove(rule)

    assert type(caught.value) is StoreFailed
    assert store.get("a") == b"x"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("reply", [BROKEN, error(503, "SlowDown")], ids=["broken", "slow-down"])
def test_deployment_whose_answers_get_lost_completes(
    front: Front, store: Store, reply: Reply, *, after: bool
) -> None:
    before, state = before_and_after(change_content)
    deploy(store, None, before, layout=LAYOUT)
    rules = [
        Answers(front, reply, writes=True, after=after, about=about)
        for about in ("file.txt", LAYOUT.timestamp)
    ]
    front.rules[:0] = rules
    deploy(store, before, state, layout=LAYOUT)
    del front.rules[: len(rules)]

    assert [rule.left for rule in rules] == [0, 0]
    assert everything(store) == published_files(before) | published_files(state)


def test_replacement_whose_answer_gets_lost_is_told_from_a_race(front: Front, store: Store) -> None:
    put(store, "a", b"one")
    rule = Answers(front, BROKEN, writes=True, after=True)
    tag = tag_of(store, "a")
    front.rules.insert(0, rule)
    with pytest.raises(StoreChanged):  # the library asked again; who calls looks what is there
        put(store, "a", b"two", tag)
    front.rules.remove(rule)

    assert store.get("a") == b"two"


@pytest.mark.usefixtures("gcs_place", "s3_place")
def test_service_that_is_not_there_is_named(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "gcs":
        monkeypatch.delenv("STORAGE_EMULATOR_HOST")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/credentials.json")
        place, reason = "gs://tuf", "/nowhere/credentials.json was not found"
    else:
        place = "s3://tuf?region=us-east-1&endpoint=http://127.0.0.1:9"
        reason = "Could not connect to the endpoint URL"

    with pytest.raises(StoreFailed, match=reason):
        open_store(place).get("a")
