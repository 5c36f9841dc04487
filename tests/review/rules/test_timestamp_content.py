import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import ONLINE, Sample, signer_for
from tuf.api.metadata import MetaFile

from tufline.repository.review import Purpose, Review


def _online(snapshot: MetaFile) -> Sample:
    sample = Sample()
    sample.sign_online()
    metadata = sample.load("timestamp")
    metadata.signed.snapshot_meta = snapshot
    metadata.sign(signer_for(ONLINE))
    sample.write("timestamp", metadata)
    return sample


def _published(sample: Sample) -> Review:
    return judge(None, sample, purpose=Purpose.PUBLISHED)


def test_timestamp_of_another_snapshot_is_refused() -> None:
    sample = _online(MetaFile(2))
    found = _published(sample)
    assert said(found, "timestamp-content") == ["error timestamp: names snapshot 2, which is 1"]
    assert verdict(found) == "refused"
    assert said(judge_whole(None, sample), "timestamp-content") == []


@pytest.mark.parametrize("named", [MetaFile(1, 7), MetaFile(1, hashes={"sha256": "0" * 64})])
def test_timestamp_with_another_length_or_hash_is_refused(named: MetaFile) -> None:
    (remark,) = said(_published(_online(named)), "timestamp-content")
    assert remark.startswith("error timestamp: snapshot: ")


def test_timestamp_of_this_snapshot_is_fine() -> None:
    sample = _online(MetaFile(1))
    data = sample.files["metadata/snapshot.json"]
    sample = _with_hashes(sample, data)
    assert said(_published(sample), "timestamp-content") == []
    assert verdict(_published(sample)) == "ready"


def _with_hashes(sample: Sample, data: bytes) -> Sample:
    metadata = sample.load("timestamp")
    metadata.signed.snapshot_meta = MetaFile.from_data(1, data, ["sha256"])
    metadata.sign(signer_for(ONLINE))
    sample.write("timestamp", metadata)
    return sample


@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_missing_file_is_left_to_other_rules(role: str) -> None:
    sample = _online(MetaFile(2))
    del sample.files[f"metadata/{role}.json"]
    assert said(_published(sample), "timestamp-content") == []
    assert verdict(_published(sample)) == "refused"
