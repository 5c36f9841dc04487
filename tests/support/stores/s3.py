"""Servers that speak the protocol of Amazon S3: moto, which pip has; versitygw, which Go has.

A front adds what they lack: that nothing happens between the look at a precondition and the write.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.support.ports import free_port
from tests.support.stores.front import Front, front_of, one_write_at_a_time
from tests.support.stores.process import running, tool

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

BUCKET = "tuf"
KEY = "key"
SECRET = "not-a-secret"  # noqa: S105 - of a server on loopback
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_PUBLIC = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
    "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::tuf/*"]}]}"""


@contextmanager
def s3_server(folder: Path, *, program: str = "moto") -> Iterator[Front]:
    """Start a server, with an empty bucket that anybody may read; its files lie in `folder`."""
    port = free_port()
    with (
        front_of(port) as front,
        running(_command(program, port, folder), port, folder / "s3.log", _root_user()),
    ):
        client = client_of(front)
        client.create_bucket(Bucket=BUCKET)
        client.put_bucket_policy(Bucket=BUCKET, Policy=_PUBLIC)
        front.rules.append(one_write_at_a_time(front))
        yield front


def public_url(front: Front, name: str) -> str:
    """Return where anybody may read an object."""
    return f"http://127.0.0.1:{front.port}/{BUCKET}/{quote(name)}"


def client_of(front: Front) -> "S3Client":
    """Return the cloud's own client."""
    from boto3.session import Session  # noqa: PLC0415 - only the cloud tests' environment has it
    from botocore.config import Config  # noqa: PLC0415 - the same

    session = Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1")
    url, path_style = f"http://127.0.0.1:{front.port}", Config(s3={"addressing_style": "path"})
    return session.client("s3", endpoint_url=url, config=path_style)


def _command(program: str, port: int, folder: Path) -> list[str | Path]:
    if program == "moto":
        moto = Path(sys.executable).with_name("moto_server")
        return [moto, "--host", "127.0.0.1", "--port", str(port)]
    for name in ("iam", "meta", "data"):
        (folder / name).mkdir()
    command: list[str | Path] = [tool("versitygw"), "--port", f"127.0.0.1:{port}"]
    command += ["--iam-dir", folder / "iam"]
    return [*command, "posix", "--sidecar", folder / "meta", folder / "data"]


def _root_user() -> dict[str, str]:
    return {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET}
