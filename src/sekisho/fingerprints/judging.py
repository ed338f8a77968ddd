"""From how an item lies on a work to how likely it is that the one holds a part of the other: ground for ``parts``.

Points that agree and strokes that run along each other are both counted: points prove crops and turns best, strokes prove small and redrawn pictures.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import strokes
from sekisho.fingerprints.alignment import Aligned
from sekisho.fingerprints.keypoints import EDGE, Described
from sekisho.fingerprints.strokes import COUNTED, SIDE, Layers
from sekisho.fingerprints.values import WHOLE, Closeness, Likeness, Region
from sekisho.kernels.strokes import Map

Numbers = npt.NDArray[np.float64]

NAMES = ("points", "share of points", "weight", *COUNTED, "stretched", "small", "of item", "of work")
WEIGHTS = np.zeros(len(NAMES))
OFFSET = 0.0
NEARLY_ALL = 0.9
STRAIGHT = 0.02
"""Of the item's size: a region whose corners lie nearer to a rectangle's is one."""


class Sight(NamedTuple):
    """An item as it is compared with works: its points, its picture, height and width."""

    points: Described
    layers: Layers
    shape: tuple[int, int]


class Work(NamedTuple):
    """A registered picture as it is compared: width and height, and its small picture (empty: only what is exported is known)."""

    size: tuple[int, int]
    small: bytes


def evidence(item: Sight, work: Work, aligned: Aligned) -> tuple[Numbers, Map]:
    """What speaks for and against it, in the order of NAMES, and where the work's places (in 0..1) lie in the item's pixels."""
    to_item = into_item(aligned, work)
    counts = (0.0,) * len(COUNTED)
    if work.small:
        drawn = strokes.unpacked(work.small)
        height, width = drawn.shape[1:]
        onto = to_item @ np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]])
        proof = strokes.proof(item.layers, drawn, pixel_centres(onto))
        if proof is not None:
            counts = proof.counted
            back = np.linalg.inv(np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]]))
            to_item = pixel_centres(proof.to_item, -0.5) @ back
    corners = placed(to_item, CORNERS)
    _, lengths, _ = np.linalg.svd(to_item[:2, :2] @ np.diag([1 / work.size[0], 1 / work.size[1]]))
    overlap = np.clip(corners, 0, np.array(item.shape[::-1]))
    inside = within(item.points.places, corners)
    agree = len(aligned.pairs)
    area = float(np.prod(np.ptp(overlap, axis=0)))
    numbers = (
        math.log1p(agree),
        agree / (inside + 4),
        math.log1p(aligned.weight),
        *counts,
        math.log(lengths[0] / max(lengths[1], 1e-6)),
        math.log(max(math.sqrt(area), 4) / SIDE),
        math.log(max(area, 16) / math.prod(item.shape)),
        math.log(max(np.prod(np.ptp(np.clip(placed(np.linalg.pinv(to_item), item_corners(item)), 0, 1), axis=0)), 1e-3)),
    )
    return np.array(numbers), to_item


CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def item_corners(item: Sight) -> Numbers:
    """The corners of the item's picture."""
    return CORNERS * np.array(item.shape[::-1])


def into_item(aligned: Aligned, work: Work) -> Map:
    """Where the work's places, in 0..1 of its width and height, lie in the item's pixels, edges at whole numbers."""
    forth = np.vstack([aligned.affine, [0, 0, 1]])
    scale = EDGE / max(work.size)
    return np.asarray(np.linalg.pinv(forth) @ np.diag([work.size[0] * scale, work.size[1] * scale, 1]))


def pixel_centres(to_item: Map, by: float = 0.5) -> Map:
    """The same map with the item's places counted from the middle of its first pixel (or, by -0.5, back from its edge)."""
    return np.asarray(np.array([[1, 0, -by], [0, 1, -by], [0, 0, 1]]) @ to_item)


def placed(map_: Map, places: Numbers) -> Numbers:
    """Where ``places`` lie under ``map_``."""
    flat = np.hstack([places, np.ones((len(places), 1))]) @ map_.T
    return np.asarray(flat[:, :2] / np.where(np.abs(flat[:, 2:]) < 1e-9, 1e-9, flat[:, 2:]))


def within(places: npt.NDArray[np.float32], corners: Numbers) -> int:
    """How many of ``places`` lie in the four-sided figure."""
    sides = np.roll(corners, -1, axis=0) - corners
    apart = places[:, None, :] - corners[None]
    turned = sides[None, :, 0] * apart[..., 1] - sides[None, :, 1] * apart[..., 0]
    return int(((turned >= 0).all(axis=1) | (turned <= 0).all(axis=1)).sum())


def judged(item: Sight, work: Work, aligned: Aligned) -> Likeness:
    """How likely it is that the item holds a part of the work, and where."""
    numbers, to_item = evidence(item, work, aligned)
    return likeness(score(numbers), item, to_item, proved=bool(work.small))


def score(numbers: Numbers) -> float:
    """The evidence as a probability."""
    logit = float(numbers @ WEIGHTS + OFFSET)
    return 1 / (1 + math.exp(-min(max(logit, -40.0), 40.0)))


def likeness(chance: float, item: Sight, to_item: Map, *, proved: bool) -> Likeness:
    """A score with the regions that it is for."""
    size = np.array(item.shape[::-1], np.float64)
    of_work = box(np.clip(placed(np.linalg.pinv(to_item), item_corners(item)), 0, 1))
    x, y, width, height = of_work
    corners = placed(to_item, np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])) / size
    of_item = box(np.clip(corners, 0, 1))
    whole = min(of_item[2] * of_item[3], width * height) >= NEARLY_ALL
    straight = np.abs(np.sort(corners, axis=0) - np.sort(np.array([of_item[:2], of_item[:2], np.add(of_item[:2], of_item[2:]), np.add(of_item[:2], of_item[2:])]), axis=0)).max() < STRAIGHT
    return Likeness(
        Closeness.NEAR if whole else Closeness.PARTIAL,
        chance,
        WHOLE if whole and straight else of_item,
        of_work if proved else WHOLE,
        None if straight else tuple(round(float(value), 4) for value in corners.ravel()),
        proved=proved,
    )


def box(places: Numbers) -> Region:
    """The smallest upright rectangle around ``places``: left, top, width, height."""
    least, most = places.min(axis=0), places.max(axis=0)
    return tuple(round(float(value), 4) for value in (*least, *(most - least)))
