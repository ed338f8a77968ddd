"""One look at an address: out of the record when that is new enough, else asked for; redirects followed, waits kept, everything written down."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sekisho.model import ENDLESS, Observation, Source
from sekisho.observe.archive import Archive, Earlier
from sekisho.observe.archived import body_of, header
from sekisho.observe.client import Answer, Client
from sekisho.observe.manners import Manners
from sekisho.observe.redirects import as_asked, leads_to
from sekisho.observe.sources import LOCATION_SOURCES, limit_of, source_of

May = Callable[[str], Awaitable[bool]]
LIMIT_REDIRECTS = 5
LIMIT_TRIES = 3
BUSY = frozenset({429, 503})
VALIDATORS = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
LAST = {"Connection": "close"}


class Looker:
    """Looks on behalf of one run; ``counts`` holds what came of it: answers, failures, unchanged, on record."""

    def __init__(self, client: Client, archive: Archive, manners: Manners) -> None:
        self.client, self.archive, self.manners = client, archive, manners
        self.counts: Counter[str] = Counter()

    async def look(self, url: str, may: May, pause_s: float = 0.0, *, last: bool = False) -> Observation:
        """What there is to see at ``url``, wherever a chain of at most five redirects leads; ``may`` is asked before each other address.

        ``last`` says that nothing more will be asked of the host, so that its connection can go.
        """
        passed, limit = [url], limit_of(url)
        seen = await self._one(url, pause_s, LAST if last else {}, limit)
        while target := leads_to(seen):
            if why := _endless(target, passed):
                return self._unavailable(url, why) if source_of(url, "", b"") in LOCATION_SOURCES else self._failed(url, why)
            if not await may(target):
                return self._failed(url, f"redirect to {target}, which its robots.txt keeps from us")
            passed.append(target)
            seen = await self._one(target, pause_s, LAST, limit)
        if len(passed) > 1 and seen.failure:
            return self._failed(url, f"redirect to {passed[-1]}: {seen.failure}")
        return as_asked(url, seen) if len(passed) > 1 else seen

    def _unavailable(self, url: str, why: str) -> Observation:
        """What redirects that never end come to: nothing is there to be read (RFC 9309 section 2.3.1.2)."""
        at = datetime.now(UTC)
        self.archive.add_unavailable(url, at, why)
        self.counts["answers"] += 1
        return Observation(url, source_of(url, "", b""), status=ENDLESS, at=at)

    def _failed(self, url: str, why: str) -> Observation:
        at = datetime.now(UTC)
        self.archive.add_failure(url, at, why)
        self.counts["failures"] += 1
        return Observation(url, source_of(url, "", b""), at=at, failure=why)

    async def _one(self, url: str, pause_s: float, more: Mapping[str, str], limit: int) -> Observation:
        """The answer of one address, no redirect followed."""
        held = self.archive.earlier(url)
        earlier = self.archive.read(held) if held else None
        if held and earlier and not self._is_stale(held):
            self.counts["on record"] += 1
            return earlier
        answer = await self._asked(url, pause_s, {**more, **_conditions(earlier)}, limit)
        if answer.status == 304 and earlier:
            self.archive.add_unchanged(answer, earlier)
            self.counts["unchanged"] += 1
            return replace(earlier, at=answer.at)
        self.archive.add(answer)
        seen = observed(answer)
        self.counts["failures" if seen.failed else "answers"] += 1
        return seen

    def _is_stale(self, held: Earlier) -> bool:
        return self.manners.since is not None and held.at < self.manners.since

    async def _asked(self, url: str, pause_s: float, more: Mapping[str, str], limit: int) -> Answer:
        """The answer, asked for again where a busy server says when; only the last one is kept."""
        pause = max(pause_s, self.manners.pause_s)
        answer = await self.client.get(url, more, pause, limit)
        for _ in range(LIMIT_TRIES - 1):
            wait_s = _wait_s(answer)
            if wait_s is None or wait_s > self.manners.patience_s:
                break
            await asyncio.sleep(wait_s)
            answer = await self.client.get(url, more, pause, limit)
        return answer


def _endless(target: str, passed: list[str]) -> str:
    """In which way redirects that lead to ``target`` never end; empty when they may."""
    if target in passed:
        return f"redirects in a circle to {target}"
    return f"more than {LIMIT_REDIRECTS} redirects" if len(passed) > LIMIT_REDIRECTS else ""


def observed(answer: Answer) -> Observation:
    """An answer as the observation that its record will be read back as, save that of what is not there only the status counts."""
    url, at = answer.url, answer.at
    if answer.failure or answer.status >= 400:
        return Observation(url, source_of(url, "", b""), status=answer.status or None, at=at, failure=answer.failure or None)
    headers = tuple(header(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers)
    seen = Observation(url, Source.HEADERS, headers=headers, status=answer.status, at=at)
    body, fault = body_of(seen, answer.body, answer.cut)
    return Observation(url, source_of(url, answer.header(b"content-type"), body), body, headers, answer.status, at, fault)


def _conditions(earlier: Observation | None) -> dict[str, str]:
    """The headers that ask for an answer only if it differs from ``earlier`` (RFC 9110 section 13.1)."""
    if earlier is None or earlier.status != 200 or earlier.failure:
        return {}
    found = ((name, next(iter(earlier.header(validator)), "")) for validator, name in VALIDATORS)
    return {name: value for name, value in found if value and value.isascii() and value.isprintable()}


def _wait_s(answer: Answer) -> float | None:
    """How long a busy server asks us to wait (RFC 9110 section 10.2.3); None when it does not."""
    if answer.status not in BUSY:
        return None
    said = answer.header(b"retry-after").strip()
    if said.isdecimal():
        return float(said[:9])
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    return None
