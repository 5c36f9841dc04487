"""Where PKCS#11 modules lie: the libraries through which programs speak to tokens.

The variable PYKCS11LIB or the setting `pykcs11lib` names the one module to use. Without them each
of the kinds below is used that is installed in a usual folder, in this order:

1. ykcs11, since it knows YubiKeys best: serial numbers, PIN policies, touch;
2. OpenSC, which reads other cards, and YubiKeys less well;
3. SoftHSM 2, whose tokens are always "plugged in";
4. tpm2-pkcs11, where the machine has a TPM: without one it looks for it on the network, loudly.

Whoever looks for a key stops at the first module that has it. So a module without a token is
passed over, and a later one is not even loaded where it is not needed: two libraries that speak to
one card at the same time disturb each other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tufline.signer.keys._errors import NoModule

VARIABLE: Final = "PYKCS11LIB"  # where securesystemslib looks

_DEBIAN: Final = tuple(
    f"/usr/lib/{machine}-linux-gnu{folder}"
    for machine in ("x86_64", "aarch64")
    for folder in ("", "/pkcs11", "/softhsm")
)
_FEDORA: Final = ("/usr/lib64", "/usr/lib64/pkcs11", "/usr/lib64/softhsm")
_ARCH: Final = ("/usr/lib", "/usr/lib/pkcs11", "/usr/lib/softhsm")
_MACOS: Final = tuple(
    f"{prefix}/lib{folder}"
    for prefix in ("/usr/local", "/opt/homebrew")  # Intel, which is also "built here"; Apple
    for folder in ("", "/pkcs11", "/softhsm")
)
FOLDERS: Final = (*_DEBIAN, *_FEDORA, *_ARCH, *_MACOS, "/Library/OpenSC/lib")


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One library, under the file names that systems give to it.

    Attributes:
        devices: one of which must be there; () where that does not matter.
        variable: of the environment, that says where the device is instead.
    """

    name: str
    files: tuple[str, ...]
    devices: tuple[str, ...] = ()
    variable: str = ""


KINDS: Final = (
    Kind(name="ykcs11", files=("libykcs11.so", "libykcs11.so.2", "libykcs11.dylib")),
    Kind(name="OpenSC", files=("opensc-pkcs11.so", "opensc-pkcs11.dylib")),
    Kind(name="SoftHSM 2", files=("libsofthsm2.so", "libsofthsm2.dylib")),
    Kind(
        name="tpm2-pkcs11",
        files=("libtpm2_pkcs11.so", "libtpm2_pkcs11.so.1"),
        devices=("/dev/tpmrm0", "/dev/tpm0"),
        variable="TPM2_PKCS11_TCTI",
    ),
)


def find_modules(
    setting: Path | None,
    environment: Mapping[str, str],
    *,
    exists: Callable[[Path], bool] = Path.exists,
) -> tuple[Path, ...]:
    """Return the modules to use, best first; raise `NoModule` if there is none."""
    variable = environment.get(VARIABLE)
    chosen = Path(variable) if variable else setting
    if chosen is not None:
        if not exists(chosen):
            raise NoModule(chosen=chosen, kinds=())
        return (chosen,)
    found = tuple(_installed(exists, environment))
    if not found:
        raise NoModule(chosen=None, kinds=[kind.name for kind in KINDS])
    return found


def _installed(exists: Callable[[Path], bool], environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield one file of each kind: on some systems the same library is in several folders."""
    for kind in KINDS:
        has_device = not kind.devices or any(exists(Path(each)) for each in kind.devices)
        if not has_device and kind.variable not in environment:
            continue
        places = (Path(folder, name) for folder in FOLDERS for name in kind.files)
        yield from [place for place in places if exists(place)][:1]
