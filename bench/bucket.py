"""What a cloud's own library does with a bucket: a floor for publishing to it.

    python bucket.py gs|s3 make                 make the bucket `tuf`
    python bucket.py gs|s3 copy FOLDER          copy all files of a folder to it

It copies by the library's own parallel transfer, with as many workers as were fastest for many
small files on two cores, of the few numbers that were tried: for S3 2 to 10 threads; for Google's
8 and 16 threads, and 2 to 4 processes.
"""

import os
import sys
from pathlib import Path
from typing import Any, Final

_BUCKET: Final = "tuf"
_GS_PROCESSES: Final = 4
_S3_THREADS: Final = 8


def main(kind: str, action: str, *folder: str) -> None:
    """Do it, with the servers and credentials that the environment names."""
    actions: Any = {
        ("gs", "make"): _make_gs,
        ("gs", "copy"): _copy_to_gs,
        ("s3", "make"): _make_s3,
        ("s3", "copy"): _copy_to_s3,
    }
    actions[kind, action](*folder)


def _make_gs() -> None:
    from google.cloud.storage import Client  # noqa: PLC0415 - each cloud's library by itself

    Client().create_bucket(_BUCKET)


def _copy_to_gs(folder: str) -> None:
    from google.cloud.storage import Client, transfer_manager  # noqa: PLC0415 - as above

    transfer_manager.upload_many_from_filenames(
        Client().bucket(_BUCKET),
        _names(folder),
        source_directory=folder,
        worker_type=transfer_manager.PROCESS,
        max_workers=_GS_PROCESSES,
        raise_exception=True,
    )


def _make_s3() -> None:
    _s3().create_bucket(Bucket=_BUCKET)


def _copy_to_s3(folder: str) -> None:
    from s3transfer.manager import TransferConfig, TransferManager  # noqa: PLC0415 - as above

    config = TransferConfig(max_request_concurrency=_S3_THREADS)
    with TransferManager(_s3(), config) as manager:
        copies = [manager.upload(f"{folder}/{name}", _BUCKET, name) for name in _names(folder)]
    for copy in copies:
        copy.result()


def _s3() -> Any:  # noqa: ANN401 - its types are not where this runs
    from boto3.session import Session  # noqa: PLC0415 - as above
    from botocore.config import Config  # noqa: PLC0415 - as above

    return Session().client("s3", config=Config(max_pool_connections=_S3_THREADS))


def _names(folder: str) -> list[str]:
    top = Path(folder)
    return [
        str((Path(path) / file).relative_to(top))
        for path, _, files in os.walk(folder)
        for file in files
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
