"""How an item lies on a work, from pairs of alike points: ground for ``parts``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.fingerprints.keypoints import Described
from sekisho.kernels import agreement
from sekisho.kernels.agreement import PAIR, Affine, Pairs

WITHIN, CLOSER = 5.0, 4.0
"""How far a pair may lie from its place, in 255ths of the work's long side."""
FEWEST = 3
ENOUGH_TO_SHEAR = 6
LEAST_AREA = 1e-5
ROUNDS = 3


class Aligned(NamedTuple):
    """Where the item's places lie in the work, the pairs that say so, and the sum of their weights."""

    affine: Affine
    pairs: Pairs
    weight: float


def pairs_of(
    item: Described, whose: npt.NDArray[np.int32], work: Described, numbers: npt.NDArray[np.int64], weights: npt.NDArray[np.float32]
) -> Pairs:
    """Each row of ``work`` (numbered by ``numbers``) paired with the point ``whose`` of the item, with the turn, scale and mirroring asked for.

    Points of the item at one place are one point.
    """
    pairs = np.empty(len(whose), PAIR)
    pairs["from"], pairs["to"] = item.places[whose], work.places
    across = np.where(item.across[whose] ^ work.across, -1.0, 1.0)
    down = np.where(item.down[whose] ^ work.down, -1.0, 1.0)
    scale = work.blurs / item.blurs[whose]
    there, back = work.angles, item.angles[whose]
    cos_there, sin_there, cos_back, sin_back = np.cos(there), np.sin(there), np.cos(back), np.sin(back)
    pairs["map"] = (
        scale
        * np.stack(
            [
                across * cos_there * cos_back + down * sin_there * sin_back,
                across * cos_there * sin_back - down * sin_there * cos_back,
                across * sin_there * cos_back - down * cos_there * sin_back,
                across * sin_there * sin_back + down * cos_there * cos_back,
            ]
        )
    ).T
    pairs["weight"] = weights
    pairs["item"] = np.unique(np.round(item.places) @ np.array([1.0, 1 << 16]), return_inverse=True)[1][whose]
    pairs["work"] = np.unique(numbers, return_inverse=True)[1]  # small numbers
    area = np.abs(pairs["map"][:, 0] * pairs["map"][:, 3] - pairs["map"][:, 1] * pairs["map"][:, 2])
    pairs["weight"][~(np.isfinite(area) & (area > LEAST_AREA))] = 0
    return pairs


def aligned(pairs: Pairs) -> Aligned | None:
    """How most of ``pairs`` lay the item on the work; None when fewer than FEWEST agree."""
    first = agreement.agreed(pairs, WITHIN)
    agrees = first.pairs
    if agrees.sum() < FEWEST:
        return None
    mirrored = bool(np.linalg.det(pairs["map"][first.best].reshape(2, 2)) < 0)
    affine = fitted(pairs[agrees], mirrored=mirrored)
    for within in [WITHIN] * (ROUNDS - 1) + [CLOSER]:
        closer = agreement.fitting(pairs, affine, within)
        if closer.sum() < FEWEST:
            break
        agrees = closer
        affine = fitted(pairs[agrees], mirrored=mirrored)
    return Aligned(affine, pairs[agrees], float(pairs["weight"][agrees].sum()))


def fitted(pairs: Pairs, *, mirrored: bool) -> Affine:
    """The similarity that lays the item's places nearest to the work's; with pairs enough, what stretches and shears too."""
    here, there = pairs["from"].astype(np.float64), pairs["to"].astype(np.float64)
    flip = np.array([1.0, -1.0 if mirrored else 1.0])
    if len(pairs) < ENOUGH_TO_SHEAR or spread_of(here) < 0.1:
        one, other = (here * flip).view(np.complex128).ravel(), there.view(np.complex128).ravel()
        middle, target = one.mean(), other.mean()
        turn = ((one - middle).conj() @ (other - target)) / (np.abs(one - middle) ** 2).sum().clip(1e-9)
        rest = target - turn * middle
        linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]]) * flip
        return np.hstack([linear, [[rest.real], [rest.imag]]])
    base = np.hstack([here, np.ones((len(here), 1))])
    return np.asarray(np.linalg.lstsq(base, there, rcond=None)[0].T)


def spread_of(places: npt.NDArray[np.float64]) -> float:
    """How wide places lie across their longest direction, as a share of it: 0 where they lie on a line."""
    least, most = np.linalg.svd(places - places.mean(axis=0), compute_uv=False)[[1, 0]]
    return float(least / (most + 1e-9))
