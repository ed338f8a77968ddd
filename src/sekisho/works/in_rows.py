"""Which registered works stand behind the items of a data set: by content where it is in hand, and by address, digest or ISCC code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from sqlalchemy import func, select

from sekisho.addresses import address
from sekisho.fingerprints import Closeness, Content, Region
from sekisho.formats.reading import Reading
from sekisho.works import Match, Works, pages, schema
from sekisho.works.matching import SAID_NOTHING, Brake
from sekisho.works.pages import Page
from sekisho.works.values import Declared, Work

CLAIMING = {Closeness.VERBATIM, Closeness.NEAR, Closeness.PARTIAL}
STANDING_FOR = {Closeness.VERBATIM, Closeness.NEAR}
"""Levels at which a work that covers the item stands for it."""
WHOLE = 0.9
"""The least share of an item that a work covers to stand for it (design section 1)."""
MOST_ADDRESSES = 2_000_000
EVERYWHERE: Mapping[str, str] = MappingProxyType({})
BY_CODE = Closeness.VERBATIM
"""A digest or an ISCC code is that of the very bytes."""


class Find(NamedTuple):
    """One place of an item where a registered work was found; ``by`` is a fingerprint's versioned name, or ``url``, ``digest``, ``iscc``.

    The level is empty where only the address says so; regions are those of ``Match``, empty where there is none.
    """

    work: str
    level: str
    score: float
    by: str
    item_region: Region = ()
    work_region: Region = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What the store says of one item.

    ``whole`` are the works that stand for it, ``parts`` those it holds a part of, ``doubtful`` those that may be in it: too unsure, or set
    apart because they match everything.
    """

    finds: tuple[Find, ...] = ()
    whole: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    unreadable: bool = False

    def joined(self, other: Found) -> Found:
        """Both answers for one item as one."""
        whole = self.whole | other.whole
        parts = (self.parts | other.parts) - whole
        doubtful = (self.doubtful | other.doubtful) - whole - parts
        return Found(self.finds + other.finds, whole, parts, doubtful, self.unreadable or other.unreadable)


class Standing(NamedTuple):
    """A work and what its holders say on the day."""

    work: Work
    declared: Declared


class Finder:
    """A store as the items of one run of rows ask it: one state of the store, and a brake of its own, so that the same rows have the same answers.

    ``told`` is the last day whose declarations count.
    """

    def __init__(self, works: Works, told: date) -> None:
        self.works = works
        self.told = told
        self.settings = works.settings
        self.brake = Brake(self.settings)
        self.known: dict[str, Standing] = {}
        if works.matcher.asked != math.inf:
            works.matcher.renew(told)
            works.matcher.asked = math.inf  # what is registered from now on is not seen by this connection

    def in_text(self, reading: Reading, raw: bytes) -> Found | None:
        """The works found in a text; None where the store does not read such content."""
        return self.in_pages([Page(0, Content(raw, "text", fleeting=True, reading=reading))])

    def in_bytes(self, raw: bytes) -> Found | None:
        """The works found in a file's bytes; None where the store does not read such content."""
        return self.in_pages(pages.of(raw))

    def in_pages(self, found: Iterable[Page]) -> Found | None:
        """The works found on pages; None where the store does not read such content."""
        extent = Extent()
        screened = self.works.matcher.screen("", extent.measured(found), self.settings.threshold, self.told)
        if extent.foreign:
            return None
        answer = self.brake.watch(screened)
        return answered(answer.matches, extent, self.settings.sure, answer.flooded, unreadable=answer.unreadable is not None)

    def at_urls(self, urls: Iterable[str]) -> dict[str, Found]:
        """What is registered at each of ``urls``: the work stands for the item, though nobody compared the two."""
        known = self.registered
        wanted = {url: known.get(url, url) for url in urls if known is EVERYWHERE or url in known}
        found = self.works.at_urls(wanted.values())
        return {url: named(found[written], "url", "") for url, written in wanted.items() if written in found}

    @cached_property
    def registered(self) -> Mapping[str, str]:
        """Each address at which a work is registered, as it is written and as it would be requested → as it is written.

        EVERYWHERE where there are more than are kept in memory: they are found as they are written.
        """
        with self.works.store.read() as connection:
            if (connection.scalar(select(func.count()).select_from(schema.addresses)) or 0) > MOST_ADDRESSES:
                return EVERYWHERE
            written = list(connection.scalars(select(schema.addresses.c.url).distinct()))
        requested = {found[1]: url for url in written if (found := address(url))}
        return requested | dict(zip(written, written, strict=True))

    @cached_property
    def authorities(self) -> pa.Array | None:
        """The authorities at which works are registered; None for any."""
        if self.registered is EVERYWHERE:
            return None
        return pa.array({found[0] for url in self.registered if (found := address(url))}, pa.large_string())

    def of_digests(self, digests: Iterable[bytes]) -> dict[bytes, Found]:
        """What has a file of each of ``digests`` (SHA-256)."""
        return {digest: named(works, "digest", BY_CODE) for digest, works in self.works.of_digests(digests).items()}

    def of_isccs(self, isccs: Iterable[str]) -> dict[str, Found]:
        """What has a file of each of ``isccs``."""
        return {iscc: named(works, "iscc", BY_CODE) for iscc, works in self.works.of_isccs(isccs).items()}

    def standing(self, ids: Iterable[str]) -> Mapping[str, Standing]:
        """The works of ``ids`` with what decides for them; one whose holders said nothing is to be asked for."""
        new = sorted(set(ids) - self.known.keys())
        if new:
            said = self.works.terms(new, self.told)
            self.known |= {key: Standing(work, said.get(key, SAID_NOTHING)) for key, work in self.works.works(new, self.told).items()}
        return self.known


def named(works: Sequence[str], by: str, level: str) -> Found:
    """The works that an item is by its name."""
    return Found(tuple(Find(work, level, 1.0, by) for work in works), whole=frozenset(works))


@dataclass
class Extent:
    """How much there is of an item, measured while its pages pass: what share of it is covered can be told afterwards."""

    pictures: int = 0
    texts: list[tuple[int, Reading]] = field(default_factory=list)
    """Each text, and where in the item it begins."""
    foreign: bool = False
    """Whether the item is of a kind that is not read here."""

    def measured(self, found: Iterable[Page]) -> Iterator[Page]:
        """``found``, each page noted; content of a kind that is not read here is held back."""
        for page in found:
            if page.content in (pages.NOT_KNOWN, pages.VECTOR):
                self.foreign = True
                continue
            if isinstance(page.content, Content) and page.content.media == "text":
                self.texts.append((page.content.start, page.content.reading))
            else:
                self.pictures += 1
            yield page

    def share(self, matches: Sequence[Match]) -> float:
        """The share of the item that ``matches`` cover together: of its running text, or of its one picture; a volume is never covered."""
        if self.pictures:
            alone = self.pictures == 1 and not self.texts
            return max((match.item_region[2] * match.item_region[3] for match in matches), default=0.0) if alone else 0.0
        spans = merged((int(match.item_region[0]), int(match.item_region[1])) for match in matches)
        covered = sum(within(reading, start - at, end - at) for at, reading in self.texts for start, end in spans)
        return covered / max(sum(len(reading.text) for _, reading in self.texts), 1)


def within(reading: Reading, start: int, end: int) -> int:
    """Characters of running text between two places of the file."""
    if reading.offsets is None:
        return max(0, min(end, reading.length) - max(start, 0))
    first, last = np.searchsorted(reading.offsets, [start, end])
    return int(last - first)


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """``spans`` in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def answered(matches: Sequence[Match], extent: Extent, sure: float, flooded: Iterable[str], *, unreadable: bool) -> Found:
    """What the matches of one item come to: which works cover it, which it holds a part of, which are in doubt."""
    certain: dict[str, list[Match]] = {}
    for match in matches:
        if match.level in CLAIMING and match.score >= sure:
            certain.setdefault(match.work, []).append(match)
    whole = {work for work, found in certain.items() if extent.share([one for one in found if one.level in STANDING_FOR]) >= WHOLE}
    doubtful = {match.work for match in matches if match.level in CLAIMING} | set(flooded)
    finds = tuple(
        Find(match.work, match.level, match.score, match.fingerprint, match.item_region, match.work_region, match.item_page)
        for match in matches
    )
    return Found(finds, frozenset(whole), frozenset(certain.keys() - whole), frozenset(doubtful - certain.keys()), unreadable)
