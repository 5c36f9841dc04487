"""Whether main is what clients get: asked before anything is shown or signed, told in any case."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, assert_never

from tufline.repository.commands import spelled
from tufline.repository.history import Commit
from tufline.repository.jobs import Event
from tufline.signer.commands._desk import Desk
from tufline.signer.commands._screen import agree, expect_terminal, say
from tufline.signer.wire import (
    Address,
    Comparison,
    Different,
    Gap,
    MainDiffers,
    MainNewer,
    MainOlder,
    MainWasPutBack,
    Pin,
    PinFolder,
    Published,
    Same,
    WireClient,
    compare_with_pin,
    consult,
    expect_first_root,
    expect_pinned_root,
    first_root,
    pin_folder,
)

_FLAG: Final = "--root-fingerprint HEX"
_COLUMNS: Final = 80
_MOST_LINES: Final = 10


@dataclass(frozen=True, kw_only=True)
class WireCheck:
    """Compares main with what clients get, once for each state of main.

    Attributes:
        wanted: False: without the network. What is pinned is compared all the same.
        fingerprint: the SHA-256 (hex) of the root to pin at first use, where it was given. Once
            one is pinned, it must be that, or one that led to it.
    """

    desk: Desk
    wanted: bool = True
    fingerprint: str | None = None
    done: set[Commit] = field(default_factory=set)

    def run(self, event: Event) -> None:
        """Say how main stands; raise a refusal where nothing must be signed on top of it."""
        if event.main in self.done:
            return
        folder = pin_folder(self.desk.pull_url)
        pin = folder.read()
        if pin is not None:
            self._expect_pinned(event, folder, pin)
        url = event.settings.publish.url or (pin.url if pin else None)
        if pin is None and event.known_good.root() is None:
            _tell("main has no root yet, so there is nothing to compare with what clients get")
        elif url is None or not self.wanted:
            self._without_network(event, pin)
        else:
            self._with_network(event, folder, pin or self._first_use(event, folder), url)
        self.done.add(event.main)

    def _expect_pinned(self, event: Event, folder: PinFolder, pin: Pin) -> None:
        """Compare the fingerprint that was given, if one was, with what is pinned already."""
        if self.fingerprint is not None:
            _expect_same_repository(event, pin)  # else main's history is that of another one
            base, verifier = event.known_good, event.verifier
            expect_pinned_root(self.fingerprint, pin, folder, base, verifier)

    def _without_network(self, event: Event, pin: Pin | None) -> None:
        why = "--no-wire" if not self.wanted else "tufline.toml has no [publish] url"
        _tell(f"NOT COMPARED: main may differ from what clients get ({why})")
        if pin is not None:
            _expect_same_repository(event, pin)
            _tell(f"main goes on from your pinned root {pin.version}")

    def _with_network(self, event: Event, folder: PinFolder, pin: Pin, url: str) -> None:
        _tell_of_url(url, event.settings.publish.url, pin.url)
        _tell(f"comparing main with what clients get at {spelled(url)} ...")
        address = Address(url=url, layout=event.settings.layout)
        client = WireClient(address=address, verifier=event.verifier)
        found = consult(client, folder, pin, event.known_good, now=self.desk.now)
        for line in _expired(found.published):
            _tell(line)
        _refuse(found.comparison, "what clients get")
        for line in _accepted(found.comparison, found.published):
            _tell(line)

    def _first_use(self, event: Event, folder: PinFolder) -> Pin:
        """Pin main's oldest root, if the person says that it is the right one."""
        pin = first_root(event.known_good, event.settings)
        _tell(
            f"first use of this repository on this machine: root {pin.version} on main will be "
            "trusted from now on. Compare its SHA-256 with what another signer tells you:"
        )
        say(f"  {pin.fingerprint}")
        if self.fingerprint is None:
            expect_terminal(_FLAG)
            agree(f"is this the right root {pin.version}?", yes=False)
        else:
            expect_first_root(self.fingerprint, pin)
        folder.write(pin)
        return pin


def _expect_same_repository(event: Event, pin: Pin) -> None:
    """Raise where main does not go on from the pinned root."""
    outcome = compare_with_pin(pin, event.known_good, event.verifier)
    _refuse(outcome, "the repository of your pinned root")


def _refuse(outcome: Comparison, where: str) -> None:
    """Raise where main is not what it should be."""
    match outcome:
        case Different():
            raise MainDiffers(where, outcome)
        case MainOlder():
            raise MainWasPutBack(where, outcome)
        case _:
            return


def _accepted(outcome: Comparison, published: Published) -> Iterator[str]:
    match outcome:
        case Same():
            online = f"root {published.newest_root}, timestamp {published.timestamp}"
            yield f"main is what clients get ({online})"
        case MainNewer(ahead=ahead):
            yield "main is newer than what clients get, as it is between a merge and publishing:"
            yield from map(_gap, ahead[:_MOST_LINES])
            if len(ahead) > _MOST_LINES:
                yield f"  and {len(ahead) - _MOST_LINES} more roles"
        case Different() | MainOlder():
            return
        case _:
            assert_never(outcome)


def _gap(gap: Gap) -> str:
    wire = "do not have it" if gap.wire is None else f"have version {gap.wire}"
    return f"  {spelled(gap.role)} version {gap.main}, clients {wire}"


def _expired(published: Published) -> Iterator[str]:
    if published.expired:
        ends = (f"{role} on {when:%Y-%m-%d}" for role, when in published.expired.items())
        yield f"EXPIRED: clients refuse what is published, since it ended: {', '.join(ends)}"


def _tell_of_url(url: str, stated: str | None, before: str | None) -> None:
    if stated is None:
        _tell("tufline.toml names no [publish] url any more; this is that of the last time")
    elif before not in {None, url}:
        _tell(f"[publish] url in tufline.toml has changed; it was {spelled(before or '')}")


def _tell(text: str) -> None:
    indent = text[: len(text) - len(text.lstrip())]
    lines = textwrap.wrap(
        text,
        width=_COLUMNS,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    say("\n".join(lines))
