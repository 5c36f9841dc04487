"""The repository's settings: `tufline.toml` on main. They are read from known good, never an event.

[review]
oldest-root = 3
longest-expiry = { root = 400, "*" = 200 }     # days
online-keys = ["gcpkms:projects/example/"]     # prefixes of signer URIs
emergency-roots = []

[publish]
metadata-dir = "metadata"
staging = "/srv/tuf/staging"
production = "/srv/tuf/production"
url = "https://tuf.example.org/"
visible-within = 120                           # seconds
purge = { method = "PURGE" }

[merge]
at-threshold = false
maintainers = ["@alice"]

[author]
name = "tufline"
email = "tufline@example.com"

[keys]
attestation-vendors = ["vendors.pem"]          # files on main

[online]
meta-hashes = true                             # in entries of snapshot and timestamp
budget = 60                                    # seconds

[[notify.webhook]]
url-variable = "TUFLINE_SLACK_URL"

[watch]
heartbeat-variable = "TUFLINE_HEARTBEAT_URL"

[clients]
use = ["python-tuf", "tuf-js"]

[[validator]]
name = "trusted-root"
paths = ["trusted_root.json"]
use = "sigstore-trusted-root"
"""

from tufline.repository.settings._publish import PublishSettings
from tufline.repository.settings._settings import (
    InvalidSettings,
    Settings,
    parse_settings,
    read_settings,
)
from tufline.repository.settings._tables import (
    AuthorSettings,
    KeysSettings,
    MergeSettings,
    OnlineSettings,
    ReviewSettings,
)

__all__ = [
    "AuthorSettings",
    "InvalidSettings",
    "KeysSettings",
    "MergeSettings",
    "OnlineSettings",
    "PublishSettings",
    "ReviewSettings",
    "Settings",
    "parse_settings",
    "read_settings",
]
