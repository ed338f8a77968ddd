"""Observes many sites at once: a fixed number of visitors who take one site after the other, so memory does not grow with their number."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from sekisho.addresses import address
from sekisho.observe.archive import Archive
from sekisho.observe.client import Client
from sekisho.observe.looking import Looker
from sekisho.observe.manners import Manners
from sekisho.observe.names import LookUp, Names
from sekisho.observe.visits import Site, Visit

TOLD_EVERY_S = 1.0


@dataclass
class Progress:
    """How far a run is: sites of all, what came of the looks (answers, failures, unchanged, on record, kept from us), seconds so far."""

    sites: int
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


Told = Callable[[Progress], None]


def observe(sites: Sequence[Site], out: Path, manners: Manners, *, look_up: LookUp | None = None, told: Told | None = None) -> Progress:
    """Observe ``sites`` into the WARC file ``out`` and say what came of it; what the file holds already is not asked again unless it is stale.

    ``look_up`` stands in for the system's resolver, ``told`` hears of the progress every second. Raises InputError for a file that is no WARC,
    RunError when another process writes it. A kill at any moment leaves a file that the same call goes on with.
    """
    return asyncio.run(_observe(sites, out, manners, look_up, told))


async def _observe(sites: Sequence[Site], out: Path, manners: Manners, look_up: LookUp | None, told: Told | None) -> Progress:
    names = Names(look_up, private=manners.private)
    about = {"software": manners.user_agent, "format": "WARC File Format 1.1", "robots": "obey", "operator": manners.contact}
    with Archive(out, about) as archive:
        client = Client(names, manners.user_agent, manners.timeout_s, manners.pause_s)
        run = _Run(Looker(client, archive, manners), Progress(len(sites)))
        ticking = asyncio.create_task(_tick(run.progress, told)) if told else None
        try:
            await run.all(iter(sites), manners.hosts_at_once)
            await run.all(iter(run.elsewhere()), manners.hosts_at_once)
        finally:
            if ticking:
                ticking.cancel()
            await client.close()
    return run.progress


class _Run:
    """One run: the sites that remain, and the terms that those visited keep elsewhere."""

    def __init__(self, looker: Looker, progress: Progress) -> None:
        self.looker, self.progress = looker, progress
        progress.counts = looker.counts
        self._began = monotonic()
        self._pointed: dict[str, None] = {}

    async def all(self, sites: Iterator[Site], at_once: int) -> None:
        """Visit all of ``sites``; the first error that is ours, such as a full disk, ends the run."""
        try:
            async with asyncio.TaskGroup() as visitors:
                for _ in range(at_once):
                    visitors.create_task(self._visit(sites))
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _visit(self, sites: Iterator[Site]) -> None:
        for site in sites:
            visit = Visit(self.looker)
            await visit.to(site)
            self._pointed |= dict.fromkeys(visit.elsewhere)
            self.progress.done += 1
            self.progress.seconds = monotonic() - self._began

    def elsewhere(self) -> list[Site]:
        """The addresses that were pointed to at other authorities, as sites; nothing there is followed further."""
        by_authority: dict[str, list[str]] = {}
        for url in self._pointed:
            if found := address(url):
                by_authority.setdefault(found[0], []).append(url)
        self.progress.sites += len(by_authority)
        return [Site(authority, tuple(urls), whole=False) for authority, urls in by_authority.items()]


async def _tick(progress: Progress, told: Told) -> None:
    while True:
        await asyncio.sleep(TOLD_EVERY_S)
        told(progress)
