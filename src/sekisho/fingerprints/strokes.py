"""The proof: an item's picture laid on a work's small one, and how much of their strokes run along each other: ground for ``parts``.

Points propose how two pictures lie on each other. Here the small picture (private tier: it is the picture) is compared block by block, the places
of the blocks correct the guess, and what agrees and what does not is counted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from sekisho.fingerprints.keypoints import Floats, Gray, resized
from sekisho.kernels import strokes
from sekisho.kernels.strokes import Blocks, Map

SIDE = 128
"""Pixels of the small picture's long side."""
QUALITY = 30
SMOOTH = 0.7
QUIET = 3.0
"""Gray levels to a pixel, about which a stroke counts half."""
BLOCK, STEP = 10, 6
REACH, CLOSER = 4, 2
"""Pixels by which a block may lie elsewhere, before and after the guess was corrected."""
VOICE = 0.02  # energy of a pixel's stroke, on average, from which a block has something in it
FITS = 0.5
NEAREST_COPY, FARTHEST_COPY = 5, 40  # pixels by which a picture is shifted to see whether it repeats
FEWEST = 6  # blocks that can correct a guess


def packed(gray: Gray) -> bytes:
    """The small picture as the bytes of a WebP file."""
    stream = io.BytesIO()
    Image.fromarray(resized(gray, SIDE)).save(stream, "WEBP", quality=QUALITY, method=4)
    return stream.getvalue()


def grays(raw: bytes) -> Gray:
    """The small picture that ``packed`` kept."""
    with Image.open(io.BytesIO(raw)) as image:
        return np.asarray(image.convert("L"))


@lru_cache(256)
def unpacked(raw: bytes) -> Floats:
    """The strokes of what ``packed`` kept."""
    return directions(grays(raw).astype(np.float32))


@lru_cache(256)
def repetition(raw: bytes) -> float:
    """The largest share of the strokes of what ``packed`` kept that lie on others of the same picture when it is shifted: near 1 for a texture."""
    drawn = unpacked(raw)
    height, width = drawn.shape[1:]
    spectrum = np.abs(np.fft.rfft2(drawn, (2 * height, 2 * width))) ** 2
    alike = np.fft.fftshift(np.fft.irfft2(spectrum.sum(axis=0), (2 * height, 2 * width)))
    down, across = np.abs(np.mgrid[-height:height, -width:width])
    common = (1 - down / height) * (1 - across / width)
    apart = np.maximum(down, across)
    shifted = (apart >= NEAREST_COPY) & (apart <= FARTHEST_COPY) & (common > 0)
    return float((alike[shifted] / common[shifted]).max(initial=0) / (alike[height, width] + 1e-6))


def directions(gray: Floats) -> Floats:
    """Two planes: along and across of twice the direction of the stroke at each pixel, longer where it stands out more."""
    padded = np.pad(gray, 1, mode="edge")
    across = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    down = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    square = across**2 + down**2
    size = np.sqrt(square)
    nearby = blurred(size, 6)
    weight = size / (size + nearby + QUIET) / (square + 1e-6)
    return np.stack([(across**2 - down**2) * weight, 2 * across * down * weight])


def blurred(plane: Floats, reach: int) -> Floats:
    """The mean over squares of 2 ``reach`` + 1 pixels."""
    side = 2 * reach + 1
    sums = np.pad(plane, ((reach + 1, reach), (reach + 1, reach)), mode="edge").cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    boxes = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(boxes / side**2, np.float32)


class Layers:
    """An item's picture in ever smaller sizes, so that laying it on a small one skips no pixel."""

    def __init__(self, gray: Gray) -> None:
        self.layers = [gray.astype(np.float32)]

    def layer(self, number: int) -> Floats:
        """The picture halved ``number`` times, or as often as it has pixels."""
        while len(self.layers) <= number and min(self.layers[-1].shape) >= 8:
            last = self.layers[-1]
            even = last[: last.shape[0] // 2 * 2, : last.shape[1] // 2 * 2]
            self.layers.append(np.asarray((even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4, np.float32))
        return self.layers[min(number, len(self.layers) - 1)]

    def laid(self, to_item: Map, shape: tuple[int, int]) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """The item as it lies on a picture of ``shape``, and where."""
        area = abs(np.linalg.det(to_item[:2, :2]))
        number = int(np.clip(np.round(np.log2(max(area, 1e-6)) / 2), 0, 6))
        plane = self.layer(number)
        number = min(number, len(self.layers) - 1)
        shrunk = np.diag([0.5**number, 0.5**number, 1.0])
        shrunk[:2, 2] = (0.5**number - 1) / 2  # centres of pixels
        return strokes.warped(plane, shrunk @ to_item, shape)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the closer look saw: where the work's places lie in the item, the blocks, and what was counted of them."""

    to_item: Map
    blocks: Blocks
    inside: npt.NDArray[np.bool_]
    counted: tuple[float, ...]


COUNTED = ("whole", "agree", "strong", "disagree", "voices", "kinds", "covered", "moved", "mean")


def proof(item: Layers, work: Floats, to_item: Map) -> Proof | None:
    """The item laid on the work's strokes at about ``to_item``; None where hardly anything of the item lies there."""
    first = looked(item, work, to_item, REACH)
    if first is None:
        return None
    better = corrected(first, work.shape[1:])
    second = looked(item, work, better, CLOSER) if better is not None else None
    if second is None:
        return counted(first, to_item)
    return counted(second, better if better is not None else to_item)


@dataclass(frozen=True, slots=True)
class Look:
    """One comparison: the blocks, which of them lie in the item, the strokes of both, where the item lies."""

    blocks: Blocks
    inside: npt.NDArray[np.bool_]
    item: Floats
    work: Floats
    to_item: Map


def looked(item: Layers, work: Floats, to_item: Map, reach: int) -> Look | None:
    """The blocks of the work compared with what of the item lies there."""
    laid, there = item.laid(to_item, (work.shape[1], work.shape[2]))
    if there.sum() < 4 * BLOCK * BLOCK:
        return None
    whole = blurred(there.astype(np.float32), 1) > 0.999
    strokes_ = directions(laid) * whole
    told = strokes.blocks(strokes_, work, BLOCK, STEP, reach)
    rows, columns = told.agreement.shape
    middles = whole[BLOCK // 2 :: STEP, BLOCK // 2 :: STEP][:rows, :columns]
    return Look(told, middles, strokes_, work * whole, to_item)


def corrected(look: Look, shape: tuple[int, ...]) -> Map | None:
    """The guess moved so that blocks that agree lie where they agree best; None where too few do."""
    energy = look.blocks.energy / (BLOCK * BLOCK)
    fits = look.inside & (look.blocks.agreement > FITS) & (energy.min(axis=2) > VOICE)
    if fits.sum() < FEWEST:
        return None
    rows, columns = np.nonzero(fits)
    places = np.stack([columns, rows], axis=1) * STEP + (BLOCK - 1) / 2
    shifts = look.blocks.shifts[fits].astype(np.float64)
    weight = (look.blocks.agreement[fits] - FITS / 2)[:, None]
    base = np.hstack([(places - np.array(shape[::-1]) / 2) / SIDE, np.ones((len(places), 1))])
    model = np.zeros((3, 2))
    for limit in (4.0, 2.5, 1.5):
        far = np.hypot(*(shifts - base @ model).T)[:, None] if model.any() else np.hypot(*(shifts - np.median(shifts, axis=0)).T)[:, None]
        kept = weight * (far < limit)
        if (kept > 0).sum() < FEWEST:
            return None
        held = np.diag([0.4, 0.4, 0.01])  # a few blocks cannot stretch the whole
        model = np.linalg.solve((base * kept).T @ base + held, (base * kept).T @ shifts)
    moved = np.eye(3)
    slope = model[:2].T / SIDE
    moved[:2, :2] += slope
    moved[:2, 2] = model[2] - slope @ (np.array(shape[::-1]) / 2)
    return np.asarray(look.to_item @ moved)


def counted(look: Look, to_item: Map) -> Proof:
    """What agrees and what does not, of the blocks with strokes in them."""
    energy = np.sqrt(look.blocks.energy / (BLOCK * BLOCK))
    voices = look.inside & (energy.max(axis=2) > np.sqrt(VOICE))
    agreement = np.where(voices, look.blocks.agreement, 0.0)
    weight = np.where(voices, energy[..., 1] + 0.5 * energy[..., 0], 0.0)
    total = weight.sum() + 1e-6
    common = (look.item * look.work).sum()
    whole = common / (np.sqrt((look.item**2).sum() * (look.work**2).sum()) + 1e-3)
    agree = voices & (agreement > FITS)
    kinds = variety(look, agree)
    return Proof(
        to_item,
        look.blocks,
        look.inside,
        (
            float(whole),
            float((weight * (agreement > 0.5)).sum() / total),
            float((weight * (agreement > 0.7)).sum() / total),
            float((weight * (agreement < 0.25)).sum() / total),
            float(np.log1p(agree.sum())),
            kinds,
            float(look.inside.mean()),
            float(np.hypot(*look.blocks.shifts[agree].T).mean()) if agree.any() else float(CLOSER),
            float((weight * agreement).sum() / total),
        ),
    )


def variety(look: Look, agree: npt.NDArray[np.bool_]) -> float:
    """How evenly the strokes that agree run in all directions: 0 where they run in one, 1 where in all."""
    if not agree.any():
        return 0.0
    mask = np.kron(agree, np.ones((STEP, STEP), np.bool_))[: look.work.shape[1], : look.work.shape[2]]
    rows, columns = mask.shape
    chosen = look.work[:, :rows, :columns][:, mask]
    size = np.hypot(*chosen)
    turned = (np.arctan2(chosen[1], chosen[0]) * (4 / np.pi) + 4).astype(int) % 8
    share = np.bincount(turned, size, 8) / (size.sum() + 1e-6)
    return float(-(share * np.log(share + 1e-9)).sum() / np.log(8))
