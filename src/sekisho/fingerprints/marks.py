"""What of a text may be handed to others: 32-bit hashes of long runs of folded characters, and the search for them.

Two marks of one work at the right distance are a find. It shows where in the item, and proves nothing: that needs the text itself.
Runs of 16 characters (26 letters of an alphabet) stand side by side and never overlap: were most of a run known from the one before, the rest
could be guessed, and so the whole text, run by run. Whoever has a text can still find out that it is this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import boilerplate
from sekisho.fingerprints.folding import Folded
from sekisho.fingerprints.passages import damaged
from sekisho.kernels import passages
from sekisho.kernels.passages import DENSE, DENSE_SEED, MARGIN, SPARSE_SEED

STRIDE = 16
SLACK, REACH = 12, 96
"""Codes by which the distance of two marks may differ between item and work, and that may lie between them."""
LEAST_OWN = STRIDE + 2 * DENSE_SEED
"""Codes of two marks side by side: a run that has not as many beside notices is none."""
ODD = np.uint64(0x9E3779B97F4A7C15)
ARRAYS = ("hashes", "rows", "places", "files")
Marks = npt.NDArray[np.uint32]


class Find(NamedTuple):
    """A run of marks of one file in a text: from where to where, in codes, and how many they are."""

    file: int
    start: int
    end: int
    marks: int


class Hit(NamedTuple):
    """One mark that text and work share: which row, and where it stands in both."""

    row: int
    text: int
    work: int


def marks(text: Folded) -> Marks:
    """The hash of the long run that starts at each code; 0 where there is none."""
    hashes = passages.seeds(text.framed, 1)
    at = np.arange(len(hashes))
    partner = at + np.where(text.codes >= DENSE, DENSE_SEED, SPARSE_SEED)
    second = np.append(hashes, np.uint64(0))[np.minimum(partner, len(hashes))]
    mixed = (hashes * ODD ^ second) * ODD >> np.uint64(32)
    return np.where((hashes != 0) & (second != 0), mixed, 0).astype(np.uint32)


def exported(text: Folded) -> bytes:
    """The marks of a text that may be handed to others: at every STRIDE-th place, of an alphabet, whose runs are longer, at every second of these."""
    at = np.arange(0, len(text.codes), STRIDE)
    overlaps = (text.codes[at] < DENSE) & (at % (2 * STRIDE) != 0)
    return np.where(overlaps, 0, marks(text)[at]).astype("<u4").tobytes()


def build(rows: Iterable[tuple[int, bytes]], target: Path) -> None:
    """Write the search files of ``rows`` (file, exported marks) into the empty folder ``target``."""
    files, each = [], []
    for file, raw in rows:
        files.append(file)
        each.append(np.frombuffer(raw, "<u4"))
    hashes = np.concatenate([np.empty(0, np.uint32), *each])
    owners = np.repeat(np.arange(len(each), dtype=np.uint32), [len(one) for one in each])
    places = np.concatenate([np.empty(0, np.uint32), *(np.arange(len(one), dtype=np.uint32) * STRIDE for one in each)])
    order = np.argsort(hashes, kind="stable")[np.count_nonzero(hashes == 0) :]
    arrays: tuple[npt.NDArray[Any], ...] = (hashes[order], owners[order], places[order], np.array(files, np.int64))
    for name, array in zip(ARRAYS, arrays, strict=True):
        np.save(target / f"{name}.npy", array)


class MarkIndex:
    """The search files of marks, memory-mapped."""

    def __init__(self, hashes: Marks, rows: npt.NDArray[np.uint32], places: npt.NDArray[np.uint32], files: npt.NDArray[np.int64]) -> None:
        self.hashes, self.rows, self.places, self.files = hashes, rows, places, files

    def search(self, text: Folded) -> list[Find]:
        """The runs of at least two marks that ``text`` shares with a file."""
        return [
            Find(int(self.files[run[0].row]), run[0].text, run[-1].text + 2 * DENSE_SEED, len(run))
            for run in _runs(self._hits(text))
            if len(run) > 1 and boilerplate.longest_own(text.framed[run[0].text : run[-1].text + 2 * DENSE_SEED + 2 * MARGIN]) >= LEAST_OWN
        ]

    def _hits(self, text: Folded) -> list[Hit]:
        """The marks that ``text`` shares with any work, in the order of works and text."""
        asked = marks(text)
        first, last = np.searchsorted(self.hashes, asked), np.searchsorted(self.hashes, asked, "right")
        at = np.flatnonzero((last > first) & (asked != 0))
        found = [Hit(int(self.rows[i]), int(place), int(self.places[i])) for place in at for i in range(first[place], last[place])]
        return sorted(found)


def load(target: Path) -> MarkIndex | None:
    """The index in ``target``, None when nothing was built. Raises InputError when a file is cut or missing."""
    if not target.is_dir() or not any(target.iterdir()):
        return None
    try:
        loaded = [np.asarray(np.load(target / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in ARRAYS]
    except (OSError, ValueError, EOFError) as error:
        raise damaged(target) from error
    return MarkIndex(*loaded)


def _runs(hits: list[Hit]) -> Iterator[list[Hit]]:
    """Neighbouring hits of one work that keep their distance."""
    run: list[Hit] = hits[:1]
    for before, hit in pairwise(hits):
        gap, work_gap = hit.text - before.text, hit.work - before.work
        if hit.row != before.row or gap > REACH or abs(gap - work_gap) > SLACK:
            yield run
            run = []
        run.append(hit)
    if run:
        yield run
