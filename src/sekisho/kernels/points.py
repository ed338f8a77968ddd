"""The loops of ``points.c`` on numpy arrays: points of a picture that are found again, and the strokes around them."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from sekisho.kernels import library

Plane = npt.NDArray[np.float32]
Points = npt.NDArray[np.void]
POINT = np.dtype([("x", "f4"), ("y", "f4"), ("sigma", "f4"), ("height", "f4"), ("octave", "i4"), ("level", "i4")])
CELLS, DIRECTIONS = 4, 6
MOST_FOUND = 20_000
ROUNDNESS = 20.0


@cache
def _kernels() -> ctypes.CDLL:
    kernels = library()
    pointer, number, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float
    wanted: dict[str, tuple[list[Any], Any]] = {
        "pyramid_size": ([number] * 3, number),
        "pyramid": ([pointer, number, number, number, pointer], None),
        "find": ([pointer, number, number, number, real, real, number, pointer], number),
        "turns": ([pointer, number, number, pointer, number, number, real, pointer, pointer], number),
        "describe": ([pointer, number, number, pointer, number, pointer, pointer], None),
    }
    for name, (arguments, result) in wanted.items():
        kernel = getattr(kernels, f"sekisho_points_{name}")
        kernel.argtypes, kernel.restype = arguments, result
    return kernels


def _at(array: Any) -> int:
    return int(array.ctypes.data)


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """A picture blurred more and more, in octaves of half the size each."""

    width: int
    height: int
    octaves: int
    levels: Plane

    def found(self, least: float) -> Points:
        """Blobs and corners that stand out by at least ``least`` gray levels, at most MOST_FOUND."""
        points = np.empty(MOST_FOUND, POINT)
        got = _kernels().sekisho_points_find(
            _at(self.levels), self.width, self.height, self.octaves, least, ROUNDNESS, MOST_FOUND, _at(points)
        )
        return points[:got]

    def turns(self, points: Points, each: int, share: float) -> tuple[npt.NDArray[np.int32], Plane]:
        """Up to ``each`` directions of the strokes around each point, of at least ``share`` of the strongest: whose they are, and angles in 0..pi."""
        whose, angles = np.empty(each * len(points), np.int32), np.empty(each * len(points), np.float32)
        chosen = np.ascontiguousarray(points)
        got = _kernels().sekisho_points_turns(
            _at(self.levels), self.width, self.height, _at(chosen), len(chosen), each, share, _at(whose), _at(angles)
        )
        return whose[:got], angles[:got]

    def described(self, points: Points, angles: Plane) -> Plane:
        """Strokes around each point in the frame turned by its angle, summed by cell and direction: one row of CELLS x CELLS x DIRECTIONS."""
        chosen, turned = np.ascontiguousarray(points), np.ascontiguousarray(angles, np.float32)
        sums = np.empty((len(chosen), CELLS, CELLS, DIRECTIONS), np.float32)
        _kernels().sekisho_points_describe(_at(self.levels), self.width, self.height, _at(chosen), len(chosen), _at(turned), _at(sums))
        return sums


def pyramid(gray: Plane, octaves: int) -> Pyramid:
    """The pyramid of a picture; of as many octaves as it has room for."""
    pixels = np.ascontiguousarray(gray, np.float32)
    height, width = pixels.shape
    count = max(min(octaves, min(width, height).bit_length() - 4), 1)
    levels = np.empty(_kernels().sekisho_points_pyramid_size(width, height, count), np.float32)
    _kernels().sekisho_points_pyramid(_at(pixels), width, height, count, _at(levels))
    return Pyramid(width, height, count, levels)
