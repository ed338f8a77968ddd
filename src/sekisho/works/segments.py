"""The search files of one fingerprint in a store's folder: a chain of memory-mapped segments that follows the database.

A segment is a folder named for the run of files it holds. It is built aside and renamed, so that a reader or a kill never meets half of one;
short segments at the end of the chain are merged into the next, so that there are few of them.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select

from sekisho.errors import InputError
from sekisho.fingerprints import Fingerprint, Hit, Part, Row, Segment
from sekisho.works.schema import fingerprints
from sekisho.works.store import Store

COUNT = "count"
MERGE_WITHIN = 4  # a segment is merged into what follows it when it is not at least this many times longer


class Segments:
    """What ``part`` needs to search ``store``; brought up to date by ``follow``."""

    def __init__(self, store: Store, part: Part) -> None:
        self.store = store
        self.part = part
        self.folder = store.index_folder / part.SPEC.name
        self.open: dict[tuple[int, int], Segment] = {}

    def search(self, wanted: Fingerprint) -> list[Hit]:
        """The files that ``wanted`` resembles, best first."""
        hits = [hit for segment in self.open.values() for hit in segment.search(wanted)]
        return sorted(hits, key=lambda hit: (-hit.likeness.score, hit.file))

    def follow(self) -> None:
        """Take in what was registered since."""
        last = self.last_registered()
        runs = self.whole(chain(self.folder))
        if last > (runs[-1][1] if runs else 0):
            runs = self.extend(runs, last)
        self.open = {run: self.open.get(run) or self.loaded(run) for run in runs}

    def whole(self, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """``runs``, or none where files in them got this fingerprint only after they were built: registered before there was such a kind."""
        if not runs or sum(counted(self.folder, run) for run in runs) == self.registered_up_to(runs[-1][1]):
            return runs
        for run in runs:
            shutil.rmtree(path_of(self.folder, run), ignore_errors=True)
        self.open.clear()
        return []

    def registered_up_to(self, last: int) -> int:
        """How many files up to number ``last`` have this fingerprint."""
        wanted = select(func.count()).select_from(fingerprints)
        with self.store.read() as connection:
            mine = wanted.where(fingerprints.c.part == self.part.SPEC.name, fingerprints.c.file <= last)
            return connection.scalar(mine) or 0

    def loaded(self, run: tuple[int, int]) -> Segment:
        """The segment of ``run``; one that is damaged, of an older version, or just merged away by another process is built anew.

        The database holds all that is in it.
        """
        try:
            return self.part.load(path_of(self.folder, run))
        except (InputError, OSError, ValueError, EOFError):
            shutil.rmtree(path_of(self.folder, run), ignore_errors=True)
            self.build(run)
            return self.part.load(path_of(self.folder, run))

    def last_registered(self) -> int:
        """The highest file number with this fingerprint, 0 when there is none."""
        with self.store.read() as connection:
            return connection.scalar(select(func.max(fingerprints.c.file)).where(fingerprints.c.part == self.part.SPEC.name)) or 0

    def extend(self, runs: list[tuple[int, int]], last: int) -> list[tuple[int, int]]:
        """The chain after a segment up to ``last`` was built, short segments before it merged in."""
        kept = list(runs)
        first = kept[-1][1] + 1 if kept else 1
        while kept and kept[-1][1] - kept[-1][0] < MERGE_WITHIN * (last - first + 1):
            first = kept.pop()[0]
        self.build((first, last))
        for run in set(runs) - set(kept):
            shutil.rmtree(path_of(self.folder, run), ignore_errors=True)
        return [*kept, (first, last)]

    def build(self, run: tuple[int, int]) -> None:
        """Write the segment of ``run``; another process that built the same one first has done our work."""
        aside = self.folder / f".{uuid.uuid4().hex}"
        aside.mkdir(parents=True)
        try:
            count = Count(self.rows(run))
            self.part.build(count, aside)
            (aside / COUNT).write_text(str(count.seen))
            os.rename(aside, path_of(self.folder, run))  # noqa: PTH104 - must fail, not move inside, when the target is there
        except OSError:
            if not path_of(self.folder, run).is_dir():
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def rows(self, run: tuple[int, int]) -> Iterator[Row]:
        """The fingerprints of the files in ``run``, ascending."""
        wanted = select(fingerprints.c.file, fingerprints.c.exported, fingerprints.c.private).where(
            fingerprints.c.part == self.part.SPEC.name, fingerprints.c.file.between(*run)
        )
        with self.store.read() as connection:
            found = connection.execution_options(stream_results=True, yield_per=10_000).execute(wanted.order_by(fingerprints.c.file))
            for file, exported, private in found:
                yield Row(file, Fingerprint(bytes(exported), bytes(private)))


class Count:
    """Rows that are counted while they pass."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.rows = rows
        self.seen = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self.rows:
            self.seen += 1
            yield row


def counted(folder: Path, run: tuple[int, int]) -> int:
    """How many files a segment holds; -1 where it does not say."""
    try:
        return int((path_of(folder, run) / COUNT).read_text())
    except (OSError, ValueError):
        return -1


def path_of(folder: Path, run: tuple[int, int]) -> Path:
    """The folder of the segment that holds the files of ``run``."""
    return folder / f"{run[0]}-{run[1]}"


def chain(folder: Path) -> list[tuple[int, int]]:
    """The segments that together hold the files from 1 on without a gap, longest first where two begin alike."""
    names = [path.name.split("-") for path in folder.glob("[0-9]*-*")]
    runs = sorted((int(first), -int(last)) for first, last in names)
    found: list[tuple[int, int]] = []
    for first, last in runs:
        if first == (found[-1][1] + 1 if found else 1):
            found.append((first, -last))
    return found
