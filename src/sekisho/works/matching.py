"""From what a content looks like to the works it resembles, with the terms of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from sekisho.fingerprints import Hit, Unfit, for_media
from sekisho.fingerprints.content import Content
from sekisho.works import records, schema
from sekisho.works.segments import Segments
from sekisho.works.store import Store
from sekisho.works.terms import standing
from sekisho.works.values import Declared, Identity, Match, RightsHolder, Terms, TermsKind, Work

SAID_NOTHING = Declared(RightsHolder("", identity=Identity.OWN), Terms(TermsKind.ASK), date.min)


class Found(NamedTuple):
    """A hit of one fingerprint before it is known whose file it is."""

    fingerprint: str
    hit: Hit


class Matcher:
    """Asks every fingerprint's search files; ``follow`` takes in what was registered since."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.segments: dict[str, Segments] = {}

    def follow(self, media: str) -> None:
        """Bring the search files for ``media`` up to date."""
        for name, part in for_media(media).items():
            self.segments.setdefault(name, Segments(self.store, part)).follow()

    def search(self, content: Content) -> list[Found] | Unfit:
        """What the fingerprints of ``content`` hit; why not, when it has none."""
        found: list[Found] = []
        unfit: Unfit | None = None
        for name, part in for_media(content.media).items():
            print_ = part.of(content)
            if isinstance(print_, Unfit):
                unfit = unfit or print_
            else:
                found += [Found(name, hit) for hit in self.segments[name].search(print_)]
        return unfit if unfit and not found else found

    def matches(self, found: Sequence[Found], on: date) -> list[Match]:
        """The works behind ``found``, one match each, best first; nothing where a known-harmless file is at least as close."""
        if not found:
            return []
        with self.store.read() as connection:
            files = files_of(connection, sorted({one.hit.file for one in found}))
            numbers = sorted({file.work for file in files.values() if file.work is not None})
            works = records.works_of(connection, numbers, on)
            said = records.declarations(connection, numbers)
        best: dict[int, Match] = {}
        for one in beyond_harmless(found, files):
            number = files[one.hit.file].work
            match = match_of(one, files[one.hit.file], works[number], said.get(number, []), on)
            best[number] = max(best.get(number, match), match, key=lambda same: same.score)
        return sorted(best.values(), key=lambda match: (-match.score, match.work))


def files_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Any]:
    """The rows of these files by number."""
    table = schema.files.c
    wanted = select(table.id, table.work, table.path, table.page, table.harmless)
    return {row.id: row for some in records.batches(numbers) for row in connection.execute(wanted.where(table.id.in_(some)))}


def beyond_harmless(found: Sequence[Found], files: dict[int, Any]) -> list[Found]:
    """Those of ``found`` that are closer than every known-harmless file."""
    harmless = max((one.hit.likeness.score for one in found if files[one.hit.file].harmless), default=-1.0)
    return [one for one in found if not files[one.hit.file].harmless and one.hit.likeness.score > harmless]


def match_of(one: Found, file: Any, work: Work, said: list[Declared], on: date) -> Match:
    """One hit as a match; a work whose holders had said nothing by the day is to be asked for."""
    deciding = standing(said, work.shares, on) or SAID_NOTHING
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
    )
