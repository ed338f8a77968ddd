"""The loops of ``strokes.c`` on numpy arrays: a picture laid on another, and how well their strokes run along each other."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sekisho.kernels import library

Plane = npt.NDArray[np.float32]
Map = npt.NDArray[np.float64]
"""Three rows of three: where a place of the work lies in the item, in homogeneous coordinates."""


class Blocks(NamedTuple):
    """Row by row of blocks: how well strokes agree (-1 to 1), the energy of strokes of item and work, and the shift at which they agree best."""

    agreement: Plane
    energy: Plane
    shifts: npt.NDArray[np.int32]


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number = ctypes.c_void_p, ctypes.c_int64
    kernels.sekisho_picture_warp.argtypes = [pointer, number, number, pointer, number, number, pointer, pointer]
    kernels.sekisho_picture_warp.restype = None
    kernels.sekisho_strokes_blocks.argtypes = [pointer, pointer, number, number, number, number, number, pointer, pointer, pointer]
    kernels.sekisho_strokes_blocks.restype = None
    return kernels


def _at(array: Any) -> int:
    return int(array.ctypes.data)


def warped(gray: Plane, to_item: Map, shape: tuple[int, int]) -> tuple[Plane, npt.NDArray[np.bool_]]:
    """The item's grays at each place of a picture of ``shape`` (height, width), and whether that place lies in the item."""
    pixels, wanted = np.ascontiguousarray(gray, np.float32), np.ascontiguousarray(to_item, np.float64)
    out, inside = np.empty(shape, np.float32), np.empty(shape, np.bool_)
    height, width = pixels.shape
    _kernels().sekisho_picture_warp(_at(pixels), width, height, _at(wanted), shape[1], shape[0], _at(out), _at(inside))
    return out, inside


def blocks(item: Plane, work: Plane, side: int, step: int, reach: int) -> Blocks:
    """How well the strokes (two planes each) agree in blocks of ``side`` pixels, one every ``step``, the item shifted by up to ``reach``."""
    one, other = (np.ascontiguousarray(plane, np.float32) for plane in (item, work))
    _, height, width = one.shape
    rows, columns = (height - side) // step + 1, (width - side) // step + 1
    told = Blocks(np.empty((rows, columns), np.float32), np.empty((rows, columns, 2), np.float32), np.empty((rows, columns, 2), np.int32))
    _kernels().sekisho_strokes_blocks(_at(one), _at(other), width, height, side, step, reach, *map(_at, told))
    return told
