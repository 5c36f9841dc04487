"""Whether trying again may help after an error of some vendor's library. Imports none of them.

What says no for good is not tried again: no right, no such key, no credentials, a wrong PIN (which
would lock the token). All else is, for a signature that comes late is better than none.
"""

from typing import Any, Final

_FOR_NOW: Final = frozenset({408, 409, 412, 425, 429, 499})
"""Statuses (HTTP) below 500 that say "not now": time-outs, throttling, a conflict."""

_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500

# https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html, CommonErrors.html; botocore's
# own retries. AWS answers most of these with status 400, so the status says nothing.
_AWS_FOR_NOW: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "DependencyTimeoutException",
        "InternalFailure",
        "KMSInternalException",
        "KeyUnavailableException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)

# Classes by name, for the libraries may not be there; a base class counts for all below it.
_FOR_GOOD: Final = frozenset(
    {
        # Python: wrong arguments, files that are not there
        "AttributeError",
        "FileNotFoundError",
        "ImportError",
        "IsADirectoryError",
        "NotADirectoryError",
        "NotImplementedError",
        "PermissionError",
        "TypeError",
        "ValueError",
        # securesystemslib
        "UnsupportedAlgorithmError",
        "UnsupportedKeyType",
        "UnsupportedLibraryError",
        # google.auth
        "DefaultCredentialsError",
        "RefreshError",
        # botocore
        "NoCredentialsError",
        "NoRegionError",
        "ParamValidationError",
        "PartialCredentialsError",
        "ProfileNotFound",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
        "UnknownCredentialError",
        # azure.core, azure.identity
        "ClientAuthenticationError",
        "ResourceNotFoundError",
        # hvac
        "Forbidden",
        "InvalidPath",
        "InvalidRequest",
        "Unauthorized",
        "UnsupportedOperation",
        "VaultNotInitialized",
        # python-pkcs11: above all a wrong PIN
        "PKCS11Error",
        # sigstore, id
        "AmbientCredentialError",
        "IdentityError",
    }
)

_GARBAGE: Final = frozenset({"JSONDecodeError", "DecodeError"})
"""Values that cannot be read since the answer was cut off or came from something in between."""


def is_transient(error: BaseException) -> bool:
    """Return whether what failed may work in a moment."""
    code = _aws_code(error)
    status = _status(error)
    if code is not None:
        return code in _AWS_FOR_NOW or (status or 0) >= _SERVER_ERROR
    if status is not None and status >= _CLIENT_ERROR:
        return status in _FOR_NOW or status >= _SERVER_ERROR
    retryable = getattr(error, "retryable", None)  # google.auth has looked already
    names = {base.__name__ for base in type(error).__mro__}
    if names & _GARBAGE or retryable is True:
        return True
    # securesystemslib raises a bare RuntimeError where there are no Sigstore credentials
    return not (names & _FOR_GOOD) and type(error) is not RuntimeError


def _aws_code(error: BaseException) -> str | None:
    """Return the code of botocore's `ClientError`."""
    response = getattr(error, "response", None)
    found = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return found if isinstance(found, str) else None


def _status(error: BaseException) -> int | None:
    """Return the HTTP status that an error carries, wherever its library keeps it."""
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict):
        return _number(response.get("ResponseMetadata", {}).get("HTTPStatusCode"))
    places = (
        getattr(error, "status_code", None),  # azure
        getattr(error, "code", None),  # google.api_core
        getattr(response, "status_code", None),  # requests
    )
    return next((found for found in map(_number, places) if found is not None), None)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else None
