"""Four Sigstore clients, unmodified, each with the trust that a repository of ours delivers.

They keep what they remember in `home`. `offline` takes the network away, loopback too.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias

from tests.support.sigstore._go import Tools, tools
from tests.support.sigstore._trust import SIGNING_CONFIG, TRUSTED_ROOT
from tuf.ngclient import Updater

Words: TypeAlias = list[str | Path]

_PATIENCE = 120  # seconds
_OFFLINE = ("unshare", "-rn")


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a client answered."""

    accepted: bool
    output: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a client works: its home, the repository's URL, and the root that it begins with."""

    home: Path
    url: str
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        self.home.mkdir(parents=True, exist_ok=True)
        path = os.environ["PATH"]
        return {"PATH": path, "HOME": str(self.home), "TUF_ROOT": str(self.home / "tuf")}

    def download(self, artifact: str) -> Path:
        """Get a target as any TUF client does, for those that take files."""
        metadata, targets = self.home / "metadata", self.home / "targets"
        targets.mkdir(parents=True, exist_ok=True)
        updater = Updater(
            str(metadata),
            f"{self.url}/",
            str(targets),
            f"{self.url}/targets/",
            bootstrap=self.root.read_bytes(),
        )
        found = updater.get_targetinfo(artifact)
        assert found is not None, artifact
        return Path(updater.download_target(found, str(targets / artifact)))

    def downloaded(self, artifact: str) -> Path:
        return self.home / "targets" / artifact

    def statement(self, artifact: Path) -> Path:
        """Write a statement about a file (in-toto), for those that do not make it themselves."""
        digest = sha256(artifact.read_bytes()).hexdigest()
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / "statement.json"
        stated = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": artifact.name, "digest": {"sha256": digest}}],
            "predicateType": _PROVENANCE,
            "predicate": _PREDICATE,
        }
        path.write_text(json.dumps(stated))
        return path

    def run(
        self,
        command: Sequence[str | Path],
        *,
        offline: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> Said:
        """Run a client's program."""
        words: Words = [*(_OFFLINE if offline else ()), *map(str, command)]
        done = subprocess.run(
            words,
            check=False,
            cwd=self.home.parent,
            env={**self.environment, **(variables or {})},
            capture_output=True,
            timeout=_PATIENCE,
        )
        output = (done.stdout + done.stderr).decode(errors="replace")
        return Said(accepted=done.returncode == 0, output=output)


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who signs: a name, and the issuer that says so."""

    name: str
    issuer: str


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
        predicate.write_text(json.dumps(_PREDICATE))
        options: Words = ["--identity-token", token, "--predicate", predicate, "--bundle", bundle]
        kind: Words = ["--predicate-type", _PROVENANCE]
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


_PROVENANCE = "https://slsa.dev/provenance/v1"
_PREDICATE = {
    "buildDefinition": {"buildType": "https://example.org/build", "externalParameters": {}},
    "runDetails": {"builder": {"id": "https://example.org/builder"}},
}

AnyClient: TypeAlias = SigstorePython | Cosign | SigstoreGo | SigstoreJs
CLIENTS: Sequence[Client] = (SigstorePython(), Cosign(), SigstoreGo(), SigstoreJs())


def _tools() -> Tools:
    return tools()


def _program(name: str) -> Path:
    return _tools().folder / "bin" / name


def _absent(path: Path) -> str | None:
    return None if path.exists() else f"no {path.name}: run bin/install-sigstore"
