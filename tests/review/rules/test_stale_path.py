from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample

from tufline.repository.review import Lineage


def test_path_that_main_changed_too_is_refused() -> None:
    base = Sample()
    event = base.copy()
    event.put("file.txt", b"2")
    found = judge(base, event, lineage=Lineage(stale=("metadata/targets.json", "targets/x")))
    assert said(found, "stale-path") == [
        f"error {path}: main has changed this file since the event began; merge main into the "
        "event, make its change anew and sign again"
        for path in ("metadata/targets.json", "targets/x")
    ]
    assert verdict(found) == "refused"


def test_event_on_top_of_main_is_fine() -> None:
    base = Sample()
    event = base.copy()
    event.put("file.txt", b"2")
    assert said(judge(base, event, lineage=Lineage()), "stale-path") == []
