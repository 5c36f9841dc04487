"""What is known of each role, from the published tree alone."""

from datetime import timedelta

from tests.support.delegating import delegate
from tests.support.sample import EXPIRY_DAYS, NOW, ONLINE, SIGNING_DAYS, Sample

from tufline.repository.status import RoleFacts, role_facts


def published() -> Sample:
    sample = Sample()
    sample.sign_online()
    return sample


def facts(sample: Sample) -> dict[str, RoleFacts]:
    return {each.name: each for each in role_facts(sample.state())}


def test_top_level_roles_come_first_and_delegated_ones_by_name() -> None:
    sample = published()
    delegate(sample, "zulu", ["zulu/*"], {})
    delegate(sample, "alpha", ["alpha/*"], {}, by="zulu")

    assert list(facts(sample)) == [
        *("root", "timestamp", "snapshot", "targets"),
        *("alpha", "npm", "zulu"),
    ]


def test_role_of_people_says_who_and_until_when() -> None:
    role = facts(published())["targets"]

    assert (role.version, role.threshold, role.online) == (1, 2, False)
    assert role.signers == ("@alice", "@bob", "@carol")
    assert role.delegators == ()
    assert role.artifacts == 2
    assert role.expires == NOW + timedelta(days=EXPIRY_DAYS)
    assert role.signing_starts == role.expires - timedelta(days=SIGNING_DAYS)
    assert role.issued == NOW


def test_periods_of_snapshot_and_timestamp_are_those_that_root_states() -> None:
    sample = published()
    root = sample.load("root").signed
    for name in ("snapshot", "timestamp"):
        role = facts(sample)[name]
        days = root.roles[name].unrecognized_fields["x-tuf-on-ci-expiry-period"]

        assert role.online
        assert role.signers == (ONLINE,)
        assert role.issued == role.expires - timedelta(days=days)
        assert role.artifacts is None


def test_role_without_periods_says_nothing_of_them() -> None:
    sample = published()
    sample.edit("npm", lambda npm: npm.unrecognized_fields.clear())

    assert facts(sample)["npm"].signing_starts is None
    assert facts(sample)["npm"].issued is None


def test_role_that_cannot_be_read_is_left_out() -> None:
    sample = published()
    sample.files["metadata/npm.json"] = b"{}"

    assert "npm" not in facts(sample)
    assert "targets" in facts(sample)


def test_delegated_role_names_who_delegates_to_it() -> None:
    assert facts(published())["npm"].delegators == ("targets",)
