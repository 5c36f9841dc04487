"""`status.json`, against its published schema."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.site.sample import FACTS, KMS, ROLES

from tufline.repository.site import STATUS, site_files

SCHEMA = Path(__file__).parents[2] / "docs" / "status.schema.json"


def status() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(site_files(FACTS)[STATUS])
    return content


def problems(content: object, folder: Path) -> str:
    """Return what the validator says against the content; nothing if it is valid."""
    file = folder / "status.json"
    file.write_text(json.dumps(content))
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode else ""


def test_status_is_as_the_schema_says(tmp_path: Path) -> None:
    assert problems(status(), tmp_path) == ""


def test_schema_would_notice(tmp_path: Path) -> None:
    content = status()
    content["roles"][0]["expires"] = "2026-05-30T12:00:00+00:00"
    content["roles"][1]["standing"] = "fine"
    content["events"][0]["url"] = "javascript:alert(1)"
    del content["margin"]["seconds"]
    said = problems(content, tmp_path)
    for place in ("roles[0].expires", "roles[1].standing", "events[0].url", "margin"):
        assert place in said, place


def test_schema_names_every_field() -> None:
    schema = json.loads(SCHEMA.read_text())
    content = status()
    assert set(schema["properties"]) == set(content)
    assert set(schema["properties"]["margin"]["properties"]) == set(content["margin"])
    for kind, items in (("role", "roles"), ("event", "events"), ("forecast", "forecasts")):
        assert set(schema["$defs"][kind]["properties"]) == set(content[items][0])
        assert schema["$defs"][kind]["required"] == list(schema["$defs"][kind]["properties"])


def test_margin_names_the_role_that_ends_first() -> None:
    assert status()["margin"] == {
        "seconds": 561600,
        "ends": "2026-03-08T00:00:00Z",
        "role": "timestamp",
        "standing": "open",
    }


def test_role_is_stated_whole() -> None:
    assert status()["roles"][3] == {
        "name": "timestamp",
        "version": 1931,
        "standing": "valid",
        "issued": "2026-03-01T00:00:00Z",
        "signing_starts": "2026-03-05T00:00:00Z",
        "expires": "2026-03-08T00:00:00Z",
        "online": True,
        "threshold": 1,
        "signers": [KMS],
        "delegators": [],
        "artifacts": None,
    }


def test_event_and_forecast_are_stated_in_seconds() -> None:
    content = status()
    assert content["events"][0] == {
        "title": "Rotate the key of the second log",
        "roles": ["targets"],
        "began": "2026-02-20T00:00:00Z",
        "ready": "2026-02-26T07:12:00Z",
        "merged": "2026-02-26T09:36:00Z",
        "seconds_to_ready": 544320,
        "seconds_to_merged": 552960,
        "url": "https://forge.example/project/root-signing/pull/412",
    }
    assert content["forecasts"][3] == {
        "role": "pypi.example",
        "margin_seconds": 1209600,
        "expected_seconds": 777600,
        "spare_seconds": -388800,
    }


def test_what_is_not_known_is_null(tmp_path: Path) -> None:
    bare = tuple(replace(each, issued=None, signing_starts=None) for each in ROLES[:4])
    odd = replace(FACTS, roles=bare, url="javascript:alert(1)", title="half \ud800 a pair")
    content = json.loads(site_files(odd)[STATUS])
    assert (content["url"], content["title"]) == (None, "half \ufffd a pair")
    assert (content["roles"][0]["issued"], content["roles"][0]["signing_starts"]) == (None, None)
    assert problems(content, tmp_path) == ""


@pytest.mark.parametrize("field", ["version", "as_of", "roles"])
def test_schema_needs_every_field(field: str, tmp_path: Path) -> None:
    content = status()
    del content[field]
    assert f"'{field}' is a required property" in problems(content, tmp_path)
