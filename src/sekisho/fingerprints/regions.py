"""The regions of a picture that may be pictures of their own: what stands within blank margins, between gutters, in rectangles with straight sides.

Ground for ``parts``. Everything is looked for in a picture of at most 256 pixels and in a bounded number of steps, whatever is drawn in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints.keypoints import Floats, Gray, resized

SIDE = 256
PLAIN = 14
"""Gray levels between the lightest and the darkest pixel of a row that is blank, but for a hundredth of them."""
SMALLEST = 0.12
"""Of the picture's sides: smaller regions are not looked at."""
DEEPEST = 4
MOST = 16
LINES = 6
"""Straight sides looked at, in each direction."""
EDGE = 6.0
LONGEST_GAP = 3
STRAIGHT = 0.72
"""Of each side of a rectangle that must be an edge."""


class Box(NamedTuple):
    """A region in 0..1 of the picture."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """The share of the picture."""
        return (self.right - self.left) * (self.bottom - self.top)


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def regions(gray: Gray) -> list[Box]:
    """The whole picture first, then what may be pictures in it, largest first, none twice."""
    small = resized(gray, SIDE).astype(np.int16)
    found = [*panels(small, (0, 0, small.shape[1], small.shape[0]), DEEPEST), *rectangles(small.astype(np.float32))]
    size = np.array([small.shape[1], small.shape[0]] * 2)
    kept = [WHOLE]
    for box in sorted((Box(*(np.array(one) / size).tolist()) for one in found), key=lambda box: -box.area):
        if (
            len(kept) < MOST
            and min(box.right - box.left, box.bottom - box.top) > SMALLEST
            and all(overlap(box, one) < 0.92 for one in kept)
        ):
            kept.append(box)
    return kept


def content(gray: Gray) -> Box:
    """The box within the blank margins and frames of a picture; the whole where hardly anything is left."""
    small = resized(gray, SIDE).astype(np.int16)
    found = next(panels(small, (0, 0, small.shape[1], small.shape[0]), 0), None)
    return WHOLE if found is None else Box(*(np.array(found) / ([small.shape[1], small.shape[0]] * 2)).tolist())


def overlap(one: Box, other: Box) -> float:
    """The share of both together that both cover."""
    across, down = min(one.right, other.right) - max(one.left, other.left), min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(across, 0.0) * max(down, 0.0)
    return common / (one.area + other.area - common)


Cut = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


def panels(gray: npt.NDArray[np.int16], cut: Cut, deeper: int) -> Iterator[Cut]:
    """What is left of ``cut`` without its blank margins, and what blank rows and columns part it into."""
    left, top, right, bottom = trimmed(gray, cut)
    if min(right - left, bottom - top) < SMALLEST * min(gray.shape):
        return
    yield left, top, right, bottom
    if not deeper:
        return
    rows, columns = blank(gray[top:bottom, left:right], 1), blank(gray[top:bottom, left:right], 0)
    downwards = [(left, top + start, right, top + end) for start, end in runs(~rows)]
    across = [(left + start, top, left + end, bottom) for start, end in runs(~columns)]
    parts = downwards if 1 < len(downwards) <= MOST else across
    if 1 < len(parts) <= MOST:
        for part in parts:
            yield from panels(gray, part, deeper - 1)


def trimmed(gray: npt.NDArray[np.int16], cut: Cut) -> Cut:
    """``cut`` without blank rows and columns on its sides, and without frames, which are blank too once the margin is gone."""
    left, top, right, bottom = cut
    for _ in range(6):
        before = left, top, right, bottom
        for axis in (0, 1):
            if right - left < 8 or bottom - top < 8:
                return left, top, right, bottom
            filled = np.flatnonzero(~blank(gray[top:bottom, left:right], axis))
            if not len(filled):
                return left, top, left, top
            first, last = int(filled[0]), int(filled[-1]) + 1
            left, right, top, bottom = (left + first, left + last, top, bottom) if axis == 0 else (left, right, top + first, top + last)
        if before == (left, top, right, bottom):
            break
    return left, top, right, bottom


def blank(gray: npt.NDArray[np.int16], axis: int) -> npt.NDArray[np.bool_]:
    """Which columns (axis 0) or rows (axis 1) hold nearly one gray; a hundredth of their pixels may differ."""
    middle = np.median(gray, axis=axis, keepdims=True)
    return np.asarray((np.abs(gray - middle) > PLAIN).mean(axis=axis) <= 0.01)


def runs(filled: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where runs of True begin and end."""
    edges = np.flatnonzero(np.diff(filled.astype(np.int8), prepend=0, append=0))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def rectangles(gray: Floats) -> Iterator[Cut]:
    """Rectangles whose four sides are straight edges: pictures laid on others."""
    across, down = (np.abs(np.diff(gray, axis=axis)) > EDGE for axis in (1, 0))
    columns, rows = longest(across), longest(down.T)
    upright, level = sums(across), sums(down.T)
    for left, right in pairs(columns, SMALLEST * gray.shape[1]):
        for top, bottom in pairs(rows, SMALLEST * gray.shape[0]):
            sides = (
                (upright[bottom + 1, left] - upright[top + 1, left]) / (bottom - top),
                (upright[bottom + 1, right] - upright[top + 1, right]) / (bottom - top),
                (level[right + 1, top] - level[left + 1, top]) / (right - left),
                (level[right + 1, bottom] - level[left + 1, bottom]) / (right - left),
            )
            if min(sides) > STRAIGHT:
                yield left + 1, top + 1, right + 1, bottom + 1
                yield trimmed(gray.astype(np.int16), (left + 1, top + 1, right + 1, bottom + 1))


def sums(edges: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many edges lie above each place of each column."""
    above = np.zeros((len(edges) + 2, edges.shape[1]), np.int64)
    above[1:-1] = edges.cumsum(axis=0)
    above[-1] = above[-2]
    return above


def longest(edges: npt.NDArray[np.bool_]) -> list[int]:
    """The columns in which edges run on longest without a gap, up to LINES of them, none beside another."""
    length = np.zeros(edges.shape[1], np.int64)
    best = length.copy()
    for row in edges:
        length = (length + 1) * row
        np.maximum(best, length, out=best)
    kept: list[int] = []
    for column in np.argsort(-best, kind="stable"):
        if len(kept) == LINES or best[column] < SMALLEST * len(edges):
            break
        if all(abs(int(column) - one) > LONGEST_GAP for one in kept):
            kept.append(int(column))
    return sorted(kept)


def pairs(places: list[int], apart: float) -> Iterator[tuple[int, int]]:
    """Two of ``places`` at a time, at least so far apart."""
    return ((one, other) for one in places for other in places if other - one > apart)
