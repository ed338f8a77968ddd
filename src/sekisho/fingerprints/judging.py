"""From how an item lies on a work to how likely it is that the one holds a part of the other: ground for ``parts``.

Points that agree and strokes that run along each other are both counted: points prove crops and turns best, strokes prove small and redrawn pictures.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints import strokes
from sekisho.fingerprints.alignment import Aligned
from sekisho.fingerprints.frames import Framed, Looks
from sekisho.fingerprints.keypoints import EDGE, Described
from sekisho.fingerprints.regions import Box
from sekisho.fingerprints.strokes import COUNTED, SIDE, Layers
from sekisho.fingerprints.values import WHOLE, Closeness, Likeness, Region
from sekisho.kernels.strokes import Map

Numbers = npt.NDArray[np.float64]

NAMES = ("points", "share of points", "weight", *COUNTED, "stretched", "small", "of item", "of work", "bits")
NO_FRAME = 128


class Trees(NamedTuple):
    """Boosted trees, node after node: at each the number that is asked, up to where one goes left, the nodes left and right (a leaf's are itself), what a leaf adds.

    ``roots`` is where each tree begins; the sum, times ``slope`` and with ``offset``, is the weight of evidence.
    """

    asks: npt.NDArray[np.int16]
    up_to: npt.NDArray[np.float32]
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    adds: npt.NDArray[np.float32]
    roots: npt.NDArray[np.int16]
    slope: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]

    def weight(self, numbers: Numbers) -> float:
        """The weight of evidence of one row of NAMES."""
        at = self.roots
        for _ in range(DEPTH):
            at = np.where(numbers[self.asks[at]] <= self.up_to[at], self.left[at], self.right[at])
        return float(self.adds[at].sum() * self.slope + self.offset)


@cache
def trees(*, proved: bool) -> Trees:
    """What ``benchmarks/fit_parts.py`` fitted: with the strokes' numbers, or without them where no small picture is there to prove it."""
    name = "proved.npz" if proved else "unproved.npz"
    with resources.files(__package__).joinpath(name).open("rb") as file, np.load(file) as kept:
        return Trees(*(kept[field] for field in Trees._fields))


DEPTH = 3
EXPLAINED, KINDS, VOICES, POINTS, SHARE = (NAMES.index(name) for name in ("agree", "kinds", "voices", "points", "share of points"))
FEWEST_POINTS, LEAST_SHARE, HALF_EXPLAINED = 16, 0.02, 0.45
DOUBTED = 0.2
FEWEST_BLOCKS = 30
REPEATS = 0.72
"""Of a work's strokes that lie on others of its own when it is shifted; 98 of 100 pictures of the tuning half have less, all textures more."""
ONE_WAY = 0.5
"""Of the variety of directions, 0 to 1: strokes that agree run in hardly more than one."""
WELL_EXPLAINED, MUCH_BETTER, MOSTLY = 0.55, 0.25, 0.8
NEARLY_ALL = 0.9
STRAIGHT = 0.02
"""Of the item's size: a region whose corners lie nearer to a rectangle's is one."""


class Sight(NamedTuple):
    """An item as it is compared with works: its points, its picture, height and width, its regions and what is seen in them."""

    points: Described
    layers: Layers
    shape: tuple[int, int]
    looks: Looks
    boxes: list[Box]


class Work(NamedTuple):
    """A registered picture as it is compared: width and height, and its small picture (empty: only what is exported is known)."""

    size: tuple[int, int]
    small: bytes


class Guess(NamedTuple):
    """How the item may lie on a work: where the work's places (in 0..1) lie in the item's pixels, points that say so, their weight, bits of a frame."""

    to_item: Map
    agree: int
    weight: float
    bits: int


def by_points(aligned: Aligned, work: Work) -> Guess:
    """What points say."""
    return Guess(into_item(aligned, work), len(aligned.pairs), aligned.weight, NO_FRAME)


def by_frame(framed: Framed, item: Sight) -> Guess:
    """What a region's look says."""
    return Guess(np.diag([item.shape[1], item.shape[0], 1.0]) @ framed.to_item, 0, 0.0, framed.bits)


def evidence(item: Sight, work: Work, guess: Guess) -> tuple[Numbers, Map]:
    """What speaks for and against it, in the order of NAMES, and where the work's places (in 0..1) lie in the item's pixels."""
    to_item = guess.to_item
    found = proof(item, work, to_item) if work.small else None
    counts, to_item = found or ((0.0,) * len(COUNTED), to_item)
    corners = placed(to_item, CORNERS)
    seen = float(np.prod(np.ptp(np.clip(corners, 0, item.shape[::-1]), axis=0)))
    of_work = float(np.prod(part_of_work(item, to_item)[2:]))
    inside = within(item.points.places, corners)
    return np.array(
        (
            math.log1p(guess.agree),
            guess.agree / (inside + 4),
            math.log1p(guess.weight),
            *counts,
            stretched(to_item @ np.diag([1 / work.size[0], 1 / work.size[1], 1])),
            math.log(max(math.sqrt(seen), 4) / SIDE),
            math.log(max(seen, 16) / math.prod(item.shape)),
            math.log(max(of_work, 1e-3)),
            float(guess.bits),
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


class Judged(NamedTuple):
    """A likeness, and the share of the strokes of both, where one lies on the other, that agree."""

    likeness: Likeness
    explained: float


def judged(item: Sight, work: Work, guess: Guess) -> Judged | None:
    """How likely it is that the item holds a part of the work, and where; None where what agrees is too little or too plain to say it."""
    numbers, to_item = evidence(item, work, guess)
    proved = bool(work.small)
    if proved and score(numbers, proved=True) > DOUBTED and plain(numbers, work):
        return None
    return Judged(likeness(score(numbers, proved=proved), item, to_item, proved=proved), float(numbers[EXPLAINED]))


def plain(numbers: Numbers, work: Work) -> bool:
    """Whether what agrees is no proof however well it does: a few strokes, strokes in one direction, a pattern that repeats."""
    return bool(numbers[KINDS] < ONE_WAY or numbers[VOICES] < math.log1p(FEWEST_BLOCKS) or strokes.repetition(work.small) > REPEATS)


def level_among(one: Judged, stronger: Iterable[Judged]) -> Likeness:
    """The likeness of ``one``; it shares a part and no more where another work explains the same region of the item much better as a whole."""
    for other in stronger:
        better = other.explained > max(WELL_EXPLAINED, one.explained + MUCH_BETTER)
        if better and covered(one.likeness.item_region, other.likeness.item_region) > MOSTLY:
            return replace(one.likeness, level=Closeness.SHARED_PART)
    return one.likeness


def covered(one: Region, other: Region) -> float:
    """The share of region ``one`` that ``other`` covers."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(across, 0.0) * max(down, 0.0) / max(one[2] * one[3], 1e-9)


def score(numbers: Numbers, *, proved: bool) -> float:
    """The evidence as a probability."""
    logit = trees(proved=proved).weight(numbers)
    chance = 1 / (1 + math.exp(-min(max(logit, -40.0), 40.0)))
    return min(chance, DOUBTED) if proved and contradicted(numbers) else chance


def contradicted(numbers: Numbers) -> bool:
    """Whether most strokes disagree and hardly any points vouch for the rest: frames, speed lines and letters that many pictures share."""
    few = numbers[POINTS] < math.log1p(FEWEST_POINTS) and numbers[SHARE] < LEAST_SHARE
    return bool(few and numbers[EXPLAINED] < HALF_EXPLAINED)


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
