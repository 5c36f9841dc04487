"""Google Cloud KMS: `GetPublicKey` and `AsymmetricSign` over gRPC, for a service account.

The messages are those of Google's own library.
https://cloud.google.com/kms/docs/reference/rpc/google.cloud.kms.v1
"""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import grpc  # type: ignore[import-untyped] # ships no types
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from google.auth import jwt
from google.cloud.kms_v1.types import (
    AsymmetricSignRequest,
    AsymmetricSignResponse,
    ChecksummedData,
    CryptoKeyVersion,
    GetPublicKeyRequest,
    PublicKey,
)
from tests.support.kms._authority import Identity
from tests.support.kms._faults import Fault
from tests.support.kms._keys import EcKey, new_ec_key, sign_digest
from tests.support.kms._proxy import Address

HOST: Final = "cloudkms.googleapis.com"
_ACCOUNT: Final = "tests@tests.iam.gserviceaccount.com"
_SERVICE: Final = "google.cloud.kms.v1.KeyManagementService"
_P256: Final = CryptoKeyVersion.CryptoKeyVersionAlgorithm.EC_SIGN_P256_SHA256


class ServiceAccount:
    """An account whose key signs the caller's tokens."""

    def __init__(self) -> None:
        self._key = generate_private_key(65537, 2048)

    def write(self, file: Path) -> None:
        """Write the file that `GOOGLE_APPLICATION_CREDENTIALS` names."""
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        account = {
            "type": "service_account",
            "project_id": "tests",
            "private_key_id": "1",
            "private_key": pem.decode(),
            "client_email": _ACCOUNT,
            "client_id": "1",
            "token_uri": "http://127.0.0.1:1/token",
        }
        file.write_text(json.dumps(account))

    def is_caller(self, metadata: dict[str, str]) -> bool:
        """Whether the call carries a token of the account, for this service."""
        kind = PublicFormat.SubjectPublicKeyInfo
        public = self._key.public_key().public_bytes(Encoding.PEM, kind)
        token = metadata.get("authorization", "").removeprefix("Bearer ")
        try:
            said = jwt.decode(token, certs=public.decode())  # type: ignore[no-untyped-call] # theirs
        except ValueError:
            return False
        return bool((said.get("iss"), said.get("aud")) == (_ACCOUNT, f"https://{HOST}/"))


class GcpKms:
    """Keys by the name of their version; `cut` breaks the connections that clients have."""

    def __init__(self, account: ServiceAccount, cut: Callable[[], None]) -> None:
        self.keys: dict[str, EcKey] = {}
        self._account = account
        self._cut = cut
        self._stopped = threading.Event()

    def add(self, name: str) -> str:
        """Make a key; return the full name of its version."""
        ring = "projects/tests/locations/global/keyRings/tests"
        full = f"{ring}/cryptoKeys/{name}/cryptoKeyVersions/1"
        self.keys[full] = new_ec_key()
        return full

    @contextmanager
    def serve(self, identity: Identity) -> Iterator[Address]:
        """Serve until the end of the block."""
        server = grpc.server(ThreadPoolExecutor(64))
        methods = {
            "GetPublicKey": _method(self._public_key, GetPublicKeyRequest, PublicKey),
            "AsymmetricSign": _method(self._sign, AsymmetricSignRequest, AsymmetricSignResponse),
        }
        handler = grpc.method_handlers_generic_handler(_SERVICE, methods)
        server.add_generic_rpc_handlers((handler,))
        credentials = grpc.ssl_server_credentials([(identity.key, identity.certificate)])
        port = server.add_secure_port("127.0.0.1:0", credentials)
        server.start()
        try:
            yield "127.0.0.1", port
        finally:
            self._stopped.set()
            server.stop(None).wait()

    def _public_key(self, request: GetPublicKeyRequest, context: Any) -> PublicKey:  # noqa: ANN401 - grpc's
        kind = PublicFormat.SubjectPublicKeyInfo
        key = self._find(request.name, context).private.public_key()
        pem = key.public_bytes(Encoding.PEM, kind)
        return PublicKey(
            name=request.name,
            pem=pem.decode(),
            algorithm=_P256,
            public_key=ChecksummedData(data=pem),
            public_key_format=PublicKey.PublicKeyFormat.PEM,
        )

    def _sign(self, request: AsymmetricSignRequest, context: Any) -> AsymmetricSignResponse:  # noqa: ANN401 - grpc's
        key = self._find(request.name, context)
        found = key.answer(lambda private: sign_digest(private, request.digest.sha256))
        if isinstance(found, Fault):
            self._fail(found, request.name, context)
        return AsymmetricSignResponse(name=request.name, signature=found)

    def _find(self, name: str, context: Any) -> EcKey:  # noqa: ANN401 - grpc's
        metadata = dict(context.invocation_metadata())
        if not self._account.is_caller(metadata):
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "invalid authentication credentials")
        if name not in self.keys:
            context.abort(grpc.StatusCode.NOT_FOUND, f"CryptoKeyVersion {name} not found.")
        return self.keys[name]

    def _fail(self, fault: Fault, name: str, context: Any) -> None:  # noqa: ANN401 - grpc's
        """End the call; on loss and breakage the client sees its connection end."""
        codes = grpc.StatusCode
        permission = "Permission 'cloudkms.cryptoKeyVersions.useToSign' denied on resource"
        match fault:
            case Fault.DENIED:
                context.abort(codes.PERMISSION_DENIED, f"{permission} '{name}'.")
            case Fault.THROTTLED:
                context.abort(codes.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric")
            case Fault.DISABLED:
                state = f"{name} is not enabled, current state is: DESTROYED."
                context.abort(codes.FAILED_PRECONDITION, state)
            case Fault.FAILED:
                context.abort(codes.INTERNAL, "internal error")
            case Fault.STALLED:
                self._stopped.wait()
            case _:
                self._cut()
        context.abort(codes.CANCELLED, "nobody listens any more")


def _method(function: Callable[[Any, Any], Any], request: Any, response: Any) -> Any:  # noqa: ANN401 - grpc's
    return grpc.unary_unary_rpc_method_handler(
        function, request_deserializer=request.deserialize, response_serializer=response.serialize
    )
