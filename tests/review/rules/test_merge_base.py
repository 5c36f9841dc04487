from tests.support.judging import judge, said, verdict
from tests.support.sample import Sample

from tufline.repository.review import Lineage


def test_event_without_common_history_is_refused() -> None:
    found = judge(Sample(), Sample(), lineage=Lineage(merge_bases=0))
    assert said(found, "merge-base") == [
        "error None: the event has no common history with main; make it anew from main"
    ]
    assert verdict(found) == "refused"


def test_event_with_several_merge_bases_is_refused() -> None:
    found = judge(Sample(), Sample(), lineage=Lineage(merge_bases=2))
    assert said(found, "merge-base") == [
        (
            "error None: the event and main have 2 merge bases, so known good is ambiguous; make "
            "the event anew from main"
        )
    ]


def test_one_merge_base_is_fine() -> None:
    assert said(judge(Sample(), Sample(), lineage=Lineage(merge_bases=1)), "merge-base") == []
