"""A tree as a payload has it: which files there are, and the contents of those that matter."""

from tufline.repository.state import Entry, ListedFiles
from tufline.signer.detached._errors import NotInPayload


class PayloadFiles(ListedFiles):
    """Files of which only some have their contents. To ask for another raises `NotInPayload`."""

    def read(self, entry: Entry) -> bytes:
        """Return the file's bytes."""
        try:
            return super().read(entry)
        except KeyError:
            raise NotInPayload(entry.path) from None
