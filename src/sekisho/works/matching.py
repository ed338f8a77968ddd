"""From what a content looks like to the works it resembles, with the terms of the day."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from sekisho.fingerprints import Content, Hit, Part, Region, Unfit, fingerprints, for_media
from sekisho.model import Text
from sekisho.works import records, schema
from sekisho.works.pages import Page
from sekisho.works.segments import Segments
from sekisho.works.settings import Settings
from sekisho.works.store import Store
from sekisho.works.terms import standing
from sekisho.works.values import Declared, Match, RightsHolder, Terms, TermsKind, Work

SAID_NOTHING = Declared(RightsHolder(""), Terms(TermsKind.ASK), date.min)
"""A work whose holders had said nothing by the day is to be asked for."""
HARMLESS = Work("")
FRESH_S = 1.0
NEIGHBOURS = 500  # files fetched together
WINDOW = 1000  # different items that the brake looks back on
NOTHING_READ = Text("no page of it can be read", "読み取れるページがありません")


class Found(NamedTuple):
    """A hit of one fingerprint, on a page of the item, before it is known whose file it is."""

    fingerprint: str
    page: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class Screened:
    """The answer for one item. ``unreadable`` says why nothing can be said of it, or of a page of it; ``flooded`` are works set apart.

    ``same`` is equal for items of equal bytes, in this process; ``encoding`` is what the bytes of a text were found to be in, as Python names it.
    """

    item: str
    same: int
    matches: list[Match]
    unreadable: Text | None = None
    flooded: tuple[str, ...] = ()
    encoding: str = ""


class Behind(NamedTuple):
    """What stands behind a file that was hit: its row, its work (none: known to be harmless) and what the holders say on the day."""

    file: Any
    work: Work
    deciding: Declared


class Matcher:
    """Asks every fingerprint's search files, which follow what is registered.

    A text is searched in less time than the database takes to answer, so that is asked for news at most every FRESH_S seconds within one run
    of answers, and for what stands behind a file together with its neighbours.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.segments: dict[str, Segments] = {}
        self.followed: set[str] = set()
        self.known: dict[int, Behind] = {}
        self.state: tuple[Any, ...] = ()
        self.asked = -FRESH_S

    def renew(self, on: date) -> None:
        """Ask the database for news; what it has none of stays known. Rows are only ever added, so the last numbers tell."""
        last = [select(func.max(table.c.id)).scalar_subquery() for table in (schema.files, schema.terms, schema.shares)]
        count = select(func.count()).select_from(schema.fingerprints).scalar_subquery()
        with self.store.read() as connection:
            state = (on, *connection.execute(select(*last, count)).one())
        if state != self.state:
            self.known.clear()
            self.followed.clear()
        self.state, self.asked = state, time.monotonic()

    def following(self, name: str, part: Part) -> Segments:
        """The search files of ``part``, with all that was registered when there was news last."""
        if name not in self.followed:
            self.segments.setdefault(name, Segments(self.store, part)).follow()
            self.followed.add(name)
        return self.segments[name]

    def screen(self, item: str | bytes | Path, pages: Iterable[Page], threshold: float, on: date) -> Screened:
        """The answer for ``item``, whose pages are ``pages``. A blank page resembles nothing; one that cannot be read leaves the answer open."""
        if time.monotonic() - self.asked > FRESH_S:
            self.renew(on)
        found: list[Found] = []
        unread: list[Unfit] = []
        looked_at: list[int] = []
        encoding = ""
        try:
            for page in pages:
                hits = page.content if isinstance(page.content, Unfit) else self.search(page.content, page.number, threshold)
                looked_at.append(hash(page.content.raw) if isinstance(page.content, Content) else 0)
                encoding = encoding or (page.content.encoding if isinstance(page.content, Content) else "")
                found += [] if isinstance(hits, Unfit) else hits
                unread += [hits] if isinstance(hits, Unfit) and not hits.blank else []
        except OSError as error:
            unread.append(Unfit(Text(f"cannot be opened: {error.strerror}", f"開けません：{error.strerror}")))
        name = str(item) if isinstance(item, Path) else ""
        reason = unread[0].reason if unread else None
        return Screened(name, hash(tuple(looked_at)), self.matches(found, on), reason, encoding=encoding)

    def search(self, content: Content, page: int, threshold: float) -> list[Found] | Unfit:
        """What the fingerprints of ``content`` hit with a score of ``threshold`` or more; why not, when one of them cannot read it."""
        found: dict[str, list[Hit]] = {}
        unfit: Unfit | None = None
        content.fleeting = True
        for name, part in for_media(content.media).items():
            segments = self.following(name, part)
            made = part.of(content)
            if isinstance(made, Unfit):
                unfit = unfit or made
            else:
                found[name] = segments.search(made)
        told = [
            Found(name, page, moved(hit, content.start))
            for name, hits in beyond_overruled(found).items()
            for hit in hits
            if hit.likeness.score >= threshold
        ]
        return unfit if unfit and not told else told

    def matches(self, found: Sequence[Found], on: date) -> list[Match]:
        """The works behind ``found``, best first: one match each, of a text one for each passage; nothing where a known-harmless file is as close."""
        if not found:
            return []
        behind = self.behind({one.hit.file for one in found}, on)
        best: dict[tuple[str, Region], Match] = {}
        for one in beyond_harmless(found, {number: known.file for number, known in behind.items()}):
            match = match_of(one, behind[one.hit.file])
            place = (match.work, passage(one))
            best[place] = max(best.get(place, match), match, key=lambda same: same.score)
        return sorted(best.values(), key=lambda match: (-match.score, match.work))

    def behind(self, files: set[int], on: date) -> dict[int, Behind]:
        """What stands behind ``files``; a file that is not known yet is fetched with its neighbours."""
        if missing := files - self.known.keys():
            runs = {number // NEIGHBOURS for number in missing}
            wanted = sorted({number for run in runs for number in range(run * NEIGHBOURS, (run + 1) * NEIGHBOURS)})
            with self.store.read() as connection:
                rows = files_of(connection, wanted)
                numbers = sorted({row.work for row in rows.values() if row.work is not None})
                works = records.works_of(connection, numbers, on)
                said = records.declarations(connection, numbers)
            for number, row in rows.items():
                work = works.get(row.work, HARMLESS)
                self.known[number] = Behind(row, work, standing(said.get(row.work, []), work.shares, on) or SAID_NOTHING)
        return {number: self.known[number] for number in files}


def beyond_overruled(found: Mapping[str, list[Hit]]) -> dict[str, list[Hit]]:
    """``found`` without what a fingerprint says of a file on which another, which overrules it, has proof of its own."""
    shelf = fingerprints()
    overruled = {
        (other, hit.file) for name, hits in found.items() for other in shelf[name].SPEC.overrules for hit in hits if hit.likeness.proved
    }
    return {name: [hit for hit in hits if (name, hit.file) not in overruled] for name, hits in found.items()}


def moved(hit: Hit, start: int) -> Hit:
    """``hit`` in the part of a text that begins at ``start``, its region counted in the whole text."""
    if not start:
        return hit
    region = tuple(place + start for place in hit.likeness.item_region)
    return Hit(hit.file, replace(hit.likeness, item_region=region))


def passage(one: Found) -> Region:
    """The place that a match of a text is for; of a picture the closest answer counts, wherever it lies."""
    region = one.hit.likeness.item_region
    return region if len(region) == 2 else ()


def files_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Any]:
    """The rows of these files by number."""
    table = schema.files.c
    wanted = select(table.id, table.work, table.path, table.page, table.harmless)
    return {row.id: row for some in records.batches(numbers) for row in connection.execute(wanted.where(table.id.in_(some)))}


def beyond_harmless(found: Sequence[Found], files: dict[int, Any]) -> list[Found]:
    """Those of ``found`` that come closer to their work than the same page does to any known-harmless file."""
    harmless: dict[int, float] = {}
    for one in found:
        if files[one.hit.file].harmless:
            harmless[one.page] = max(harmless.get(one.page, 0.0), one.hit.likeness.score)
    return [one for one in found if not files[one.hit.file].harmless and one.hit.likeness.score > harmless.get(one.page, -1.0)]


def match_of(one: Found, behind: Behind) -> Match:
    """One hit as a match."""
    file, work, deciding = behind
    like = one.hit.likeness
    return Match(
        work=work.id,
        title=work.title,
        holder=work.holder,
        terms=deciding.terms,
        identity=deciding.holder.identity,
        level=like.level,
        score=like.score,
        item_region=like.item_region,
        work_region=like.work_region,
        quad=like.quad,
        fingerprint=one.fingerprint,
        proved=like.proved,
        path=file.path,
        page=file.page,
        item_page=one.page,
    )


class Brake:
    """Watches a stream of answers: a work that suddenly matches everything is a fault or an attack, not a discovery.

    Its matches are set apart, which leaves the answer open; they never become an allow. The same item many times counts once.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.seen: deque[tuple[int, frozenset[str]]] = deque()
        self.known: set[int] = set()
        self.counts: Counter[str] = Counter()

    def watch(self, answer: Screened) -> Screened:
        """``answer``, the matches of flooding works taken out and named."""
        self.note(answer)
        if len(self.seen) < self.settings.flood_after:
            return answer
        limit = self.settings.flood_share * len(self.seen)
        apart = tuple(match.work for match in answer.matches if self.counts[match.work] > limit)
        return replace(answer, matches=[match for match in answer.matches if match.work not in apart], flooded=apart) if apart else answer

    def note(self, answer: Screened) -> None:
        """Count ``answer`` among the last WINDOW different items."""
        if answer.same in self.known:
            return
        works = frozenset(match.work for match in answer.matches)
        self.seen.append((answer.same, works))
        self.known.add(answer.same)
        self.counts.update(works)
        if len(self.seen) > WINDOW:
            same, works = self.seen.popleft()
            self.known.discard(same)
            self.counts.subtract(works)
