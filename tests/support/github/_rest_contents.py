"""REST operation on the files of a branch."""

from base64 import encodebytes

from tests.support.github import _objects, _represent
from tests.support.github._example import described
from tests.support.github._router import Answer, Call, not_found, route

_REPO = "/repos/{owner}/{repo}"


@route("GET", f"{_REPO}/contents/{{path}}", needs="contents:read")
def contents(call: Call) -> Answer:
    """Answer a file; folders are not known here."""
    it, path = call.repository, call.path["path"]
    sha = _objects.branch_sha(it.git_dir, call.query.get("ref", it.default_branch))
    content = None if sha is None else _objects.blob(it.git_dir, sha, path)
    if content is None:
        raise not_found()
    body = described(
        "content-file",
        name=path.rpartition("/")[2],
        path=path,
        sha=_objects.git(it.git_dir, "rev-parse", f"{sha}:{path}"),
        size=len(content),
        encoding="base64",
        content=encodebytes(content).decode(),
        url=f"{_represent.api(call.hub, it)}/contents/{path}",
    )
    return Answer(200, body)
