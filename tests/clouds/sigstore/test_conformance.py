"""Four clients and the real services: `make conformance`. Without Go the services are ours.

Each client signs, and each verifies what each of them signed: with the repository that we
published, and with no network at all. Then a log is rotated, by another event.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.clouds.sigstore.stage import ALICE, BOB, Stage, expect
from tests.support.sigstore import python_sigstore
from tests.support.sigstore._clients import CLIENTS, Client
from tests.support.sigstore._delivery import delivery
from tests.support.sigstore._go import go_sigstore, tools

pytestmark = pytest.mark.skipif(
    not os.environ.get("TUFLINE_CONFORMANCE"),
    reason="SIGSTORE CLIENTS ARE NOT TRIED: run `make conformance`, which builds them",
)
NAMES = tuple(client.name for client in CLIENTS)
INSTALLED = tuple(client for client in CLIENTS if client.missing() is None)


def client_of(name: str) -> Client:
    """Return a client; skip the test loudly if it is not installed."""
    (client,) = (each for each in CLIENTS if each.name == name)
    why = client.missing()
    if why:
        pytest.skip(f"{name.upper()} IS NOT TRIED: {why}")
    return client


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Run a Sigstore in which each client has signed."""
    make = python_sigstore if tools().missing() else go_sigstore
    (folder / "work").mkdir()
    with (
        make(folder / "sigstore") as sigstore,
        delivery(folder / "web", sigstore.instance) as repository,
    ):
        stage = Stage(folder=folder / "work", sigstore=sigstore, repository=repository)
        for client in INSTALLED:
            stage.begin(client)
            stage.sign(client)
            if client.attests:
                stage.attest(client, f"{client.name}-statement")
        yield stage


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("signed")) as stage:
        yield stage


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("rotated")) as stage:
        stage.sigstore.rotate_log()
        stage.repository.deliver(stage.sigstore.instance)
        for client in INSTALLED:
            stage.begin(client)
            stage.sign(client, f"{client.name}-after")
        yield stage


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("verifier", NAMES)
def test_each_client_verifies_what_each_signed(signed: Stage, verifier: str, signer: str) -> None:
    client, other = client_of(verifier), client_of(signer)
    expect(signed.verify(client, signer))
    if other.attests:
        expect(signed.verify(client, f"{signer}-statement"))


@pytest.mark.parametrize("verifier", NAMES)
def test_no_client_takes_it_for_somebody_elses(signed: Stage, verifier: str) -> None:
    client = client_of(verifier)
    expect(signed.verify(client, client.name))
    for signer in INSTALLED:
        assert not signed.verify(client, signer.name, as_if=BOB).accepted


@pytest.mark.parametrize("verifier", NAMES)
def test_each_client_verifies_without_a_network(signed: Stage, verifier: str) -> None:
    client = client_of(verifier)
    expect(signed.verify(client, client.name))  # so that it has what it needs
    for signer in INSTALLED:
        expect(signed.verify(client, signer.name, offline=True))


@pytest.mark.parametrize("verifier", NAMES)
def test_each_client_follows_the_rotation_of_a_log(rotated: Stage, verifier: str) -> None:
    client = client_of(verifier)
    for signer in INSTALLED:
        expect(rotated.verify(client, signer.name))
        expect(rotated.verify(client, f"{signer.name}-after"))


def test_sigstore_js_cannot_log_statements_yet(signed: Stage) -> None:
    client = client_of("sigstore-js")
    token, bundle = signed.sigstore.token(ALICE), signed.bundle("refused")
    said = client.attest(signed.place(client), signed.artifact(), bundle, token)
    assert (client.attests, said.accepted) == (False, False)
    assert "TLOG_CREATE_ENTRY_ERROR" in said.output


@pytest.mark.parametrize("name", NAMES)
def test_each_client_works_with_our_own_services_too(stage: Stage, name: str) -> None:
    client = client_of(name)
    stage.begin(client)
    stage.sign(client)
    expect(stage.verify(client, name))
    if client.attests:
        stage.attest(client, "statement")
        expect(stage.verify(client, "statement"))
    assert not stage.verify(client, name, as_if=BOB).accepted


def test_the_services_are_the_real_ones() -> None:
    why = tools().missing()
    if why:
        pytest.skip(f"FULCIO, REKOR AND THE TIMESTAMP AUTHORITY ARE OURS, NOT THE REAL ONES: {why}")
    assert all(path.is_file() for path in tools().services.values())
