from tufline.online_sign import _judge
from tufline.repository.review.rules import REPOSITORY_RULES, ROLE_RULES


def test_rules_that_say_who_signed_exist() -> None:
    """A renamed rule must not fall out of what publish is judged by in silence."""
    known = {rule.id for rule in REPOSITORY_RULES} | {rule.id for rule in ROLE_RULES}
    assert known >= _judge._SAY_WHO_SIGNED  # noqa: SLF001 - no other code needs the names
