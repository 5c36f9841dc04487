"""Four Sigstore clients, unmodified, each with the trust that a repository of ours delivers.

They keep what they remember in `home`. `offline` takes the network away, loopback too.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias

from tests.support.sigstore._go import Tools, tools
from tests.support.sigstore._place import PREDICATE, PROVENANCE, Identity, Place, Said
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT

Words: TypeAlias = list[str | Path]


class Client(Protocol):
    """A Sigstore client. `attests`: whether Rekor 2.3 takes its statements."""

    name: str
    attests: bool

    def missing(self) -> str | None:
        """Return why it cannot be run; None if it can."""
        ...

    def begin(self, place: Place) -> Said:
        """Trust the repository, and get what it delivers."""
        ...

    def sign(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        """Sign a file."""
        ...

    def attest(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        """Sign a statement about a file."""
        ...

    def verify(
        self, place: Place, artifact: Path, bundle: Path, who: Identity, *, offline: bool = False
    ) -> Said:
        """Verify a bundle over the file. Offline it goes by what it got before."""
        ...


class SigstorePython:
    name = "sigstore-python"
    attests = True
    _command: ClassVar = (sys.executable, "-m", "sigstore")

    def missing(self) -> str | None:
        return None

    def begin(self, place: Place) -> Said:
        return place.run([*self._instance(place), "trust-instance", place.root])

    def sign(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        options: Words = ["--identity-token", token, "--bundle", bundle, "--overwrite"]
        return place.run([*self._instance(place), "sign", *options, artifact])

    def attest(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        predicate = place.home / "predicate.json"
        predicate.write_text(json.dumps(PREDICATE))
        options: Words = ["--identity-token", token, "--predicate", predicate, "--bundle", bundle]
        kind: Words = ["--predicate-type", PROVENANCE]
        return place.run([*self._instance(place), "attest", *kind, *options, artifact])

    def verify(
        self, place: Place, artifact: Path, bundle: Path, who: Identity, *, offline: bool = False
    ) -> Said:
        wanted: Words = ["--cert-identity", who.name, "--cert-oidc-issuer", who.issuer]
        options: Words = ["--bundle", bundle, *(["--offline"] if offline else []), *wanted]
        command: Words = [*self._instance(place), "verify", "identity", *options, artifact]
        return place.run(command, offline=offline)

    def _instance(self, place: Place) -> list[str | Path]:
        return [*self._command, "--instance", place.url]


class Cosign:
    name = "cosign"
    attests = True

    def missing(self) -> str | None:
        return _absent(_program(self.name))

    def begin(self, place: Place) -> Said:
        place.download(TRUSTED_ROOT)
        mirror: Words = ["--mirror", place.url, "--root", place.root]
        return place.run([_program(self.name), "initialize", *mirror])

    def sign(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        command: Words = [_program(self.name), "sign-blob", "--yes", "--bundle", bundle, artifact]
        return place.run(command, variables={"SIGSTORE_ID_TOKEN": token})

    def attest(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        statement: Words = ["--statement", place.statement(artifact)]
        command: Words = [_program(self.name), "attest-blob", "--yes", "--bundle", bundle]
        return place.run([*command, *statement], variables={"SIGSTORE_ID_TOKEN": token})

    def verify(
        self, place: Place, artifact: Path, bundle: Path, who: Identity, *, offline: bool = False
    ) -> Said:
        wanted: Words = [
            "--certificate-identity",
            who.name,
            "--certificate-oidc-issuer",
            who.issuer,
        ]
        trust: Words = ["--trusted-root", place.downloaded(TRUSTED_ROOT)] if offline else []
        kept = json.loads(bundle.read_bytes())
        verb = "verify-blob-attestation" if "dsseEnvelope" in kept else "verify-blob"
        kind: Words = ["--type", "slsaprovenance1"] if "dsseEnvelope" in kept else []
        command: Words = [
            _program(self.name),
            verb,
            *kind,
            "--bundle",
            bundle,
            *wanted,
            *trust,
            artifact,
        ]
        return place.run(command, offline=offline)


class SigstoreGo:
    name = "sigstore-go"
    attests = True

    def missing(self) -> str | None:
        return _absent(_program("sigstore-go-signing")) or _absent(
            _program("sigstore-go-verification")
        )

    def begin(self, place: Place) -> Said:
        files = [place.download(each) for each in (TRUSTED_ROOT, SIGNING_CONFIG)]
        return Said(accepted=all(each.is_file() for each in files), output="")

    def sign(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        return self._sign(place, [artifact], bundle, token)

    def attest(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        return self._sign(place, ["-in-toto", place.statement(artifact)], bundle, token)

    def _sign(self, place: Place, what: Words, bundle: Path, token: str) -> Said:
        trust: Words = ["-trusted-root", place.download(TRUSTED_ROOT)]
        trust += ["-signing-config", place.download(SIGNING_CONFIG)]
        command: Words = [
            _program("sigstore-go-signing"),
            *trust,
            "-id-token",
            token,
            "-tsa",
            "-rekor",
        ]
        said = place.run([*command, *what])
        begin = said.output.find("{")
        if said.accepted:  # it prints the bundle
            bundle.write_text(json.dumps(json.JSONDecoder().raw_decode(said.output[begin:])[0]))
        return said

    def verify(
        self, place: Place, artifact: Path, bundle: Path, who: Identity, *, offline: bool = False
    ) -> Said:
        trust: Words = ["-tufRootURL", place.url, "-tufTrustedRoot", place.root]
        if offline:
            trust = ["-trustedrootJSONpath", place.downloaded(TRUSTED_ROOT)]
        wanted: Words = [
            "-expectedSAN",
            who.name,
            "-expectedIssuer",
            who.issuer,
            "-artifact",
            artifact,
        ]
        command: Words = [_program("sigstore-go-verification"), *trust, *wanted, bundle]
        return place.run(command, offline=offline)


class SigstoreJs:
    name = "sigstore-js"
    attests = False  # it verifies them, and logs its own as `dsse`, which Rekor takes no more

    def missing(self) -> str | None:
        if shutil.which("node") is None:
            return "no node"
        return _absent(_tools().folder / "node_modules" / "sigstore")

    def begin(self, place: Place) -> Said:
        return Said(accepted=place.root.is_file(), output="")  # it needs no other first step

    def sign(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        given = {"token": token, "artifact": str(artifact), "bundle": str(bundle)}
        return self._run(place, "sign", given)

    def attest(self, place: Place, artifact: Path, bundle: Path, token: str) -> Said:
        given = {"token": token, "statement": str(place.statement(artifact))}
        return self._run(place, "sign", {**given, "bundle": str(bundle)})

    def verify(
        self, place: Place, artifact: Path, bundle: Path, who: Identity, *, offline: bool = False
    ) -> Said:
        given = {"artifact": str(artifact), "bundle": str(bundle)}
        given |= {"identity": who.name, "issuer": who.issuer}
        return self._run(place, "verify", given, offline=offline)

    def _run(
        self, place: Place, verb: str, given: Mapping[str, str], *, offline: bool = False
    ) -> Said:
        cache = place.home / "sigstore-js"
        tuf = {"mirrorURL": place.url, "rootPath": str(place.root), "cachePath": str(cache)}
        options = {**given, "tuf": {**tuf, "forceCache": offline}}
        program = Path(__file__).parent / "js" / "client.cjs"
        words: Words = ["node", program, _tools().folder, verb, json.dumps(options)]
        return place.run(words, offline=offline)


AnyClient: TypeAlias = SigstorePython | Cosign | SigstoreGo | SigstoreJs
CLIENTS: Sequence[Client] = (SigstorePython(), Cosign(), SigstoreGo(), SigstoreJs())


def _tools() -> Tools:
    return tools()


def _program(name: str) -> Path:
    return _tools().folder / "bin" / name


def _absent(path: Path) -> str | None:
    return None if path.exists() else f"no {path.name}: run bin/install-sigstore"
