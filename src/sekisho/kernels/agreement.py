"""The loops of ``agreement.c`` on numpy arrays: which pairs of alike points agree on how two pictures lie on each other."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.kernels import library

PAIR = np.dtype([("from", "f4", 2), ("to", "f4", 2), ("map", "f4", 4), ("weight", "f4"), ("item", "i4"), ("work", "i4")])
Pairs = npt.NDArray[np.void]
Chosen = npt.NDArray[np.bool_]
Affine = npt.NDArray[np.float64]
"""Two rows of three: where a place of the item lies in the work."""


class Agreed(NamedTuple):
    """The pairs that agree with the one that most weight agrees with; ``best`` is -1 where there are none."""

    best: int
    weight: float
    pairs: Chosen


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float
    kernels.sekisho_pairs_agree.argtypes = [pointer, number, real, pointer, pointer]
    kernels.sekisho_pairs_agree.restype = number
    kernels.sekisho_pairs_votes.argtypes = [pointer, pointer, number, real, pointer]
    kernels.sekisho_pairs_votes.restype = None
    kernels.sekisho_pairs_fit.argtypes = [pointer, number, pointer, real, pointer]
    kernels.sekisho_pairs_fit.restype = number
    return kernels


def _at(array: Any) -> int:
    return int(array.ctypes.data)


def agreed(pairs: Pairs, within: float) -> Agreed:
    """The largest group of ``pairs`` (contiguous) that lie on each other within ``within``, stretched and turned alike."""
    agrees, weight = np.zeros(len(pairs), np.bool_), np.zeros(1, np.float32)
    best = _kernels().sekisho_pairs_agree(_at(pairs), len(pairs), within, _at(agrees), _at(weight))
    return Agreed(best, float(weight[0]), agrees)


def votes(pairs: Pairs, bounds: npt.NDArray[np.int64], within: float) -> npt.NDArray[np.float32]:
    """For each group of ``pairs`` (contiguous), from one of ``bounds`` up to the next, the weight of the largest group that agrees."""
    weights, edges = np.zeros(len(bounds) - 1, np.float32), np.ascontiguousarray(bounds, np.int64)
    _kernels().sekisho_pairs_votes(_at(pairs), _at(edges), len(weights), within, _at(weights))
    return weights


def fitting(pairs: Pairs, affine: Affine, within: float) -> Chosen:
    """The pairs whose places lie within ``within`` of where ``affine`` lays them, each point once."""
    agrees, wanted = np.zeros(len(pairs), np.bool_), np.ascontiguousarray(affine, np.float64)
    _kernels().sekisho_pairs_fit(_at(pairs), len(pairs), _at(wanted), within, _at(agrees))
    return agrees
