"""The words of changed values that no fact tells."""

from tufline.repository import changes
from tufline.repository.changes import ABSENT
from tufline.repository.format import RoleName
from tufline.repository.report import terminal
from tufline.repository.review import Ready, Review
from tufline.repository.state import Kind


def test_value_that_gets_its_first_member_is_not_said_to_be_gone() -> None:
    path = ("signed", "targets")
    same = changes.Content(kind=Kind.FILE, size=1, sha256="ab")
    filled = (
        changes.Leaf(path=path, before={}, after=ABSENT),
        changes.Leaf(path=(*path, "f", "length"), before=ABSENT, after=1, explained=True),
        changes.Leaf(path=("signed", "gone"), before={}, after=ABSENT),
    )
    emptied = tuple(
        changes.Leaf(path=each.path, before=each.after, after=each.before, explained=each.explained)
        for each in filled
    )
    name = RoleName("targets")
    found = (
        changes.MetadataChange(
            path=path, role=name, before=same, after=same, facts=(), leaves=leaves
        )
        for path, leaves in (("metadata/a.json", filled), ("metadata/b.json", emptied))
    )
    report = terminal(
        Review(roles=(), findings=(), verdict=Ready()), changes.Changes(metadata=tuple(found))
    )
    _, _, values = report.partition("Changed values without a sentence above\n\n")
    assert values == (
        "  metadata/a.json\n"
        "    - signed.targets: {} → not empty any more\n"
        "    - signed.gone: {} → (nothing)\n"
        "\n"
        "  metadata/b.json\n"
        "    - signed.targets: was not empty → {}\n"
        "    - signed.gone: {}\n"
    )
