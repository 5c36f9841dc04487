from collections.abc import Callable

import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import ONLINE, Sample, signer_for
from tuf.api.metadata import MetaFile, Snapshot

from tufline.repository.review import Purpose, Review


def _online(change: Callable[[Snapshot], object] = lambda _: None) -> Sample:
    sample = Sample()
    sample.sign_online()
    metadata = sample.load("snapshot")
    change(metadata.signed)
    metadata.sign(signer_for(ONLINE))
    sample.write("snapshot", metadata)
    return sample


def _published(sample: Sample) -> Review:
    return judge(None, sample, purpose=Purpose.PUBLISHED)


def _meta(name: str, entry: MetaFile) -> Callable[[Snapshot], object]:
    return lambda snapshot: snapshot.meta.update({name: entry})


WRONG = {
    "npm: not listed": lambda snapshot: snapshot.meta.pop("npm.json"),
    "npm: listed as version 2, is 1": _meta("npm.json", MetaFile(2)),
    "targets: listed as version 3, is 1": _meta("targets.json", MetaFile(3)),
}


@pytest.mark.parametrize("problem", WRONG)
def test_snapshot_that_does_not_list_what_is_there_is_refused(problem: str) -> None:
    sample = _online(WRONG[problem])
    found = _published(sample)
    assert said(found, "snapshot-content") == [f"error snapshot: {problem}; sign the snapshot anew"]
    assert verdict(found) == "refused"
    assert said(judge_whole(None, sample), "snapshot-content") == []


@pytest.mark.parametrize("entry", [MetaFile(1, 7), MetaFile(1, hashes={"sha256": "0" * 64})])
def test_snapshot_with_another_length_or_hash_is_refused(entry: MetaFile) -> None:
    (remark,) = said(_published(_online(_meta("npm.json", entry))), "snapshot-content")
    assert remark.startswith("error snapshot: npm: ")


def test_entries_of_the_published_bytes_and_of_roles_that_are_gone_are_fine() -> None:
    sample = _online(_meta("gone.json", MetaFile(5)))
    assert said(_published(sample), "snapshot-content") == []
    assert verdict(_published(sample)) == "ready"


def test_missing_snapshot_and_roles_are_left_to_other_rules() -> None:
    sample = _online()
    del sample.files["metadata/npm.json"]
    assert said(_published(sample), "snapshot-content") == []
    del sample.files["metadata/snapshot.json"]
    assert said(_published(sample), "snapshot-content") == []
    assert verdict(_published(sample)) == "refused"
