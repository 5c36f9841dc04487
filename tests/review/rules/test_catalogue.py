"""Every rule is registered, documented and tested, under one name."""

import re
from pathlib import Path
from pkgutil import iter_modules

import pytest

from tufline.repository.review import rules
from tufline.repository.review._finding import RepositoryRule, RoleRule
from tufline.repository.review.rules import REPOSITORY_RULES, ROLE_RULES

RULES: tuple[RepositoryRule | RoleRule, ...] = (*REPOSITORY_RULES, *ROLE_RULES)
IDS = [rule.id for rule in RULES]
HERE = Path(__file__).parent
MANUAL = (HERE.parents[2] / "docs" / "rules.md").read_text()
PARTS = ["What", "Why", "Example", "What to do"]
JUDGED_ELSEWHERE = {"settings": "error"}  # online signing reports it, in its own tests
MADE_BY = {
    "error": {"error", "defect"},
    "notice": {"notice", "defect"},
    "waits": {"waiting"},
}


def _section(rule: str) -> str | None:
    found = re.search(rf"^## {re.escape(rule)}\n(.*?)(?=^## |\Z)", MANUAL, re.DOTALL | re.MULTILINE)
    return found and found[1]


def test_every_module_is_one_registered_rule_of_its_name() -> None:
    modules = [module.name for module in iter_modules(rules.__path__)]
    named = [name.replace("_", "-") for name in modules if not name.startswith("_")]
    assert sorted(IDS) == sorted(named)
    for rule in RULES:
        assert getattr(rules, rule.id.replace("-", "_")).RULE is rule


def test_rules_are_listed_in_order() -> None:
    repository, role = [rule.id for rule in REPOSITORY_RULES], [rule.id for rule in ROLE_RULES]
    assert repository == sorted(repository)
    assert role == sorted(role)


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_has_its_tests(rule: str) -> None:
    tests = HERE / f"test_{rule.replace('-', '_')}.py"
    assert tests.is_file()
    assert f'"{rule}"' in tests.read_text()


@pytest.mark.parametrize("rule", [*IDS, *JUDGED_ELSEWHERE])
def test_every_rule_is_explained(rule: str) -> None:
    section = _section(rule)
    assert section is not None, f'write "## {rule}" in docs/rules.md'
    assert re.findall(r"^\*\*([A-Z][a-z ]+)\.\*\* ", section, re.MULTILINE) == PARTS


def test_manual_explains_only_rules_that_exist_and_in_order() -> None:
    explained = re.findall(r"^## (.*)$", MANUAL, re.MULTILINE)
    assert explained == sorted([*IDS, *JUDGED_ELSEWHERE])


def test_table_of_the_manual_names_every_rule_in_order_and_links_to_its_section() -> None:
    assert list(_table()) == re.findall(r"^## (.*)$", MANUAL, re.MULTILINE)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_table_of_the_manual_says_what_a_finding_of_the_rule_is(
    rule: RepositoryRule | RoleRule,
) -> None:
    module = vars(getattr(rules, rule.id.replace("-", "_")))
    kinds = [kind for kind, makers in MADE_BY.items() if makers & module.keys()]
    assert _table()[rule.id] == ", ".join([*kinds, *(["asks"] if rule.consent else [])])


def test_table_of_the_manual_has_what_online_signing_reports() -> None:
    assert JUDGED_ELSEWHERE.items() <= _table().items()


def _table() -> dict[str, str]:
    """Return what the manual's table says a finding of each rule is."""
    rows = re.findall(r"^\| \[(.+)\]\(#(.+)\) \| (.+) \| .+ \|$", MANUAL, re.MULTILINE)
    assert all(name == link for name, link, _ in rows)
    return {name: kind for name, _, kind in rows}
