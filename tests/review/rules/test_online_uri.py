import pytest
from tests.support.judging import judge, said
from tests.support.sample import Sample, key_for

from tufline.repository.review import Policy

RULE = "online-uri"
POLICY = Policy(online_uris=("file2:online", "gcpkms:projects/ours/"))


def test_an_online_key_elsewhere_is_refused() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for("file2:next"), "timestamp"))

    assert said(judge(Sample(), event, policy=POLICY), RULE) == [
        (
            "error root: the online key file2:next is not among those that"
            " tufline.toml allows; allow"
            " it on main first, or use another"
        )
    ]
    assert said(judge(Sample(), event), RULE) == []


def test_none_allowed_means_none() -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for("file2:next"), "timestamp"))

    lines = said(judge(Sample(), event, policy=Policy(online_uris=())), RULE)

    assert sorted(line.partition(":")[0] for line in lines) == ["error root", "notice root"]


def test_the_allowed_ones_are_fine() -> None:
    event = Sample()
    event.edit("root")

    assert said(judge(Sample(), event, policy=POLICY), RULE) == []


@pytest.mark.parametrize("uri", ["gcpkms:projects/ours/../other/key", "gcpkms:projects/ours/.."])
def test_a_prefix_is_not_climbed_out_of(uri: str) -> None:
    event = Sample()
    event.edit("root", lambda root: root.add_key(key_for(uri), "timestamp"))

    [line] = said(judge(Sample(), event, policy=POLICY), RULE)

    assert line.startswith(f"error root: the online key {uri} is not among those")


def test_what_is_no_uri_is_refused_and_stays_a_notice_where_it_was() -> None:
    base = Sample()
    base.edit("root", lambda root: root.add_key(key_for("no uri"), "timestamp"))
    event = base.copy()
    event.edit("root")
    problem = "root: 'no uri' is no signer URI; write a scheme, a colon and what it names"

    assert said(judge(Sample(), base), RULE) == [f"error {problem}"]
    assert said(judge(base, event), RULE) == [f"notice {problem}"]
