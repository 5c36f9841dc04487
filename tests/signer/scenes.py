"""The sessions that are kept as transcripts: what people do, in good ways and bad ones."""

from collections.abc import Callable
from typing import Final

from tests.signer.helpers import EVENT, NEXT, git, write_key
from tests.signer.transcribing import Stage
from tests.support.foreign import Foreign

ROLES: Final = ("root", "snapshot", "timestamp", "targets")

Scene = Callable[[Stage], None]


def artifact(stage: Stage, text: str = "one\n") -> None:
    (stage.session.folder / "release.txt").write_text(text)


def an_event(stage: Stage) -> None:
    artifact(stage)
    stage.alice.yes("target", "add", NEXT, stage.session.folder / "release.txt")


def sign_an_event(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, "sign", ("which one [1]: ", "1"), ("[y/N]: ", "y"))
    stage.session.run(stage.bob, f"sign {NEXT}", ("[y/N]: ", "y"))


def sign_and_say_no(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, f"sign {NEXT}", ("[y/N]: ", "n"), code=130)


def sign_when_nothing_waits(stage: Stage) -> None:
    stage.session.run(stage.alice, "sign")


def sign_what_is_refused(stage: Stage) -> None:
    an_event(stage)
    stage.server.commit(NEXT, ".github/workflows/mine.yml", "on: push\n")
    stage.session.run(stage.alice, f"sign {NEXT}", code=1)


def sign_what_gives_more_power(stage: Stage) -> None:
    stage.alice.yes("delegate", NEXT, "root", "--threshold", "1")
    stage.session.run(stage.bob, f"sign {NEXT}", ("is this right? [y/N]: ", "n"), code=130)


def sign_with_a_key_that_is_not_there(stage: Stage) -> None:
    an_event(stage)
    stage.alice.key_file.unlink()
    stage.session.run(stage.alice, f"sign {NEXT}", code=1)


def sign_an_event_that_is_not_there(stage: Stage) -> None:
    stage.session.run(stage.alice, "sign sign/nothing", code=1)


def add_and_list_artifacts(stage: Stage) -> None:
    artifact(stage)
    stage.session.run(stage.alice, f"target add {NEXT} {{dir}}/release.txt", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"target list {NEXT}")
    stage.session.run(stage.alice, "target list sign/nothing", code=1)


def add_an_artifact_of_nobody(stage: Stage) -> None:
    artifact(stage)
    stage.session.run(stage.alice, f"target add {NEXT} {{dir}}/release.txt --name nobody/x", code=1)


def remove_an_artifact(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, f"target remove {NEXT} release.txt", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"target remove {NEXT} release.txt", code=1)


def change_who_may_sign(stage: Stage) -> None:
    stage.session.run(stage.alice, f"delegate {NEXT} npm --signers @alice,@dora", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"delegate {NEXT} npm --threshold 3 --yes", code=1)


def remove_a_role(stage: Stage) -> None:
    stage.alice.yes("delegate", NEXT, "npm", "--signers", "@alice")
    stage.session.run(stage.alice, f"role remove {NEXT} npm", ("[y/N]: ", "y"))
    stage.session.run(stage.alice, f"role remove {NEXT} gone --yes", code=1)


def replace_my_key(stage: Stage) -> None:
    new = stage.session.folder / "new.pem"
    write_key(new)
    stage.session.run(
        stage.alice,
        f"key replace {NEXT} --key file2:{{dir}}/new.pem",
        ("[y/N]: ", "y"),
        ("[y/N]: ", "y"),
    )
    stage.session.run(stage.bob, f"key replace {NEXT} --key file2:{{dir}}/bob_acme.pem", code=1)


def look_at_my_keys(stage: Stage) -> None:
    git(stage.alice.clone, "fetch", "--quiet")
    stage.session.run(stage.alice, "key list")
    stage.alice.key_file.unlink()
    stage.session.run(stage.alice, "key list")


def make_a_key_in_a_file(stage: Stage) -> None:
    words = "correct horse battery"
    stage.session.run(
        stage.alice,
        "key create --file {dir}/made.pem",
        (": ", words),
        (": ", words),
    )
    stage.session.run(stage.alice, "key create --file {dir}/made.pem --no-passphrase", code=1)


def see_a_doctor(stage: Stage) -> None:
    stage.session.run(stage.alice, "doctor")
    stage.alice.key_file.unlink()
    stage.session.run(stage.alice, "doctor --no-sign", code=1)


def sign_without_network(stage: Stage) -> None:
    an_event(stage)
    stage.session.run(stage.alice, f"payload {NEXT} -o {{dir}}/payload")
    stage.session.run(
        stage.alice,
        "sign --offline {dir}/payload --user @alice --key file2:{dir}/alice.pem -o {dir}/signed",
        ("[y/N]: ", "y"),
        ("[y/N]: ", "y"),
    )
    stage.session.run(stage.alice, "signature add {dir}/signed")


def carry_what_cannot_be_signed(stage: Stage) -> None:
    an_event(stage)
    stage.server.commit(NEXT, ".github/workflows/mine.yml", "on: push\n")
    stage.session.run(stage.alice, f"payload {NEXT} -o {{dir}}/payload", code=1)
    (stage.session.folder / "payload").write_text("not one\n")
    offline = "sign --offline {dir}/payload --user @alice -o {dir}/signed"
    stage.session.run(stage.alice, offline, code=1)
    (stage.session.folder / "signed").write_text("not one\n")
    stage.session.run(stage.alice, "signature add {dir}/signed", code=1)


def change_the_online_key(stage: Stage) -> None:
    stage.server.start(stage.alice, stage.alice)
    for _ in ("accept", "sign"):
        stage.alice.yes("sign", EVENT)
    stage.server.merge()
    for name in ("new", "other"):
        write_key(stage.session.folder / f"{name}.pem")
    set_it = f"online set {NEXT} timestamp --online-key file2:{{dir}}/new.pem"
    stage.session.run(stage.alice, set_it, ("[y/N]: ", "y"))
    other = f"{set_it} --online-public-key {{dir}}/other.pem.pub"
    stage.session.run(stage.alice, other, code=1)


def import_a_repository(stage: Stage) -> None:
    old(stage).publish(stage.session.folder / "old")
    stage.session.run(
        stage.alice,
        "import {dir}/old",
        ("(@name): ", "@alice"),
        ("(signer URI): ", "gcpkms:projects/example/tuf"),
        *((f"of {role} {ask}", "") for role in ROLES for ask in ("is valid", "starts")),
        ("[y/N]: ", "y"),
    )


def import_a_broken_repository(stage: Stage) -> None:
    broken = old(stage)
    root = broken.roots[0]
    broken.roots[0] = root.replace(b'"version":1', b'"version":2')
    broken.publish(stage.session.folder / "old")
    stage.session.run(stage.alice, "import {dir}/old", code=1)


def old(stage: Stage) -> Foreign:
    """Return a repository as other tools make it, with one artifact."""
    online = stage.session.folder / "online.pem"
    for secret, file in enumerate((stage.alice.key_file, online), start=1):
        write_key(file, secret)  # so that what is sorted by key ids comes in the same order
    repository = Foreign({"alice": stage.alice.key_file, "online": online})
    repository.put("file.txt", b"one\n")
    repository.sign_online()
    return repository


SCENES: Final[tuple[Scene, ...]] = (
    sign_an_event,
    sign_and_say_no,
    sign_when_nothing_waits,
    sign_what_is_refused,
    sign_what_gives_more_power,
    sign_with_a_key_that_is_not_there,
    sign_an_event_that_is_not_there,
    add_and_list_artifacts,
    add_an_artifact_of_nobody,
    remove_an_artifact,
    change_who_may_sign,
    remove_a_role,
    replace_my_key,
    look_at_my_keys,
    make_a_key_in_a_file,
    see_a_doctor,
    sign_without_network,
    carry_what_cannot_be_signed,
)
# Where main is empty.
FIRST_SCENES: Final[tuple[Scene, ...]] = (
    change_the_online_key,
    import_a_repository,
    import_a_broken_repository,
)
