"""The JSON report: exactly the interface that other programs rely on."""

import json
import subprocess
import sys

from tufline.repository.format import RoleName
from tufline.repository.review import (
    Finding,
    PreviousRoot,
    Refused,
    Review,
    RoleReview,
    Severity,
    review_json,
)

FINDING = Finding(
    rule="version",
    severity=Severity.ERROR,
    message="root version is 3",
    role=RoleName("root"),
    path=None,
    consent=True,
)
ROLE = RoleReview(
    name=RoleName("root"),
    version=2,
    threshold=2,
    signed=("@a",),
    missing=("@b",),
    invited=(),
    unverified=("@b",),
    previous=PreviousRoot(threshold=1, signed=("@a",), missing=()),
    ready=False,
)
UNREADABLE = RoleReview(
    name=RoleName("targets"),
    version=None,
    threshold=None,
    signed=(),
    missing=(),
    invited=("@c",),
    unverified=(),
    previous=None,
    ready=False,
)
REVIEW = Review(roles=(ROLE, UNREADABLE), findings=(FINDING,), verdict=Refused((FINDING,)))


def test_json_is_the_interface_to_the_letter() -> None:
    assert review_json(REVIEW, base="b" * 40, event="e" * 40) == (
        '{"verdict": "refused", "base": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", '
        '"event": "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "roles": {"root": {"version": 2, '
        '"threshold": 2, "signed": ["@a"], "missing": ["@b"], "invited": [], '
        '"unverified": ["@b"], "ready": false, "previous": {"threshold": 1, "signed": ["@a"], '
        '"missing": []}}, "targets": {"version": null, "threshold": null, "signed": [], '
        '"missing": [], "invited": ["@c"], "unverified": [], "ready": false, "previous": null}}, '
        '"findings": [{"rule": "version", "severity": "error", "role": "root", "path": null, '
        '"message": "root version is 3"}]}'
    )


def test_base_is_null_where_a_whole_state_was_judged() -> None:
    assert json.loads(review_json(REVIEW, base=None, event="e"))["base"] is None


def test_json_does_not_import_the_template_engine() -> None:
    program = (
        "import sys\n"
        "from tufline.repository.review import review_json\n"
        "from tufline.repository.review import Review, Unchanged\n"
        "review_json(Review(roles=(), findings=(), verdict=Unchanged()), base=None, event='e')\n"
        "print('jinja2' in sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"
