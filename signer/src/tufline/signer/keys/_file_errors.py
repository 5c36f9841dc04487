"""What can be wrong with keys in files, with signer URIs, and with making keys."""

from pathlib import Path

from tufline.repository.errors import EnvironmentProblem, Refusal, UserError


class UnusableKey(UserError):
    """A signer URI that leads to no key."""

    hint = "write hsm:2?label=TOKEN for a token, or file2:PATH for a private key in a PEM file"

    def __init__(self, uri: str, problem: str) -> None:
        super().__init__(f"{uri}: {problem}")
        self.uri = uri


class NoSuchKeyFile(UnusableKey):
    """A signer URI that names a file which is not there, such as one that was put away."""

    def __init__(self, uri: str) -> None:
        super().__init__(uri, "no such file or directory")


class WrongPassphrase(UserError):
    """The passphrase does not open the file. It was not asked again."""

    hint = "check the keyboard's layout and caps lock, then run the command again"

    def __init__(self, file: Path) -> None:
        super().__init__(f"this is not the passphrase of {file}")


class LibraryMissing(EnvironmentProblem):
    """A kind of key needs a library that is not installed."""

    def __init__(self, uri: str, extra: str) -> None:
        super().__init__(f"{uri}: the library for keys of this kind is not installed")
        self.hint = f"pip install 'tufline-signer[{extra}]'"


class WeakPassphrase(UserError):
    """A passphrase that could be guessed."""

    def __init__(self, least: int) -> None:
        super().__init__(f"the passphrase is shorter than {least} characters")
        self.hint = "choose some random words: whoever copies the file can try passphrases for ever"


class FileExists(UserError):
    """There is a file where a new key should go."""

    hint = "name another file: keys are never overwritten"

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} exists already")


class FileNotWritten(EnvironmentProblem):
    """The file for a key cannot be made."""

    hint = "name a file in a folder of yours that exists"

    def __init__(self, file: Path, said: str) -> None:
        super().__init__(f"{file} cannot be written: {said}")


class KeyInClone(Refusal):
    """A private key should lie in the clone, where it might be committed."""

    hint = "name a file outside of the clone, for example in your home folder"

    def __init__(self, file: Path, clone: Path) -> None:
        super().__init__(f"{file} would lie in the clone {clone}")


class SlotTaken(Refusal):
    """There is something where a new key should go."""

    hint = "name another slot with --slot: keys are never overwritten"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} holds a key or a certificate already")


class CannotMakeKey(EnvironmentProblem):
    """The module cannot make this key on the token."""

    hint = (
        "make it with the vendor's tool (for a YubiKey: `ykman piv keys generate -a ECCP256 9c "
        "key.pub` and `ykman piv certificates generate 9c key.pub -s CN=tuf`)"
    )

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"no key was made in {place}: {reason}")
