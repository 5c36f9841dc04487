"""Points 5 and 6: root is signed again, and keys are replaced: a person's, then the online key."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from tufline.repository.format import ROOT, TIMESTAMP, Document, artifact_path
from tufline.repository.jobs import PUBLISH
from tufline.repository.publish import transition, with_bytes
from tufline.repository.publish.compliance import check_prefixes, listed_artifacts
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._screen import expect
from tufline.repository.rehearsal._step import SERVER, Step, merges_and_publishes, signs
from tufline.repository.rehearsal._steps_start import ARTIFACT, ONLINE_KEY
from tufline.repository.rehearsal._user import LAYOUT
from tufline.repository.state import State

LATE_EVENT: Final = "sign/late"
_ROOT_2: Final = "sign/root-v2"
_ONLINE: Final = "sign/online-key"
_NEW_ONLINE_KEY: Final = "online-2"
_UNTIL_ROOT_IS_DUE: Final = timedelta(days=266)  # of 365 - 60; 40 have passed


def _propose_late(ceremony: Ceremony) -> str:
    bob = ceremony.people["@bob"]
    bob.start_from("main")
    bob.push({artifact_path(ARTIFACT): b"release 3\n"}, "Release 3", to=LATE_EVENT)
    ceremony.verdict(LATE_EVENT, "waiting")
    return "one of the attacks will use it"


def _timer(ceremony: Ceremony) -> str:
    ceremony.pass_time(_UNTIL_ROOT_IS_DUE)
    ceremony.server.tick()
    review = ceremony.verdict(_ROOT_2, "waiting")
    versions = {role.name: role.version for role in review.roles}
    expect(versions.get(ROOT) == 2, f"the event has {versions}")  # noqa: PLR2004 - from version 1
    return f"{ceremony.now:%Y-%m-%d}: opens {_ROOT_2}; the timestamp is renewed"


def _replace_key(ceremony: Ceremony) -> str:
    carol = ceremony.people["@carol"].with_new_token()
    ceremony.people["@carol"] = carol
    carol.propose("key replace", _ROOT_2, "--pin-file", "../pin")
    review = ceremony.verdict(_ROOT_2, "waiting")
    root = next(role for role in review.roles if role.name == ROOT)
    expect("@carol" in root.missing, f"the key is not in root: {root}")
    return "in root, which says who signs targets, too"


def _count_both(ceremony: Ceremony) -> str:
    root = next(role for role in ceremony.server.review(_ROOT_2).roles if role.name == ROOT)
    expect(root.previous is not None, "root is not judged by the root before")
    old = root.previous.signed if root.previous else ()
    new = root.signed
    expect(old == ("@alice",) and set(new) == {"@alice", "@carol"}, f"signed: {old}, {new}")
    return "the new root has its 2 signatures; the old one, without @carol's new key, 1 of 2"


def _new_online_key(ceremony: Ceremony) -> str:
    ceremony.pass_time(timedelta(days=1))
    public = ceremony.server.new_online_key(_NEW_ONLINE_KEY)
    ceremony.people["@alice"].propose(
        *("delegate", _ONLINE, TIMESTAMP),
        *("--online-key", f"file2:{_NEW_ONLINE_KEY}", "--online-public-key", str(public)),
    )
    ceremony.verdict(_ONLINE, "waiting")
    return "for snapshot and timestamp, in root 3"


def _sign_with_both(ceremony: Ceremony) -> str:
    """Sign, and let clients of every kind follow the uploads one by one, before they are made."""
    ceremony.server.merge(_ONLINE)
    deployed = _files(ceremony)
    with ceremony.server.history() as history:
        before = history.resolve(PUBLISH)
    ceremony.server.job("ci", "online-sign")
    with ceremony.server.history() as history:
        known = State(history.files(before))
        after = State(history.files(history.resolve(PUBLISH)))
        _expect_two_signatures(after)
        return _try_every_prefix(deployed, known, after, now=ceremony.now)


def _expect_two_signatures(after: State) -> None:
    for loaded in (after.snapshot(), after.timestamp()):
        signed = loaded.metadata.signatures if isinstance(loaded, Document) else {}
        expect(len(signed) == 2, f"{len(signed)} online keys signed, not both")  # noqa: PLR2004 - old and new


def _try_every_prefix(
    deployed: Mapping[str, bytes], known: State, after: State, *, now: datetime
) -> str:
    uploads = transition(known, after, layout=LAYOUT)
    names = [upload.name for upload in uploads]
    new_root = LAYOUT.root(3)
    expect(names.index(LAYOUT.timestamp) < names.index(new_root), f"the order is {names}")
    violations = check_prefixes(
        deployed,
        with_bytes(after, uploads),
        layout=LAYOUT,
        now=now,
        artifacts=listed_artifacts(after),
    )
    expect(not violations, f"clients that could not follow: {violations}")
    return f"clients with root 1, 2 and 3 follow after each of the uploads {', '.join(names)}"


def _files(ceremony: Ceremony) -> Mapping[str, bytes]:
    """Return what is deployed in production, by name."""
    top = ceremony.production.folder
    return {
        str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()
    }


def _publish(ceremony: Ceremony) -> str:
    ceremony.server.job("ci", "publish")
    followed = ceremony.everything_served()
    (ceremony.server.keys / ONLINE_KEY).unlink()
    return f"the client follows: {followed}; the old key is destroyed"


STEPS: Final = (
    Step(point=5, who="@bob", what=f"pushes {LATE_EVENT}, which stays open", act=_propose_late),
    signs(5, "@alice", LATE_EVENT, then="waiting"),
    signs(5, "@carol", LATE_EVENT, then="ready"),
    Step(point=5, who=SERVER, what="runs its timer, nine months later", act=_timer),
    Step(point=5, who="@carol", what="puts the key of a new token into root", act=_replace_key),
    signs(5, "@carol", _ROOT_2, then="waiting"),
    signs(5, "@alice", _ROOT_2, then="waiting"),
    Step(point=5, who=SERVER, what="counts signatures for the old and new root", act=_count_both),
    signs(5, "@bob", _ROOT_2, then="ready"),
    merges_and_publishes(5, _ROOT_2),
    Step(point=6, who="@alice", what="proposes a new online key", act=_new_online_key),
    signs(6, "@alice", _ONLINE, then="waiting"),
    signs(6, "@bob", _ONLINE, then="ready"),
    Step(point=6, who=SERVER, what="merges, and signs with both keys", act=_sign_with_both),
    Step(point=6, who=SERVER, what="publishes", act=_publish),
)
