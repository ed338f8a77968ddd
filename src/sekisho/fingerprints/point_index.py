"""All points of many works in lists by word, memory-mapped, and the search for the works that share points with an item: ground for ``parts``."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import alignment, codes, keypoints
from sekisho.fingerprints.alignment import Aligned
from sekisho.fingerprints.codes import CodeIndex
from sekisho.fingerprints.judging import Work
from sekisho.fingerprints.keypoints import PACKED, STEP, Described
from sekisho.kernels import agreement, lists
from sekisho.kernels.lists import WORDS

WITHIN = 230
"""Squared distance of alike descriptions, in sixteenths of a step."""
VISITS, ROOM = 600, 400_000
ALIKE = 120
"""At this distance a pair weighs a third of one that is the same."""
LOOKED_AT = 200
"""Works whose pairs are looked at closer."""
PAIRS = 200
FRAMES = "frames"
Rows = npt.NDArray[np.void]


class Kept(NamedTuple):
    """What one registered picture brings: its file, width and height, the box within its margins, codes of its frames, points, small picture."""

    file: int
    size: tuple[int, int]
    inner: tuple[int, ...]
    codes: bytes
    points: Rows
    small: bytes


class Candidate(NamedTuple):
    """A work (its place in the index) and how the item lies on it."""

    place: int
    aligned: Aligned


class Columns(NamedTuple):
    """Points in the order of their lists: owner, description, frame; and for each work file number, size, box and small picture."""

    files: npt.NDArray[np.uint32]
    sizes: npt.NDArray[np.uint16]
    inner: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.uint32]
    owners: npt.NDArray[np.uint32]
    codes: npt.NDArray[np.uint8]
    frames: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint64]
    small: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PointIndex:
    """The columns with the codes of all frames, and what is asked of them."""

    columns: Columns
    frames: CodeIndex

    def work(self, place: int) -> Work:
        """A work as it is compared."""
        width, height = map(int, self.columns.sizes[place])
        return Work((width, height), self.columns.small[int(self.columns.ends[place]) : int(self.columns.ends[place + 1])].tobytes())

    def candidates(self, item: Described, most: int) -> list[Candidate]:
        """At most ``most`` works that share points with ``item`` lying alike in both, most first."""
        if not len(item) or not len(self.columns.codes):
            return []
        finer = np.clip(np.round(item.numbers * (16 / STEP)) + 128, -512, 768).astype(np.int16)
        found = lists.search(
            finer, to_words(item.numbers), self.columns.starts, self.columns.codes, within=WITHIN, visits=VISITS, room=ROOM
        )
        if not len(found.whose):
            return []
        weights = weights_of(found)
        owners = np.asarray(self.columns.owners[found.places])
        chosen = most_pairs(owners, weights, found.apart)
        work = keypoints.unpacked(self.points(found.places[chosen]))
        pairs = alignment.pairs_of(item, found.whose[chosen], work, found.places[chosen], weights[chosen])
        bounds = np.flatnonzero(np.diff(owners[chosen].astype(np.int64), prepend=-1, append=-1))
        best = np.argsort(-agreement.votes(pairs, bounds, alignment.WITHIN), kind="stable")[:most]
        told = ((int(owners[chosen[bounds[one]]]), alignment.aligned(pairs[bounds[one] : bounds[one + 1]])) for one in best)
        return [Candidate(place, one) for place, one in told if one is not None]

    def points(self, places: npt.NDArray[np.int64]) -> Rows:
        """The packed points at ``places``."""
        rows = np.zeros(len(places), PACKED)
        rows["x"], rows["y"], rows["turn"], rows["size"] = self.columns.frames[places].T
        return rows


def most_pairs(owners: npt.NDArray[np.uint32], weights: npt.NDArray[np.float32], apart: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """The pairs of the LOOKED_AT works with the most weight, work by work, of each the PAIRS most alike."""
    known, whose = np.unique(owners, return_inverse=True)
    sums = np.bincount(whose, weights, len(known))
    promising = np.zeros(len(known), np.bool_)
    promising[np.argsort(-sums, kind="stable")[:LOOKED_AT]] = True
    chosen = np.flatnonzero(promising[whose])
    chosen = chosen[np.lexsort((apart[chosen], whose[chosen]))]
    first = np.searchsorted(whose[chosen], whose[chosen])
    return chosen[np.arange(len(chosen)) - first < PAIRS]


def weights_of(found: lists.Alike) -> npt.NDArray[np.float32]:
    """What each pair weighs: less where it is less alike, and where one point of the item resembles many."""
    count = np.bincount(found.whose)[found.whose]
    return (np.exp(-found.apart / ALIKE) / count).astype(np.float32)


def to_words(numbers: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The squared distances of descriptions to the words of each part, up to what is the same for all."""
    known = keypoints.basis()
    first, second = ((words**2).sum(axis=1) - 2 * half @ words.T for half, words in zip(halves(numbers), known[2:], strict=True))
    return first, second


def halves(numbers: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Both halves of descriptions, equally telling."""
    return numbers[:, 0::2], numbers[:, 1::2]


def build(kept: Iterable[Kept], target: Path) -> None:
    """Write the columns of a PointIndex into the folder ``target``."""
    files, sizes, points, owners, ends = array("I"), array("H"), [np.empty(0, PACKED)], array("I"), array("Q", [0])
    inner, frame_codes, small = bytearray(), bytearray(), bytearray()
    for place, one in enumerate(kept):
        files.append(one.file)
        sizes.extend(one.size)
        inner += bytes(one.inner)
        frame_codes += one.codes
        points.append(one.points)
        owners.extend([place] * len(one.points))
        small += one.small
        ends.append(len(small))
    (target / FRAMES).mkdir()
    table = np.concatenate(points)
    starts, order = listed(table)
    frames = np.stack([table[name][order] for name in ("x", "y", "turn", "size")], axis=1)
    codes.build(frame_codes, target / FRAMES)
    columns = Columns(
        np.array(files, np.uint32), np.array(sizes, np.uint16).reshape(-1, 2), np.frombuffer(bytes(inner), np.uint8).reshape(-1, 4), starts, np.array(owners, np.uint32)[order],
        table["code"][order], frames, np.array(ends, np.uint64), np.frombuffer(bytes(small), np.uint8),
    )  # fmt: skip
    for name, column in columns._asdict().items():
        np.save(target / f"{name}.npy", np.ascontiguousarray(column))


def listed(table: Rows) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.intp]]:
    """Where the list of each word begins (one more than there are words), and the order that puts points into lists."""
    words = np.empty(len(table), np.int64)
    for start in range(0, len(table), 1 << 16):
        numbers = keypoints.unpacked(table[start : start + (1 << 16)]).numbers
        first, second = to_words(numbers)
        words[start : start + len(numbers)] = first.argmin(axis=1) * WORDS + second.argmin(axis=1)
    order = np.argsort(words, kind="stable")
    return np.searchsorted(words[order], np.arange(WORDS * WORDS + 1)).astype(np.uint32), order


def load(target: Path) -> PointIndex:
    """What ``build`` wrote into ``target``."""
    columns = Columns(*(np.load(target / f"{name}.npy", mmap_mode="r") for name in Columns._fields))
    return PointIndex(columns, codes.load(target / FRAMES))
