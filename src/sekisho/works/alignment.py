"""Laying an item over the registered picture it resembles: which place of the one shows which of the other, and whose strokes run where.

Corners are four points in 0..1 of the item: where the top left, top right, bottom right and bottom left of the work's region lie in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter, ImageOps

from sekisho.works.values import Match

Corners = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

FRAME = 420
"""Pixels of the longer side of the frame in which the two are compared."""
ROUGH = 96  # the same where only the way round is sought
BLURRED = 1.2
FAINTEST_STROKE = 10.0  # gray levels from one pixel to the next but one
STRONG = 0.25  # of the strongest strokes: fainter ones are shading
RIM = 9  # pixels across the neighbourhood that must lie in the item
NEARBY = 5  # pixels across the neighbourhood in which two strokes are one
BOTH, ITEM_ONLY, WORK_ONLY = (32, 32, 32), (0, 114, 178), (230, 120, 0)  # told apart by colour-blind eyes too


@dataclass(frozen=True, slots=True)
class Overlay:
    """Both pictures' strokes in the frame of the work's region, and the share of each side's that the other has near by."""

    picture: Image.Image
    of_work: float
    of_item: float
    corners: Corners


def overlay(item: Image.Image, work: Image.Image, match: Match) -> Overlay:
    """The strokes of the two parts that match, the item's laid where the work's region is."""
    corners = corners_of(item, work, match)
    part = frame(work, match.work_region, FRAME)
    laid, seen = warped(item, corners, part.size)
    ours, theirs = strokes(laid) & seen, strokes(part) & seen
    near_ours, near_theirs = widened(ours), widened(theirs)
    picture = np.full((*ours.shape, 3), 255, np.uint8)
    for mask, colour in (
        (theirs & ~near_ours, WORK_ONLY),
        (ours & ~near_theirs, ITEM_ONLY),
        ((ours & near_theirs) | (theirs & near_ours), BOTH),
    ):
        picture[mask] = colour
    return Overlay(Image.fromarray(picture), share(theirs & near_ours, theirs), share(ours & near_theirs, ours), corners)


def corners_of(item: Image.Image, work: Image.Image, match: Match) -> Corners:
    """Where the corners of the work's region lie in the item: as told, or else the way round of the item's region in which strokes agree best."""
    if match.quad:
        return np.array(match.quad, np.float64).reshape(4, 2)
    part = frame(work, match.work_region, ROUGH)
    theirs = strokes(part)
    return max(ways_round(match.item_region), key=lambda corners: alike(strokes(warped(item, corners, part.size)[0]), theirs))


def ways_round(region: Sequence[float]) -> list[Corners]:
    """The corners of an upright region, in the eight orders that turning and mirroring give them; upright comes first."""
    x, y, width, height = region
    corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    return [np.roll(side, -turn, axis=0) for side in (corners, corners[[1, 0, 3, 2]]) for turn in range(4)]


def frame(picture: Image.Image, region: Sequence[float], longest: int) -> Image.Image:
    """The region of ``picture`` in grays, its longer side ``longest`` pixels."""
    x, y, width, height = region
    box = (x * picture.width, y * picture.height, (x + width) * picture.width, (y + height) * picture.height)
    scale = longest / max(box[2] - box[0], box[3] - box[1], 1)
    size = (max(round((box[2] - box[0]) * scale), 1), max(round((box[3] - box[1]) * scale), 1))
    return ImageOps.autocontrast(
        picture.convert("L").resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC, box=box)
    )


def warped(item: Image.Image, corners: Corners, size: tuple[int, int]) -> tuple[Image.Image, Mask]:
    """The item as it lies in a frame of ``size`` whose corners it shows at ``corners``, and where the frame shows item at all."""
    source = corners * item.size
    reduced = shrunk(item.convert("L"), source, size)
    by = reduced.width / item.width
    inside = Image.new("L", reduced.size, 255)
    given = projection(np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float64), source * by)
    laid, seen = (one.transform(size, Image.Transform.PERSPECTIVE, given, Image.Resampling.BILINEAR) for one in (reduced, inside))
    well_inside = seen.filter(ImageFilter.MinFilter(RIM))  # where the item ends is no stroke
    return ImageOps.autocontrast(laid, mask=seen if seen.getextrema()[1] else None), np.asarray(well_inside) > 128


def shrunk(item: Image.Image, source: Corners, size: tuple[int, int]) -> Image.Image:
    """The item at about the scale of the frame, so that fine screens do not turn to noise on the way."""
    sides = np.linalg.norm(source - np.roll(source, -1, axis=0), axis=1)
    by = min(max(size) / max(float(sides.max()), 1.0), 1.0)
    return item.resize((max(round(item.width * by), 1), max(round(item.height * by), 1)), Image.Resampling.BOX)


def projection(frame: Corners, source: Corners) -> list[float]:
    """The eight numbers that take points of the frame to points of the item; four points in one line give some answer too."""
    rows, given = [], source.ravel()
    for (x, y), (u, v) in zip(frame, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return [float(number) for number in np.linalg.lstsq(np.array(rows), given, rcond=None)[0]]


def strokes(gray: Image.Image) -> Mask:
    """Where lines and edges run: the gray changes there, and no less than a quarter of what it does at the strongest of them."""
    levels = np.asarray(gray.filter(ImageFilter.GaussianBlur(BLURRED)), np.float32)
    change = np.zeros_like(levels)
    change[1:-1, 1:-1] = np.hypot(levels[1:-1, 2:] - levels[1:-1, :-2], levels[2:, 1:-1] - levels[:-2, 1:-1])
    return change > max(FAINTEST_STROKE, STRONG * float(np.quantile(change, 0.99)))


def widened(mask: Mask) -> Mask:
    """Every place near one of ``mask``."""
    return np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(NEARBY))) > 0


def alike(ours: Mask, theirs: Mask) -> float:
    """How well two sets of strokes agree, 0 to 1."""
    near = share(ours & widened(theirs), ours), share(theirs & widened(ours), theirs)
    return math.sqrt(near[0] * near[1])


def share(part: Mask, whole: Mask) -> float:
    """How much of ``whole`` is ``part``, 0 where there is nothing."""
    return float(part.sum() / max(int(whole.sum()), 1))


def turned(corners: Corners, size: tuple[int, int]) -> tuple[bool, int]:
    """Whether the item shows its part mirrored, and by how many degrees it is turned clockwise (less than 0: the other way)."""
    points = corners * size
    mirrored = float(np.sum(points[:, 0] * np.roll(points[:, 1], -1) - points[:, 1] * np.roll(points[:, 0], -1))) < 0
    along = points[1] - points[0] + points[2] - points[3]
    angle = math.degrees(math.atan2(along[1], along[0])) + (180 if mirrored else 0)
    return mirrored, 180 - (180 - round(angle)) % 360
