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
WEIGHTS = np.array(
    (0.1194, 1.8485, 2.1794, 2.6932, 1.7971, 0.5588, -2.5165, -0.1305, 0.8999, 1.9423, -0.3954, 2.2859, -0.7913, 0.5622, 1.354, 0.6141)
)
OFFSET = -8.617
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
    found = proof(item, work, to_item) if work.small else None
    counts, to_item = found or ((0.0,) * len(COUNTED), to_item)
    corners = placed(to_item, CORNERS)
    seen = float(np.prod(np.ptp(np.clip(corners, 0, item.shape[::-1]), axis=0)))
    of_work = float(np.prod(part_of_work(item, to_item)[2:]))
    inside, agree = within(item.points.places, corners), len(aligned.pairs)
    return np.array(
        (
            math.log1p(agree),
            agree / (inside + 4),
            math.log1p(aligned.weight),
            *counts,
            stretched(to_item @ np.diag([1 / work.size[0], 1 / work.size[1], 1])),
            math.log(max(math.sqrt(seen), 4) / SIDE),
            math.log(max(seen, 16) / math.prod(item.shape)),
            math.log(max(of_work, 1e-3)),
        )
    ), to_item


def proof(item: Sight, work: Work, to_item: Map) -> tuple[tuple[float, ...], Map] | None:
    """What the strokes say, and where they say that the work lies; None where too little of the item lies on the work."""
    drawn = strokes.unpacked(work.small)
    from_small = np.diag([1 / drawn.shape[2], 1 / drawn.shape[1], 1.0])
    found = strokes.proof(item.layers, drawn, centred(to_item @ from_small))
    return None if found is None else (found.counted, centred(found.to_item, -0.5) @ np.linalg.inv(from_small))


def centred(map_: Map, by: float = 0.5) -> Map:
    """The same map with the places of both sides counted from the middle of the first pixel, not from its edge (by -0.5: back)."""
    moved: Map = np.array(shift(-by) @ map_ @ shift(by), np.float64)
    return moved


def shift(by: float) -> Map:
    """The map that moves places by so much across and down."""
    return np.array([[1.0, 0.0, by], [0.0, 1.0, by], [0.0, 0.0, 1.0]])


def stretched(map_: Map) -> float:
    """How many times longer a picture becomes one way than across it, as a logarithm."""
    long, short = np.linalg.svd(map_[:2, :2], compute_uv=False)
    return math.log(max(long, 1e-6) / max(short, 1e-6))


CORNERS: Numbers = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])


def item_corners(item: Sight) -> Numbers:
    """The corners of the item's picture."""
    return CORNERS * np.array(item.shape[::-1], np.float64)


def into_item(aligned: Aligned, work: Work) -> Map:
    """Where the work's places, in 0..1 of its width and height, lie in the item's pixels, edges at whole numbers."""
    forth = np.vstack([aligned.affine, [0, 0, 1]])
    scale = EDGE / max(work.size)
    return np.asarray(np.linalg.pinv(forth) @ np.diag([work.size[0] * scale, work.size[1] * scale, 1]))


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


def part_of_work(item: Sight, to_item: Map) -> Region:
    """The part of the work that the item shows."""
    back: Map = np.array(np.linalg.pinv(to_item), np.float64)
    return box(np.clip(placed(back, item_corners(item)), 0, 1))


def likeness(chance: float, item: Sight, to_item: Map, *, proved: bool) -> Likeness:
    """A score with the regions that it is for; ``quad`` is where the corners of the work's region lie, unless they lie upright."""
    x, y, width, height = of_work = part_of_work(item, to_item)
    region = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], np.float64)
    corners = placed(to_item, region) / item.shape[::-1]
    left, top, across, down = of_item = box(np.clip(corners, 0, 1))
    upright = np.abs(corners - (CORNERS * np.array((across, down)) + np.array((left, top)))).max() < STRAIGHT
    whole = min(across * down, width * height) >= NEARLY_ALL
    return Likeness(
        Closeness.NEAR if whole else Closeness.PARTIAL,
        chance,
        of_item,
        of_work if proved else WHOLE,
        None if upright else tuple(round(float(place), 4) for place in corners.ravel()),
        proved=proved,
    )


def box(places: Numbers) -> Region:
    """The smallest upright rectangle around ``places``: left, top, width, height."""
    least, most = places.min(axis=0), places.max(axis=0)
    return tuple(round(float(value), 4) for value in (*least, *(most - least)))
