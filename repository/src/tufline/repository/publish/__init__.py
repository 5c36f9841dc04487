"""Publishing: what clients get, in which order it is uploaded, and where to.

    deploy(DirectoryStore(path), before, after, layout=Layout())

`published_bytes`, `transition` and `check_transition` are pure. A `Store` is the port to the place
that clients read from; `open_store` opens one, `deploy` brings it to a state, `prune` deletes what
no client can need any more. `publish.compliance` tests the result with
real clients; it is apart because it loads a network library.
"""

from tufline.repository.publish._cache import CACHE_CONTROL, Cache
from tufline.repository.publish._check import (
    Overwrite,
    Rollback,
    StopsClients,
    Unverified,
    check_transition,
)
from tufline.repository.publish._deploy import Deployment, Progress, deploy
from tufline.repository.publish._deployed import Deployed, observed
from tufline.repository.publish._directory import DirectoryStore
from tufline.repository.publish._layout import ARTIFACTS, InvalidMetadataFolder, Layout
from tufline.repository.publish._open import InvalidPlace, open_store
from tufline.repository.publish._pages import NO_PAGES, ReservedName
from tufline.repository.publish._prune import UnknownDeployment, prune
from tufline.repository.publish._publishable import NotPublishable
from tufline.repository.publish._store import (
    LibraryMissing,
    Listed,
    NoSpace,
    NoSuchObject,
    NotThere,
    ReadOnlyStore,
    Store,
    StoreChanged,
    StoreFailed,
    Tag,
    UnsafeName,
    safe_name,
)
from tufline.repository.publish._transition import phases, transition
from tufline.repository.publish._uploads import Upload, published_bytes, with_bytes

__all__ = [
    "ARTIFACTS",
    "CACHE_CONTROL",
    "NO_PAGES",
    "Cache",
    "Deployed",
    "Deployment",
    "DirectoryStore",
    "InvalidMetadataFolder",
    "InvalidPlace",
    "Layout",
    "LibraryMissing",
    "Listed",
    "NoSpace",
    "NoSuchObject",
    "NotPublishable",
    "NotThere",
    "Overwrite",
    "Progress",
    "ReadOnlyStore",
    "ReservedName",
    "Rollback",
    "StopsClients",
    "Store",
    "StoreChanged",
    "StoreFailed",
    "Tag",
    "UnknownDeployment",
    "UnsafeName",
    "Unverified",
    "Upload",
    "check_transition",
    "deploy",
    "observed",
    "open_store",
    "phases",
    "prune",
    "published_bytes",
    "safe_name",
    "transition",
    "with_bytes",
]
