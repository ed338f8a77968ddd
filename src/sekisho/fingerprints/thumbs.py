"""The closer look at two pictures of 24 by 24 grays: whether the same strokes run through the same places, but for what was laid over.

Strokes are the differences between neighbouring cells, cut off at two heights: low, so that faint and strong ones count alike, and high, so that the
shape of the strong ones counts. They are compared over the whole and block by block, since an overlay spoils some blocks and leaves the rest.
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints.picture import shares

Thumbs = npt.NDArray[np.float32]
"""Pictures of 24 by 24 grays in 0..15, one after the other."""
Column = npt.NDArray[np.float64]

SIDE = 24
BLOCK = 3
LEVELS = 15
CUTS = (0.15, 2.5)
AGREES, DISAGREES = (0.7, 0.9), 0.2
NO_STROKES = 0.5  # a block with less stroke energy has no voice of its own
QUIETEST = 4.0  # gray levels: a picture with less contrast is not made louder than this

FEATURES = (
    "correlation",
    *(f"{name}, cut {cut}" for cut in CUTS for name in ("agreement", "strokes of work", "strokes of item", "blocks > .7", "blocks > .9", "blocks < .2", "blocks with strokes", "middle block", "lower block")),
    "bits apart",
)  # fmt: skip


class Strokes(NamedTuple):
    """Differences to the right and downwards, in units of the picture's contrast."""

    across: Thumbs
    down: Thumbs


def packed(small: npt.NDArray[np.float32]) -> bytes:
    """24 by 24 grays at four bits each, their range spread over all of them: 288 bytes."""
    low, high = float(small.min()), float(small.max())
    cells = np.round((small - low) * (LEVELS / max(high - low, 1.0))).astype(np.uint8).ravel()
    return (cells[::2] << 4 | cells[1::2]).tobytes()


def unpacked(thumbs: list[bytes]) -> Thumbs:
    """What ``packed`` made, as pictures."""
    pairs = np.frombuffer(b"".join(thumbs), np.uint8).reshape(-1, SIDE * SIDE // 2)
    return np.stack([pairs >> 4, pairs & 15], axis=2).reshape(-1, SIDE, SIDE).astype(np.float32)


def shrunk(grid: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The mean grays of 24 by 24 cells over a finer square grid."""
    inside = inner_shares(len(grid))
    return np.asarray(inside @ grid @ inside.T, np.float32)


@cache
def inner_shares(side: int) -> npt.NDArray[np.float32]:
    """How much of each of ``side`` cells lies in each of the 24."""
    return shares(side, SIDE).astype(np.float32)


def strokes(thumbs: Thumbs) -> Strokes:
    """The strokes of each picture."""
    levels = thumbs * (255 / LEVELS)
    contrast = np.maximum(np.sqrt(levels.var(axis=(1, 2))), QUIETEST)[:, None, None]
    across, down = np.zeros_like(levels), np.zeros_like(levels)
    across[:, :, :-1] = np.diff(levels, axis=2) / contrast
    down[:, :-1, :] = np.diff(levels, axis=1) / contrast
    return Strokes(across, down)


def features(items: Thumbs, works: Thumbs, bits_apart: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """One row of FEATURES for each pair of pictures, already turned alike."""
    of_items, of_works = strokes(items), strokes(works)
    columns = [correlation(items, works)]
    for cut in CUTS:
        columns += agreement(of_items, of_works, cut)
    return np.stack([*columns, bits_apart], axis=1).astype(np.float64)


def correlation(items: Thumbs, works: Thumbs) -> Column:
    """How well the grays agree."""
    one, other = (255 / LEVELS * (side - side.mean(axis=(1, 2), keepdims=True)) for side in (items, works))
    energy = np.sqrt((one**2).sum(axis=(1, 2)) * (other**2).sum(axis=(1, 2)))
    product: Column = (one * other).sum(axis=(1, 2)) / (energy + 2 * SIDE)
    return product


def agreement(items: Strokes, works: Strokes, cut: float) -> list[Column]:
    """How well the strokes agree when heights are cut off at ``cut``: over the whole, and how the blocks are spread."""
    (a, b), (c, d) = ((np.clip(side / cut, -1, 1) for side in pair) for pair in (items, works))
    common, of_item, of_work = blocks(a * c + b * d), blocks(a * a + b * b), blocks(c * c + d * d)
    whole = common.sum(axis=1) / (np.sqrt(of_item.sum(axis=1) * of_work.sum(axis=1)) + 2)
    each = common / (np.sqrt(of_item * of_work) + 0.3)
    weight = np.minimum(of_work, np.quantile(of_work, 0.8, axis=1, keepdims=True) + 0.1)
    weight = weight / (weight.sum(axis=1, keepdims=True) + 1e-6)
    speaking = of_work > NO_STROKES
    ordered = np.sort(np.where(speaking, each, 2.0), axis=1)
    voices = speaking.sum(axis=1)
    return [
        whole,
        np.log1p(of_work.sum(axis=1)),
        np.log1p(of_item.sum(axis=1)),
        *((weight * (each > level)).sum(axis=1) for level in AGREES),
        (weight * (each < DISAGREES)).sum(axis=1),
        voices,
        *(np.where(voices > 0, ordered[np.arange(len(ordered)), np.minimum(voices // part, ordered.shape[1] - 1)], 0.0) for part in (2, 4)),
    ]


def blocks(cells: Thumbs) -> npt.NDArray[np.float64]:
    """Sums over blocks of 3 by 3 cells, one row a picture."""
    count = SIDE // BLOCK
    sums: npt.NDArray[np.float64] = cells.reshape(-1, count, BLOCK, count, BLOCK).sum(axis=(2, 4), dtype=np.float64)
    return sums.reshape(len(cells), -1)


def ranges(small: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How far apart the lightest and the darkest cell of each block of a picture lie."""
    count = SIDE // BLOCK
    cells = small.reshape(count, BLOCK, count, BLOCK)
    return np.asarray(cells.max(axis=(1, 3)) - cells.min(axis=(1, 3)), np.float32)


def chance(logit: float) -> float:
    """A weight of evidence as a probability."""
    return 1 / (1 + math.exp(-min(max(logit, -40.0), 40.0)))
