"""`tufline.toml`: every field, and every way to get it wrong."""

import re
import tomllib
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from tests.support.pipeline import Pipeline, first_main

from tufline.repository.history import Author
from tufline.repository.jobs import load_event
from tufline.repository.publish import Layout
from tufline.repository.review import Policy
from tufline.repository.settings import (
    AuthorSettings,
    InvalidSettings,
    KeysSettings,
    MergeSettings,
    PublishSettings,
    ReviewSettings,
    Settings,
    parse_settings,
    read_settings,
)
from tufline.repository.state import MemoryFiles, State

ALL = b"""
[review]
oldest-root = 3
longest-expiry = { root = 400, "*" = 200 }
online-keys = ["gcpkms:projects/example/", "file2:"]
emergency-roots = [5, 7]

[publish]
metadata-dir = "."
staging = "/srv/staging"
production = "/srv/production"

[merge]
at-threshold = true
maintainers = ["@alice", "@Bob_2"]

[author]
name = "The Robot"
email = "robot@example.com"

[keys]
attestation-vendors = ["vendors.pem", "keys/more.pem"]
"""

MANUAL = (Path(__file__).parents[1] / "docs" / "settings.md").read_text()


def test_the_manual_shows_every_entry_with_a_value_that_is_taken() -> None:
    example = re.findall(r"^```toml\n(.*?)^```$", MANUAL, re.DOTALL | re.MULTILINE)[0]
    parsed = parse_settings(example.encode())
    for section, found in tomllib.loads(example).items():
        setting, one_of = getattr(parsed, section), isinstance(found, list)
        entries = {name for each in (found if one_of else [found]) for name in each}
        fields_of = fields(setting[0] if one_of else setting)
        known = {each.name.replace("_", "-") for each in fields_of}
        assert entries == known, section
        assert all(f".{name}`" in MANUAL for name in known), section
    for sink, tables in tomllib.loads(example)["notify"].items():
        if sink != "repository":
            known = {
                each.name.replace("_", "-") for each in fields(getattr(parsed.notify, sink)[0])
            }
            assert tables[0].keys() == known, sink
            assert all(f".{name}`" in MANUAL for name in known), sink
    assert tomllib.loads(example).keys() == {each.name for each in fields(parsed)}


def test_every_field_is_read() -> None:
    assert parse_settings(ALL) == Settings(
        review=ReviewSettings(
            oldest_root=3,
            longest_expiry={"root": 400, "*": 200},
            online_keys=("gcpkms:projects/example/", "file2:"),
            emergency_roots=(5, 7),
        ),
        publish=PublishSettings(
            metadata_dir=".", staging="/srv/staging", production="/srv/production"
        ),
        merge=MergeSettings(at_threshold=True, maintainers=("@alice", "@Bob_2")),
        author=AuthorSettings(name="The Robot", email="robot@example.com"),
        keys=KeysSettings(attestation_vendors=("vendors.pem", "keys/more.pem")),
    )


def test_settings_say_what_review_publishing_and_commits_go_by() -> None:
    settings = parse_settings(ALL)

    assert settings.policy == Policy(
        oldest_root=3,
        longest_expiry={"root": timedelta(days=400), "*": timedelta(days=200)},
        online_uris=("gcpkms:projects/example/", "file2:"),
        emergency_roots=frozenset({5, 7}),
        attestation_vendors=("vendors.pem", "keys/more.pem"),
    )
    assert settings.layout == Layout(metadata_dir=".")
    assert settings.committer == Author(name="The Robot", email="robot@example.com")


@pytest.mark.parametrize("files", [{}, {"tufline.toml": b""}, {"tufline.toml": b"# nothing\n"}])
def test_file_may_be_absent_or_empty(files: dict[str, bytes]) -> None:
    assert read_settings(State(MemoryFiles(files))) == Settings()


def test_defaults_merge_nothing_and_publish_nowhere() -> None:
    assert (Settings().merge.at_threshold, Settings().publish.production) == (False, None)
    assert Settings().policy == Policy()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (b"[review]\noldest-root = '3'", ["review.oldest-root"]),
        (b"[review]\noldest-root = true", ["review.oldest-root"]),
        (b"[review]\noldest-root = 0", ["review: ", "oldest-root is 1 or more"]),
        (b"[review]\nlongest-expiry = 5", ["review.longest-expiry"]),
        (b"[review]\nlongest-expiry = { root = 'x' }", ["review.longest-expiry.root"]),
        (b"[review]\nlongest-expiry = { root = 0 }", ["review: ", "longest-expiry is 1 day"]),
        (b"[review]\nonline-keys = 'file2:'", ["review.online-keys"]),
        (b"[review]\nonline-keys = [1]", ["review.online-keys.0"]),
        (b"[review]\nemergency-roots = [1, 'x']", ["review.emergency-roots.1"]),
        (b"[publish]\nmetadata-dir = 1", ["publish.metadata-dir"]),
        (b"[publish]\nmetadata-dir = '../x'", ["publish: ", "metadata-dir: ", "'../x'"]),
        (b"[publish]\nmetadata-dir = 'targets'", ["publish: ", "metadata-dir: ", "'targets'"]),
        (b"[publish]\nstaging = 1", ["publish.staging"]),
        (b"[publish]\nproduction = ['/srv']", ["publish.production"]),
        (b"[publish]\nproduction = ''", ["publish: ", "staging and production name folders"]),
        (b"[publish]\nurl = 'tuf.example.org'", ["publish: ", "url is where clients read"]),
        (b"[publish]\nurl = 'https://a b/'", ["publish: ", "url is where clients read"]),
        (b"[merge]\nat-threshold = 'yes'", ["merge.at-threshold"]),
        (b"[merge]\nat-threshold = 1", ["merge.at-threshold"]),
        (b"[merge]\nmaintainers = '@alice'", ["merge.maintainers"]),
        (b"[merge]\nmaintainers = ['alice']", ["merge: ", "'alice' is not a user name"]),
        (b"[merge]\nmaintainers = ['@a <b>']", ["merge: ", "'@a <b>' is not a user name"]),
        (b"[author]\nname = 1\nemail = 2", ["author.name", "author.email"]),
        *(
            (f"[keys]\nattestation-vendors = ['{path}']".encode(), ["keys: ", "paths from the top"])
            for path in ("", "/etc/x.pem", "a/../x.pem", "targets/x.pem", "Metadata/x.pem", "a//b")
        ),
        (b"[keys]\nattestation-vendors = 'vendors.pem'", ["keys.attestation-vendors"]),
        (b"merge = 1", ["merge"]),
        (b"[merge]\nat_threshold = true", ["merge.at_threshold"]),
        (b"[merge]\nat-treshold = true", ["merge.at-treshold"]),
        (b"[mergee]\nat-threshold = true", ["mergee"]),
        (b"x = 1\ny = 2", ["x", "y"]),
    ],
)
def test_wrong_entry_is_named(text: bytes, names: list[str]) -> None:
    with pytest.raises(InvalidSettings) as caught:
        parse_settings(text)

    assert all(name in str(caught.value) for name in names)
    assert str(caught.value).startswith("tufline.toml: ")
    assert caught.value.hint


@pytest.mark.parametrize("text", [b"[merge", b"a = 1\na = 2", b"\xff\xfe", b"a = \x00"])
def test_what_is_not_toml_is_refused(text: bytes) -> None:
    with pytest.raises(InvalidSettings, match=r"^tufline\.toml: "):
        parse_settings(text)


def test_attack_settings_of_an_event_are_never_read() -> None:
    main = first_main()
    main.files["tufline.toml"] = b"[review]\noldest-root = 1\n"
    pipeline = Pipeline(main=main)
    event = main.copy()
    event.files["tufline.toml"] = b"[merge]\nat-threshold = true\n[review]\noldest-root = 9\n"
    pipeline.push("sign/attack", event)

    settings = load_event(pipeline.history, "sign/attack").settings

    assert (settings.merge.at_threshold, settings.policy.oldest_root) == (False, 1)
