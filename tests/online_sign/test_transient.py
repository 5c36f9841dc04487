"""Errors of vendors' libraries, by shape: which may pass, and which say no for good.

The libraries themselves are not needed: `tests/clouds` has these errors from real ones.
"""

import binascii
import json

import pytest

from tufline.online_sign._transient import is_transient


def named(name: str, base: type[Exception] = Exception, **attributes: object) -> Exception:
    """Return an error of a class that a library would have."""
    kind: type[Exception] = type(name, (base,), attributes)
    return kind("message")


def aws(code: str, status: int = 400) -> Exception:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return named("ClientError", response=response)


def answered(status: int) -> Exception:
    return named("HTTPError", OSError, response=type("Response", (), {"status_code": status})())


PASSING = [
    aws("ThrottlingException"),
    aws("KMSInternalException", 500),
    aws("SomethingNew", 503),
    aws("KeyUnavailableException", 500),
    named("ServiceUnavailable", code=503),
    named("ResourceExhausted", code=429),
    named("DeadlineExceeded", code=504),
    named("HttpResponseError", status_code=429),
    named("HttpResponseError", status_code=500),
    named("ServiceRequestError", status_code=None),
    named("DecodeError", ValueError, status_code=200),
    named("RateLimitExceeded"),
    named("VaultDown"),
    named("BadGateway"),
    named("RefreshError", ValueError, retryable=True),
    named("EndpointConnectionError"),
    named("RpcError", code=lambda: 5),
    answered(502),
    ConnectionResetError("reset"),
    TimeoutError("slow"),
    json.JSONDecodeError("cut off", "", 0),
    KeyError("data"),
]
FINAL = [
    aws("AccessDeniedException"),
    aws("NotFoundException"),
    aws("DisabledException", 409),
    aws("KMSInvalidStateException", 409),
    named("PermissionDenied", code=403),
    named("NotFound", code=404),
    named("FailedPrecondition", code=400),
    named("RefreshError", retryable=False),
    named("DefaultCredentialsError", retryable=False),
    named("NoCredentialsError"),
    named("HttpResponseError", status_code=403),
    named("CredentialUnavailableError", type("ClientAuthenticationError", (Exception,), {})),
    named("Forbidden"),
    named("InvalidPath"),
    named("InvalidRequest"),
    named("PinIncorrect", type("PKCS11Error", (Exception,), {})),
    named("UnsupportedLibraryError"),
    answered(401),
    FileNotFoundError("no file"),
    PermissionError("not yours"),
    RuntimeError("Failed to detect Sigstore credentials"),
    ValueError("Expected SSlibKey"),
    binascii.Error("garbage"),
    ImportError("no library"),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize("error", FINAL, ids=repr)
def test_what_says_no_for_good_is_not(error: Exception) -> None:
    assert not is_transient(error)
