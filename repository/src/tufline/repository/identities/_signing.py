"""Signs as an identity, at the Sigstore that is pinned: a new key for each signature."""

import json

from securesystemslib.signer import Key, Signature

from tufline.repository.errors import UserError
from tufline.repository.identities._trust import PinnedTrust
from tufline.repository.identities._verifying import BUNDLE, IdentityKeys


class SignedByAnother(UserError):
    """What was signed does not verify with the identity that should have signed it."""

    hint = "sign with a token of that identity, for the Sigstore that main pins"

    def __init__(self, key: Key) -> None:
        super().__init__(f"what was signed is not signed by {key.keyval.get('identity')}")


def sign_as_identity(key: Key, trust: PinnedTrust, token: str, payload: bytes) -> Signature:
    """Return a signature of the identity that `token` proves, which is verified as the key's.

    Goes online: the authority certifies a key, a log keeps the signature for all to see, a time
    stamp may be given. Raise `SignedByAnother`, or sigstore's errors.
    """
    from sigstore.oidc import IdentityToken  # noqa: PLC0415 - an extra, slow to import
    from sigstore.sign import SigningContext  # noqa: PLC0415 - as above

    context = SigningContext.from_trust_config(trust.config)
    with context.signer(IdentityToken(token)) as signer:
        bundle = json.loads(signer.sign_artifact(payload).to_json())
    signed = bundle["messageSignature"]["signature"]
    signature = Signature(key.keyid, signed, {BUNDLE: bundle})
    if not IdentityKeys(trust).verify(key, signature, payload):
        raise SignedByAnother(key)
    return signature
