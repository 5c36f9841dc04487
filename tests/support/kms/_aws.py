"""AWS KMS: `GetPublicKey` and `Sign` in JSON 1.1, for requests that are signed (Signature 4).

Our own rather than moto's, which hashes what the caller says is a digest, and cannot lose answers.
https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
"""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.support.kms._faults import Fault
from tests.support.kms._https import Answer, Asked, Silence
from tests.support.kms._keys import EcKey, new_ec_key, sign_digest

REGION: Final = "eu-central-1"
HOST: Final = f"kms.{REGION}.amazonaws.com"
ACCESS_KEY: Final = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY: Final = "a secret of tests"  # noqa: S105 - opens nothing but the server below
_USER: Final = "arn:aws:iam::111122223333:user/tests"
_ALGORITHM: Final = "ECDSA_SHA_256"
_CONTENT: Final = "application/x-amz-json-1.1"


class AwsKms:
    """Keys by ARN."""

    def __init__(self) -> None:
        self.keys: dict[str, EcKey] = {}

    def add(self, name: str) -> str:
        """Make a key; return its ARN, which ends with `name`."""
        arn = f"arn:aws:kms:{REGION}:111122223333:key/{name}"
        self.keys[arn] = new_ec_key()
        return arn

    def respond(self, asked: Asked) -> Answer | Silence:
        """Answer one request."""
        if not _is_authentic(asked):
            return _error("UnrecognizedClientException", "The security token is invalid.")
        request: Mapping[str, Any] = json.loads(asked.body)
        operation = asked.headers.get("x-amz-target", "").removeprefix("TrentService.")
        arn = request.get("KeyId", "")
        key = self.keys.get(arn)
        if key is None:
            return _error("NotFoundException", f"Key '{arn}' does not exist")
        if operation == "GetPublicKey":
            return _public_key(arn, key)
        if operation == "Sign":
            return _sign(arn, key, request)
        return _error("UnknownOperationException", operation)


def _public_key(arn: str, key: EcKey) -> Answer:
    public = key.private.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _answer(
        {
            "KeyId": arn,
            "KeySpec": "ECC_NIST_P256",
            "KeyUsage": "SIGN_VERIFY",
            "PublicKey": base64.b64encode(der).decode(),
            "SigningAlgorithms": [_ALGORITHM],
        }
    )


def _sign(arn: str, key: EcKey, request: Mapping[str, Any]) -> Answer | Silence:
    digest = base64.b64decode(request["Message"])
    if (request.get("MessageType"), request["SigningAlgorithm"]) != ("DIGEST", _ALGORITHM):
        return _error("ValidationException", "only digests of P-256 keys are signed here")
    found = key.answer(lambda private: sign_digest(private, digest))
    if isinstance(found, Fault):
        return _fault(arn, found)
    signature = base64.b64encode(found).decode()
    return _answer({"KeyId": arn, "Signature": signature, "SigningAlgorithm": _ALGORITHM})


def _fault(arn: str, fault: Fault) -> Answer | Silence:
    match fault:
        case Fault.DENIED:
            said = f"User: {_USER} is not authorized to perform: kms:Sign on resource: {arn}"
            return _error("AccessDeniedException", said)
        case Fault.THROTTLED:
            said = "You have exceeded the rate at which you may call KMS. Reduce the frequency."
            return _error("ThrottlingException", said)
        case Fault.DISABLED:
            return _error("DisabledException", f"{arn} is disabled.")
        case Fault.FAILED:
            return _error("KMSInternalException", "Internal failure", status=500)
        case Fault.STALLED:
            return Silence.STALL
        case _:
            return Silence.CLOSE


def _is_authentic(asked: Asked) -> bool:
    """Whether the request is signed with our secret: the client's own code, run once more."""
    fields = dict(
        each.strip().split("=", 1)
        for each in asked.headers.get("authorization", "").partition(" ")[2].split(",")
        if "=" in each
    )
    names = fields.get("SignedHeaders", "").split(";")
    headers = {name: asked.headers.get(name, "") for name in names}
    request = AWSRequest(
        method=asked.method, url=f"https://{HOST}{asked.path}", headers=headers, data=asked.body
    )
    request.context["timestamp"] = asked.headers.get("x-amz-date", "")
    judge = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "kms", REGION)
    text = judge.string_to_sign(request, judge.canonical_request(request))
    return hmac.compare_digest(judge.signature(text, request), fields.get("Signature", ""))


def _answer(body: Mapping[str, Any]) -> Answer:
    return Answer(status=200, body=body, type=_CONTENT)


def _error(kind: str, message: str, *, status: int = 400) -> Answer:
    return Answer(status=status, body={"__type": kind, "message": message}, type=_CONTENT)
