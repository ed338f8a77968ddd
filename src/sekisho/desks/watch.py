"""The desk that looks again: sites on record are observed anew, and what they say otherwise than before is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sekisho import signals
from sekisho.model import Axis, Observation, Signal, Text, Value
from sekisho.observe import archived
from sekisho.observe.crawl import Progress, Told, observe
from sekisho.observe.manners import Manners
from sekisho.observe.names import LookUp
from sekisho.observe.redirects import followed
from sekisho.observe.visits import Site

PUBLIC_LICENCES = "licences"
CONTENT = "sha256:"
"""How a statement inside a file names the file; another edition of it is the same place."""
KINDS = {
    ("no", True): Text("a no appeared", "拒否が現れました"),
    ("no", False): Text("a no is gone", "拒否がなくなりました"),
    ("licence", True): Text("a licence appeared", "許諾の条件が現れました"),
    ("licence", False): Text("a licence is gone", "許諾の条件がなくなりました"),
    ("permission", True): Text("a permission appeared", "許可が現れました"),
    ("permission", False): Text("a permission is gone", "許可がなくなりました"),
    ("readable", True): Text("it can be read again", "再び読めるようになりました"),
    ("readable", False): Text("it cannot be read any more", "読めなくなりました"),
}
WORDS = {Value.DENY: "no", Value.LICENCE: "licence", Value.ALLOW: "permission"}
NAMED = 3


class Said(NamedTuple):
    """One statement as far as it can be the same tomorrow."""

    protocol: str
    axis: Axis
    value: Value
    scope: str
    addressee: str


class Look(NamedTuple):
    """What was seen of one address at one time; ``said`` leads to the words that said it."""

    at: datetime
    failure: str
    said: dict[Said, str]


class Change(NamedTuple):
    """What is otherwise at ``url``: a ``no``, ``licence``, ``permission``, or whether it is ``readable``; ``appeared`` or gone; when it was seen."""

    url: str
    kind: str
    appeared: bool
    protocol: str
    said: tuple[Said, ...]
    quote: str
    before: datetime
    after: datetime

    @property
    def text(self) -> Text:
        """The change in words."""
        what = KINDS[self.kind, self.appeared]
        uses = ", ".join(dict.fromkeys(one.axis.value for one in self.said))
        agents = list(dict.fromkeys(one.addressee for one in self.said if one.addressee != "*"))
        more = f" +{len(agents) - NAMED}" if len(agents) > NAMED else ""
        whom = f" ({', '.join(agents[:NAMED])}{more})" if agents else ""
        detail = f"{self.protocol}: {uses}{whom}" if self.said else self.quote
        return Text(f"{self.url}: {what.en}. {detail}", f"{self.url}：{what.ja}。{detail}")


class Watched(NamedTuple):
    """What a look came to; ``first`` when there was nothing on record to compare with."""

    changes: tuple[Change, ...]
    progress: Progress
    first: bool


def watch(sites: Sequence[Site], file: Path, manners: Manners, *, look_up: LookUp | None = None, told: Told | None = None) -> Watched:
    """Observe ``sites`` again into the WARC ``file`` that holds the looks before, and say what changed since the last one.

    Raises InputError for a file that is no WARC. What could not be read this time changes nothing but that.
    """
    began = datetime.now(UTC)
    progress = observe(sites, file, replace(manners, since=began), look_up=look_up, told=told)
    before, after = _looks(file, began)
    again = {url: look for url, look in after.items() if url in before}
    return Watched(tuple(change for url, look in again.items() for change in _changes(url, before[url], look)), progress, not again)


def _looks(file: Path, began: datetime) -> tuple[dict[str, Look], dict[str, Look]]:
    """The last look at each address before this run, and the one of this run; a look that failed keeps what was said before it."""
    before: dict[str, Look] = {}
    after: dict[str, Look] = {}
    for seen in followed(archived.observations(file, [])):
        at = seen.at or datetime.min.replace(tzinfo=UTC)
        looks = after if at >= began else before
        known = before[seen.url].said if seen.failed and seen.url in before else {}
        looks[seen.url] = Look(at, _failure(seen), known if seen.failed else dict(_statements(seen)))
    return before, after


def _failure(seen: Observation) -> str:
    return (seen.failure or str(seen.status)) if seen.failed else ""


def _statements(seen: Observation) -> Iterator[tuple[Said, str]]:
    """Every statement on a use; what concerns only the crawl, and what cannot be understood, is no news."""
    for signal in signals.read(seen):
        if signal.axis is not Axis.CRAWL and signal.value is not Value.UNKNOWN:
            yield _said(signal), signal.evidence.quote


def _said(signal: Signal) -> Said:
    scope = "" if signal.scope.startswith(CONTENT) else signal.scope
    return Said(signal.protocol, signal.axis, signal.value, scope, signal.addressee)


def _changes(url: str, before: Look, after: Look) -> Iterator[Change]:
    """What two looks at one address differ in; one that failed says nothing new, and after it counts what was last known."""
    if bool(before.failure) != bool(after.failure):
        yield Change(url, "readable", not after.failure, "", (), after.failure or before.failure, before.at, after.at)
    if after.failure:
        return
    for appeared, looks in ((True, (before, after)), (False, (after, before))):
        news = [(one, quote) for one, quote in looks[1].said.items() if one not in looks[0].said]
        groups: dict[tuple[str, str], list[tuple[Said, str]]] = {}
        for one, quote in news:
            groups.setdefault((_kind(one), one.protocol), []).append((one, quote))
        for (kind, protocol), group in groups.items():
            yield Change(url, kind, appeared, protocol, tuple(one for one, _ in group), group[0][1], before.at, after.at)


def _kind(said: Said) -> str:
    """A public licence permits, and yet its going is a licence that is gone."""
    return "licence" if said.protocol == PUBLIC_LICENCES else WORDS[said.value]
