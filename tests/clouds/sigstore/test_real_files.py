"""The files of Sigstore's own repositories, as sigstore-python ships them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sigstore

from tufline.repository.validators import Subject
from tufline.repository.validators.sigstore import (
    validate_signing_config,
    validate_trusted_root,
)

# When these copies were current. What has ended since then is no mistake of theirs.
NOW = datetime(2026, 2, 1, tzinfo=UTC)
STORE = Path(sigstore.__file__).parent / "_store"


def subject(host: str, name: str) -> Subject:
    folder = STORE / f"https%3A%2F%2F{host}"
    root = (folder / "trusted_root.json").read_bytes()
    data = (folder / name).read_bytes()
    beside = {"trusted_root.json": root}
    return Subject(artifact=name, data=data, now=NOW, siblings=beside)


@pytest.mark.parametrize("host", ["tuf-repo-cdn.sigstore.dev", "tuf-repo-cdn.sigstage.dev"])
def test_trusted_roots_have_no_problem(host: str) -> None:
    assert validate_trusted_root(subject(host, "trusted_root.json")) == ()


def test_the_production_signing_configuration_has_no_problem() -> None:
    found = subject("tuf-repo-cdn.sigstore.dev", "signing_config.v0.2.json")
    assert validate_signing_config(found) == ()


def test_the_staging_one_still_names_logs_that_have_ended() -> None:
    found = subject("tuf-repo-cdn.sigstage.dev", "signing_config.v0.2.json")
    log = "https://log2025-alpha{}.rekor.sigstage.dev"
    assert validate_signing_config(found) == (
        f"rekorTlogUrls[1] ({log.format(2)}) has ended at 2025-09-22T11:00:00Z; remove it",
        f"rekorTlogUrls[2] ({log.format(1)}) has ended at 2025-08-20T07:24:08Z; remove it",
    )
