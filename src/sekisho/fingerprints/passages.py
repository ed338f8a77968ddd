"""The search files of registered texts, and the passages of them found in another text.

A volume holds the folded texts of some works and a seed at every fourth position, sorted by hash into buckets. It is memory-mapped and never
changed. Seeds found in very many works, or in what several files carry beside the work (legends, colophons), are no seeds.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.errors import InputError
from sekisho.fingerprints import boilerplate, folding
from sekisho.fingerprints.folding import Folded
from sekisho.kernels import passages
from sekisho.kernels.passages import ENTRY_POSITIONS, MARGIN, WINDOW, Codes, Limits

VERSION = 2
STEP = 4
BUCKET_ENTRIES = 4
COMMON_WORKS = 24
REPEATS_IN_WORK = 8
LIMITS = Limits(dense=26, sparse=56)
BRIDGED = 48
"""Two passages of one work that stand this close on both sides, in codes, are one."""
BLOCK_BITS = 512
ARRAYS = ("works", "codes", "kept", "before", "buckets", "entries")

Seeds = npt.NDArray[np.uint64]
NO_SEEDS = np.empty(0, np.uint64)


class Kept(NamedTuple):
    """A registered text as the volume keeps it: its codes, and one bit for each of its ``length`` characters, set where it has a code.

    The bits stand in blocks of BLOCK_BITS, the last one filled up with zeros.
    """

    file: int
    codes: Codes
    kept: npt.NDArray[np.uint8]
    length: int


class Passage(NamedTuple):
    """One passage: which file, and where in the text and in the work, in code points."""

    file: int
    text: tuple[int, int]
    work: tuple[int, int]
    codes: int
    """Folded characters of the work in it."""
    differences: int
    """Characters replaced, lost and added."""
    lost: int
    """Differences without those that the text only added, such as readings."""
    points: float
    asked: float
    """Points below which it would not count."""


class _Found(NamedTuple):
    """A passage in codes, of the work that is number ``owner`` of the volume."""

    owner: int
    text_start: int
    text_end: int
    work_start: int
    work_end: int
    differences: int
    points: int
    """Twice the points, as the kernel counts them."""
    asked: int


class Volume:
    """The works of one folder of search files."""

    def __init__(self, arrays: dict[str, npt.NDArray[Any]], step: int) -> None:
        self._works = arrays["works"]
        self._codes = arrays["codes"]
        self._kept = arrays["kept"]
        self._before = arrays["before"]
        self._starts = self._works["start"].tolist()
        self._segment = passages.Segment(arrays["codes"], arrays["buckets"], arrays["entries"], step)

    def passages(self, text: Folded, limits: Limits = LIMITS) -> list[Passage]:
        """The passages of registered works in ``text``, in the order of the text; what everybody carries is none."""
        found = [one for start in range(0, len(text.codes), WINDOW) for one in self._scan(text, start, limits)]
        return [self._passage(text, one) for one in joined(distinct(found)) if self._is_own(one)] if found else []

    def _scan(self, text: Folded, start: int, limits: Limits) -> list[_Found]:
        rows = self._segment.scan(text.framed, start, limits)
        return [_Found(bisect_right(self._starts, work) - 1, at, to, work, *rest) for at, to, work, *rest in rows]

    def _is_own(self, found: _Found) -> bool:
        """Whether the longest stretch of the work's side that is no notice earns enough by itself; mostly the beginning tells."""
        count = found.work_end - found.work_start
        enough = -(-found.asked * count // found.points)
        return any(
            boilerplate.longest_own(self._codes[found.work_start : found.work_start + looked_at + 2 * MARGIN]) >= enough
            for looked_at in (min(2 * enough, count), count)
        )

    def _passage(self, text: Folded, found: _Found) -> Passage:
        work = self._works[found.owner]
        start = int(work["start"])
        codes = found.work_end - found.work_start
        added = found.text_end - found.text_start - codes
        return Passage(
            int(work["file"]),
            text.region(found.text_start, found.text_end),
            self._work_region(work, found.work_start - start, found.work_end - start),
            codes,
            found.differences,
            max(0, found.differences - max(0, added)),
            found.points / 2,
            found.asked / 2,
        )

    def _work_region(self, work: Any, start: int, end: int) -> tuple[int, int]:
        """Where the codes from ``start`` to ``end`` of a work stand in it."""
        first, last = int(work["kept"]), int(work["kept"]) + -(-int(work["length"]) // BLOCK_BITS)
        bits, before = self._kept[first:last], self._before[first:last]
        return nth_set(bits, before, start), nth_set(bits, before, end - 1) + 1


def nth_set(bits: npt.NDArray[np.uint8], before: npt.NDArray[np.uint32], number: int) -> int:
    """The place of the set bit with that number (from 0) in blocks of BLOCK_BITS; ``before`` says how many are set before each block."""
    block = int(before.searchsorted(number, "right")) - 1
    places = np.unpackbits(bits[block]).view(np.bool_).nonzero()[0]
    return block * BLOCK_BITS + int(places[number - int(before[block])])


def distinct(found: list[_Found]) -> list[_Found]:
    """``found`` without those that lie, for more than half, in a better one of the same work."""
    kept: dict[int, list[_Found]] = {}
    for one in sorted(found, key=lambda one: -one.points):
        others = kept.setdefault(one.owner, [])
        if not any(2 * shared(one, other) > one.text_end - one.text_start for other in others):
            others.append(one)
    return sorted((one for others in kept.values() for one in others), key=lambda one: (one.text_start, one.owner))


def shared(one: _Found, other: _Found) -> int:
    """How many codes of the text both take."""
    return min(one.text_end, other.text_end) - max(one.text_start, other.text_start)


def joined(found: list[_Found]) -> list[_Found]:
    """``found`` with neighbours of one work, in the same order on both sides, as one passage."""
    done: list[_Found] = []
    open_ones: dict[int, int] = {}
    for one in found:
        place = open_ones.get(one.owner)
        if place is not None and follows(done[place], one):
            done[place] = both(done[place], one)
        else:
            open_ones[one.owner] = len(done)
            done.append(one)
    return done


def follows(first: _Found, second: _Found) -> bool:
    """Whether the gap between two passages is small on both sides."""
    gap, work_gap = second.text_start - first.text_end, second.work_start - first.work_end
    return gap <= BRIDGED and -BRIDGED <= work_gap <= BRIDGED and second.work_end > first.work_end


def both(first: _Found, second: _Found) -> _Found:
    """Two neighbours as one; what stands between counts as different."""
    gap = max(second.text_start - first.text_end, second.work_start - first.work_end, 0)
    return _Found(
        first.owner,
        first.text_start,
        max(first.text_end, second.text_end),
        first.work_start,
        second.work_end,
        first.differences + second.differences + gap,
        first.points + second.points,
        max(first.asked, second.asked),
    )


# -- building -----------------------------------------------------------------------------------------------------------------------------


def build(rows: Iterable[Kept], target: Path, stop: Seeds = NO_SEEDS) -> None:
    """Write the volumes of ``rows`` into the empty folder ``target``; hashes in ``stop`` become no seeds."""
    for number, works in enumerate(_volumes(rows)):
        folder = target / f"{number:04}"
        folder.mkdir()
        arrays = arranged(works, stop)
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
        (folder / "format.json").write_text(json.dumps(_format(arrays)))


def load(target: Path) -> list[Volume]:
    """The volumes in ``target``, memory-mapped. Raises InputError when a file is cut, missing or of another version."""
    return [_load(folder) for folder in sorted(target.iterdir()) if folder.is_dir()]


def _volumes(rows: Iterable[Kept]) -> Iterator[list[Kept]]:
    """``rows`` in runs small enough for the positions of one volume."""
    room, works = ENTRY_POSITIONS * STEP, list[Kept]()
    for row in rows:
        size = room_for(row)
        if works and size > room:
            yield works
            room, works = ENTRY_POSITIONS * STEP, []
        works.append(row)
        room -= size
    if works:
        yield works


def room_for(work: Kept) -> int:
    """Codes that a work takes up: its own and at least one 0, so that the next begins at a multiple of STEP."""
    return (len(work.codes) // STEP + 1) * STEP


def arranged(works: list[Kept], stop: Seeds = NO_SEEDS) -> dict[str, npt.NDArray[Any]]:
    """The arrays of one volume."""
    table = np.zeros(len(works), np.dtype([("file", "<i8"), ("start", "<i8"), ("kept", "<i8"), ("length", "<i8")]))
    sizes = [room_for(work) for work in works]
    table["file"] = [work.file for work in works]
    table["start"] = np.cumsum([0, *sizes])[:-1]
    table["kept"] = np.cumsum([0, *(len(work.kept) for work in works)])[:-1]
    table["length"] = [work.length for work in works]
    framed = np.zeros(sum(sizes) + 2 * MARGIN, np.uint16)
    for work, start in zip(works, table["start"], strict=True):
        framed[MARGIN + start : MARGIN + start + len(work.codes)] = work.codes
    buckets, entries = _sorted_seeds(passages.seeds(framed, STEP), table["start"], stop)
    kept = np.concatenate([work.kept for work in works])
    before = np.concatenate([_set_before(work.kept) for work in works])
    return dict(zip(ARRAYS, (table, framed, kept, before, buckets, entries), strict=True))


def _set_before(bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """How many bits of a work are set before each block."""
    counts = np.bitwise_count(bits).sum(axis=1, dtype=np.uint32)
    before: npt.NDArray[np.uint32] = np.cumsum(counts, dtype=np.uint32) - counts
    return before


def _sorted_seeds(hashes: Seeds, starts: npt.NDArray[np.int64], stop: Seeds) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """The buckets and entries of the seed hashes at every STEP-th position: see sekisho_segment in passages.c."""
    places, positions = len(hashes), np.flatnonzero(hashes)
    order = np.argsort(hashes[positions], kind="stable")
    positions = positions[order]
    hashes = hashes[positions]
    wanted = _worth_keeping(hashes, np.searchsorted(starts, positions * STEP, "right")) & ~np.isin(hashes, stop)
    positions, hashes = positions[wanted], hashes[wanted]
    count = max(1, len(hashes) // BUCKET_ENTRIES)
    bucket = (hashes >> np.uint64(32)) * np.uint64(count) >> np.uint64(32)
    buckets = np.zeros((count + 1, 2), np.uint32)
    buckets[:, 0] = np.searchsorted(bucket, np.arange(count + 1, dtype=np.uint64))
    used = np.flatnonzero(np.diff(buckets[:, 0]))
    if len(used):
        buckets[used, 1] = np.bitwise_or.reduceat(_filters(hashes), buckets[used, 0])
    bits = np.uint32(passages.position_bits(places))
    entries = hashes.astype(np.uint32) >> bits << bits | positions.astype(np.uint32)
    return buckets.ravel(), entries


def _filters(hashes: Seeds) -> npt.NDArray[np.uint32]:
    """The two bits, of 32, that a bucket sets for each seed in it."""
    first, second = (np.uint32(1) << (hashes >> np.uint64(shift) & np.uint64(31)).astype(np.uint32) for shift in (0, 5))
    both: npt.NDArray[np.uint32] = first | second
    return both


def _worth_keeping(hashes: Seeds, works: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """False for seeds that stand in more than COMMON_WORKS works, and for the repeats of a seed within one; ``hashes`` are sorted."""
    new_seed = np.append(True, hashes[1:] != hashes[:-1])
    new_work = new_seed | np.append(True, works[1:] != works[:-1])
    seed_number, work_number = np.cumsum(new_seed) - 1, np.cumsum(new_work) - 1
    works_of_seed = np.bincount(seed_number, weights=new_work)
    place = np.arange(len(hashes)) - np.flatnonzero(new_work)[work_number]
    worth: npt.NDArray[np.bool_] = (works_of_seed[seed_number] <= COMMON_WORKS) & (place < REPEATS_IN_WORK)
    return worth


def common_seeds(matter: Iterable[Folded], least: int = 3) -> Seeds:
    """The seeds that stand in at least ``least`` of the texts: what files carry beside the work, such as legends and colophons."""
    each = [np.unique(passages.seeds(text.framed, 1)) for text in matter]
    hashes, counts = np.unique(np.concatenate([NO_SEEDS, *each]), return_counts=True)
    common: Seeds = hashes[(counts >= least) & (hashes != 0)]
    return common


def kept(file: int, text: Folded) -> Kept:
    """``text`` as a volume keeps it."""
    bits = np.zeros((-(-text.length // BLOCK_BITS), BLOCK_BITS), np.bool_)
    bits.reshape(-1)[text.offsets] = True
    return Kept(file, text.codes, np.packbits(bits, axis=1), text.length)


def _format(arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    table = zlib.crc32(folding.table().tobytes())
    return {"version": VERSION, "fold": table, "step": STEP, "sizes": {name: len(array) for name, array in arrays.items()}}


def _load(folder: Path) -> Volume:
    try:
        stated = json.loads((folder / "format.json").read_text())
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in ARRAYS}
        whole = stated == _format(arrays) and not arrays["codes"][:MARGIN].any() and not arrays["codes"][-MARGIN:].any()
    except (OSError, ValueError, KeyError, EOFError):
        whole = False
    if not whole:
        raise damaged(folder)
    return Volume(arrays, stated["step"])


def damaged(folder: Path) -> InputError:
    """What to say of search files that cannot be used."""
    return InputError(
        f"the search files in {folder} are damaged or were written by another version: build them anew from the store",
        f"{folder} の検索用ファイルが壊れているか、別の版で作られています。登録データから作り直してください",
    )
