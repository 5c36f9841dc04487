"""Publishing: what clients get, in which order it is uploaded, and where to.

    deploy(DirectoryStore(path), before, after, layout=Layout())

`published_bytes`, `transition` and `check_transition` are pure. A `Store` is the port to the place
that clients read from; `deploy` brings one to a state. `publish.compliance` tests the result with
real clients; it is apart because it loads a network library.
"""

from tufline.repository.publish._check import (
    Overwrite,
    Rollback,
    StopsClients,
    Unverified,
    check_transition,
)
from tufline.repository.publish._deploy import Deployment, StoreChanged, deploy
from tufline.repository.publish._deployed import Deployed, observed
from tufline.repository.publish._directory import DirectoryStore
from tufline.repository.publish._layout import InvalidMetadataFolder, Layout
from tufline.repository.publish._publishable import NotPublishable
from tufline.repository.publish._store import (
    Cache,
    NoSpace,
    NoSuchObject,
    NotThere,
    ReadOnlyStore,
    Store,
    StoreFailed,
    UnsafeName,
    safe_name,
)
from tufline.repository.publish._transition import transition
from tufline.repository.publish._uploads import Upload, published_bytes, with_bytes

__all__ = [
    "Cache",
    "Deployed",
    "Deployment",
    "DirectoryStore",
    "InvalidMetadataFolder",
    "Layout",
    "NoSpace",
    "NoSuchObject",
    "NotPublishable",
    "NotThere",
    "Overwrite",
    "ReadOnlyStore",
    "Rollback",
    "StopsClients",
    "Store",
    "StoreChanged",
    "StoreFailed",
    "UnsafeName",
    "Unverified",
    "Upload",
    "check_transition",
    "deploy",
    "observed",
    "published_bytes",
    "safe_name",
    "transition",
    "with_bytes",
]
