"""What a store would hold after a publication, without writing anything to it."""

from tufline.repository.clients import Read
from tufline.repository.jobs._head import Head
from tufline.repository.publish import published_bytes, transition
from tufline.repository.state import State


def preview(read: Read, held: State | None, head: Head) -> Read:
    """Return what reads what a store will hold once the head is published there.

    `read` reads from the store, which holds `held`. What changes comes from git, the rest from it.
    """
    state = head.state
    uploads = transition(held, state, layout=head.layout, deployed_root=0)
    by_name = {upload.name: upload for upload in uploads}

    def read_planned(name: str) -> bytes | None:
        upload = by_name.get(name)
        if upload is None:
            return read(name)
        data = state.files.read(upload.source)
        return data if upload.is_artifact else published_bytes(data)

    return read_planned
