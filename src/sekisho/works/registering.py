"""Writes works, holders, terms and fingerprints, a batch at a time; what was said to be registered is on disk."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from sekisho.fingerprints import fingerprints
from sekisho.model import Text
from sekisho.works import records
from sekisho.works.folders import files_in
from sekisho.works.scanning import Looked, Task, looked
from sekisho.works.store import Store
from sekisho.works.values import Registered, Scanned, Share, Terms, Work

PAGES_A_BATCH = 256
SECONDS_A_BATCH = 2.0
HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or volume to be registered: the work it is for, and what its holders say.

    ``split`` tells shares that were stated from assumed ones; ``on`` is the day of the terms where the catalogue names one.
    """

    path: Path
    work: Work
    terms: Terms
    split: bool = False
    on: date | None = None


def registered(store: Store, entries: Iterable[Entry], on: date, workers: int) -> Iterator[Registered]:
    """What became of each page of ``entries``, told once it is durable. Registering again changes nothing but new terms."""
    store.ready()
    batch: list[tuple[Entry, Looked]] = []
    held: dict[Path, list[Entry]] = {}
    since = time.monotonic()
    for one in looked(noted(entries, held), store, workers):
        batch.append((held[one.path].pop(0), one))
        if sum(len(found.pages) for _, found in batch) >= PAGES_A_BATCH or time.monotonic() - since > SECONDS_A_BATCH:
            yield from written(store, batch, on)
            batch, since = [], time.monotonic()
    yield from written(store, batch, on)


def marked(store: Store, paths: Iterable[Path]) -> list[Registered]:
    """What became of each page of ``paths``, kept as known to be harmless."""
    store.ready()
    tasks = [Task(file, HARMLESS) for path in paths for file in files_in(path)]
    found = [page for one in looked(tasks, store, 1) for page in one.pages]
    fit = [(None, page) for page in found if page.refused is None]
    already = iter(store.write(lambda connection: records.add_files(connection, fit, harmless=True)))
    return [
        Registered(page.path, media=page.media, page=page.page, already=page.refused is None and next(already), refused=page.refused)
        for page in found
    ]


def noted(entries: Iterable[Entry], held: dict[Path, list[Entry]]) -> Iterator[Task]:
    """A task for each entry, which is kept in ``held`` until its file was looked at."""
    for entry in entries:
        held.setdefault(entry.path, []).append(entry)
        yield Task(entry.path, entry.work.id)


def written(store: Store, batch: list[tuple[Entry, Looked]], on: date) -> list[Registered]:
    """Write one batch in one transaction and tell what became of its pages."""
    if not batch:
        return []
    return store.write(lambda connection: add(connection, batch, on))


def add(connection: Connection, batch: list[tuple[Entry, Looked]], on: date) -> list[Registered]:
    """Add what is new in ``batch``; pages of a work that belongs to somebody else are refused."""
    named = [(replace(entry, work=described(entry.work, found)), found) for entry, found in batch]
    fit = [(entry, found) for entry, found in named if any(page.refused is None for page in found.pages)]
    numbers = records.add_works(connection, [entry.work for entry, _ in fit])
    said = [(entry.on or on, records.Declaration(numbers[entry.work.id], entry.work.shares, entry.terms, entry.split)) for entry, _ in fit]
    refused = records.declare_by_day(connection, said)
    files = [
        (numbers[entry.work.id], page)
        for entry, found in fit
        for page in found.pages
        if page.refused is None and numbers[entry.work.id] not in refused
    ]
    already = dict(zip(((work, page.path, page.page) for work, page in files), records.add_files(connection, files), strict=True))
    return [
        told(
            entry,
            page,
            refused.get(numbers.get(entry.work.id, 0)),
            already.get((numbers.get(entry.work.id, 0), page.path, page.page), False),
        )
        for entry, found in named
        for page in found.pages
    ]


def described(work: Work, found: Looked) -> Work:
    """``work`` with the id found for it, and, where nobody gave them, title, creators and edition as the file names them; else its name."""
    title = next((page.title for page in found.pages if page.title), found.path.stem)
    creators = next((page.creators for page in found.pages if page.creators), ())
    edition = work.edition or next((page.edition for page in found.pages if page.edition), "")
    return replace(work, id=work.id or found.work, title=work.title or title, creators=work.creators or creators, edition=edition)


def told(entry: Entry, page: Scanned, holders: tuple[Share, ...] | None, already: bool) -> Registered:
    """What became of one page."""
    refused = page.refused or (belongs(entry.work, holders) if holders else None)
    if refused:
        return Registered(page.path, entry.work.id, entry.work.title, page.media, page.page, refused=refused)
    kinds = dict.fromkeys(page.fingerprints or kinds_of(page.media), 1)
    return Registered(
        page.path, entry.work.id, entry.work.title, page.media, page.page, kinds, already, iscc=page.iscc, encoding=page.encoding
    )


def kinds_of(media: str) -> list[str]:
    """The fingerprints that a page of ``media`` has."""
    return [name for name, part in fingerprints().items() if media in part.MEDIA]


def belongs(work: Work, holders: tuple[Share, ...]) -> Text:
    """The reason for refusing a work that is registered to others."""
    names = ", ".join(share.holder.name for share in holders)
    return Text(
        f"the work {work.id} is registered to {names}: give its shares in a catalogue, or another id",
        f"著作物 {work.id} は {names} の名義で登録済みです。カタログで持分を指定するか、別の ID を使ってください",
    )
