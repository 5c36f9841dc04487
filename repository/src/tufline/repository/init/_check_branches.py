"""What main and publish must be protected from."""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from tufline.repository.init._facts import Branch, Protection, RepositoryFacts, Unknown
from tufline.repository.init._remark import Aim, Remark

_STATUS: Final = "signing-event"
_Rule: TypeAlias = Callable[[Protection], bool]


def check_main(facts: RepositoryFacts) -> Iterator[Remark]:
    """Yield what is to be said of main."""
    aim = Aim(
        good="there is a branch main",
        bad="there is no branch main",
        why="it holds what people signed, the settings and the workflows",
        where="push it: `tufline init` writes its first files",
    )
    if not isinstance(facts.main, Branch):
        yield aim.judged(facts.main or False)
        return
    yield aim.fine()
    yield _pull_requests(facts, facts.main)
    yield _code_owners(facts, facts.main)
    yield _status(facts, facts.main)
    yield _history(facts, "main", facts.main)
    yield _deletion(facts, "main", facts.main)


def check_publish(facts: RepositoryFacts) -> Iterator[Remark]:
    """Yield what is to be said of publish."""
    aim = Aim(
        good="there is a branch publish",
        bad="there is no branch publish",
        why="it holds what was accepted and signed online, and is what gets published",
        where="run the workflow online-sign once; it makes it",
    )
    if not isinstance(facts.publish, Branch):
        yield aim.judged(facts.publish or False)
        return
    yield aim.fine()
    yield _history(facts, "publish", facts.publish)
    yield _deletion(facts, "publish", facts.publish)
    yield _pushers(facts, facts.publish)
    yield _online_signing_may_push(facts, facts.publish)


def _pull_requests(facts: RepositoryFacts, main: Branch) -> Remark:
    aim = Aim(
        good="main changes by pull requests only",
        bad="main can be changed without a pull request",
        why="a change of settings, workflows or metadata would be on main before anybody judged it",
        where=_page(facts),
    )
    return _bound(aim, main, lambda rules: rules.pull_request)


def _code_owners(facts: RepositoryFacts, main: Branch) -> Remark:
    aim = Aim(
        good="what Code Owners own on main takes their review",
        bad="main asks for no review by Code Owners",
        why="whoever may push can set any status, and merge a workflow that nobody looked at",
        where=f"{_page(facts)}: Require review from Code Owners",
    )
    return _bound(aim, main, lambda rules: rules.code_owners)


def _status(facts: RepositoryFacts, main: Branch) -> Remark:
    aim = Aim(
        good=f"main takes only what has the status {_STATUS}",
        bad=f"main does not ask for the status {_STATUS}",
        why="an event that is refused, or not signed by enough people, could be merged",
        where=_page(facts),
    )
    return _bound(aim, main, lambda rules: _STATUS in rules.checks)


def _history(facts: RepositoryFacts, name: str, branch: Branch) -> Remark:
    aim = Aim(
        good=f"{name} cannot be force-pushed",
        bad=f"{name} can be force-pushed",
        why="what was accepted could be undone, and nobody would see that it ever was",
        where=_page(facts),
    )
    return _bound(aim, branch, lambda rules: rules.keeps_history)


def _deletion(facts: RepositoryFacts, name: str, branch: Branch) -> Remark:
    aim = Aim(
        good=f"{name} cannot be deleted",
        bad=f"{name} can be deleted",
        why="what was accepted would be gone, and the jobs that start from it would stop",
        where=_page(facts),
    )
    return _bound(aim, branch, lambda rules: rules.keeps_branch)


def _pushers(facts: RepositoryFacts, publish: Branch) -> Remark:
    aim = Aim(
        good="only some may push to publish",
        bad="whoever may write to the repository may push to publish",
        why="its workflow deploys to Pages: they could serve old metadata, or nothing",
        where=f"{_page(facts)}: allow whom online-sign runs as, and nobody else",
    )
    if any(rules.pushers is not None for rules in publish.protections):
        return aim.fine()
    return aim.unknown(publish.unread) if publish.unread else aim.unsafe()


def _online_signing_may_push(facts: RepositoryFacts, publish: Branch) -> Remark:
    aim = Aim(
        good="publish takes pushes",
        bad="publish takes no pushes, not even those of online signing",
        why="online signing pushes what it has judged and signed",
        where=_page(facts),
    )
    return aim.missing() if any(map(_is_closed, publish.protections)) else aim.fine()


def _is_closed(rules: Protection) -> bool:
    return rules.bypass == () and (rules.pull_request or rules.pushers == ())


def _page(facts: RepositoryFacts) -> str:
    return f"{facts.url}/settings/rules"


def _bound(aim: Aim, branch: Branch, has: _Rule) -> Remark:
    """Return whether some protection has the rule, and binds everybody."""
    having = [rules for rules in branch.protections if has(rules)]
    if any(rules.bypass == () for rules in having):
        return aim.fine()
    for unread in (branch.unread, *(rules.bypass for rules in having)):
        if isinstance(unread, Unknown):
            return aim.unknown(unread)
    if not having:
        return aim.unsafe()
    exempt = {who for rules in having if isinstance(rules.bypass, tuple) for who in rules.bypass}
    return aim.unsafe(f"{aim.good}, but this does not bind {', '.join(sorted(exempt))}")
