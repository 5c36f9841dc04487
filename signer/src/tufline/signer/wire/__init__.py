"""What clients really get, and whether main is that: before a person signs on top of main.

The git host shows main, and could show anything. What is published bears signatures back to the
root that this machine trusts, which it keeps itself (`PinFolder`) and which changes only as TUF
lets it (5.3). So the two are compared.

    pin = PinFolder(folder).read()
    said = consult(folder, pin, Address(url=url, layout=layout), base, now=now, verifier=verifier)

`compare` is pure. `WireClient` is python-tuf's client; nothing here prints or asks.
"""

from tufline.signer.wire._client import Address, WireClient
from tufline.signer.wire._comparison import (
    Comparison,
    Conflict,
    Different,
    Gap,
    MainNewer,
    MainOlder,
    Same,
    compare,
    compare_roots,
    unclear,
)
from tufline.signer.wire._consult import Consultation, compare_with_pin, consult
from tufline.signer.wire._errors import (
    DamagedPin,
    InsecurePin,
    MainDiffers,
    MainWasPutBack,
    NoRootToPin,
    OtherRootPinned,
    WireRefused,
    WireUnreachable,
    WrongFingerprint,
)
from tufline.signer.wire._fingerprint import expect_first_root, expect_pinned_root
from tufline.signer.wire._pin import Pin, PinFolder, first_root, pin_folder
from tufline.signer.wire._published import Listed, Published

__all__ = [
    "Address",
    "Comparison",
    "Conflict",
    "Consultation",
    "DamagedPin",
    "Different",
    "Gap",
    "InsecurePin",
    "Listed",
    "MainDiffers",
    "MainNewer",
    "MainOlder",
    "MainWasPutBack",
    "NoRootToPin",
    "OtherRootPinned",
    "Pin",
    "PinFolder",
    "Published",
    "Same",
    "WireClient",
    "WireRefused",
    "WireUnreachable",
    "WrongFingerprint",
    "compare",
    "compare_roots",
    "compare_with_pin",
    "consult",
    "expect_first_root",
    "expect_pinned_root",
    "first_root",
    "pin_folder",
    "unclear",
]
