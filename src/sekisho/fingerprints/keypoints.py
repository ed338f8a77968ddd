"""Points of a picture and what the strokes around them look like, in 20 bytes each: ground for ``parts``.

A description has no polarity, so a redrawing in lines or a colour shift leaves it as it is; and of the four ways to look at it (as it is, mirrored,
upside down, both) the one that is heaviest above and on the left is kept, so that a mirrored picture is found without asking twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from sekisho.kernels import points
from sekisho.kernels.lists import DIMENSIONS
from sekisho.kernels.points import CELLS, DIRECTIONS, Points

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

OCTAVES = 4
FAINTEST = 0.4
"""Gray levels by which a point must stand out."""
ALSO = 0.8
"""Another direction of at least this share of the strongest is described too, in what is asked."""
DOUBTFUL = 0.06
"""Where the halves of a description weigh so nearly the same, it is asked for both ways round."""
GRID = 6
"""Points are spread over so many rows and columns."""
STEP = 0.06
"""Of a description's numbers, which lie between -8 and 7 steps."""
LARGEST_BLUR = 64.0  # of the long side's 256ths
PACKED = np.dtype([("x", "u1"), ("y", "u1"), ("turn", "u1"), ("size", "u1"), ("code", "u1", DIMENSIONS // 2)])
EDGE = 255.0
"""Places in a registered picture count to this along its long side."""


class Basis(NamedTuple):
    """What descriptions are reduced to, and the words they are listed under; fitted by ``benchmarks/fit_parts.py`` on its tuning half."""

    middle: Floats
    axes: Floats
    first: Floats
    second: Floats


@cache
def basis() -> Basis:
    """The fitted numbers."""
    with resources.files(__package__).joinpath("points.npz").open("rb") as file, np.load(file) as kept:
        return Basis(*(kept[name].astype(np.float32) for name in Basis._fields))


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """Points, one a row: place and blur in pixels of the picture, direction in radians, whether it was flipped across and down, its description."""

    places: Floats
    blurs: Floats
    angles: Floats
    across: Flags
    down: Flags
    numbers: Floats

    def __len__(self) -> int:
        return len(self.places)


def resized(gray: Gray, side: int, enlarged: float = 1.0) -> Gray:
    """The picture with its long side brought to ``side`` pixels; small ones are enlarged by up to ``enlarged``."""
    scale = min(side / max(gray.shape), enlarged)
    if scale == 1:
        return gray
    size = (max(round(gray.shape[1] * scale), 1), max(round(gray.shape[0] * scale), 1))
    return np.asarray(Image.fromarray(gray).resize(size, Image.Resampling.BILINEAR))


def described(gray: Gray, most: int, directions: int = 1, *, both: bool = False) -> Described:
    """At most ``most`` points of a picture, spread over it, each with up to ``directions``; doubtful ones both ways round where asked."""
    pyramid = points.pyramid(gray.astype(np.float32), OCTAVES)
    chosen = spread(pyramid.found(FAINTEST), most, gray.shape)
    whose, angles = pyramid.turns(chosen, directions, ALSO)
    sums = pyramid.described(chosen[whose], angles)
    kept = telling(sums)
    whose, angles, sums = whose[kept], angles[kept], sums[kept]
    views = list(seen(sums, both=both))
    rows = np.concatenate([view.rows for view in views])
    found = chosen[whose[rows]]
    return Described(
        np.stack([found["x"], found["y"]], axis=1) + np.float32(0.5),  # places count from the edge
        found["sigma"],
        angles[rows],
        *(np.concatenate([getattr(view, name) for view in views]) for name in ("across", "down", "numbers")),
    )


def spread(found: Points, most: int, shape: tuple[int, ...]) -> Points:
    """The strongest of ``found``, those in crowded places behind."""
    ordered = found[np.argsort(-found["height"], kind="stable")]
    if len(ordered) <= most:
        return ordered
    cells = (ordered["y"] * (GRID / shape[0])).astype(int) * GRID + (ordered["x"] * (GRID / shape[1])).astype(int)
    by_cell = np.argsort(cells, kind="stable")
    first = np.searchsorted(cells[by_cell], np.arange(GRID * GRID))
    rank = np.empty(len(ordered), int)
    rank[by_cell] = np.arange(len(ordered)) - first[cells[by_cell]]
    return ordered[np.argsort(rank * (most / 4) + np.arange(len(ordered)), kind="stable")[:most]]


def telling(sums: Floats) -> Flags:
    """Whether the strokes around a point run in more than one direction: speed lines and single edges tell nothing."""
    by_direction = sums.sum(axis=(1, 2))
    return np.asarray(by_direction.max(axis=1) < 0.75 * by_direction.sum(axis=1) + 1e-9)


class View(NamedTuple):
    """The points ``rows`` in one way of looking at them."""

    rows: npt.NDArray[np.intp]
    across: Flags
    down: Flags
    numbers: Floats


def seen(sums: Floats, *, both: bool) -> Iterator[View]:
    """Descriptions in the way that is heaviest above and on the left; where asked, doubtful ones in the other ways too."""
    strokes, left, above = upright(sums)
    everything = np.ones(len(strokes), np.bool_)
    doubts = (np.abs(left) < DOUBTFUL, np.abs(above) < DOUBTFUL)
    ways = [(False, False, everything)]
    ways += [(True, False, doubts[0]), (False, True, doubts[1]), (True, True, doubts[0] & doubts[1])] if both else []
    for across, down, which in ways:
        rows = np.flatnonzero(which)
        flips = (np.full(len(rows), across), np.full(len(rows), down))
        yield View(rows, (left[rows] < 0) ^ across, (above[rows] < 0) ^ down, reduced(flipped(strokes[rows], *flips)))


def upright(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Descriptions flipped so that they are heaviest above and on the left, and by how much they were heavier on the left and above."""
    strokes = np.sqrt(sums / (sums.sum(axis=(1, 2, 3), keepdims=True) + 1e-6))
    half = CELLS // 2
    left = (strokes[:, :, :half] ** 2).sum(axis=(1, 2, 3)) - (strokes[:, :, half:] ** 2).sum(axis=(1, 2, 3))
    above = (strokes[:, :half] ** 2).sum(axis=(1, 2, 3)) - (strokes[:, half:] ** 2).sum(axis=(1, 2, 3))
    return flipped(strokes, left < 0, above < 0), left, above


def flipped(strokes: Floats, across: Flags, down: Flags) -> Floats:
    """Descriptions as they would be in a picture flipped across, down, or both."""
    turned = strokes.copy()
    opposite = -np.arange(DIRECTIONS) % DIRECTIONS
    turned[across] = turned[across][:, :, ::-1][..., opposite]
    turned[down] = turned[down][:, ::-1][..., opposite]
    return turned


def reduced(strokes: Floats) -> Floats:
    """Descriptions as DIMENSIONS numbers."""
    known = basis()
    return np.asarray((strokes.reshape(-1, len(known.middle)) - known.middle) @ known.axes, np.float32)


def packed(found: Described, shape: tuple[int, ...]) -> npt.NDArray[np.void]:
    """Points of a picture of ``shape`` in 20 bytes each."""
    scale = EDGE / max(shape)
    rows = np.empty(len(found), PACKED)
    rows["x"], rows["y"] = np.clip(np.round(found.places * scale), 0, EDGE).T
    steps = np.round(found.angles * (64 / np.pi)).astype(np.int64) % 64
    rows["turn"] = steps | found.across.astype(np.int64) << 6 | found.down.astype(np.int64) << 7
    rows["size"] = np.clip(np.round(np.log2(found.blurs * scale) * 32 + 32), 0, 255)
    levels = np.clip(np.floor(found.numbers / STEP) + 8, 0, 15).astype(np.uint8)
    rows["code"] = levels[:, : DIMENSIONS // 2] | levels[:, DIMENSIONS // 2 :] << 4
    return rows


def unpacked(rows: npt.NDArray[np.void]) -> Described:
    """What ``packed`` kept, in units of 255 along the long side."""
    turn, code = rows["turn"], rows["code"]
    levels = np.concatenate([code & 15, code >> 4], axis=1)
    return Described(
        np.stack([rows["x"], rows["y"]], axis=1).astype(np.float32),
        np.exp2((rows["size"].astype(np.float32) - 32) / 32),
        (turn & 63).astype(np.float32) * np.float32(np.pi / 64),
        (turn & 64).astype(np.bool_),
        (turn & 128).astype(np.bool_),
        (levels.astype(np.float32) - 7.5) * np.float32(STEP),
    )
