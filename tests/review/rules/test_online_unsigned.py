import pytest
from tests.support.judging import judge, judge_whole, said, verdict
from tests.support.sample import STRANGER, Sample, signer_for

from tufline.repository.review import Purpose, Review

ROLES = ("snapshot", "timestamp")


def _online() -> Sample:
    sample = Sample()
    sample.sign_online()
    return sample


def _published(sample: Sample) -> Review:
    return judge(None, sample, purpose=Purpose.PUBLISHED)


def test_signed_online_metadata_is_fine() -> None:
    found = _published(_online())
    assert said(found, "online-unsigned") == []
    assert verdict(found) == "ready"


@pytest.mark.parametrize("role", ROLES)
def test_missing_online_metadata_is_refused_where_it_is_published(role: str) -> None:
    sample = _online()
    del sample.files[f"metadata/{role}.json"]
    found = _published(sample)
    assert said(found, "online-unsigned") == [f"error {role}: is missing; sign online first"]
    assert verdict(found) == "refused"
    assert said(judge_whole(None, sample), "online-unsigned") == []


@pytest.mark.parametrize("role", ROLES)
def test_online_metadata_that_cannot_be_read_is_refused(role: str) -> None:
    sample = _online()
    sample.files[f"metadata/{role}.json"] = b"{"
    (remark,) = said(_published(sample), "online-unsigned")
    assert remark.startswith(f"error {role}: not JSON")


@pytest.mark.parametrize("role", ROLES)
def test_online_metadata_signed_by_a_stranger_is_refused(role: str) -> None:
    sample = _online()
    metadata = sample.load(role)
    metadata.signatures.clear()
    metadata.sign(signer_for(STRANGER))
    sample.write(role, metadata)
    assert said(_published(sample), "online-unsigned") == [
        f"error {role}: 0 of 1 signatures; missing: file2:online"
    ]


def test_without_a_root_the_signatures_are_left_to_other_rules() -> None:
    sample = _online()
    del sample.files["metadata/root.json"]
    found = _published(sample)
    assert said(found, "online-unsigned") == []
    assert verdict(found) == "refused"
