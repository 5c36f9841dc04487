"""Open the store that a setting or an argument names."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from tufline.repository.errors import UserError
from tufline.repository.publish._directory import DirectoryStore
from tufline.repository.publish._gcs import GcsStore
from tufline.repository.publish._s3 import S3Store
from tufline.repository.publish._store import Store, UnsafeName, safe_name


class InvalidPlace(UserError):
    """The text names no place that we can publish to."""

    hint = "name a folder, gs://BUCKET/PREFIX or s3://BUCKET/PREFIX?region=REGION&endpoint=URL"

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"cannot publish to {place!r}: {reason}")
        self.place = place


def open_store(place: str) -> Store:
    """Return the store at `place`. It is not looked at before it is used, and never created.

    Args:
        place: a folder; or a bucket and, below it, a prefix, as an address: `gs://bucket/prefix`,
            `s3://bucket/prefix?region=eu-west-1&endpoint=https://objects.example.org`.

    Raises:
        InvalidPlace: it is neither.
    """
    kind, mark, _ = place.partition("://")
    if not mark:
        if not place:
            raise InvalidPlace(place, "it is empty")
        return DirectoryStore(Path(place))
    match kind:
        case "gs":
            bucket, prefix, _ = _parts(place, allowed=frozenset())
            return GcsStore(bucket, prefix)
        case "s3":
            bucket, prefix, options = _parts(place, allowed=frozenset({"region", "endpoint"}))
            return S3Store(bucket, prefix, **options)
        case _:
            raise InvalidPlace(place, f"{kind}:// is no kind of store that we know")


def _parts(place: str, *, allowed: frozenset[str]) -> tuple[str, str, dict[str, str]]:
    """Return bucket, prefix ("" or ending with "/") and options of an address."""
    try:
        parts = urlsplit(place)
        options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        path = parts.path.strip("/")
        prefix = f"{safe_name(path)}/" if path else ""
    except (ValueError, UnsafeName) as error:
        raise InvalidPlace(place, str(error)) from error
    if not parts.netloc or "@" in parts.netloc or ":" in parts.netloc:
        raise InvalidPlace(place, "it names no bucket, or more than that")
    if parts.fragment:
        raise InvalidPlace(place, "nothing can follow a #")
    for name, value in options:
        if name not in allowed or not value:
            raise InvalidPlace(place, f"{name}={value} is no option of it")
        if name == "endpoint":
            _expect_endpoint(place, value)
    return parts.netloc, prefix, dict(options)


def _expect_endpoint(place: str, url: str) -> None:
    """Refuse what the library would not take: accepted settings must not stop later runs."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return
    raise InvalidPlace(place, f"the endpoint {url} is no URL, https://host")
