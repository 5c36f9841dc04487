"""Who is asked to do what, and who is told that they have to do it once more."""

import pytest
from tests.jobs.arranging import EVENT, add_online_role, changed_artifact, with_settings
from tests.support.pipeline import Pipeline, first_main
from tests.support.sample import Sample, key_for
from tuf.api.metadata import Root, Targets

from tufline.repository.edit import UnusablePeriods
from tufline.repository.forge import Act, Ask, EventStatus
from tufline.repository.jobs.signing_event import signing_event


def shown(pipeline: Pipeline) -> EventStatus:
    status = signing_event(pipeline.place, EVENT).status
    assert status is not None
    return status


def asked(pipeline: Pipeline) -> list[str]:
    return [" ".join(filter(None, (ask.act, ask.who, ask.role))) for ask in shown(pipeline).asks]


def pushed(event: Sample, main: Sample | None = None) -> Pipeline:
    pipeline = Pipeline(main=main or first_main())
    pipeline.push(EVENT, event)
    return pipeline


def signed_by(*people: str, role: str = "targets", data: bytes = b"two\n") -> Sample:
    event = changed_artifact(first_main(), data)
    event.sign(role, event.load(role), people)
    return event


def invite(event: Sample, person: str, role: str) -> None:
    invitations = f'{{\n  "invites": {{\n    "{person}": [\n      "{role}"\n    ]\n  }}\n}}'
    event.files["metadata/.signing-event-state"] = invitations.encode()


def test_whoever_has_not_signed_is_asked_and_who_has_is_not() -> None:
    pipeline = pushed(signed_by("@alice"))

    assert asked(pipeline) == ["sign @bob targets", "sign @carol targets"]
    assert shown(pipeline).signed == (("targets", "@alice"),)


def test_role_that_is_complete_asks_nobody() -> None:
    event = signed_by("@alice", "@bob")
    event.edit("npm", signers=[])

    assert asked(pushed(event)) == ["sign @dave npm"]


def test_signers_of_the_root_before_are_asked_too() -> None:
    def change(root: Root) -> None:
        for name in ("@alice", "@bob"):
            root.revoke_key(key_for(name).keyid, "root")
            root.add_key(key_for(f"{name}#2"), "root")

    event = first_main()
    event.edit("root", change, signers=["@alice#2", "@carol"])
    pipeline = pushed(event)

    assert asked(pipeline) == ["sign @alice root", "sign @bob root"]
    assert shown(pipeline).signed == (("root", "@alice"), ("root", "@carol"))


def test_online_key_is_nobody_to_ask() -> None:
    main = first_main()
    add_online_role(main)
    event = main.copy()
    event.edit("nightly", signers=[])

    assert asked(pushed(event, main)) == []


def test_who_is_invited_is_asked_to_accept_and_nobody_signs_what_that_will_change() -> None:
    event = first_main()
    event.edit("targets", signers=[])
    event.edit("root", signers=[])
    invite(event, "@eve", "npm")

    assert asked(pushed(event)) == [
        "accept @eve npm",
        "sign @alice root",
        "sign @bob root",
        "sign @carol root",
    ]


def test_refused_event_asks_its_author_and_no_signer() -> None:
    event = signed_by("@alice")
    event.files["README"] = b""

    assert asked(pushed(event)) == ["mend"]


def test_event_whose_metadata_cannot_follow_asks_its_author() -> None:
    main = first_main()
    main.edit("npm", lambda npm: npm.unrecognized_fields.clear())
    event = main.copy()
    event.files["targets/npm/keys.json"] = b"two\n"
    event.edit("targets", signers=[])
    pipeline = pushed(event, main)

    with pytest.raises(UnusablePeriods):
        signing_event(pipeline.place, EVENT)
    assert pipeline.forge.statuses()[EVENT].asks == (Ask(act=Act.MEND),)


def test_unchanged_event_asks_nobody() -> None:
    assert asked(pushed(first_main())) == []


@pytest.mark.parametrize(
    ("settings", "acts"),
    [
        (b"", []),
        (b'maintainers = ["@Bob", "@alice", "@bob"]\n', ["merge @bob", "merge @alice"]),
    ],
)
def test_ready_event_asks_the_maintainers(settings: bytes, acts: list[str]) -> None:
    main = with_settings(b"[merge]\n" + settings)

    assert asked(pushed(changed_artifact(main), main)) == acts


def test_ready_event_that_merges_by_itself_asks_no_maintainer() -> None:
    main = with_settings(b'[merge]\nat-threshold = true\nmaintainers = ["@bob"]\n')
    pipeline = pushed(changed_artifact(main), main)

    assert signing_event(pipeline.place, EVENT).merged
    assert pipeline.forge.told == []


def test_who_signed_what_has_changed_since_is_asked_again_until_they_sign() -> None:
    pipeline = pushed(signed_by("@alice"))
    shown(pipeline)
    pipeline.commit(EVENT, signed_by(data=b"three\n").files)

    again = ["sign @bob targets", "sign @carol targets", "sign-again @alice targets"]
    assert asked(pipeline) == again
    assert asked(pipeline) == again
    pipeline.commit(EVENT, signed_by("@bob", data=b"three\n").files)
    assert asked(pipeline) == ["sign @carol targets", "sign-again @alice targets"]
    pipeline.commit(EVENT, signed_by("@alice", data=b"three\n").files)
    assert asked(pipeline) == ["sign @carol targets", "sign-again @bob targets"]


def test_everybody_is_told_once() -> None:
    pipeline = pushed(signed_by("@alice"))
    for _ in range(3):
        shown(pipeline)

    told = [(event, ask.who) for event, ask in pipeline.forge.told]
    assert told == [(EVENT, "@bob"), (EVENT, "@carol")]


def test_status_says_by_when_and_with_which_command() -> None:
    pipeline = pushed(signed_by("@alice"))

    text = shown(pipeline).text

    line = "- [ ] `@bob`: sign `targets` before 2027-03-01, when it expires"
    assert f"{line}; run `tufline sign {EVENT}`\n" in text
    assert shown(pipeline).summary == "waiting for @bob, @carol"


def test_key_that_names_nobody_is_not_asked() -> None:
    main = first_main()

    def forget_owner(targets: Targets) -> None:
        assert targets.delegations is not None
        for key in targets.delegations.keys.values():
            key.unrecognized_fields.clear()

    main.edit("targets", forget_owner)
    event = main.copy()
    event.edit("npm", signers=[])

    assert asked(pushed(event, main)) == []
