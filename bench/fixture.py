"""Make a signed repository of a given size, as tuf-on-ci would have made it.

    python -m bench.fixture DIR ROLES ARTIFACTS NOW

`DIR/repository.git` is bare and packed. Its branches: `main`, signed, with snapshot and timestamp;
`publish`, the same; `sign/artifact-only`, one artifact changed; `sign/one-change`, its metadata
changed and signed too. For each kind of bucket, `gs/main` and `gs/one-change` are the same as
`main` and `sign/one-change`, with settings that say to publish there. `DIR/keys` holds the online
key, whose URI is `file2:online`.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from tufline.repository.format import (
    Periods,
    content_keyid,
    owner,
    set_key_owner,
    set_online_uri,
    set_role_periods,
    write_document,
)

Files = dict[str, bytes]

NOW: Final = datetime.fromisoformat(sys.argv[4])
_LONG = Periods(expiry=timedelta(days=365), signing=timedelta(days=60))
_SHORT = Periods(expiry=timedelta(days=7), signing=timedelta(days=6))
_ARTIFACT_SIZE = 256
_PLACES: Final = {"gs": "gs://tuf/site", "s3": "s3://tuf/site?region=us-east-1"}


def make_fixture(folder: Path, *, roles: int, artifacts: int) -> None:
    """Make the repository in `folder`, which must not exist."""
    (folder / "keys").mkdir(parents=True)
    person, online = _signer(), _signer()
    set_key_owner(person.public_key, owner("@user1"))
    set_online_uri(online.public_key, "file2:online")
    for signer in (person, online):
        signer.public_key.keyid = content_keyid(signer.public_key)
    (folder / "keys" / "online").write_bytes(online.private_bytes)
    repository = folder / "repository.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    files = _files(person, online, roles, artifacts)
    _import(repository, files, _one_change(files, person))


def _files(person: CryptoSigner, online: CryptoSigner, roles: int, artifacts: int) -> Files:
    """Return everything that main holds."""
    names = [f"role{number}" for number in range(roles)]
    files: Files = {}
    root, targets = Root(consistent_snapshot=True), Targets()
    for role in ("root", "targets"):
        root.add_key(person.public_key, role)
    for role, periods in (("snapshot", _LONG), ("timestamp", _SHORT)):
        root.add_key(online.public_key, role)
        set_role_periods(root.roles[role], periods)
    targets.delegations = Delegations({}, {name: _delegation(name) for name in names})
    for name in names:
        targets.add_key(person.public_key, name)
        files |= _role(name, artifacts, person)
    _put(files, targets, "top.txt", b"top")
    files["metadata/targets.json"] = _sign(targets, _LONG, person)
    files["metadata/root.json"] = _sign(root, _LONG, person)
    files["metadata/root_history/1.root.json"] = files["metadata/root.json"]
    return files | _online(online, names)


def _role(name: str, artifacts: int, person: CryptoSigner) -> Files:
    files: Files = {}
    role = Targets()
    for number in range(artifacts):
        seed = f"{name}/{number}".encode()
        _put(
            files, role, f"{name}/file{number}.bin", hashlib.shake_128(seed).digest(_ARTIFACT_SIZE)
        )
    files[f"metadata/{name}.json"] = _sign(role, _LONG, person)
    return files


def _online(online: CryptoSigner, names: Iterable[str]) -> Files:
    meta = {f"{name}.json": MetaFile(1) for name in (*names, "targets")}
    return {
        "metadata/snapshot.json": _sign(Snapshot(meta=meta), _LONG, online),
        "metadata/timestamp.json": _sign(Timestamp(), _SHORT, online),
    }


def _one_change(files: Mapping[str, bytes], person: CryptoSigner) -> tuple[Files, Files]:
    """Return an artifact that changes, and the metadata that then changes."""
    name, path = "role0", "role0/file0.bin"
    metadata: Metadata[Targets] = Metadata.from_bytes(files[f"metadata/{name}.json"])
    role = metadata.signed
    role.version += 1
    artifact: Files = {}
    _put(artifact, role, path, b"changed")
    return artifact, {f"metadata/{name}.json": _sign(role, _LONG, person)}


def _put(files: Files, role: Targets, path: str, data: bytes) -> None:
    files[f"targets/{path}"] = data
    role.targets[path] = TargetFile.from_data(path, data, ["sha256"])


def _sign(signed: Any, periods: Periods, signer: CryptoSigner) -> bytes:  # noqa: ANN401 - any kind of Signed
    if isinstance(signed, Root | Targets):
        set_role_periods(signed, periods)
    signed.expires = NOW + periods.expiry
    metadata: Metadata[Any] = Metadata(signed)
    metadata.sign(signer)
    return write_document(metadata)


def _delegation(name: str) -> DelegatedRole:
    paths = [f"{name}/" + "/".join("*" * depth) for depth in range(1, 5)]
    return DelegatedRole(name, [], 1, terminating=True, paths=paths)


def _signer() -> CryptoSigner:
    return CryptoSigner(Ed25519PrivateKey.generate())


def _import(repository: Path, files: Files, change: tuple[Files, Files]) -> None:
    """Write the branches as one stream, so that git packs what it gets."""
    artifact, metadata = change
    stream = bytearray()
    stream += _commit("main", None, files)
    stream += b"reset refs/heads/publish\nfrom refs/heads/main\n\n"
    stream += _commit("sign/artifact-only", "main", artifact)
    stream += _commit("sign/one-change", "sign/artifact-only", metadata)
    for kind, place in _PLACES.items():
        settings = {"tufline.toml": f'[publish]\nproduction = "{place}"\n'.encode()}
        stream += _commit(f"{kind}/main", "main", settings)
        stream += _commit(f"{kind}/one-change", f"{kind}/main", artifact | metadata)
    command = ["git", "-C", str(repository), "fast-import", "--quiet"]
    subprocess.run(command, input=bytes(stream), check=True)


def _commit(branch: str, parent: str | None, files: Files) -> bytes:
    when = f"fixture <fixture@example.com> {int(NOW.timestamp())} +0000"
    head = f"commit refs/heads/{branch}\ncommitter {when}\ndata 4\nmake\n"
    if parent:
        head += f"from refs/heads/{parent}\n"
    parts = [head.encode()]
    for path, data in files.items():
        parts += [f"M 100644 inline {path}\ndata {len(data)}\n".encode(), data, b"\n"]
    return b"".join(parts)


if __name__ == "__main__":
    make_fixture(Path(sys.argv[1]), roles=int(sys.argv[2]), artifacts=int(sys.argv[3]))
