"""Points 1 and 2: a repository is started and published for the first time."""

import hashlib
from typing import Final

from tufline.repository.format import ROOT, TARGETS, historic_root_path, without_empty_signatures
from tufline.repository.jobs import MAIN, PUBLISH
from tufline.repository.rehearsal._ceremony import Ceremony
from tufline.repository.rehearsal._screen import expect
from tufline.repository.rehearsal._step import SERVER, Step, signs
from tufline.repository.rehearsal._user import LAYOUT

HOLDERS: Final = ("@alice", "@bob", "@carol")
DELEGATE: Final = "@dave"
ONLINE_KEY: Final = "online-1"
ARTIFACT: Final = "release.txt"
FIRST_RELEASE: Final = b"release 1\n"
_EVENT: Final = "sign/start"


def _set_up(ceremony: Ceremony) -> str:
    ceremony.server.set_up()
    ceremony.server.new_online_key(ONLINE_KEY)
    return "a hook runs `tufline ci tick` after each push"


def _welcome(ceremony: Ceremony) -> str:
    ceremony.welcome(*HOLDERS, DELEGATE)
    settings = (
        f'[publish]\nstaging = "{ceremony.staging.folder}"\n'
        f'production = "{ceremony.production.folder}"\n'
    )
    files = {"tufline.toml": settings.encode(), ".gitignore": b".tufline-sign.toml\n"}
    pushed = ceremony.people["@alice"].push(files, "Say where to publish", to=MAIN)
    expect("remote: create-signing-events" in pushed.text, "the hook did not run after a push")
    return f"and @alice pushes {', '.join(files)} to {MAIN}"


def _start(ceremony: Ceremony) -> str:
    public = ceremony.server.keys / f"{ONLINE_KEY}.pub"
    ceremony.people["@alice"].propose(
        "delegate",
        *(_EVENT, ROOT, "--signers", ",".join(HOLDERS), "--threshold", "2"),
        *("--targets-signers", ",".join(HOLDERS), "--targets-threshold", "2"),
        *("--online-key", f"file2:{ONLINE_KEY}", "--online-public-key", str(public)),
    )
    review = ceremony.verdict(_EVENT, "waiting")
    thresholds = {role.name: role.threshold for role in review.roles}
    invited = {role.name: role.invited for role in review.roles}
    expect(thresholds == {ROOT: 2, TARGETS: 2}, f"the thresholds are {thresholds}")
    expect(all(set(each) == {*HOLDERS} for each in invited.values()), f"invited are {invited}")
    return f"{', '.join(HOLDERS)} are invited to both"


def _add_artifact(ceremony: Ceremony) -> str:
    alice = ceremony.people["@alice"]
    file = alice.machine.home / ARTIFACT
    file.write_bytes(FIRST_RELEASE)
    alice.propose("target add", _EVENT, f"../{ARTIFACT}")
    return "targets lists it"


def _accepts(name: str, *others: str) -> Step:
    def act(ceremony: Ceremony) -> str:
        ceremony.people[name].sign(_EVENT)
        review = ceremony.verdict(_EVENT, "waiting")
        for role in review.roles:
            expect(role.invited == others, f"{role.name} still invites {role.invited}")
            is_signer = name in (*role.signed, *role.missing)
            expect(is_signer, f"{name} has no key in {role.name}")
        return f"still invited: {', '.join(others) or 'nobody'}"

    what = "accepts both invitations with the key on the token, signs targets"
    return Step(point=1, who=name, what=what if others else f"{what} and root", act=act)


def _merge(ceremony: Ceremony) -> str:
    ceremony.server.merge(_EVENT)
    with ceremony.server.state(MAIN) as main:
        expect(main.read(f"targets/{ARTIFACT}") == FIRST_RELEASE, "main lacks the artifact")
        data = main.read(historic_root_path(1)) or b""
    expect(data and data == without_empty_signatures(data), "root 1 holds empty signatures")
    return "root 1 and targets 1 are on main"


def _sign_online(ceremony: Ceremony) -> str:
    refused = ceremony.server.job("ci", "online-sign", code=1)
    alice = ceremony.people["@alice"]
    alice.start_from(MAIN)
    digest = hashlib.sha256((alice.clone / historic_root_path(1)).read_bytes()).hexdigest()
    expect(digest in refused.text, "the server has another root 1 than a key holder")
    ceremony.server.job("ci", "online-sign", "--confirm-root", digest)
    with ceremony.server.state(PUBLISH) as state:
        expect(state.snapshot() and state.timestamp(), "publish lacks snapshot or timestamp")
    return f"snapshot 1 and timestamp 1, once a person has confirmed root {digest[:12]}…"


def _stage(ceremony: Ceremony) -> str:
    ceremony.server.job("ci", "build", "--output", str(ceremony.staging.folder))
    first_root = ceremony.staging.folder / LAYOUT.root(1)
    ceremony.user.install(first_root.read_bytes())
    got = ceremony.user.gets(ARTIFACT, ceremony.staging, now=ceremony.now)
    expect(got == FIRST_RELEASE, f"the client downloaded {got!r}")
    return f"a client that was given 1.root.json downloads {ARTIFACT} from {ceremony.staging.url}"


def _publish(ceremony: Ceremony) -> str:
    ceremony.server.job("ci", "publish")
    return f"the same client follows to {ceremony.production.url}: {ceremony.everything_served()}"


_HERE: Final = (
    Step(point=1, who=SERVER, what="makes a bare git repository and an online key", act=_set_up),
    Step(point=1, who="everybody", what="gets a token and a clone", act=_welcome),
)
START: Final = (
    Step(point=1, who="@alice", what="proposes root 2 of 3 and targets 2 of 3", act=_start),
    Step(point=1, who="@alice", what=f"adds {ARTIFACT}", act=_add_artifact),
    _accepts("@alice", "@bob", "@carol"),
    _accepts("@bob", "@carol"),
    _accepts("@carol"),
    signs(1, "@alice", _EVENT, then="ready"),
    signs(1, "@bob", _EVENT, then="ready"),
    Step(point=1, who=SERVER, what=f"merges {_EVENT}", act=_merge),
)
_PUBLISHED_HERE: Final = (
    Step(point=2, who=SERVER, what="signs snapshot and timestamp", act=_sign_online),
    Step(point=2, who=SERVER, what="builds, and deploys for testing", act=_stage),
    Step(point=2, who=SERVER, what="publishes to production", act=_publish),
)
STEPS: Final = (*_HERE, *START, *_PUBLISHED_HERE)
